"""Why a member has a score: every act that counts adds up, what would lift it, and levels by hand."""

import re
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from crm.activity import Whom
from crm.command import dispatch
from crm.formulas import AdoptFormula, ProposeFormula
from crm.scores import formula
from crm.scores.formula import Level, Settings, Weighted
from tests.factories import NOON, a_reply, an_act, someone
from tests.web.conftest import Site
from tests.web.forms import send


def ago(days: int) -> datetime:
    return NOON - timedelta(days=days)


@pytest.fixture
def forum(site: Site) -> Site:
    """Ann posted a half-life ago, which is 1 point now, and Ben replied today: 1 point each for replying and for being heard."""
    site.bring(an_act(by="ann", at=ago(180), key="old", title="Spring"), a_reply(by="ben", to="ann", key="new"))
    return site


def why(site: Site, name: str, more: str = "") -> str:
    return f"/members/{site.who(name)}/score/advocacy{more}"


def test_the_number_is_opened_to_the_acts_and_they_add_up_to_it(forum: Site) -> None:
    told = forum.json(why(forum, "ann"))["weighed"]
    assert told["points"] == 2_000_000 == sum(one["entry"]["points"] for one in told["acts"])
    assert [(one["rule"]["key"], one["left"], one["entry"]["age"]) for one in told["acts"]] == [
        ("heard", 1.0, 0),
        ("topics", 0.5, 180),
    ]
    page = forum.page(why(forum, "ann"))
    assert '<b class="score">2.0</b>' in page
    assert f'href="/interactions/{forum.act("old")}"' in page
    assert f'href="/interactions/{forum.act("new")}"' in page
    assert "The points of all these acts together are the score: 2.0." in page


def test_acts_of_one_rule_are_shown_alone_and_a_file_holds_all(forum: Site) -> None:
    assert [row["rule"] for row in forum.csv(why(forum, "ann", "?rule=topics"))] == ["topics"]
    rows = forum.csv(why(forum, "ann"))
    assert sum(float(row["points"]) for row in rows) == 2.0
    assert [row["interaction"] for row in rows] == [str(forum.act("new")), str(forum.act("old"))]


def test_pages_of_acts_follow_on_without_gap_or_repetition(site: Site) -> None:
    site.bring(*(an_act("contributed", by="ann", at=ago(n)) for n in range(60)))
    first, second = (site.json(why(site, "ann", f"?page={n}"))["weighed"] for n in (1, 2))
    csv = site.csv(why(site, "ann"))
    assert len(csv) == first["entries"] == 60
    hrefs = [
        re.findall(r'href="/interactions/([0-9a-f-]{36})" title', site.page(why(site, "ann", f"?page={n}")))
        for n in (1, 2)
    ]
    assert [len(each) for each in hrefs] == [50, 10]
    assert [row["interaction"] for row in csv] == hrefs[0] + hrefs[1]
    assert first["points"] == second["points"]


def test_what_will_fade_and_what_would_lift_it_is_told(forum: Site) -> None:
    told = forum.json(why(forum, "ann"))["weighed"]
    left = 0.5 ** (30 / 180)
    assert told["later"] == round(1_000_000 * left) * 2
    assert (told["level"]["upper"], told["level"]["missing"]) == ("Friend", 8_000_000)
    acts = {one["rule"]["key"]: (one["acts"], one["days"]) for one in told["level"]["lifts"]}
    assert (acts["answers"], acts["topics"], acts["thanks"]) == ((2, 1), (4, 2), (16, 2))
    assert "warnings" not in acts
    assert "8.0 more points reach “Friend”" in forum.page(why(forum, "ann"))


def test_two_years_are_drawn_by_month_and_stand_in_a_table(forum: Site) -> None:
    months = forum.json(why(forum, "ann"))["weighed"]["months"]
    assert len(months) == 25
    assert (months[0]["day"], months[0]["points"], months[-1]["points"]) == ("2022-05-31", 0, 2_000_000)
    page = forum.page(why(forum, "ann"))
    assert "Points at the end of each month" in page
    assert '<th scope="row">May 31, 2022</th><td>0.0</td>' in page


def test_a_sanction_stands_among_the_acts_and_takes_points_away(forum: Site) -> None:
    warned = an_act("moderated", by="mod", whom=(Whom(someone("ann"), "moderated"),), key="warned")
    forum.bring(replace(warned, own_kind="warn"))
    told = forum.json(why(forum, "ann"))["weighed"]
    assert told["points"] == -8_000_000 == sum(one["entry"]["points"] for one in told["acts"])
    assert (told["acts"][0]["rule"]["key"], told["acts"][0]["entry"]["points"]) == ("warnings", -10_000_000)
    page = forum.page(why(forum, "ann"))
    assert "-8.0" in page and "-10.00" in page
    assert f'href="/interactions/{forum.act("warned")}"' in page


def test_a_past_day_is_opened_as_it_was(forum: Site) -> None:
    page = forum.page(why(forum, "ann", f"?on={ago(180).date()}"))
    assert "As of Dec 3, 2023." in page
    assert '<b class="score">2.0</b>' in page
    assert forum.json(why(forum, "ben", f"?on={ago(180).date()}"))["weighed"]["points"] == 0
    assert "This day is still to come." in forum.page(why(forum, "ann", "?on=2999-01-01"), 422)


def test_a_level_is_set_by_hand_with_its_reason_and_undone(forum: Site) -> None:
    ben = forum.who("ben")
    answer = send(
        forum, f"/members/{ben}/level", formula="advocacy", level="Champion", reason="Runs the meetup.", seen="0"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, why(forum, "ben"))
    page = forum.page(why(forum, "ben"))
    assert "operator set the level “Champion” by hand." in page
    assert "By points it would be “Visitor”." in page
    assert "Runs the meetup." in page
    undo = re.search(r'action="/undo">.*?name="position" value="(\d+)"', page)
    assert undo
    send(forum, "/undo", position=undo[1], next=why(forum, "ben"))
    assert "by hand." not in forum.page(why(forum, "ben"))


def test_points_speak_again_when_the_level_is_taken_back(forum: Site) -> None:
    ben = forum.who("ben")
    send(forum, f"/members/{ben}/level", formula="advocacy", level="Champion", reason="Runs the meetup.", seen="0")
    (seen,) = re.findall(r'name="seen" value="(\d+)"', forum.page(why(forum, "ben")))
    send(forum, f"/members/{ben}/level", formula="advocacy", level="", reason="", seen=seen)
    assert forum.json(why(forum, "ben"))["weighed"]["level"]["name"] == "Visitor"


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"level": "Champion", "reason": " "}, "reason", "Say why, so that whoever asks later can read it."),
        ({"level": "Emperor", "reason": "Kept words"}, "level", "There is no such level any more."),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_the_draft_is_kept(
    forum: Site, form: dict[str, str], field: str, sentence: str
) -> None:
    answer = send(forum, f"/members/{forum.who('ben')}/level", formula="advocacy", seen="0", **form)
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-about"', answer.text)
    assert re.search(rf'id="{field}-about">.*?{sentence}', answer.text)
    assert form["reason"] in answer.text
    assert forum.json(why(forum, "ben"))["weighed"]["level"]["name"] == "Visitor"


def test_two_colleagues_who_set_a_level_are_told_of_each_other(forum: Site) -> None:
    path = f"/members/{forum.who('ben')}/level"
    send(forum, path, formula="advocacy", level="Champion", reason="Runs the meetup.", seen="0")
    answer = send(forum, path, formula="advocacy", level="Friend", reason="Kept words", seen="0")
    assert answer.status_code == 409
    assert "operator changed this" in answer.text
    assert "Kept words" in answer.text
    assert '<option value="Friend" selected>' in answer.text
    (seen,) = re.findall(r'name="seen" value="(\d+)"', answer.text)
    assert send(forum, path, formula="advocacy", level="Friend", reason="Kept words", seen=seen).status_code == 303


def test_a_level_that_the_team_named_is_shown_as_it_is_spelled(forum: Site) -> None:
    known = formula("advocacy")
    assert isinstance(known, Weighted)
    ladder = (Level("<b>100%</b> ours", 0),)
    settings = Settings(known.settings[1].earnings, ladder, 0)
    dispatch(forum.kith, ProposeFormula(formula="advocacy", settings=settings))
    dispatch(forum.kith, AdoptFormula(formula="advocacy", version=2, reason="Ours."))
    forum.engine.catch_up()
    for path in (why(forum, "ann"), "/scores", f"/members/{forum.who('ann')}"):
        assert "&lt;b&gt;100%&lt;/b&gt; ours" in forum.page(path)
    assert "This is version 1, which does not count now." in forum.page(why(forum, "ann", "?version=1"))


def test_a_score_that_is_no_sum_is_told_with_its_level_and_what_it_saw(forum: Site) -> None:
    page = forum.page(f"/members/{forum.who('ann')}/score/orbit-2022")
    assert "Orbit 3 (participating)" in page
    assert "Days active in the year" in page
    assert "What earned it" not in page
    (row,) = forum.csv(f"/members/{forum.who('ann')}/score/orbit-2022")
    assert (row["value"], row["level"]) == ("4.0", "orbit-3")


def test_who_has_no_score_is_told_so(forum: Site) -> None:
    assert "No score" in forum.page(f"/members/{forum.who('ann')}/score/h-index?on={ago(180).date()}")


def test_formulas_and_members_that_are_not_there_are_not_found(forum: Site) -> None:
    forum.page(f"/members/{forum.who('ann')}/score/charm", 404)
    forum.page(f"/members/{forum.act('old')}/score/advocacy", 404)
