"""Organisations: what their people did while they were there, and what changes before a date is put right."""

from datetime import UTC, datetime
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from tests.factories import an_act
from tests.web.conftest import Site
from tests.web.forms import said, send

MAY, JUNE, JULY = (datetime(2024, month, 10, tzinfo=UTC) for month in (5, 6, 7))


@pytest.fixture
def ann(site: Site) -> str:
    """The address of what is said of Ann, who did one thing in May, one in June and one in July; Ben did one in May."""
    site.bring(*(an_act(by="ann", at=at) for at in (MAY, JUNE, JULY)), an_act(by="ben", at=MAY))
    return f"/members/{site.who('ann')}/organisations"


def named(site: Site, name: str, domains: str = "") -> str:
    """The id of an organisation that is named in a form."""
    assert send(site, "/organisations", name=name, domains=domains).status_code == 303
    return next(one["organisation"] for one in site.json("/organisations")["lines"] if one["name"] == name)


def listed(site: Site, query: str = "") -> dict[str, tuple[int, int, int]]:
    """Of each organisation its people now and ever, and the acts ever."""
    lines = site.json(f"/organisations{query}")["lines"]
    return {one["name"]: (one["people"], one["ever"], one["acts"]) for one in lines}


def query(**asked: str) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def test_an_organisation_is_named_renamed_and_taken_off_the_list(site: Site) -> None:
    id = named(site, "Mèo Đen", "meo.example\n@MEO.example.org")
    assert site.json(f"/organisations/{id}")["organisation"]["domains"] == ["meo.example", "meo.example.org"]
    send(site, f"/organisations/{id}", name="Mèo Trắng")
    assert list(listed(site)) == ["Mèo Trắng"]
    send(site, f"/organisations/{id}/removal")
    assert "taken off the list" in said(site)
    assert listed(site) == {}
    site.page(f"/organisations/{id}", 404)
    assert send(site, f"/organisations/{id}/removal").status_code == 404


def test_a_refused_form_says_why_and_keeps_what_was_typed(site: Site) -> None:
    id = named(site, "Mèo Đen")
    for path, sentence, form in (
        ("/organisations", "of that name already", {"name": "mèo đen", "domains": "cat.example"}),
        (f"/organisations/{id}", "on a line of its own", {"name": "Cá Vàng", "domains": "no domain"}),
    ):
        answer = send(site, path, **form)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert all(text in answer.text for text in form.values())


def test_an_act_counts_for_whoever_one_was_with_on_that_day(site: Site, ann: str) -> None:
    first, second = named(site, "Mèo Đen"), named(site, "Cá Vàng")
    send(site, ann, organisation=first, until="2024-06-01", role="Engineer")
    send(site, ann, organisation=second, since="2024-06-01")
    assert listed(site) == {"Mèo Đen": (0, 1, 1), "Cá Vàng": (1, 1, 2)}
    assert listed(site, "?on=2024-05-31") == {"Mèo Đen": (1, 1, 1), "Cá Vàng": (0, 0, 0)}
    one = site.json(f"/organisations/{second}")
    assert [(each["begins"], each["acts"], each["people"]) for each in one["periods"]][-3:] == [
        ("2024-05-01", 0, 0),
        ("2024-06-01", 1, 1),
        ("2024-07-01", 1, 1),
    ]
    assert one["share"] == 0.5
    assert [(each["who"]["name"], each["time"]["acts"]) for each in one["people"]] == [("Ann Example", 2)]
    assert "Engineer" in site.page(f"/organisations/{first}")


def test_before_a_date_is_put_right_it_is_told_what_moves_and_then_it_does(site: Site, ann: str) -> None:
    first, second = named(site, "Mèo Đen"), named(site, "Cá Vàng")
    send(site, ann, organisation=first)
    (time,) = site.json(ann)["times"]
    asked = query(affiliation=time["affiliation"], organisation=second, since="2024-06-01", look="1")
    told = site.json(ann + asked)
    assert [(move["lost"], move["gained"], move["acts"]) for move in told["moves"]] == [
        ([first], [second], 2),
        ([first], [], 1),
    ]
    assert {one["organisation"]: (one["before"], one["after"]) for one in told["totals"]} == {
        first: (3, 0),
        second: (0, 2),
    }
    page = unescape(site.page(ann + asked))
    assert (
        "2 acts of Ann Example between Jun 10, 2024 and Jul 10, 2024 move from <b>Mèo Đen</b> to <b>Cá Vàng</b>."
        in page
    )
    assert listed(site) == {"Mèo Đen": (1, 1, 3), "Cá Vàng": (0, 0, 0)}
    send(site, ann, affiliation=time["affiliation"], organisation=second, since="2024-06-01")
    assert listed(site) == {"Mèo Đen": (0, 0, 0), "Cá Vàng": (1, 1, 2)}


def test_what_was_put_right_is_undone_from_the_notice(site: Site, ann: str) -> None:
    first = named(site, "Mèo Đen")
    send(site, ann, organisation=first)
    page = site.page(ann)
    assert 'action="/undo"' in page
    send(site, "/undo", position=page.split('name="position" value="')[1].split('"')[0])
    assert site.json(ann)["times"] == []


def test_that_somebody_never_belonged_is_told_and_taken_away(site: Site, ann: str) -> None:
    first = named(site, "Mèo Đen")
    send(site, ann, organisation=first)
    (time,) = site.json(ann)["times"]
    asked = {"affiliation": time["affiliation"], "organisation": first, "gone": "1"}
    assert "3 acts of Ann Example" in site.page(ann + query(**asked))
    send(site, ann, **asked)
    assert site.json(ann)["times"] == []


def test_a_draft_that_cannot_be_is_refused_when_it_is_looked_at_and_when_it_is_sent(site: Site, ann: str) -> None:
    first = named(site, "Mèo Đen")
    wrong: list[tuple[dict[str, str], str]] = [
        ({"organisation": first, "since": "2024-06-01", "until": "2024-05-01"}, "before the day they joined"),
        ({"organisation": first, "since": "31.5.2024", "role": "Engineer"}, "year, month and day"),
        ({"role": "Engineer"}, "Choose an organisation"),
        ({"organisation": str(UUID(int=1))}, "no such organisation"),
    ]
    for draft, sentence in wrong:
        shown = site.page(ann + query(look="1", **draft), 422)
        sent = send(site, ann, **draft)
        assert sent.status_code == 422
        for page in (shown, sent.text):
            assert sentence in page
            assert draft.get("role", "") in page
    assert site.json(ann)["times"] == []


def test_a_colleague_who_was_faster_is_named_and_the_draft_kept(site: Site, ann: str) -> None:
    first = named(site, "Mèo Đen")
    send(site, ann, organisation=first)
    (time,) = site.json(ann)["times"]
    mine: dict[str, Any] = {
        "affiliation": time["affiliation"],
        "organisation": first,
        "seen": str(time["position"]),
    }
    send(site, ann, since="2024-01-01", **mine)
    answer = send(site, ann, role="Gardener", **mine)
    assert answer.status_code == 409
    assert "operator changed this" in answer.text
    assert "Gardener" in answer.text


def test_what_we_knew_then_is_told_as_of_then(site: Site, ann: str) -> None:
    named(site, "Mèo Đen")
    assert listed(site, "?known=2020-01-01") == {}
    assert listed(site, f"?known={datetime.now(UTC).date()}") == {"Mèo Đen": (0, 0, 0)}
    for wrong in ("?known=yesterday", "?known=2199-01-01", "?on=31.5.2024"):
        site.page(f"/organisations{wrong}", 400)


def test_more_people_than_a_page_follow_under_a_real_link_once_each(site: Site) -> None:
    names = [f"m{n:02}" for n in range(60)]
    site.bring(*(an_act(by=name) for name in names))
    first = named(site, "Mèo Đen")
    for name in names:
        send(site, f"/members/{site.who(name)}/organisations", organisation=first)
    page = site.page(f"/organisations/{first}")
    part = site.part(f"/organisations/{first}?offset=50")
    shown = [text.split('"')[0] for text in (page + part).split('data-row id="a')[1:]]
    assert len(shown) == len(set(shown)) == 60
    assert f'href="/organisations/{first}?offset=50"' in page
    assert len(site.csv(f"/organisations/{first}")) == 60


def test_years_are_told_when_asked_for(site: Site) -> None:
    site.bring(*(an_act(by="ann", at=datetime(year, 5, 1, tzinfo=UTC)) for year in (2018, 2020, 2024)))
    first = named(site, "Mèo Đen")
    send(site, f"/members/{site.who('ann')}/organisations", organisation=first)
    months, years = (site.json(f"/organisations/{first}{query}")["periods"] for query in ("", "?by=year"))
    assert [each["acts"] for each in months] == [0] * 11 + [1]
    assert [each["acts"] for each in years] == [0] * 5 + [1, 0, 1, 0, 0, 0, 1]


def test_who_nobody_knows_has_no_organisations(site: Site) -> None:
    site.page(f"/members/{UUID(int=1)}/organisations", 404)
    site.page(f"/organisations/{UUID(int=1)}", 404)
