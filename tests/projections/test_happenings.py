"""The community's timeline, however it is narrowed down, is what a plain look through the log finds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.activity import Activity
from crm.installation import Installation
from crm.store import EVENTS
from projections.engine import Engine
from projections.happenings import Wish, what_happened_here, what_kinds_are_there
from tests.factories import HALL, NOON, acts, an_act, bring, opened, rows, someone

ROBOT = msgspec.structs.replace(someone("robot"), bot=True)


@pytest.fixture(scope="module")
def shared(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One Kith for all the examples of a property."""
    with opened(new_database(), tmp_path_factory.mktemp("shared")) as kith:
        yield kith


def anything() -> st.SearchStrategy[Activity]:
    """What people and a robot may do on two platforms."""
    elsewhere = acts().map(lambda act: msgspec.structs.replace(act, source="chat", host="chat.example"))
    return acts() | elsewhere | acts().map(lambda act: msgspec.structs.replace(act, who=ROBOT, kind="labelled"))


def wishes(kith: Installation) -> st.SearchStrategy[Wish]:
    moment = st.none() | st.integers(0, 4_000).map(lambda hours: NOON + timedelta(hours=hours))
    return st.builds(
        Wish,
        kind=st.sampled_from(["", "posted", "labelled", "merged"]),
        source=st.sampled_from(["", "forum", "chat"]),
        place=st.sampled_from([None, kith.ids.make("place", "forum", "forum.example", HALL.key)]),
        who=st.sampled_from(["people", "bots", "all"]),
        since=moment,
        until=moment,
    )


def looked_through(kith: Installation, wish: Wish) -> list[dict[str, Any]]:
    """The interactions of the log that fit, one by one, newest first."""
    robots = {kith.ids.make("identity", source, f"{source}.example", ROBOT.uid) for source in ("forum", "chat")}

    def fits(row: dict[str, Any]) -> bool:
        return (
            wish.kind in ("", row["kind"])
            and wish.source in ("", row["source"])
            and wish.place in (None, row["place"])
            and (wish.who == "all" or (row["actor"] in robots) == (wish.who == "bots"))
            and (wish.since is None or row["occurred_at"] >= wish.since)
            and (wish.until is None or row["occurred_at"] < wish.until)
        )

    found = rows(kith, f"SELECT * FROM {EVENTS} WHERE topic = 'interaction.recorded'")
    return sorted(filter(fits, found), key=lambda row: (row["occurred_at"], row["notification_id"]), reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_pages_of_whatever_is_asked_for_are_what_fits_in_its_order(shared: Installation, data: st.DataObject) -> None:
    bring(shared, data.draw(st.lists(anything(), max_size=6)))
    Engine(shared).catch_up("timeline", "identities", "members", "acts")
    wish, paged = data.draw(wishes(shared)), list[int]()
    expected = looked_through(shared, wish)
    with shared.connection() as connection:
        while found := what_happened_here(connection, wish, limit=3):
            paged += found
            last = next(row for row in expected if row["notification_id"] == found[-1])
            wish = msgspec.structs.replace(wish, before=last["occurred_at"], position=last["notification_id"])
    assert paged == [row["notification_id"] for row in expected]


def test_the_totals_are_all_that_was_done_and_what_bots_did_of_it(shared: Installation) -> None:
    bring(shared, [an_act(), an_act(who=ROBOT)])
    Engine(shared).catch_up("timeline", "identities", "members", "acts")
    with shared.connection() as connection:
        totals = what_kinds_are_there(connection)
    assert sum(each.acts for each in totals) == len(looked_through(shared, Wish(who="all")))
    assert sum(each.bots for each in totals) == len(looked_through(shared, Wish(who="bots"))) > 0
