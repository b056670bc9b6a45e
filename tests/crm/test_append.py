"""What the log promises of positions: no gaps, in the order of the commits, whoever writes and whatever fails."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from crm import coding, wire
from crm.event import Event
from crm.installation import Installation
from crm.store import EVENTS, Log
from tests.factories import rows
from tests.waiting import eventually

WRITERS = 6
ROUNDS = 40


def stored(stream: UUID | None = None, version: int = 1) -> StoredEvent:
    return StoredEvent(originator_id=stream or uuid4(), originator_version=version, topic="dummy", state=b"\x80")


def positions(kith: Installation) -> list[int]:
    return [row["notification_id"] for row in rows(kith, f"SELECT notification_id FROM {EVENTS} ORDER BY 1")]


def write(conninfo: str, known: UUID) -> list[int]:
    """One writer's work: appends of one to three events, each fifth of them refused."""
    got: list[int] = []
    log = Log(conninfo)
    for number in range(ROUNDS):
        if number % 5 == 4:
            with pytest.raises(IntegrityError):
                log.recorder.insert_events([stored(), stored(known)])
        else:
            got += log.recorder.insert_events([stored() for _ in range(number % 3 + 1)]) or []
    log.close()
    return got


def poll(conninfo: str, done: Flag) -> list[int]:
    """A follower that only looks: everything after the last position it saw."""
    seen: list[int] = [0]
    with psycopg.connect(conninfo, autocommit=True) as connection:
        last_look = False
        while not last_look:
            last_look = done.is_set()
            query = f"SELECT notification_id FROM {EVENTS} WHERE notification_id > %(last)s ORDER BY 1"
            seen += [row[0] for row in connection.execute(query, {"last": seen[-1]})]
    return seen[1:]


def subscribe(log: Log, last: "list[int]", ready: Flag) -> list[int]:
    """The library's own follower, until the position that was the last in the end."""
    seen: list[int] = []
    with log.recorder.subscribe(gt=0) as subscription:
        ready.set()
        for notification in subscription:
            seen.append(notification.id)
            if last and seen[-1] >= last[0]:
                return seen
    return seen


def test_six_writers_and_their_failures_leave_no_gap_and_no_follower_misses_an_event(kith: Installation) -> None:
    known = uuid4()
    kith.log.recorder.insert_events([stored(known)])
    done, ready, last = Flag(), Flag(), list[int]()
    with ThreadPoolExecutor() as threads:
        polled = threads.submit(poll, kith.conninfo, done)
        subscribed = threads.submit(subscribe, kith.log, last, ready)
        assert ready.wait(10)
        writers = [threads.submit(write, kith.conninfo, known) for _ in range(WRITERS)]
        given = [position for writer in writers for position in writer.result()]
        done.set()
        last.append(max(given) + 1)
        kith.log.recorder.insert_events([stored()])
        everything = list(range(1, last[0] + 1))
        assert positions(kith) == everything
        assert sorted(given) == everything[1:-1]
        assert polled.result() == everything[: len(polled.result())] and len(polled.result()) >= len(everything) - 1
        assert subscribed.result() == everything


def append_at_once(kith: Installation, batches: Iterable[list[StoredEvent]]) -> list[list[int] | IntegrityError]:
    """Append all of these from as many threads while the log is held, so that they wait together."""

    def one(batch: list[StoredEvent]) -> list[int] | IntegrityError:
        try:
            return list(kith.log.recorder.insert_events(batch) or ())
        except IntegrityError as error:
            return error

    writer = kith.log.recorder._writer
    first, *others = batches
    with ThreadPoolExecutor(1 + len(others)) as threads:
        with psycopg.connect(kith.conninfo) as holder:
            holder.execute(f"SELECT FROM {EVENTS}_head FOR UPDATE")
            answers = [threads.submit(one, first)]
            eventually(lambda: writer._writing.locked() and not writer._waiting)
            answers += [threads.submit(one, batch) for batch in others]
            eventually(lambda: len(writer._waiting) == len(others))
        return [answer.result() for answer in answers]


def test_appends_that_wait_together_share_a_transaction(kith: Installation) -> None:
    answers = append_at_once(kith, [[stored(), stored()] for _ in range(20)])
    assert sorted(position for answer in answers if isinstance(answer, list) for position in answer) == list(
        range(1, 41)
    )
    assert all(isinstance(answer, list) and answer[1] == answer[0] + 1 for answer in answers)
    transactions = rows(kith, f"SELECT count(DISTINCT xmin::text) AS n FROM {EVENTS}")[0]["n"]
    assert transactions == 2  # the first came alone, the others together


def test_of_appends_that_wait_together_only_the_conflicting_one_fails(kith: Installation) -> None:
    known = uuid4()
    kith.log.recorder.insert_events([stored(known)])
    answers = append_at_once(kith, [[stored()], [stored()], [stored(), stored(known)], *([stored()] for _ in range(9))])
    assert [isinstance(answer, IntegrityError) for answer in answers] == [False, False, True] + [False] * 9
    assert positions(kith) == list(range(1, 13))


def test_an_append_of_nothing_writes_nothing(kith: Installation) -> None:
    assert not kith.log.recorder.insert_events([])
    assert positions(kith) == []
    assert kith.log.recorder.max_notification_id() is None


def test_the_time_of_recording_never_goes_back(kith: Installation) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with kith.connection() as connection:
        connection.execute(f"UPDATE {EVENTS}_head SET recorded_at = %(at)s", {"at": wire.microseconds(ahead)})
    kith.log.recorder.insert_events([stored()])
    kith.log.recorder.insert_events([stored()])
    found = [row["recorded_at"] for row in rows(kith, f"SELECT recorded_at FROM {EVENTS} ORDER BY notification_id")]
    assert found == [ahead, ahead]


@pytest.mark.parametrize(
    "change", [f"UPDATE {EVENTS} SET recorded_by = 'me'", f"DELETE FROM {EVENTS}", f"TRUNCATE {EVENTS}"]
)
def test_the_database_refuses_to_change_what_happened(kith: Installation, change: str) -> None:
    kith.log.recorder.insert_events([stored()])
    with (
        psycopg.connect(kith.conninfo) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="never changed"),
    ):
        connection.execute(change)  # type: ignore[arg-type]
    assert positions(kith) == [1]


class Warned(Event, frozen=True, kw_only=True):
    TOPIC: ClassVar[str] = "tests.warned"
    MODERATION: ClassVar[bool] = True


def test_moderation_acts_are_numbered_without_gaps_whatever_fails_between(kith: Installation) -> None:
    def warned(stream: UUID | None = None) -> StoredEvent:
        act = Warned(originator_id=stream or uuid4(), originator_version=1)
        return StoredEvent(act.originator_id, 1, Warned.TOPIC, coding.encode(act))

    known = uuid4()
    kith.log.recorder.insert_events([stored(), warned(known), stored(), warned()])
    with pytest.raises(IntegrityError):
        kith.log.recorder.insert_events([warned(), warned(known)])
    kith.log.recorder.insert_events([warned()])
    found = [row["act"] for row in rows(kith, f"SELECT act FROM {EVENTS} ORDER BY notification_id")]
    assert found == [None, 1, None, 2, 3]
