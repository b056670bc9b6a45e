"""Appending to the log: one transaction that locks the head row, gives positions without gaps, and copies the rows in.

The head row carries the size of the log, the frontier of its Merkle tree, the time of the last append and the count of
moderation acts. Whoever holds it writes next, so positions follow commits and a follower that reads past a position has
read all before it. `crm.writer` gathers live appends.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice, repeat
from typing import Any, NamedTuple

from psycopg import ClientCursor, Connection
from psycopg.rows import tuple_row

from crm import wire
from crm.merkle import LEAF, Frontier

_LEAF = LEAF + wire.FORMAT

SENT = 100
"""Rows sent to the server at a time."""


Entry = tuple[bytes, bool]
"""A row but for its position: `crm.wire.tail`, and whether it counts as a moderation act."""


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
        f"""CREATE INDEX IF NOT EXISTS {table}_taken_back_idx ON {table} (batch)
            WHERE digest IS NULL AND topic = 'import.taken_back'""",
        f"""CREATE INDEX IF NOT EXISTS {table}_about_idx ON {table} USING gin (targets)
            WHERE digest IS NULL AND targets IS NOT NULL""",
        f"CREATE INDEX IF NOT EXISTS {table}_decided_idx ON {table} (notification_id) WHERE digest IS NULL",
        f"""CREATE TABLE IF NOT EXISTS {table}_head (
            sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
            size bigint NOT NULL, frontier bytea NOT NULL, recorded_at bigint NOT NULL, acts bigint NOT NULL)""",
        f"INSERT INTO {table}_head (size, frontier, recorded_at, acts) VALUES (0, '', 0, 0) ON CONFLICT DO NOTHING",
        f"""CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'The log is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME; END $$""",
        f"""CREATE OR REPLACE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()""",
    )


def append(
    connection: Connection[Any], table: str, entries: Iterable[Entry], moments: Sequence[int] | None = None
) -> int:
    """Append in one transaction and return the last position. UniqueViolation, and nothing written, for a known version.

    They are recorded now, or when `moments` say (microseconds since 2000, of an archive that is taken in).

    Rows are sent as they are made, so that the server stores some while the next are hashed (and packed, where `entries` is lazy).
    """
    with _locked(connection, table) as (cursor, head):
        recorded_at = max(moments[-1] if moments else wire.microseconds(datetime.now(UTC)), head.recorded_at)
        tally = _Tally(head.size, head.acts)
        with cursor.copy(f"COPY {table} ({wire.COLUMNS}, leaf) FROM STDIN (FORMAT binary)") as copy:
            copy.write(wire.SIGNATURE)
            rows = tally.rows(entries, moments or repeat(recorded_at))
            while some := b"".join(islice(rows, SENT)):
                copy.write(some)
            copy.write(wire.TRAILER)
        frontier = Frontier.from_bytes(head.size, head.frontier)
        frontier.extend(tally.leaves)
        cursor.execute(
            f"UPDATE {table}_head SET size = %(size)s, frontier = %(frontier)s, recorded_at = %(at)s, acts = %(acts)s; "
            f"NOTIFY {table}",
            {"size": tally.position, "frontier": frontier.to_bytes(), "at": recorded_at, "acts": tally.acts},
        )
    return tally.position


class _Tally:
    """Gives positions and numbers of moderation acts, and keeps the leaves."""

    def __init__(self, position: int, acts: int) -> None:
        self.position = position
        self.acts = acts
        self.leaves: list[bytes] = []

    def rows(self, entries: Iterable[Entry], moments: Iterable[int]) -> Iterator[bytes]:
        """Whole rows for COPY."""
        keep = self.leaves.append
        for (tail, moderation), recorded_at in zip(entries, moments, strict=False):
            self.position += 1
            self.acts += moderation
            body = wire.head(self.position, recorded_at, self.acts if moderation else None) + tail
            leaf = sha256(_LEAF + body).digest()  # leaf_hash(wire.FORMAT + body), with one copy of the row fewer
            keep(leaf)
            yield wire.row(body, leaf)


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
