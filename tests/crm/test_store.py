"""The log as the library's Application: typed columns are filled on every path, and no wake-up is missed for long."""

from datetime import UTC, datetime
from threading import Event as Flag
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresSubscription

from crm import coding
from crm.bulk import Bulk
from crm.event import Columns
from crm.imports import Import
from crm.installation import Installation
from crm.interactions import InteractionRecorded
from crm.sealing import Draft
from crm.store import EVENTS
from tests.factories import NOON, rows


def a_fact(stream: UUID, *, bare: bool = False) -> InteractionRecorded:
    """An interaction with every column filled, or with none that may be empty."""
    rest: dict[str, Any] = {
        "actor": uuid4(), "targets": (uuid4(), uuid4()), "roles": ("replied", "mentioned"),
        "place": uuid4(), "thread": uuid4(), "parent": uuid4(),
    }  # fmt: skip
    return InteractionRecorded(
        originator_id=stream, originator_version=1, batch=uuid4(), sealed=b"", digest=b"0123456789abcdef",
        occurred_at=NOON.replace(microsecond=123456), kind="replied", own_kind="comment", source="forum",
        **({} if bare else rest),
    )  # fmt: skip


def columns(kith: Installation, stream: UUID) -> Columns:
    found = rows(
        kith, f"SELECT {', '.join(Columns._fields)} FROM {EVENTS} WHERE originator_id = %(stream)s", stream=stream
    )
    return Columns(*(tuple(value) if isinstance(value, list) else value for value in found[0].values()))


@pytest.mark.parametrize("bare", [False, True])
def test_typed_columns_are_filled_by_the_librarys_insert_and_by_bulk_alike(kith: Installation, bare: bool) -> None:
    handed_over, in_bulk = a_fact(uuid4(), bare=bare), a_fact(uuid4(), bare=bare)
    stored = kith.log.mapper.to_stored_event(handed_over)  # type: ignore[arg-type]
    kith.log.recorder.insert_events([stored])
    Bulk(kith.log, kith.vault, "import forum").store([Draft(in_bulk, None)])
    for fact in (handed_over, in_bulk):
        assert columns(kith, fact.originator_id) == fact.columns()
        assert kith.log.mapper.to_domain_event(kith.log.recorder.select_events(fact.originator_id)[0]) == fact


def test_typed_columns_are_filled_by_the_librarys_save(kith: Installation) -> None:
    run = Import.start("forum", ("posts.json",))
    kith.log.save(run, by="Lan")
    assert columns(kith, run.id) == Columns(batch=run.id, source="forum")
    assert rows(kith, f"SELECT recorded_by FROM {EVENTS}") == [{"recorded_by": "Lan"}]


def test_an_aggregate_comes_back_as_it_was_saved(kith: Installation) -> None:
    run = Import.start("forum", ("posts.json",))
    kith.log.save(run)
    run.take_back()
    kith.log.save(run)
    again: Import = kith.log.repository.get(run.id)
    assert (again.source, again.taken_back, again.version) == ("forum", True, 2)


def test_a_topic_that_no_class_knows_any_more_is_kept_with_empty_columns(kith: Installation) -> None:
    stream = uuid4()
    kith.log.recorder.insert_events([StoredEvent(stream, 1, "long.gone", b"\x80")])
    assert columns(kith, stream) == Columns()


def test_a_subscription_sees_an_event_whose_wake_up_came_before_it_listened(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, written = Flag(), Flag()
    recorder = kith.log.recorder
    select, listen = recorder.select_notifications, PostgresSubscription._listen

    def select_and_tell(*args: Any, **kwargs: Any) -> Any:
        found = select(*args, **kwargs)
        looked.set()
        return found

    def listen_late(self: PostgresSubscription) -> None:
        assert written.wait(10)
        listen(self)

    monkeypatch.setattr(recorder, "select_notifications", select_and_tell)
    monkeypatch.setattr(PostgresSubscription, "_listen", listen_late)
    with recorder.subscribe(gt=0) as subscription:
        assert looked.wait(10)
        kith.log.save(Import.start("forum", ()))
        written.set()
        assert next(subscription).id == 1


def test_waiting_for_a_position_ends_when_it_is_tracked_and_says_so_when_it_is_not(kith: Installation) -> None:
    tracking = kith.log.construct_tracking()
    with tracking.datastore.transaction(commit=True) as cursor:
        tracking._insert_tracking(cursor, Tracking("members", 5))
    tracking.wait("members", 5, timeout=5)
    with pytest.raises(TimeoutError, match="members has not come to position 6"):
        tracking.wait("members", 6, timeout=0.05)


def test_events_keep_their_moments_to_the_microsecond(kith: Installation) -> None:
    moment = datetime(2011, 3, 13, 7, 6, 40, 1, tzinfo=UTC)
    fact = coding.decode("interaction.recorded", coding.encode(a_fact(uuid4())))
    assert isinstance(fact, InteractionRecorded)
    early = InteractionRecorded(**{**fact._as_dict(), "occurred_at": moment})
    Bulk(kith.log, kith.vault, "import forum").store([Draft(early, None)])
    assert columns(kith, early.originator_id).occurred_at == moment
