"""Members are found, sorted and narrowed down."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from crm.activity import Who, Whom
from crm.command import dispatch
from crm.stages import DefineStage
from tests.factories import NOON, an_act, someone
from tests.web.conftest import Site
from tests.web.forms import send

DAY = timedelta(days=1)


def names(site: Site, query: str = "") -> list[str]:
    return [member["name"] for member in site.json(f"/members{query}")["members"]]


def test_an_empty_kith_says_how_members_come(site: Site) -> None:
    assert "Nobody is here yet" in site.page("/members")


def test_a_name_is_found_without_its_marks_and_by_its_account(site: Site) -> None:
    site.bring(an_act(who=Who("7", login="lan.nt", name="Nguyễn Thị Lan")), an_act(by="ben"))
    assert names(site, "?q=nguyen+lan") == names(site, "?q=LAN.nt") == ["Nguyễn Thị Lan"]
    page = site.page("/members?q=nguyen")
    assert "1 member, named “nguyen”" in page
    assert "Ben Example" not in page


def test_a_search_while_typing_is_answered_with_the_results_alone(site: Site) -> None:
    site.bring(an_act(by="ann"))
    part = site.part("/members?q=ann")
    assert 'id="results"' in part
    assert "<html" not in part
    assert "Ann Example" in part


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("acts", "ann chi ben"),
        ("recent", "chi ben ann"),
        ("newest", "chi ben ann"),
        ("received", "ben ann chi"),
        ("name", "ann ben chi"),
    ],
)
def test_members_are_ordered_as_asked(site: Site, sort: str, expected: str) -> None:
    thanked = {name: (Whom(someone(name), "thanked"),) for name in ("ann", "ben")}
    site.bring(
        an_act(by="ann", at=NOON - 10 * DAY),
        *(an_act(by="ann", at=NOON - 9 * DAY, whom=thanked["ben"]) for _ in range(3)),
        an_act(by="ben", at=NOON - 8 * DAY, whom=thanked["ann"]),
        an_act(by="ben", at=NOON - 5 * DAY),
        *(an_act(by="chi", at=NOON) for _ in range(3)),
    )
    assert names(site, f"?sort={sort}") == [f"{name.title()} Example" for name in expected.split()]


def test_last_seen_counts_back_from_the_newest_day_of_the_data(site: Site) -> None:
    site.bring(an_act(by="ann", at=NOON), an_act(by="ben", at=NOON - 29 * DAY), an_act(by="chi", at=NOON - 30 * DAY))
    assert set(names(site, "?seen=30")) == {"Ann Example", "Ben Example"}
    assert "seen in the last 30 days, counted back from May 31, 2024" in site.page("/members?seen=30")
    assert len(names(site, "?seen=90")) == 3


def test_people_and_bots_can_be_told_apart(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(who=Who("9", name="Robo", bot=True)))
    assert names(site, "?kind=bot") == ["Robo"]
    assert names(site, "?kind=person") == ["Ann Example"]


def test_nothing_found_names_the_filter_to_drop_and_keeps_the_others(site: Site) -> None:
    site.bring(an_act(by="ann"))
    page = site.page("/members?q=zzz&kind=person")
    assert "Take away: named “zzz”" in page
    assert 'href="/members?kind=person"' in page


def test_a_chosen_filter_is_a_link_that_takes_it_away(site: Site) -> None:
    site.bring(an_act(by="ann"))
    page = site.page("/members?kind=person&q=ann")
    assert re.search(r'<a class="chip" href="/members\?q=ann" aria-current="true">', page)


def test_more_members_than_a_page_follow_under_a_real_link_once_each(site: Site) -> None:
    site.bring(*(an_act(by=f"m{n:03}") for n in range(60)))
    first = site.json("/members?sort=name")
    assert (first["count"], len(first["members"])) == (60, 60)
    page = site.page("/members?sort=name")
    (link,) = re.findall(r'class="older".*?href="([^"]+)"', page, re.DOTALL)
    part = site.part(unescape(link))
    shown = re.findall(r'<tr role="row" data-row id="(m[^"]+)"', page + part)
    assert len(shown) == len(set(shown)) == 60
    assert "older" not in part


def test_the_list_opens_in_a_spreadsheet(site: Site) -> None:
    site.bring(an_act(who=Who("7", name="=SUM(A1)")))
    (row,) = site.csv("/members")
    assert (row["name"], row["acts"]) == ("'=SUM(A1)", "1")


def test_filters_come_together_in_one_sentence_and_each_can_be_taken_away(site: Site) -> None:
    site.bring(*(an_act(by="ann", at=NOON - n * DAY) for n in range(3)), an_act(by="ben"))
    address = "/members?kind=person&acts=3&within=7&sort=lately"
    assert names(site, address.removeprefix("/members")) == ["Ann Example"]
    page = site.page(address)
    assert "1 member, people only, at least 3 acts in the last 7 days" in page
    assert 'href="/members?kind=person&amp;sort=lately"' in page


def test_what_was_left_empty_in_the_form_leaves_the_address(site: Site) -> None:
    answer = site.client.get("/members?q=&seen=30&tag=&stage=", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/members?seen=30")


def test_the_list_is_shown_as_it_was_beside_what_it_is_now(site: Site) -> None:
    site.bring(*(an_act(by="ann", at=NOON - n * DAY) for n in (9, 8, 1)), an_act(by="ben", at=NOON))
    found = site.json("/members?on=2024-05-30")
    assert [(one["name"], one["acts"], one["acts_now"]) for one in found["members"]] == [("Ann Example", 3, 3)]
    earlier = site.page("/members?on=2024-05-23")
    assert "as it was on May 23, 2024" in earlier
    assert "Change many at once" not in earlier
    assert ">+1<" in re.sub(r"\s", "", earlier)
    assert "Nobody was here yet" in site.page("/members?known=2020-01-01")


def test_many_are_tagged_at_once_and_it_is_undone_as_one(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(by="ben"), an_act(who=Who("9", name="Robo", bot=True)))
    answer = send(site, "/members?kind=person", whom="all", what="give", tag="Mentor ")
    assert answer.headers["location"] == "/members?kind=person"
    page = site.page("/members?tag=mentor")
    assert "2 members tagged “mentor”." in page
    assert sorted(names(site, "?tag=mentor")) == ["Ann Example", "Ben Example"]
    (position,) = re.findall(r'name="position" value="(\d+)"', page)
    send(site, "/undo", position=position, next="/members")
    assert names(site, "?tag=mentor") == []


def test_those_with_a_tick_get_stage_owner_and_side(site: Site) -> None:
    site.bring(an_act(by="ann"), an_act(by="ben"), an_act(by="chi"))
    dispatch(site.kith, DefineStage(name="Regular"))
    site.engine.catch_up()
    chi = str(site.who("chi"))
    (stage,) = site.json("/members")["offered"]["stages"]
    send(site, "/members", what="side", side="team", member=chi)
    for what, value in (("stage", stage), ("owner", chi), ("give", "mentor")):
        field = "tag" if what == "give" else what
        assert send(site, "/members", what=what, member=str(site.who("ann")), **{field: value}).status_code == 303
    assert names(site, "?kind=team") == ["Chi Example"]
    assert names(site, f"?stage={stage}&owner={chi}&tag=mentor") == ["Ann Example"]
    row = next(row for row in site.csv("/members") if row["name"] == "Ann Example")
    assert (row["tags"], row["stage"], row["owner"]) == ("mentor", "Regular", "Chi Example")
    assert "looked after by Chi Example" in site.page(f"/members?owner={chi}")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"what": "give", "tag": "mentor"}, "Nobody was chosen"),
        ({"what": "give", "tag": " ", "whom": "all"}, "A tag needs a name"),
        ({"what": "stage", "stage": str(uuid4()), "whom": "all"}, "no such stage any more"),
    ],
)
def test_what_cannot_be_done_to_many_is_said_and_the_draft_kept(
    site: Site, form: dict[str, str], sentence: str
) -> None:
    site.bring(an_act(by="ann"))
    answer = send(site, "/members?kind=person", **form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ('value="all" checked' in answer.text) == ("whom" in form)
    assert 'href="/members" aria-current="true"' in answer.text


def test_nobodys_page_is_not_found(site: Site) -> None:
    for address in (
        f"/members/{uuid4()}",
        "/members/nobody",
        f"/members/{uuid4()}/relationships",
        f"/members/{uuid4()}/accounts",
    ):
        assert "There is nothing at this address" in site.page(address, 404)
