"""What a member is good at and on what, whom they reach, and what is at risk: given what happened, numbers by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import normalize
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.activity import Activity, Place
from crm.command import dispatch
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.sides import SetSide
from projections import risks, strengths, topics
from projections.engine import Engine
from projections.risks import Asked, Channel, Pace, absence_factor
from projections.topics import telling, terms
from tests.factories import NOON, a_mention, a_reply, an_act, bring, someone

TODAY = NOON.date()
YEAR = (TODAY - timedelta(days=364), TODAY)
SPAN = (datetime(2023, 6, 2, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def days(kind: str, by: str, *when: int, **more: Any) -> list[Activity]:
    """Somebody did something on each of these days."""
    return [an_act(kind, by=by, at=ago(day), **more) for day in when]


def asked(kith: Installation, question: Callable[..., Any], names: list[str], *span: Any) -> Any:
    """The answer of a read function about a member with the accounts of these names."""
    Engine(kith).catch_up()
    with kith.connection() as connection:
        return question(connection, [who(kith, name) for name in names], *span)


def areas(kith: Installation, *names: str, span: tuple[Any, Any] = YEAR) -> dict[str, tuple[int, float, float | None]]:
    """Of each area the days, the share and what is usual."""
    found = asked(kith, strengths.what_are_they_good_at, list(names), *span)
    return {one.area: (one.days, one.share, one.usual) for one in found.areas}


# What they are good at


def test_a_day_counts_once_in_each_area_however_much_was_done_on_it(kith: Installation) -> None:
    helped = [a_reply(by="ann", to="ben", at=ago(1)) for _ in range(9)]
    bring(kith, [*helped, *days("posted", "ann", 1, 2), *days("reacted", "ann", 3), *days("followed", "ann", 4)])
    assert areas(kith, "ann") == {
        "helping": (1, 0.25, None),
        "creating": (2, 0.5, None),
        "encouraging": (1, 0.25, None),
        "connecting": (0, 0.0, None),
    }


def test_who_brings_somebody_in_connects(kith: Installation) -> None:
    bring(kith, [a_mention(by="ann", of=["ben"], at=ago(2)), *days("posted", "ann", 1), a_reply(by="ann", at=ago(3))])
    assert areas(kith, "ann")["connecting"][:2] == (1, 1 / 3)


def test_usual_is_the_middle_of_the_others_who_were_active(kith: Installation) -> None:
    others = [
        *days("replied", "ben", 1, 2, 3, 4, 5),
        *days("replied", "chi", 1, 2), *days("posted", "chi", 3, 4, 5),
        *days("posted", "dan", 1, 2, 3, 4, 5),
        *days("replied", "eve", 1, 2, 3, 4),
    ]  # fmt: skip
    bring(kith, [*days("replied", "ann", 1), *others])
    found = asked(kith, strengths.what_are_they_good_at, ["ann"], *YEAR)
    assert (found.beside, found.active) == (3, 3)
    assert areas(kith, "ann")["helping"] == (1, 1.0, 0.4)
    assert areas(kith, "ann")["creating"] == (0, 0.0, 0.6)


def test_bots_and_colleagues_are_no_measure(kith: Installation) -> None:
    bring(
        kith,
        [*days("replied", "ann", 1), *days("posted", "ben", 1, 2, 3, 4, 5), *days("posted", "tess", 1, 2, 3, 4, 5)],
    )
    dispatch(kith, SetSide(member=who(kith, "tess"), side="team"))
    dispatch(kith, SetSide(member=who(kith, "ben"), side="bot"))
    assert areas(kith, "ann")["creating"] == (0, 0.0, None)


def test_accounts_of_one_member_count_together(kith: Installation) -> None:
    bring(kith, [*days("replied", "ann", 1, 2), *days("posted", "ben", 2, 3)])
    dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "ben")))
    assert areas(kith, "ann", "ben")["helping"][:2] == (2, 2 / 3)


def test_what_happened_later_or_long_ago_does_not_count(kith: Installation) -> None:
    bring(kith, [*days("replied", "ann", 0, 10, 400), *days("posted", "ann", 5)])
    assert areas(kith, "ann", span=(TODAY - timedelta(days=20), TODAY - timedelta(days=6)))["helping"][:2] == (1, 1.0)
    last = asked(kith, strengths.when_did_they_act_last, ["ann"], TODAY - timedelta(days=6))
    assert last == TODAY - timedelta(days=10)


def test_only_what_is_clearly_more_than_usual_stands_out() -> None:
    assert strengths.Strength("helping", 5, 0.75, 0.5).stands_out
    assert not strengths.Strength("helping", 5, 0.7, 0.5).stands_out
    assert not strengths.Strength("connecting", 5, 0.09, 0.0).stands_out
    assert not strengths.Strength("helping", 4, 1.0, 0.1).stands_out


# Where, when, whom


def test_where_and_when_are_told_of_what_they_did_alone(kith: Installation) -> None:
    yard = Place("2", "The yard", "https://forum.example/c/2")
    bring(
        kith,
        [
            *days("posted", "ann", 1, 2),
            an_act(by="ann", place=yard, at=ago(3) + timedelta(minutes=50)),
            a_reply(to="ann"),
        ],
    )
    assert [(one.name, one.acts) for one in asked(kith, strengths.where_are_they, ["ann"], *SPAN)] == [
        ("The hall", 2),
        ("The yard", 1),
    ]
    found = asked(kith, strengths.when_are_they_here, ["ann"], *SPAN)
    assert found == [(ago(3) + timedelta(minutes=45), 1), (ago(2), 1), (ago(1), 1)]


def test_reach_counts_people_and_days_on_which_they_responded(kith: Installation) -> None:
    bring(
        kith,
        [
            *(a_reply(by="ben", to="ann", at=ago(day)) for day in (1, 1, 2, 3)),
            *(a_reply(by=name, to="ann", at=ago(4)) for name in ("chi", "dan", "eve")),
            an_act(by="old", at=ago(300)), a_reply(by="ann", to="old", at=ago(5)),
            a_reply(by="ann", to="new", at=ago(6)), a_reply(by="robot", to="ann", at=ago(1)),
            a_reply(by="ann", to="ann", at=ago(1)),
        ],
    )  # fmt: skip
    dispatch(kith, SetSide(member=who(kith, "robot"), side="bot"))
    found = asked(kith, strengths.whom_do_they_reach, ["ann"], *YEAR)
    assert (found.heard, found.responses, found.spoken, found.newcomers) == (4, 6, 2, 1)
    assert (found.loudest[0].member, found.loudest[0].days) == (who(kith, "ben"), 3)
    assert found.top == 5 / 6


def test_nobody_responds_to_somebody_new(kith: Installation) -> None:
    bring(kith, days("posted", "ann", 1))
    found = asked(kith, strengths.whom_do_they_reach, ["ann"], *YEAR)
    assert (found.heard, found.top, found.loudest) == (0, 0.0, [])


# Topics


def test_a_word_that_is_common_everywhere_tells_nothing() -> None:
    others = [terms(f"How to do thing{n} in the engine") for n in range(20)]
    theirs = [terms("How to bake the shadows"), terms("Shadows in the dark"), terms("To err")]
    assert telling(theirs, others) == [("shadows", 2, 0)]


def test_vietnamese_words_stay_whole_and_keep_their_marks() -> None:
    others = [terms(f"Hỏi về cài đặt máy {n}") for n in range(12)]
    decomposed = normalize("NFD", "Kết xuất bóng đổ")
    theirs = [terms("Lỗi kết xuất trên Android"), terms(decomposed), terms("Tăng tốc kết xuất")]
    assert telling(theirs, others)[0] == ("kết xuất", 3, 0)


def test_words_with_signs_are_words_and_numbers_are_none() -> None:
    assert {"c++", "c#", "x-ray"} <= terms("C++ or C# at X-ray 2024?")
    assert not {"2024", "c", "at 2024"} & terms("C at 2024")


def test_without_enough_other_titles_nothing_is_telling() -> None:
    assert telling([{"shadow"}, {"shadow"}], [{"other"}] * 9) == []


@given(st.lists(st.text(max_size=40), max_size=8), st.lists(st.text(max_size=40), min_size=10, max_size=20))
def test_telling_words_stand_in_as_many_titles_as_is_said(mine: list[str], others: list[str]) -> None:
    theirs, rest = [terms(one) for one in mine], [terms(one) for one in others]
    for word, n, known in telling(theirs, rest):
        assert n == sum(word in said for said in theirs) >= 2
        assert known == sum(word in said for said in rest)


def test_topics_are_of_the_threads_they_spoke_in_each_with_the_latest(kith: Installation) -> None:
    opened = [
        an_act(by="ben", thread=f"t{n}", title=title, at=ago(50 - n))
        for n, title in enumerate(["Bóng đổ bị nhòe", "Bóng đổ quá tối", *(f"Something else {n}" for n in range(12))])
    ]
    bring(
        kith,
        [
            *opened,
            a_reply(by="ann", to="ben", thread="t0", at=ago(9)),
            a_reply(by="ann", to="ben", thread="t1", at=ago(8)),
        ],
    )
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = topics.what_do_they_speak_on(kith.vault, connection, [who(kith, "ann")], *SPAN)
        earlier = topics.what_do_they_speak_on(kith.vault, connection, [who(kith, "ann")], SPAN[0], ago(20))
    assert (found.theirs, found.others) == (2, 12)
    assert [(one.word, one.theirs, one.others) for one in found.words] == [("bóng đổ", 2, 0)]
    assert found.words[0].thread == kith.ids.make("thread", "forum", "forum.example", "t1")
    assert earlier.theirs == 0


def test_a_title_counts_as_it_was_seen_last(kith: Installation) -> None:
    first = an_act(by="ann", thread="t", title="Before", key="p", at=ago(9))
    bring(kith, [first])
    bring(kith, [an_act(by="ann", thread="t", title="After", key="p", at=ago(9), revision=1)])
    Engine(kith).catch_up()
    with kith.connection() as connection:
        positions = [row["opener"] for row in connection.execute("SELECT opener FROM threads").fetchall()]
        assert list(topics.which_titles(kith.vault, connection, positions).values()) == ["After"]


# Risks


def test_absence_factor_is_that_of_chaoss() -> None:
    assert absence_factor([1000, 202, 90, 33, 332, 343, 42, 433]) == 2


@pytest.mark.parametrize(
    ("given", "people"), [([], 0), ([0], 0), ([7], 1), ([5, 5], 1), ([1, 1, 1], 2), ([4, 3, 3], 2)]
)
def test_absence_factor_counts_the_fewest_who_give_half(given: list[int], people: int) -> None:
    assert absence_factor(given) == people


def test_pace_compares_ninety_days_with_the_year_before_them(kith: Installation) -> None:
    bring(
        kith, [*days("posted", "ann", 0, 89), *days("posted", "ann", *range(90, 120), 454), *days("posted", "ann", 455)]
    )
    found = asked(kith, risks.how_much_lately, ["ann"], TODAY)
    assert (found.lately, found.before) == (2, 31)
    assert found.usual == 31 * 90 / 365
    assert found.fades


def test_few_acts_before_are_no_habit_to_fade_from() -> None:
    assert Pace(0, 20).fades
    assert not Pace(0, 19).fades
    assert not Pace(25, 200).fades
    assert not Pace(19, 0).grows
    assert Pace(20, 40).grows
    assert not Pace(20, 41).grows


def test_what_was_asked_is_answered_by_going_on_in_the_thread_in_time(kith: Installation) -> None:
    def turned(day: int, thread: str, by: str = "ben") -> Activity:
        return a_reply(by=by, to="ann", at=ago(day), thread=thread)

    def went_on(day: int, thread: str) -> Activity:
        return an_act(by="ann", at=ago(day), thread=thread)

    bring(
        kith,
        [
            turned(30, "in time"), went_on(17, "in time"),
            turned(40, "too late"), went_on(20, "too late"),
            turned(50, "before"), went_on(51, "before"),
            turned(3, "still waits"), turned(200, "of the year"), turned(60, "a bot", by="robot"),
        ],
    )  # fmt: skip
    dispatch(kith, SetSide(member=who(kith, "robot"), side="bot"))
    found = asked(kith, risks.how_much_is_asked, ["ann"], SPAN[1])
    assert found == Asked(Pace(4, 1), due=3, answered=1)
    assert found.share == 1 / 3


def test_who_gives_half_of_enough_answers_carries_a_place(kith: Installation) -> None:
    answers = [
        *days("answered", "ann", *range(1, 13)),
        *days("answered", "ben", *range(1, 7)),
        *days("replied", "chi", 1, 2),
    ]
    bring(kith, [*answers, *days("answered", "tess", *range(1, 30)), *days("posted", "ben", *range(1, 30))])
    dispatch(kith, SetSide(member=who(kith, "tess"), side="team"))
    (found,) = asked(kith, risks.where_do_they_answer, ["ann"], *SPAN)
    assert (found.name, found.answers, found.all, found.factor, found.share) == ("The hall", 12, 20, 1, 0.6)
    assert found.is_carried
    (other,) = asked(kith, risks.where_do_they_answer, ["ben"], *SPAN)
    assert not other.is_carried
    assert not Channel(found.place, "", 19, 19, 1).is_carried
