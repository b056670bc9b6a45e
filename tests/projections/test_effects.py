"""What followed on a gift, a call, an event, an invitation: given what people did before and after, numbers by hand."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.activity import Activity, Whom
from crm.command import dispatch
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.sides import SetSide
from crm.undoing import Undo
from crm.writing import WriteItem
from projections.effects import FEW, MOST, Change, Effect, Touched, impact, measured, spread, what_did_it_do
from projections.engine import Engine
from tests.factories import NOON, an_act, bring, someone

TODAY = NOON.date()
DAY = TODAY - timedelta(days=100)
"""When something is done for somebody here; the data go on for a hundred days."""


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def around(name: str, *days: int) -> list[Activity]:
    """Somebody did something so many days after DAY, or before."""
    at = NOON - timedelta(days=100)
    return [an_act(by=name, at=at + timedelta(days=day)) for day in days]


def community(kith: Installation, *acts: list[Activity]) -> None:
    """These acts; Old One holds the data open from long before to TODAY."""
    bring(kith, [one for some in [*acts, around("old one", -2000, 100)] for one in some])


def given_to(kith: Installation, name: str, kind: str = "gift", day: date = DAY) -> int:
    return dispatch(kith, WriteItem(member=who(kith, name), kind=kind, text="A book", day=day))  # type: ignore[arg-type]


def effect(kith: Installation, kind: str = "gift", today: date = TODAY) -> Effect:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        return what_did_it_do(connection, kind, today)


def similar(kith: Installation, found: Effect) -> list[str]:
    known = {who(kith, name): name for name in ("ann", "ben", "chi", "dan", "eve", "fay", "gus", "old one")}
    return [known[one] for one in found.people[0].similar]


ANN = around("ann", -300, -61, -60, -2, -1, -1, 0, 1, 1, 1, 2, 60, 61)
"""Four acts on three days before, five on three days after; those of the day itself and beyond sixty days count for neither."""


def test_before_and_after_are_counted_beside_somebody_similar(kith: Installation) -> None:
    community(kith, ANN, around("ben", -290, -50, -49, -49, -48, 3), around("chi", -310, *range(-40, -20), 5))
    given_to(kith, "ann")
    found = effect(kith)
    (ann,) = found.people
    assert (ann.member, ann.day) == (who(kith, "ann"), DAY)
    assert (ann.acts, ann.days) == (Change(4, 5), Change(3, 3))
    assert (ann.similar_acts, ann.similar_days) == (Change(4, 1), Change(3, 1))
    assert similar(kith, found) == ["ben"]
    assert found.acts is not None
    assert (found.acts.difference, found.ratio) == (1 - -3, 1 / 4)
    assert (found.times, found.compared, found.members, found.verdict) == (1, 1, 1, "few")


def test_the_three_nearest_are_taken_by_what_they_did_and_then_by_how_long_they_are_here(kith: Installation) -> None:
    ann = around("ann", -300, *range(-20, 0))
    others = [
        around("ben", -300, *range(-15, 0)),
        around("chi", -300, *range(-19, 0), 1, 2),
        around("dan", -280, *range(-18, 0), 1),
        around("eve", -299, *range(-18, 0)),
        around("fay", -300, *range(-14, 0)),
    ]
    community(kith, ann, *others)
    given_to(kith, "ann")
    found = effect(kith)
    assert similar(kith, found) == ["chi", "eve", "dan"]
    assert found.people[0].similar_acts == Change(55 / 3, 1)


def test_who_did_much_more_or_is_here_for_much_longer_is_not_similar(kith: Installation) -> None:
    community(
        kith,
        ANN,
        around("ben", -300, *range(-6, 0)),
        around("chi", -700, -4, -3, -2, -1),
        around("dan", -90, -3, -2, -1),
    )
    given_to(kith, "ann")
    found = effect(kith)
    assert (found.people, found.alone, found.compared, found.acts) == ([], 1, 0, None)
    assert found.verdict == "few"


def test_for_whom_it_was_done_around_that_day_is_beside_nobody(kith: Installation) -> None:
    community(kith, ANN, around("ben", -300, -4, -3, -2, -1), around("chi", -300, -5, -4, -3))
    for name, day in (("ann", DAY), ("ben", DAY + timedelta(days=60))):
        given_to(kith, name, day=day)
    found = effect(kith)
    assert similar(kith, found) == ["chi"]
    assert (found.times, found.open, found.compared) == (2, 1, 1)


def test_who_did_nothing_before_is_beside_those_who_did_nothing_either(kith: Installation) -> None:
    silent = [around("ben", -310, -200, 10), around("chi", -280, 12, 13), around("dan", -350), around("eve", -150)]
    community(kith, around("ann", -300, 4, 5, 6), around("fay", -300, -1), *silent)
    given_to(kith, "ann")
    found = effect(kith)
    assert similar(kith, found) == ["ben", "chi", "dan"]
    assert (found.people[0].acts, found.people[0].similar_acts) == (Change(0, 3), Change(0, 1))
    assert found.ratio is None


def test_bots_and_colleagues_are_neither_touched_nor_similar(kith: Installation) -> None:
    community(kith, ANN, around("ben", -300, -4, -3, -2, -1), around("chi", -300, -4, -3, -2, -1))
    for name in ("ann", "ben"):
        given_to(kith, name)
    dispatch(kith, SetSide(member=who(kith, "ben"), side="team"))
    dispatch(kith, SetSide(member=who(kith, "chi"), side="bot"))
    found = effect(kith)
    assert (found.times, found.alone) == (1, 1)


def test_accounts_of_one_member_count_together(kith: Installation) -> None:
    community(kith, ANN, around("ben", -300, -4, -3), around("chi", -300, -2, -1, 1), around("dan", -300, -8, 7))
    dispatch(kith, MergeMembers(kept=who(kith, "ben"), gone=who(kith, "chi")))
    dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "dan")))
    given_to(kith, "dan")
    found = effect(kith)
    assert (found.people[0].member, found.people[0].acts) == (who(kith, "ann"), Change(5, 6))
    assert (similar(kith, found), found.people[0].similar_acts) == (["ben"], Change(4, 1))


def test_what_is_not_over_too_soon_or_too_early_is_left_out_and_counted(kith: Installation) -> None:
    community(kith, around("ann", -300, -4), around("ben", 2, 3), around("chi", -300, -4))
    given_to(kith, "ann")
    given_to(kith, "ann", day=DAY + timedelta(days=60))
    given_to(kith, "ann", day=DAY + timedelta(days=95))
    given_to(kith, "ben")
    given_to(kith, "chi", day=DAY + timedelta(days=41))
    found = effect(kith)
    assert (found.times, found.again, found.open, found.early, found.alone) == (5, 2, 1, 1, 1)
    assert effect(kith, today=TODAY + timedelta(days=1)).open == 0


def test_what_was_undone_was_not_done(kith: Installation) -> None:
    community(kith, ANN)
    position = given_to(kith, "ann")
    assert effect(kith).times == 1
    dispatch(kith, Undo(position=position))
    assert effect(kith).times == 0


@pytest.mark.parametrize("kind", ["call", "meeting", "message"])
def test_each_kind_that_the_team_writes_down_is_told_apart(kith: Installation, kind: str) -> None:
    community(kith, ANN)
    given_to(kith, "ann", kind=kind)
    assert (effect(kith, kind).times, effect(kith, "gift").times) == (1, 0)


def test_events_attended_and_invitations_received_are_told_by_the_sources(kith: Installation) -> None:
    at = NOON - timedelta(days=100)
    invited = an_act("invited", by="old one", at=at, whom=(Whom(someone("ben"), "invited"),))
    community(kith, ANN, around("ben", -300, -4, -3, -2, -1), [an_act("attended", by="ann", at=at), invited])
    attended = effect(kith, "attended")
    assert (attended.times, similar(kith, attended)) == (1, ["ben"])
    received = effect(kith, "invited")
    assert (received.people[0].member, similar(kith, received)) == (who(kith, "ben"), ["ann"])


def test_nothing_is_told_of_an_empty_kith(kith: Installation) -> None:
    found = effect(kith)
    assert (found.times, found.acts, found.ratio, found.verdict) == (0, None, None, "few")


# What can be told


def somebody(change: float, beside: float = 0) -> Touched:
    own, like = Change(10, 10 + change), Change(10, 10 + beside)
    return Touched(uuid4(), DAY, own, own, like, like, [uuid4()])


def told(people: list[Touched]) -> Effect:
    members, acts = len({one.member for one in people}), measured(people, "acts")
    return Effect("gift", len(people), 0, 0, 0, 0, 0, people, members, acts, acts, None)


def test_savannahs_gift_impact_is_what_was_added_in_parts_of_what_was_before() -> None:
    assert impact([Change(10, 15), Change(10, 11)]) == 0.3
    assert impact([Change(0, 4)]) is None


def test_few_are_too_few_however_much_they_changed() -> None:
    assert told([somebody(50)] * (FEW - 1)).verdict == "few"
    assert told([somebody(50) for _ in range(FEW - 1)]).verdict == "few"
    assert told([somebody(50) for _ in range(FEW)]).verdict == "more"


def test_a_difference_that_may_be_nothing_is_not_told() -> None:
    assert told([somebody(change) for change in [9, -9] * 20]).verdict == "unclear"
    assert told([somebody(5, beside=5) for _ in range(40)]).verdict == "unclear"
    assert told([somebody(-5, beside=1) for _ in range(40)]).verdict == "less"


def test_one_person_touched_often_is_one_person() -> None:
    one = somebody(50)
    assert told([one] * 60).verdict == "few"
    assert spread([[50.0] * 60]) == (50, 50)


@given(st.lists(st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=3), min_size=1, max_size=12))
def test_the_span_is_the_same_each_time_and_within_what_was_seen(added: list[list[float]]) -> None:
    low, high = spread(added)
    assert (low, high) == spread(added)
    seen = [each for one in added for each in one]
    assert min(seen) - 1e-9 <= low <= high <= max(seen) + 1e-9


def test_only_so_many_of_the_latest_are_looked_at(kith: Installation) -> None:
    names = [f"m{n}" for n in range(MOST + 2)]
    at = NOON - timedelta(days=100)
    community(
        kith,
        *(around(name, -300, -1) for name in names),
        around("ben", -300, -1),
        [an_act("attended", by=name, at=at + timedelta(minutes=n)) for n, name in enumerate(names)],
    )
    found = effect(kith, "attended")
    assert (found.older, found.compared, found.times) == (2, MOST, MOST + 2)


def test_days_are_those_of_utc(kith: Installation) -> None:
    late = datetime(DAY.year, DAY.month, DAY.day, 23, 59, tzinfo=NOON.tzinfo)
    community(
        kith,
        around("ann", -300),
        [an_act(by="ann", at=late), an_act(by="ann", at=late + timedelta(minutes=2))],
        around("ben", -300),
    )
    given_to(kith, "ann")
    assert effect(kith).people[0].acts == Change(0, 1)
