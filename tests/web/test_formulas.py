"""Formulas on their pages: told in words, changed in a form that takes numbers as people type them, tried, adopted, dropped."""

import re
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest

from crm.command import dispatch
from crm.segments import SaveSegment
from crm.tags import GiveTag
from tests.factories import NOON, a_reply, an_act
from tests.web.conftest import Site
from tests.web.forms import said, send

HERE = "/scores/formulas/advocacy"


@pytest.fixture
def team(site: Site) -> Site:
    """Ben answered Ann in spring, Ann posted now, and Zoe posted long before."""
    spring = NOON - timedelta(days=60)
    site.bring(
        an_act(by="zoe", at=NOON - timedelta(days=400)),
        an_act("asked", by="ann", at=spring, thread="t"),
        a_reply(by="ben", to="ann", at=spring),
        an_act(by="ann"),
    )
    return site


def form(site: Site, changes: dict[str, str]) -> dict[str, str]:
    """The form of a new version as the page fills it in, with these changes."""
    page = site.page(f"{HERE}/change")
    known = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
    known |= dict(re.findall(r'<input class="short" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
    return known | changes


def propose(site: Site, changes: dict[str, str]) -> Any:
    return send(site, f"{HERE}/change", **form(site, changes))


def proposed(site: Site, changes: dict[str, str] | None = None) -> str:
    """The address of the trial of a version with these changes."""
    answer = propose(site, changes or {"answers.weight": "7"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def compared(site: Site, path: str) -> Any:
    """What a trial comes to; as data it is answered when all is counted."""
    found = site.json(path)
    assert found["comparison"], found
    return found


def test_every_formula_stands_with_its_source_and_version(site: Site) -> None:
    lines = {one["name"]: one for one in site.json("/scores/formulas")["lines"]}
    assert lines["advocacy"]["version"] == 1
    assert lines["trust"]["versions"] == 2
    page = site.page("/scores/formulas")
    assert "Discourse, site settings" in page and 'href="/scores?formula=advocacy"' in page


def test_a_weighted_formula_tells_what_is_left_of_its_points(site: Site) -> None:
    page = site.page(HERE)
    assert "answered somebody" in page and "180 days" in page
    assert "kept for 2 month ends" in page
    assert "more than 5 people" in page
    rows = {row["rule"]: row for row in site.csv(HERE)}
    assert float(rows["thanks"]["after_90"]) == pytest.approx(0.25)


def test_love_of_2019_fades_by_the_month(site: Site) -> None:
    rows = {row["rule"]: row for row in site.csv("/scores/formulas/orbit-2019")}
    assert [float(rows["light"][f"after_{days}"]) for days in (30, 90)] == pytest.approx([0.9, 0.729])
    assert 'name="light.half_life"' not in site.page("/scores/formulas/orbit-2019/change")


def test_a_measured_formula_tells_its_levels_and_has_no_weights_to_change(site: Site) -> None:
    assert "Leader" in site.page("/scores/formulas/trust")
    assert "no weights that could be changed" in site.page("/scores/formulas/trust/change", status=422)


def test_there_is_no_page_of_what_is_not_there(site: Site) -> None:
    for path in ("/scores/formulas/nope", "/scores/formulas/nope/try", f"{HERE}?version=9", f"{HERE}?version=x"):
        site.page(path, status=404)
    assert send(site, f"{HERE}/adopt", version="9", reason="why").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("answers.half_life", "-1", "from 0 (never fades)"),
        ("answers.weight", "abc", "This is no number"),
        ("answers.weight", "1e3", "This is no number"),
        ("answers.weight", "", "Write a number here"),
        ("answers.weight", "99999", "between -10,000 and 10,000"),
        ("answers.weight", "1.000", "without a sign between the thousands"),
        ("answers.cap", "2,5", "Write a whole number"),
        ("answers.cap", "-3", "a whole number from 0"),
        ("holding", "25", "0 to 24 month ends"),
        ("holding", "soon", "This is no number"),
        ("level.2.points", "5", "more points than the one before"),
        ("level.1.name", "visitor", "of that name already"),
        ("level.1.name", "", "needs a name"),
        ("level.5.name", "Legend", "Write a number here"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_draft_is_kept(
    site: Site, field: str, typed: str, sentence: str
) -> None:
    answer = propose(site, {"topics.weight": "7", "reason": "A try", field: typed})
    at = {"level.5.name": "level.5.points"}.get(field, field)
    assert answer.status_code == 422
    assert re.search(rf'name="{re.escape(field)}" value="{re.escape(typed)}"', answer.text)
    assert re.search(
        rf'name="{re.escape(at)}"[^>]* aria-invalid="true" aria-describedby="{re.escape(at)}-about"', answer.text
    )
    told = re.search(rf'<p class="error" id="{re.escape(at)}-about">(.*?)</p>', answer.text)
    assert told and sentence in told[1]
    assert "A try" in answer.text
    assert len(site.json(HERE)["told"]["editions"]) == 1


def test_all_that_is_wrong_is_told_at_once(site: Site) -> None:
    wrong = {"answers.half_life": "-1", "topics.weight": "abc", "level.3.points": "x", "holding": "y"}
    answer = propose(site, wrong)
    for field in wrong:
        assert f'id="{field}-about"' in answer.text, field
    assert len(re.findall(" autofocus", answer.text)) == 1


def test_an_error_below_an_empty_row_of_the_ladder_stands_at_the_row_that_was_typed(site: Site) -> None:
    answer = propose(site, {"level.1.name": "", "level.1.points": "", "level.3.points": "20"})
    assert 'id="level.3.points-about"' in answer.text


def test_a_version_that_changes_nothing_is_not_kept(site: Site) -> None:
    answer = propose(site, {})
    assert answer.status_code == 422 and "already says" in answer.text


def test_a_comma_stands_before_the_part_of_a_whole_and_rows_of_the_ladder_come_and_go(site: Site) -> None:
    proposed(
        site,
        {
            "thanks.weight": "0,75",
            "warnings.weight": "−5",
            "level.1.name": "",
            "level.1.points": "",
            "level.5.name": "Legend",
            "level.5.points": "1000,5",
        },
    )
    settings = site.json(f"{HERE}?version=2")["told"]["settings"]
    assert settings["earnings"]["thanks"]["weight"] == 0.75
    assert settings["earnings"]["warnings"]["weight"] == -5
    assert [one["name"] for one in settings["ladder"]] == ["Visitor", "Supporter", "Advocate", "Champion", "Legend"]
    assert settings["ladder"][-1]["points"] == 1000.5


def test_levels_that_kith_names_stay_translatable_when_they_are_changed_in_another_language(site: Site) -> None:
    site.client.headers["Accept-Language"] = "vi"
    proposed(site)
    names = [one["name"] for one in site.json(f"{HERE}?version=2")["told"]["settings"]["ladder"]]
    assert names == ["Visitor", "Friend", "Supporter", "Advocate", "Champion"]


def test_a_change_is_tried_adopted_and_undone(team: Site) -> None:
    path = proposed(team, {"topics.weight": "12", "reason": "Writers count for more"})
    assert path == f"{HERE}/try?one=advocacy@1&two=advocacy@2"
    found = compared(team, path)
    assert (found["comparison"]["rising"], found["comparison"]["falling"]) == (1, 0)
    ann = next(row for row in found["rows"] if row["who"]["member"] == str(team.who("ann")))
    assert (ann["level_before"], ann["level_after"]) == ("Visitor", "Friend")
    page = team.page(path)
    assert "With version 2 instead of version 1, 1 person would rise and 0 would fall" in page
    assert f"/members/{team.who('ann')}/score/advocacy?version=2" in page
    assert team.json(HERE)["told"]["counts"] == 1

    answer = send(team, f"{HERE}/adopt", version="2", reason="The team wished it in May")
    assert answer.headers["location"] == HERE
    page = team.page(HERE)
    assert "This version counts from now on." in page and "The team wished it in May" in page
    assert team.json(HERE)["told"]["counts"] == 2
    log = team.page("/system/log")
    assert "Version 2 of the score advocacy was adopted" in log
    assert "Version 2 of the score advocacy was proposed" in log

    undo = re.search(r'name="position" value="(\d+)"', page)
    assert undo
    send(team, "/undo", position=undo[1], next=HERE)
    assert team.json(HERE)["told"]["counts"] == 1
    assert "instead of 2" in team.page(f"{HERE}?version=2")


def test_an_older_version_can_still_be_read(site: Site) -> None:
    proposed(site)
    send(site, f"{HERE}/adopt", version="2", reason="why not")
    assert float(site.csv(HERE)[0]["weight"]) == 7
    older = site.page(f"{HERE}?version=1")
    assert "This version does not count" in older and "instead of 7" in older
    assert send(site, f"{HERE}/adopt", version="1", reason="back").status_code == 303


def test_nothing_is_adopted_without_a_reason(site: Site) -> None:
    proposed(site)
    answer = send(site, f"{HERE}/adopt", version="2", reason="  ")
    assert answer.status_code == 422
    assert re.search(r'id="reason-about">.*?Say why', answer.text)
    assert site.json(HERE)["told"]["counts"] == 1


def test_a_proposed_version_is_dropped_and_comes_back_when_that_is_undone(site: Site) -> None:
    proposed(site)
    said(site)
    assert send(site, f"{HERE}/drop", version="2").status_code == 303
    page = site.page(HERE)
    site.page(f"{HERE}?version=2", status=404)
    assert "operator dropped version 2" in page
    undo = re.search(r'data-toast>.*?name="position" value="(\d+)"', page)
    assert undo
    send(site, "/undo", position=undo[1], next=HERE)
    site.page(f"{HERE}?version=2")


def test_what_counts_or_comes_with_kith_is_not_dropped(site: Site) -> None:
    assert "cannot be dropped" in send(site, f"{HERE}/drop", version="1").text
    proposed(site)
    send(site, f"{HERE}/adopt", version="2", reason="why not")
    answer = send(site, f"{HERE}/drop", version="2")
    assert answer.status_code == 422 and "Adopt another one before" in answer.text


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("from=1999-01-01", "from", "Nothing had happened yet"),
        ("from=spring", "from", "This is no day"),
        ("to=2999-01-01", "to", "still to come"),
        ("from=2024-05-31&to=2024-05-01", "from", "Begin before the end"),
        ("two=advocacy@9", "two", "no version"),
        ("two=nope", "two", "no formula called"),
        ("list=gone", "list", "was removed"),
    ],
)
def test_what_cannot_be_compared_is_told_at_its_field(team: Site, query: str, field: str, sentence: str) -> None:
    two = "" if "two=" in query else "&two=orbit-2019"
    page = team.page(f"{HERE}/try?{query}{two}", status=422)
    told = re.search(rf'<p class="error" id="{field}-about">(.*?)</p>', page)
    assert told and sentence in told[1]
    assert "would rise" not in page


def test_any_two_formulas_can_be_compared(team: Site) -> None:
    page = compared(team, f"{HERE}/try?two=orbit-2019@1") and team.page(f"{HERE}/try?two=orbit-2019@1")
    assert "Orbit 1" in page and "Love (Orbit 2019), version 1" in page
    measured = compared(team, f"{HERE}/try?two=h-index@1")
    assert measured["comparison"]["steps_two"] == []
    assert "told by rank" in team.page(f"{HERE}/try?two=h-index@1")


def test_a_trial_can_be_narrowed_to_a_segment(team: Site) -> None:
    dispatch(team.kith, GiveTag(member=team.who("zoe"), tag="mentor"))
    dispatch(team.kith, SaveSegment(name="Mentors", query={"tag": "mentor"}))
    team.engine.catch_up()
    path = f"{HERE}/try?two=orbit-2019"
    (mentors,) = [one["key"] for one in team.json(path)["lists"] if one["name"] == "Mentors"]
    found = compared(team, f"{path}&list={mentors}")
    assert found["comparison"]["both"] == 1
    assert {row["name"] for row in team.csv(f"{path}&list={mentors}")} <= {"Zoe Example"}
    assert compared(team, path)["comparison"]["both"] == 3


def test_a_trial_says_how_far_it_is_and_goes_on_when_it_is_left(team: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.trials.MOMENT", 0)
    turn = Lock()
    monkeypatch.setattr("web.trying._turn", turn)
    path = f"{HERE}/try?two=orbit-2019"
    turn.acquire()
    page = team.page(path)
    assert "Counting both versions" in page and 'hx-trigger="every 2s"' in page and "See how far it is now" in page
    assert team.part(path).strip().startswith('<div class="live"')
    turn.release()
    assert compared(team, path)
    assert "every 2s" not in team.page(path)


def test_what_colleagues_write_down_leaves_a_trial_as_it_is_and_an_import_has_it_counted_anew(team: Site) -> None:
    path = f"{HERE}/try?two=orbit-2019&to=2024-05-31"
    first = compared(team, path)["counted_at"]
    dispatch(team.kith, GiveTag(member=team.who("zoe"), tag="mentor"))
    team.engine.catch_up()
    assert compared(team, path)["counted_at"] == first
    team.bring(an_act(by="chi"))
    found = compared(team, path)
    assert found["counted_at"] > first
    assert found["comparison"]["both"] == 4


def test_a_trial_that_breaks_off_says_so_and_begins_anew_when_asked(
    team: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{HERE}/try?two=orbit-2019"
    with monkeypatch.context() as broken:
        broken.setattr("web.trying.count_both", lambda *_: 1 / 0)
        assert team.json(path)["progress"]["failed"]
        assert "Counting broke off" in team.page(path)
    assert compared(team, path)


def test_in_an_empty_kith_there_is_nothing_to_compare(site: Site) -> None:
    assert "Nothing is here yet" in site.page(f"{HERE}/try?two=orbit-2019")
    assert "Choose what to compare" in site.page(f"{HERE}/try")
