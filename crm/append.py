"""Appending to the log: one transaction that locks the head row, gives positions without gaps, and copies the rows in.

The head row carries the size of the log, the frontier of its Merkle tree, the time of the last append and the count of
moderation acts. Whoever holds it writes next, so positions follow commits and a follower that reads past a position has
read all before it. Live appends that wait at the same time share one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple

from eventsourcing.persistence import RecordConflictError
from psycopg import ClientCursor, Connection
from psycopg.rows import tuple_row

from crm import wire
from crm.merkle import Frontier, leaf_hash

GATHERED = 500
"""At most so many waiting appends share a transaction."""


class Entry(NamedTuple):
    """A row but for its position: `crm.wire.tail`, and whether it counts as a moderation act."""

    tail: bytes
    moderation: bool = False


class Head(NamedTuple):
    """Where the log stands: `recorded_at` in microseconds since 2000, never going back."""

    size: int
    frontier: bytes
    recorded_at: int
    acts: int


def schema(table: str) -> tuple[str, ...]:
    """The events table with its typed columns, its head row, and the guard that refuses to change what happened."""
    return (
        f"""CREATE TABLE IF NOT EXISTS {table} (
            notification_id bigint NOT NULL, originator_id uuid NOT NULL, originator_version bigint NOT NULL,
            topic text NOT NULL, recorded_at timestamptz NOT NULL, recorded_by text NOT NULL, act bigint, batch uuid,
            occurred_at timestamptz, kind text, source text, actor uuid, targets uuid[], roles text[], place uuid,
            thread uuid, parent uuid, digest bytea, leaf bytea NOT NULL, state bytea NOT NULL,
            PRIMARY KEY (originator_id, originator_version)
        ) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.05)""",
        f"ALTER TABLE {table} ALTER state SET STORAGE MAIN",
        f"CREATE UNIQUE INDEX IF NOT EXISTS {table}_notification_id_idx ON {table} (notification_id)",
        f"CREATE INDEX IF NOT EXISTS {table}_gone_idx ON {table} (batch) WHERE topic = 'import.taken_back'",
        f"""CREATE TABLE IF NOT EXISTS {table}_head (
            sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
            size bigint NOT NULL, frontier bytea NOT NULL, recorded_at bigint NOT NULL, acts bigint NOT NULL)""",
        f"INSERT INTO {table}_head (size, frontier, recorded_at, acts) VALUES (0, '', 0, 0) ON CONFLICT DO NOTHING",
        f"""CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'The log is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME; END $$""",
        f"""CREATE OR REPLACE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()""",
    )


def append(connection: Connection[Any], table: str, entries: Sequence[Entry]) -> int:
    """Append in one transaction and return the last position. UniqueViolation, and nothing written, for a known version."""
    with _locked(connection, table) as (cursor, head):
        recorded_at = max(wire.microseconds(datetime.now(UTC)), head.recorded_at)
        position, acts = head.size, head.acts
        frontier = Frontier.from_bytes(head.size, head.frontier)
        packed, leaves = [wire.SIGNATURE], []
        for tail, moderation in entries:
            position += 1
            acts += moderation
            body = wire.head(position, recorded_at, acts if moderation else None) + tail
            leaf = leaf_hash(wire.FORMAT + body)
            leaves.append(leaf)
            packed.append(wire.row(body, leaf))
        packed.append(wire.TRAILER)
        with cursor.copy(f"COPY {table} ({wire.COLUMNS}, leaf) FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"".join(packed))
        frontier.extend(leaves)
        cursor.execute(
            f"UPDATE {table}_head SET size = %(size)s, frontier = %(frontier)s, recorded_at = %(at)s, acts = %(acts)s; "
            f"NOTIFY {table}",
            {"size": position, "frontier": frontier.to_bytes(), "at": recorded_at, "acts": acts},
        )
    return position


def read_head(connection: Connection[Any], table: str) -> Head:
    """Where the log stands now."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(f"SELECT size, frontier, recorded_at, acts FROM {table}_head").fetchone()
    assert found is not None
    return Head(*found)


@contextmanager
def _locked(connection: Connection[Any], table: str) -> Iterator[tuple[ClientCursor[Any], Head]]:
    """A transaction that holds the head row. BEGIN and the lock go in one round trip: each costs a live append 5 %."""
    with ClientCursor(connection, row_factory=tuple_row) as cursor:
        try:
            cursor.execute(f"BEGIN; SELECT size, frontier, recorded_at, acts FROM {table}_head FOR UPDATE")
            cursor.nextset()
            yield cursor, Head(*cursor.fetchone())  # type: ignore[misc]
            cursor.execute("COMMIT")
        except BaseException:
            if not connection.closed:
                cursor.execute("ROLLBACK")
            raise


class _Waiting(NamedTuple):
    entries: Sequence[Entry]
    answer: Future[list[int]]


class Writer:
    """The one thread of a process that appends what its others decide, gathering whatever waits into one transaction.

    `append` is called with all entries and answers with the last position.
    """

    def __init__(self, append: Callable[[Sequence[Entry]], int]) -> None:
        self._append = append
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._starting = Lock()

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """The positions of these entries once they are durable; raises what the database said of them alone."""
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="log writer", daemon=True)
                self._thread.start()
            waiting = _Waiting(entries, Future())
            self._queue.put(waiting)
        return waiting.answer.result()

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        with self._starting:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
                self._thread = None

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            gathered = [first]
            while len(gathered) < GATHERED and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._queue.put(None)
                    break
                gathered.append(following)
            self._write(gathered)

    def _write(self, gathered: Sequence[_Waiting]) -> None:
        try:
            position = self._append([entry for waiting in gathered for entry in waiting.entries])
        except RecordConflictError as error:
            if len(gathered) == 1:
                gathered[0].answer.set_exception(error)
            for waiting in gathered if len(gathered) > 1 else ():
                self._write([waiting])
            return
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait
            for waiting in gathered:
                waiting.answer.set_exception(error)
            return
        position -= sum(len(waiting.entries) for waiting in gathered)
        for waiting in gathered:
            waiting.answer.set_result(list(range(position + 1, position + 1 + len(waiting.entries))))
            position += len(waiting.entries)
