"""What somebody did counts for the organisation they belonged to on that day, whatever was put right since."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.belonging import StateAffiliation
from crm.command import dispatch
from crm.errors import Conflict, Refusal
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.organisations import NameOrganisation
from crm.undoing import Undo
from projections import affiliations, organisations
from projections.crediting import Span, what_would_move
from projections.engine import Engine
from tests.factories import an_act, bring, someone

LATE = date(2030, 1, 1)
MAY, JUNE, JULY = (datetime(2024, month, 10, tzinfo=UTC) for month in (5, 6, 7))


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def named(kith: Installation, name: str, *domains: str) -> UUID:
    """An organisation of this name."""
    dispatch(kith, NameOrganisation(name=name, domains=domains))
    Engine(kith).catch_up("acts")
    with kith.connection() as connection:
        known = organisations.which_organisations(connection).values()
    return next(one.organisation for one in known if one.name == name)


def belongs(kith: Installation, name: str, organisation: UUID, since: str = "", until: str = "", **more: Any) -> int:
    """Say that somebody belongs; the position of the act."""
    dates = {"since": day(since), "until": day(until)}
    return dispatch(kith, StateAffiliation(member=who(kith, name), organisation=organisation, **dates, **more))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def credits(kith: Installation, on: date = LATE, known: int | None = None) -> dict[UUID, tuple[int, int, int]]:
    """Of each organisation: who belongs, who ever did, and the acts that count for it."""
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = organisations.how_much_is_theirs(connection, on, on, known)
    return {id: (one.people, one.ever, one.acts) for id, one in found.items()}


def times(kith: Installation, name: str, known: int | None = None) -> list[affiliations.Affiliation]:
    """The times that somebody spent with organisations."""
    Engine(kith).catch_up("members", "acts", "facts")
    with kith.connection() as connection:
        return affiliations.which_affiliations(connection, who(kith, name), LATE, known)


@pytest.fixture
def ann(kith: Installation) -> UUID:
    """Ann did one thing in May, one in June and one in July."""
    bring(kith, [an_act(by="ann", at=at) for at in (MAY, JUNE, JULY)])
    return who(kith, "ann")


def test_an_act_counts_for_whoever_one_belonged_to_on_that_day(kith: Installation, ann: UUID) -> None:
    first, second = named(kith, "Mèo Đen"), named(kith, "Cá Vàng")
    belongs(kith, "ann", first, until="2024-06-10")
    belongs(kith, "ann", second, since="2024-06-10", until="2024-07-10")
    assert credits(kith) == {first: (0, 1, 1), second: (0, 1, 1)}
    assert credits(kith, on=date(2024, 6, 9)) == {first: (1, 1, 1)}


def test_dates_put_right_move_what_was_done_and_undoing_moves_it_back(kith: Installation, ann: UUID) -> None:
    first = named(kith, "Mèo Đen")
    belongs(kith, "ann", first)
    assert credits(kith) == {first: (1, 1, 3)}
    (said,) = times(kith, "ann")
    right = belongs(kith, "ann", first, until="2024-07-01", affiliation=said.affiliation)
    assert credits(kith) == {first: (0, 1, 2)}
    assert credits(kith, known=right - 1) == {first: (1, 1, 3)}
    dispatch(kith, Undo(position=right))
    assert credits(kith) == {first: (1, 1, 3)}


def test_what_was_said_by_mistake_goes(kith: Installation, ann: UUID) -> None:
    first = named(kith, "Mèo Đen")
    belongs(kith, "ann", first)
    belongs(kith, "ann", first, affiliation=times(kith, "ann")[0].affiliation, kept=False)
    assert times(kith, "ann") == []
    assert credits(kith) == {}


def test_merged_members_count_together_and_each_day_once(kith: Installation, ann: UUID) -> None:
    first = named(kith, "Mèo Đen")
    bring(kith, [an_act(by="ben", at=MAY)])
    belongs(kith, "ann", first)
    belongs(kith, "ben", first)
    merged = dispatch(kith, MergeMembers(kept=ann, gone=who(kith, "ben")))
    assert credits(kith) == {first: (1, 1, 4)}
    assert credits(kith, known=merged - 1) == {first: (2, 2, 4)}
    ours = times(kith, "ann")
    assert [one.member for one in ours] == [ann, ann]
    dispatch(kith, Undo(position=merged))
    assert credits(kith) == {first: (2, 2, 4)}


def test_what_is_put_right_after_a_merge_stays_with_the_account_it_was_said_of(kith: Installation, ann: UUID) -> None:
    first = named(kith, "Mèo Đen")
    bring(kith, [an_act(by="ben", at=MAY)])
    belongs(kith, "ben", first)
    merged = dispatch(kith, MergeMembers(kept=ann, gone=who(kith, "ben")))
    belongs(kith, "ann", first, since="2024-05-01", affiliation=times(kith, "ann")[0].affiliation)
    dispatch(kith, Undo(position=merged))
    assert times(kith, "ann") == []
    assert [one.since for one in times(kith, "ben")] == [date(2024, 5, 1)]


def test_it_is_told_by_month_with_how_many_did_it_and_where(kith: Installation, ann: UUID) -> None:
    first = named(kith, "Mèo Đen")
    bring(kith, [an_act(by="ben", at=JUNE), an_act(by="ben", at=JUNE)])
    belongs(kith, "ann", first, since="2024-05-20")
    belongs(kith, "ben", first, since="2024-06-01")
    Engine(kith).catch_up()
    with kith.connection() as connection:
        months = organisations.how_much_did_they_do(connection, first, date(2024, 1, 1), date(2024, 7, 1))
        places = organisations.where_did_they_act(connection, first, LATE)
        turns = organisations.who_came_and_went(connection, first, LATE)
    assert [(one.begins, one.acts, one.people) for one in months] == [(date(2024, 6, 1), 3, 2)]
    assert [(one.name, one.acts, one.people) for one in places] == [("The hall", 4, 2)]
    assert [(one.member, one.joined) for one in turns] == [(who(kith, "ben"), True), (ann, True)]


def test_the_names_of_then_are_told_as_of_then(kith: Installation) -> None:
    first = named(kith, "Mèo Đen")
    position = dispatch(kith, NameOrganisation(name="Mèo Trắng", organisation=first))
    Engine(kith).catch_up("acts")
    with kith.connection() as connection:
        now, then = (organisations.which_organisations(connection, known) for known in (None, position - 1))
    assert (now[first].name, then[first].name) == ("Mèo Trắng", "Mèo Đen")


def test_a_colleague_who_was_faster_is_told(kith: Installation, ann: UUID) -> None:
    first = named(kith, "Mèo Đen")
    belongs(kith, "ann", first)
    (said,) = times(kith, "ann")
    changed = {"affiliation": said.affiliation, "seen": said.position}
    belongs(kith, "ann", first, since="2024-01-01", **changed)
    with pytest.raises(Conflict):
        belongs(kith, "ann", first, since="2024-02-01", **changed)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (lambda ann, x: StateAffiliation(member=ann, organisation=uuid4()), "no such organisation"),
        (lambda ann, x: StateAffiliation(member=ann, organisation=x), "already"),
        (lambda ann, x: StateAffiliation(member=ann, organisation=x, since=day("2024-05-31")), "already"),
        (lambda ann, x: StateAffiliation(member=ann, organisation=x, affiliation=uuid4()), "no longer there"),
        (lambda ann, x: StateAffiliation(member=uuid4(), organisation=x), "Nobody here"),
        (lambda ann, x: StateAffiliation(member=ann, organisation=x, role="x" * 121), "role is too long"),
        (lambda ann, x: StateAffiliation(member=ann, organisation=x, since=day("0224-05-31")), "four digits"),
        (lambda ann, x: StateAffiliation(member=ann, organisation=x, since=LATE, until=LATE), "before the day"),
        (lambda ann, x: NameOrganisation(name=" "), "needs a name"),
        (lambda ann, x: NameOrganisation(name="x" * 121), "name is too long"),
        (lambda ann, x: NameOrganisation(name="MÈO đen"), "name already"),
        (lambda ann, x: NameOrganisation(name="Cá", domains=("meo example",)), "on a line of its own"),
        (lambda ann, x: NameOrganisation(name="Cá", domains=("@Meo.Example",)), "another organisation"),
        (lambda ann, x: NameOrganisation(name="Cá", organisation=uuid4()), "no such organisation"),
    ],
)
def test_what_cannot_be_is_refused_with_its_sentence_and_changes_nothing(
    kith: Installation, ann: UUID, command: Any, sentence: str
) -> None:
    first = named(kith, "Mèo Đen", "meo.example")
    end = belongs(kith, "ann", first, until="2024-06-01")
    with pytest.raises(Refusal, match=sentence):
        dispatch(kith, command(ann, first))
    assert kith.log.recorder.max_notification_id() == end


def test_one_may_come_back_and_belong_to_two_at_once(kith: Installation, ann: UUID) -> None:
    first, second = named(kith, "Mèo Đen"), named(kith, "Cá Vàng")
    belongs(kith, "ann", first, until="2024-06-01")
    belongs(kith, "ann", first, since="2024-06-01")
    belongs(kith, "ann", second)
    assert credits(kith) == {first: (1, 1, 3), second: (1, 1, 3)}


DAYS = st.none() | st.integers(0, 60).map(lambda n: date(2024, 5, 1) + timedelta(n))
X, Y = UUID(int=1), UUID(int=2)
SPANS = st.lists(st.builds(Span, st.sampled_from([X, Y]), DAYS, DAYS), max_size=3)


def test_what_would_move_is_what_is_counted_otherwise_afterwards(kith: Installation) -> None:
    bring(kith, [an_act(by="ann", at=datetime(2024, 5, 1 + n % 30, tzinfo=UTC)) for n in range(40)])
    Engine(kith).catch_up("facts", "members")

    def counted(spans: list[Span]) -> dict[UUID, int]:
        """Day by day, without any SQL."""
        done = [date(2024, 5, 1 + n % 30) for n in range(40)]
        found = [
            {one.organisation for one in spans if (one.since or on) <= on and (one.until is None or on < one.until)}
            for on in done
        ]
        return {id: sum(id in each for each in found) for id in (X, Y)}

    @settings(max_examples=60)
    @given(before=SPANS, after=SPANS)
    def check(before: list[Span], after: list[Span]) -> None:
        with kith.connection() as connection:
            moves = what_would_move(connection, who(kith, "ann"), before, after)
        told = counted(before)
        for move in moves:
            assert not set(move.lost) & set(move.gained)
            for id in (X, Y):
                told[id] += move.acts * ((id in move.gained) - (id in move.lost))
        assert told == counted(after)

    check()
