"""Whom the team owes a word: by rhythm, by what waits for an answer, and by the habit each has of their own."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm.activity import Activity, Whom
from crm.command import dispatch
from crm.event import NOBODY
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.rhythms import SetRhythm, SetRhythmOf
from crm.sides import SetSide
from crm.stages import DefineStage
from crm.staging import SetStage
from crm.tags import GiveTag
from crm.undoing import Undo
from crm.watching import Watch
from crm.writing import WriteItem
from projections.acts import which_traits
from projections.care import which_rhythm, which_scopes, who_is_due
from projections.engine import Engine
from projections.habits import Habit, who_is_being_lost, whose_habit_turned
from projections.notices import what_is_to_notice
from projections.owed import who_is_contacted_too_often, who_is_owed_an_answer
from projections.team import what_day_is_it, when_was_the_last_contact
from tests.factories import NOON, a_mention, a_reply, an_act, bring, opened, someone

TODAY = NOON.date()


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def brought(kith: Installation, *acts: Activity) -> None:
    """Import these acts; Tess is one of the team."""
    bring(kith, [an_act(by="tess", at=ago(2000)), *acts])
    dispatch(kith, SetSide(member=who(kith, "tess"), side="team"))


def names(kith: Installation, found: Iterable[Any]) -> list[str]:
    known = {who(kith, name): name for name in ("ann", "ben", "chi", "tess", "robot")}
    return [known[one.member] for one in found]


def due(kith: Installation) -> list[tuple[str, int]]:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = who_is_due(connection, TODAY)
    return list(zip(names(kith, found), [one.days for one in found], strict=True))


def owed(kith: Installation) -> list[str]:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        return names(kith, who_is_owed_an_answer(connection, ago(60), ago(3)))


def pressed(kith: Installation) -> list[tuple[str, int]]:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = who_is_contacted_too_often(connection, ago(90), NOON)
    return list(zip(names(kith, found), [one.times for one in found], strict=True))


def lost(kith: Installation, today: date = TODAY) -> list[Habit]:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        return who_is_being_lost(connection, today)


# Rhythms


@pytest.mark.parametrize("act", [a_reply(by="tess", to="ann", at=ago(40)), a_reply(by="ann", to="tess", at=ago(40))])
def test_contact_in_either_direction_counts(kith: Installation, act: Activity) -> None:
    brought(kith, act)
    dispatch(kith, SetRhythm(member=who(kith, "ann"), days=41))
    assert due(kith) == []
    dispatch(kith, SetRhythm(member=who(kith, "ann"), days=40))
    assert due(kith) == [("ann", 40)]


def test_contact_with_others_is_no_contact_with_the_team(kith: Installation) -> None:
    brought(kith, a_reply(by="ann", to="ben", at=ago(1)), a_reply(by="ann", to="tess", at=ago(40)))
    dispatch(kith, SetRhythm(member=who(kith, "ann"), days=30))
    assert due(kith) == [("ann", 30)]


def test_of_contacts_in_several_months_the_last_counts(kith: Installation) -> None:
    back = a_reply(by="ann", to="tess", at=ago(40))
    brought(kith, a_reply(by="tess", to="ann", at=ago(100)), back, a_reply(by="ben", to="tess", at=ago(70)))
    Engine(kith).catch_up()
    ann, ben = who(kith, "ann"), who(kith, "ben")
    with kith.connection() as connection:
        found = when_was_the_last_contact(connection, [ann, ben])
    assert {member: (one.at, one.ours) for member, one in found.items()} == {
        ann: (ago(40), False),
        ben: (ago(70), False),
    }
    bring(kith, [a_reply(by="tess", to="ann", at=ago(8))])
    Engine(kith).catch_up()
    with kith.connection() as connection:
        (contact,) = when_was_the_last_contact(connection, [ann]).values()
    assert (contact.at, contact.ours) == (ago(8), True)
    dispatch(kith, SetRhythm(member=ann, days=9))
    assert due(kith) == []


def test_who_never_had_contact_is_due_at_once_and_a_call_written_down_is_contact(kith: Installation) -> None:
    brought(kith, an_act(by="ann"))
    dispatch(kith, SetRhythm(member=who(kith, "ann"), days=30))
    assert due(kith) == [("ann", 30)]
    called = dispatch(kith, WriteItem(member=who(kith, "ann"), kind="call", text="Hi", day=TODAY))
    assert due(kith) == []
    dispatch(kith, Undo(position=called))
    assert due(kith) == [("ann", 30)]


def test_contact_with_any_account_of_a_member_counts(kith: Installation) -> None:
    brought(kith, a_reply(by="tess", to="ben", at=ago(3)), a_reply(by="tess", to="ann", at=ago(90)))
    dispatch(kith, SetRhythm(member=who(kith, "ann"), days=30))
    assert due(kith) == [("ann", 30)]
    dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "ben")))
    assert due(kith) == []
    with kith.connection() as connection:
        (contact,) = when_was_the_last_contact(connection, [who(kith, "ann")]).values()
    assert (contact.at, contact.ours, contact.colleague) == (ago(3), True, who(kith, "tess"))


def test_what_is_said_of_a_member_outranks_their_stage_and_that_the_shortest_of_their_tags(kith: Installation) -> None:
    brought(kith, an_act(by="ann"))
    ann = who(kith, "ann")
    dispatch(kith, DefineStage(name="Regular"))
    Engine(kith).catch_up()
    with kith.connection() as connection:
        stage = UUID(which_traits(connection, NOBODY, "stage:")[0].slot.removeprefix("stage:"))
    for tag, days in (("speaker", 60), ("host", 45)):
        dispatch(kith, GiveTag(member=ann, tag=tag))
        dispatch(kith, SetRhythmOf(tag=tag, days=days))
    assert due(kith) == [("ann", 45)]
    dispatch(kith, SetStage(member=ann, stage=stage))
    dispatch(kith, SetRhythmOf(stage=stage, days=90))
    assert due(kith) == [("ann", 90)]
    with kith.connection() as connection:
        assert which_rhythm(connection, ann).name == "Regular"
        assert [(one.name, one.members, one.days) for one in which_scopes(connection)] == [
            ("Regular", 1, 90),
            ("host", 1, 45),
            ("speaker", 1, 60),
        ]
    own = dispatch(kith, SetRhythm(member=ann, days=7))
    assert due(kith) == [("ann", 7)]
    with kith.connection() as connection:
        assert which_rhythm(connection, ann).seen == own
    dispatch(kith, SetRhythm(member=ann, days=0))
    assert due(kith) == []


def test_colleagues_are_never_due(kith: Installation) -> None:
    brought(kith, an_act(by="ann"))
    for name in ("ann", "tess"):
        dispatch(kith, SetRhythm(member=who(kith, name), days=7))
    dispatch(kith, SetSide(member=who(kith, "ann"), side="team"))
    assert due(kith) == []


# Answers


def test_words_to_a_colleague_wait_until_any_colleague_turns_back(kith: Installation) -> None:
    brought(kith, an_act(by="chi"), a_mention(by="ann", of=["tess"], at=ago(10)))
    dispatch(kith, SetSide(member=who(kith, "chi"), side="team"))
    assert owed(kith) == ["ann"]
    bring(kith, [a_reply(by="chi", to="ann", at=ago(9))])
    assert owed(kith) == []


def test_a_colleague_who_goes_on_in_the_thread_has_answered(kith: Installation) -> None:
    brought(kith, a_mention(by="ann", of=["tess"], thread="t", at=ago(10)))
    assert owed(kith) == ["ann"]
    bring(kith, [an_act(by="tess", thread="t", at=ago(8))])
    assert owed(kith) == []


def test_who_asked_again_a_moment_ago_can_wait(kith: Installation) -> None:
    brought(kith, a_mention(by="ann", of=["tess"], at=ago(40)))
    assert owed(kith) == ["ann"]
    bring(kith, [a_mention(by="ann", of=["tess"], at=ago(1))])
    assert owed(kith) == []


def test_thanks_ask_for_no_answer_and_what_is_young_can_wait(kith: Installation) -> None:
    thanks = an_act("reacted", by="ann", whom=(Whom(someone("tess"), "thanked"),), at=ago(10))
    brought(kith, thanks, a_mention(by="ben", of=["tess"], at=ago(2)))
    assert owed(kith) == []


def test_a_question_to_everybody_waits_until_somebody_else_answers(kith: Installation) -> None:
    question = an_act("asked", by="ann", thread="t", at=ago(10))
    robot = replace(an_act(by="robot", thread="t", at=ago(8)), who=replace(someone("robot"), bot=True))
    brought(kith, question, an_act(by="ann", thread="t", at=ago(9)), robot)
    assert owed(kith) == ["ann"]
    bring(kith, [an_act("answered", by="ben", thread="t", at=ago(7))])
    assert owed(kith) == []


def test_a_message_written_down_answers_too(kith: Installation) -> None:
    brought(kith, an_act("asked", by="ann", thread="t", at=ago(10)))
    dispatch(kith, WriteItem(member=who(kith, "ann"), kind="message", text="Look here", day=ago(9).date()))
    assert owed(kith) == []


def test_what_colleagues_ask_each_other_is_not_owed(kith: Installation) -> None:
    brought(kith, an_act(by="chi"), a_mention(by="chi", of=["tess"], at=ago(10)))
    dispatch(kith, SetSide(member=who(kith, "chi"), side="team"))
    assert owed(kith) == []


def test_who_does_not_answer_three_times_is_contacted_too_often(kith: Installation) -> None:
    brought(kith, *(a_mention(by="tess", of=["ann"], at=ago(days)) for days in (20, 10)))
    assert pressed(kith) == []
    dispatch(kith, WriteItem(member=who(kith, "ann"), kind="message", text="Hello?", day=ago(5).date()))
    assert pressed(kith) == [("ann", 3)]
    bring(kith, [a_reply(by="ann", to="tess", at=ago(15))])
    assert pressed(kith) == []


def test_only_what_falls_into_the_rhythm_is_too_often(kith: Installation) -> None:
    brought(kith, *(a_mention(by="tess", of=["ann"], at=ago(days)) for days in (50, 40, 20)))
    assert pressed(kith) == []
    dispatch(kith, SetRhythm(member=who(kith, "ann"), days=60))
    assert pressed(kith) == [("ann", 3)]


# Habits


def test_silence_is_measured_against_the_habit_of_each(kith: Installation) -> None:
    brought(
        kith,
        *(an_act(by="ann", at=ago(41 + 6 * n)) for n in range(6)),
        *(an_act(by="ben", at=ago(41 + 20 * n)) for n in range(6)),
        *(an_act(by="chi", at=ago(41 + 6 * n)) for n in range(4)),
    )
    (ann,) = lost(kith)
    assert (ann.member, ann.typical, ann.active) == (who(kith, "ann"), 6, 6)
    assert (ann.last_day, ann.quiet_from) == (ago(41).date(), ago(41 - 19).date())


def test_nobody_is_lost_within_two_weeks_nor_who_comes_a_few_times_a_year(kith: Installation) -> None:
    brought(
        kith,
        *(an_act(by="ann", at=ago(14 + n)) for n in range(6)),
        *(an_act(by="ben", at=ago(300 + 130 * n)) for n in range(6)),
    )
    assert lost(kith) == []
    assert names(kith, lost(kith, TODAY + timedelta(days=1))) == ["ann"]


def test_colleagues_and_bots_are_not_missed(kith: Installation) -> None:
    robot = replace(someone("robot"), bot=True)
    brought(
        kith,
        *(an_act(by="tess", at=ago(41 + n)) for n in range(6)),
        *(replace(an_act(at=ago(41 + n)), who=robot) for n in range(6)),
    )
    assert lost(kith) == []


@pytest.fixture(scope="module")
def shared(new_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with opened(new_database(), tmp_path_factory.mktemp("shared")) as kith:
        yield kith


def worked_out(days: set[date]) -> tuple[Any, ...]:
    """A habit by its definition: first and last day, how many of the latest, usual gap, silence from, back on, days away."""
    latest = sorted(days)[-30:]
    gaps = [(after - before).days for before, after in pairwise(latest)]
    typical = sorted(gaps)[ceil(0.75 * len(gaps)) - 1] if gaps else None
    regular = typical is not None and len(latest) >= 5
    patience = min(365, max(14, 3 * typical)) if typical is not None and regular else 90
    quiet = (
        latest[-1] + timedelta(days=patience + 1) if typical is not None and regular and 3 * typical <= 365 else None
    )
    back = [(day, gap) for day, gap in zip(latest[1:], gaps, strict=True) if gap > patience]
    return (min(days), latest[-1], len(latest), typical, quiet, *(back[-1] if back else (None, None)))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), min_size=1, max_size=45))
def test_the_habit_of_a_member_is_made_of_the_days_of_all_their_accounts(
    shared: Installation, gaps: list[tuple[bool, int]]
) -> None:
    here, there = str(uuid4()), str(uuid4())
    at, acts = ago(15_000), [an_act(by=here, at=ago(15_000)), an_act(by=there, at=ago(15_000))]
    for first, gap in gaps:
        at += timedelta(days=gap // 8 if gap < 320 else gap)
        acts.append(an_act(by=here if first else there, at=at))
    bring(shared, acts)
    dispatch(shared, MergeMembers(kept=who(shared, here), gone=who(shared, there)))
    Engine(shared).catch_up("members", "acts", "habits", "identities")
    days = {act.at.date() for act in acts}
    with shared.connection() as connection:
        found = whose_habit_turned(connection, "first_day", date(1900, 1, 1), date(2200, 1, 1), 10_000)
    (habit,) = [one for one in found if one.member == who(shared, here)]
    told = (habit.first_day, habit.last_day, habit.active, habit.typical, habit.quiet_from, habit.back_on, habit.away)
    assert told == worked_out(days)


# Notices


def test_the_first_time_the_return_and_the_silence_are_noticed(kith: Installation) -> None:
    brought(
        kith,
        an_act(by="ann", at=ago(1)),
        *(an_act(by="ben", at=ago(days)) for days in (100, 2)),
        *(an_act(by="chi", at=ago(18 + n)) for n in range(6)),
    )
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = what_is_to_notice(connection, TODAY)
    assert [(one.what, one.day) for one in found] == [
        ("first", ago(1).date()),
        ("back", ago(2).date()),
        ("quiet", ago(3).date()),
    ]
    assert names(kith, found) == ["ann", "ben", "chi"]


def test_all_that_a_watched_member_does_is_noticed_under_any_of_their_accounts(kith: Installation) -> None:
    brought(kith, *(an_act(by=name, at=ago(days)) for name in ("ann", "ben") for days in (200, 20, 3)))
    dispatch(kith, Watch(member=who(kith, "ann")))
    dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "ben")))
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = [one for one in what_is_to_notice(connection, TODAY) if one.what == "did"]
    assert [(one.member, one.day) for one in found] == [(who(kith, "ann"), ago(3).date())] * 2


def test_only_a_move_up_is_noticed(kith: Installation) -> None:
    brought(kith, an_act(by="ann", at=ago(200)))
    for name in ("Regular", "Helper"):
        dispatch(kith, DefineStage(name=name))
    Engine(kith).catch_up()
    with kith.connection() as connection:
        stages = {one.value["name"]: UUID(one.slot[6:]) for one in which_traits(connection, NOBODY, "stage:")}
    for name, told in (("Regular", ["Regular"]), ("Helper", ["Helper"]), ("Regular", [])):
        dispatch(kith, SetStage(member=who(kith, "ann"), stage=stages[name]))
        Engine(kith).catch_up()
        with kith.connection() as connection:
            assert [one.stage for one in what_is_to_notice(connection, TODAY) if one.what == "up"] == told


def test_a_history_is_looked_back_on_from_its_newest_day() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC).date()
    assert what_day_is_it(None, now) == now
    assert what_day_is_it(now - timedelta(days=7), now) == now
    assert what_day_is_it(now - timedelta(days=8), now) == now - timedelta(days=8)
