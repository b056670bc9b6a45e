"""Points: which acts count, for how much and how long; the same for one member, for all, for one day and for many."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm.activity import Activity, Whom
from crm.command import dispatch
from crm.errors import Refusal
from crm.installation import Installation
from crm.levels import SetLevel
from crm.merging import MergeMembers
from crm.scores import formula
from crm.scores.formula import Settings, Weighted
from crm.sides import SetSide
from crm.undoing import Undo
from projections.engine import Engine
from projections.levels import days_that_count, month_ends, step, which_levels
from projections.members import which_identities
from projections.points import RING
from projections.scores import Version, what_are_the_scores, which_version
from projections.why import Asking, how_it_was, what_earned_it, what_it_comes_to
from tests.by_hand import points_of
from tests.factories import NOON, a_reply, acts, an_act, bring, opened, someone

TODAY = NOON.date()
MANY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def thanks(by: str, to: str, **more: Any) -> Activity:
    return an_act("reacted", by=by, whom=(Whom(someone(to), "thanked"),), **more)


def points(kith: Installation, name: str = "advocacy", day: date = TODAY) -> dict[str, float]:
    """The scores of a day by the name of whoever has them."""
    Engine(kith).catch_up()
    known = {who(kith, each): each for each in ("ann", "ben", "chi", "dũng", "eve", "tess", "mod", *"abcdefghij")}
    with kith.connection() as connection, connection.transaction():
        return {
            known[one.member]: one.points / 1e6
            for one in what_are_the_scores(connection, which_version(connection, name), [day])
            if one.points
        }


def earned(kith: Installation, name: str, rule: str = "", day: date = TODAY, of: str = "advocacy") -> list[float]:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        member = who(kith, name)
        asking = Asking(which_version(connection, of), member, which_identities(connection, member), day)
        return [one.points / 1e6 for one in what_earned_it(connection, asking, rule)]


def test_points_halve_with_each_half_life(kith: Installation) -> None:
    bring(kith, [an_act("spoke", at=ago(0)), an_act("spoke", at=ago(365)), an_act("spoke", at=ago(730))])
    assert points(kith) == {"ann": 15 + 7.5 + 3.75}
    assert earned(kith, "ann") == [15, 7.5, 3.75]
    assert points(kith, day=TODAY - timedelta(days=365)) == {"ann": 7.5 + 15}


def test_of_a_day_only_so_many_count(kith: Installation) -> None:
    bring(kith, [an_act("posted", by="ann") for _ in range(5)])
    assert points(kith) == {"ann": 3 * 2}
    assert earned(kith, "ann", "topics") == [2, 2, 2]


def test_each_person_counts_once_a_day_and_oneself_never(kith: Installation) -> None:
    bring(kith, [an_act(by="ben", at=ago(100)), an_act(by="chi", at=ago(100))])
    told = [
        a_reply(by="ann", to="ben"),
        a_reply(by="ann", to="ben"),
        a_reply(by="ann", to="chi"),
        a_reply(by="ann", to="ann"),
    ]
    bring(kith, told)
    assert earned(kith, "ann", "replies") == [1, 1]
    assert earned(kith, "ben", "heard") == [1]


def test_whoever_responded_counts_once_by_their_latest_response(kith: Installation) -> None:
    bring(kith, [a_reply(by="ben", to="ann", at=ago(180)), a_reply(by="ben", to="ann", at=ago(360))])
    assert earned(kith, "ann", "heard") == [0.5]
    assert earned(kith, "ann", "heard", TODAY - timedelta(days=180)) == [1]
    assert earned(kith, "ann", "heard", TODAY - timedelta(days=181)) == [pytest.approx(2 ** -(179 / 180), abs=1e-6)]


def test_who_is_spoken_with_in_their_first_week_is_welcomed(kith: Installation) -> None:
    bring(
        kith,
        [an_act(by="ben", at=ago(10)), a_reply(by="ann", to="ben", at=ago(3)), a_reply(by="chi", to="ben", at=ago(2))],
    )
    assert len(earned(kith, "ann", "welcomes")) == 1
    assert earned(kith, "chi", "welcomes") == []


def test_two_who_praise_only_each_other_earn_nothing_by_it(kith: Installation) -> None:
    bring(
        kith,
        [
            thanks("ann", "ben", at=ago(3)),
            thanks("ben", "ann", at=ago(2)),
            thanks("ann", "ben", at=ago(1)),
            thanks("chi", "ann", at=ago(1)),
        ],
    )
    assert len(earned(kith, "ann", "thanks")) == 1, "the first, before it was mutual"
    assert len(earned(kith, "ben", "thanks")) == 0
    assert len(earned(kith, "ann", "praised")) == 1, "by Chi"


def test_praise_counts_from_when_one_of_the_two_praises_others_too(kith: Installation) -> None:
    others = [thanks("ann", name, at=ago(5)) for name in "abcde"]
    bring(kith, [*others, thanks("ann", "ben", at=ago(3)), thanks("ben", "ann", at=ago(2))])
    assert len(others) == RING
    assert len(earned(kith, "ben", "thanks")) == 1
    assert len(earned(kith, "ann", "thanks")) == RING + 1


def test_bots_and_colleagues_earn_nothing_and_give_nothing(kith: Installation) -> None:
    bring(
        kith,
        [an_act(by="tess"), a_reply(by="tess", to="ann"), a_reply(by="ann", to="tess"), a_reply(by="ben", to="ann")],
    )
    assert set(points(kith)) == {"ann", "ben", "tess"}
    dispatch(kith, SetSide(member=who(kith, "tess"), side="team"))
    assert points(kith) == {"ann": 1, "ben": 1 + 2}
    assert earned(kith, "tess") == []


def sanction(kind: str, at: datetime) -> Activity:
    return replace(an_act("moderated", by="mod", whom=(Whom(someone("ann"), "moderated"),), at=at), own_kind=kind)


def test_a_sanction_that_stands_lowers_a_score_until_it_is_lifted(kith: Installation) -> None:
    bring(kith, [sanction("suspend", ago(365)), sanction("warn", ago(0)), an_act("spoke", at=ago(0))])
    assert points(kith)["ann"] == 15 - 30 - 10
    assert earned(kith, "ann") == [-30, 15, -10]
    bring(kith, [sanction("unsuspend", ago(10))])
    assert points(kith)["ann"] == 15 - 10
    assert points(kith, day=TODAY - timedelta(days=11))["ann"] < -30, "it stood then"


def test_accounts_that_are_one_member_count_as_one(kith: Installation) -> None:
    bring(
        kith,
        [
            a_reply(by="ann", to="chi"),
            a_reply(by="ben", to="chi"),
            a_reply(by="ann", to="ben"),
            an_act(by="chi", at=ago(90)),
        ],
    )
    merged = dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "ben")))
    assert earned(kith, "ann", "replies") == [1]
    assert earned(kith, "chi", "heard") == [1]
    dispatch(kith, Undo(position=merged))
    assert earned(kith, "ann", "replies") == [1, 1]


def test_with_each_whole_month_a_tenth_of_love_fades(kith: Installation) -> None:
    when = [
        datetime(2024, 4, 30, 12, tzinfo=UTC),
        datetime(2024, 5, 1, 12, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
    ]
    bring(kith, [an_act("answered", at=at) for at in when])
    assert points(kith, "orbit-2019", date(2024, 5, 30)) == {"ann": pytest.approx(3 * 0.9 + 3 + 3 * 0.9**3)}


# Levels


def test_a_level_is_reached_at_once_and_outlasts_its_points(kith: Installation) -> None:
    bring(kith, [an_act("spoke", at=ago(0)), an_act("hosted", at=ago(0))])
    later = {0: "Friend", 560: "Friend", 600: "Friend", 720: "Visitor"}
    Engine(kith).catch_up()
    ann = who(kith, "ann")
    with kith.connection() as connection:
        version = which_version(connection, "advocacy")
        found = {days: which_levels(connection, version, [ann], TODAY + timedelta(days=days))[ann] for days in later}
        assert found == later
        assert version.settings
        points_then = how_it_was(connection, Asking(version, ann, [ann], TODAY), [TODAY + timedelta(days=600)])
    assert step(version.settings, list(points_then.values())) == 0, (
        "its points are gone by then, and so it fell in the end"
    )


def test_month_ends_are_the_last_days_of_the_months_before() -> None:
    assert month_ends(date(2024, 3, 31), 2) == [date(2024, 1, 31), date(2024, 2, 29)]
    assert days_that_count(Settings({}, holding=0), TODAY) == [TODAY]


def test_a_level_said_by_hand_goes_before_the_points_until_it_is_undone(kith: Installation) -> None:
    bring(kith, [an_act("spoke", at=ago(0))])
    ann = who(kith, "ann")
    said = dispatch(
        kith, SetLevel(member=ann, formula="advocacy", level="Champion", reason="Carried the meetups for years.")
    )

    def level() -> str:
        Engine(kith).catch_up()
        with kith.connection() as connection:
            return which_levels(connection, which_version(connection, "advocacy"), [ann], TODAY)[ann]

    assert level() == "Champion"
    dispatch(kith, Undo(position=said))
    assert level() == "Friend"


# Whatever was done


def checked(kith: Installation, version: Version, days: list[date]) -> dict[date, dict[UUID, int]]:
    """The scores of all on these days, which are the same asked together, day by day, and opened for each member."""
    found: dict[date, dict[UUID, int]] = {day: {} for day in days}
    with kith.connection() as connection, connection.transaction():
        for one in what_are_the_scores(connection, version, days):
            found[one.day][one.member] = one.points
        for day in days:
            assert {one.member: one.points for one in what_are_the_scores(connection, version, [day])} == found[day]
            for member, number in found[day].items():
                asking = Asking(version, member, which_identities(connection, member), day)
                assert sum(one.points for one in what_it_comes_to(connection, asking)) == number
                told = what_earned_it(connection, asking, limit=100_000)
                assert sum(one.points for one in told) == number
                assert all(one.position for one in told)
                assert how_it_was(connection, asking, days)[day] == number
    return found


@MANY
@given(st.lists(acts(), max_size=25), st.integers(0, 170))
def test_points_are_what_the_rules_say_act_by_act(
    new_database: Callable[[], str], tmp_path: Path, found: list[Activity], days: int
) -> None:
    last = TODAY + timedelta(days=days)
    with opened(new_database(), tmp_path) as kith:
        bring(kith, found)
        Engine(kith).catch_up()
        for name in ("advocacy", "orbit-2019"):
            of = formula(name)
            assert isinstance(of, Weighted)
            told = checked(kith, Version(of, 1, of.settings[1]), [TODAY, last] if days else [TODAY])
            for day, scores in told.items():
                expected = points_of(found, of, of.settings[1].earnings, day)
                assert scores == {kith.ids.make("identity", *each): number for each, number in expected.items()}


def arranged(kith: Installation, wishes: list[int]) -> None:
    """Merge some of them, and say of one that they are of the team."""
    people = ["ann", "ben", "chi", "dũng"]
    for wish in wishes:
        one, two = people[wish % 4], people[wish // 4]
        with suppress(Refusal):
            if one == two:
                dispatch(kith, SetSide(member=who(kith, one), side="team"))
            else:
                dispatch(kith, MergeMembers(kept=who(kith, one), gone=who(kith, two)))


@MANY
@given(st.lists(acts(), max_size=25), st.lists(st.integers(0, 15), max_size=2), st.integers(1, 170))
def test_whoever_is_joined_or_left_out_all_ways_to_ask_agree(
    new_database: Callable[[], str], tmp_path: Path, found: list[Activity], wishes: list[int], days: int
) -> None:
    with opened(new_database(), tmp_path) as kith:
        bring(kith, found)
        arranged(kith, wishes)
        Engine(kith).catch_up()
        for name in ("advocacy", "orbit-2019"):
            of = formula(name)
            assert isinstance(of, Weighted)
            checked(kith, Version(of, 1, of.settings[1]), [TODAY, TODAY + timedelta(days=days)])
