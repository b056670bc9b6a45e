"""What a projection is: a file with its tables, how it folds a window of the log into them, and what may be asked of them.

A fold is a SQL statement over a window of positions wherever the typed columns suffice, or a Python fold over its decoded
events. Statements must commute (count, min, max, sum) or be keyed by position, so that any windows give the same result.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection, Cursor
from psycopg.errors import UndefinedTable
from psycopg.rows import tuple_row

from crm import coding
from crm.event import Event
from crm.store import EVENTS
from crm.vault import Vault

FRESH = 5_000_000
"""Positions that a rebuild folds at once into tables without keys."""

FACTS = f"""(SELECT * FROM {EVENTS} WHERE notification_id > %(lo)s AND notification_id <= %(hi)s
    AND topic = 'interaction.recorded' AND batch <> ALL(%(gone)s)) AS facts"""
"""The interactions of a window that count; written `{facts}` in a fold."""


TOUCHED = "LATERAL (SELECT DISTINCT unnest(targets) AS target) AS touched"
"""Beside `{facts}`: whom an interaction touched, each once however often it names them; written `{touched}` in a fold."""


class Decided(NamedTuple):
    """Something the team decided, as the log has it."""

    position: int
    event: Event
    by: str
    at: datetime


class Window(msgspec.Struct):
    """The positions after `lo` up to `hi` that a fold is to take in. `gone` are the imports taken back.

    `fresh` tables are empty and have no keys yet: there is nothing to merge with, so `ON CONFLICT …` is left out of statements.
    """

    cursor: Cursor[Any]
    tables: Mapping[str, str]
    lo: int
    hi: int
    gone: list[UUID]
    vault: Vault
    fresh: bool = False

    def run(self, statement: str, **parameters: Any) -> None:
        """Execute a statement in which `{name}` is a table of this projection, `{facts}` or `{touched}`."""
        known = {"lo": self.lo, "hi": self.hi, "gone": self.gone}
        statement = statement.partition("ON CONFLICT")[0] if self.fresh else statement
        self.cursor.execute(statement.format(facts=FACTS, touched=TOUCHED, **self.tables), {**known, **parameters})

    def run_many(self, statement: str, rows: list[dict[str, Any]]) -> None:
        """Execute a statement once for each row of parameters, in one round trip."""
        self.cursor.executemany(statement.format(**self.tables), rows)

    def events(self, *topics: str) -> Iterator[tuple[int, Event]]:
        """Position and decoded event of these topics in the window, those of imports taken back left out."""
        rows = self.cursor.connection.cursor(row_factory=tuple_row).execute(
            f"""SELECT notification_id, topic, state FROM {EVENTS} WHERE notification_id > %(lo)s AND notification_id <= %(hi)s
            AND topic = ANY(%(topics)s) AND (batch IS NULL OR batch <> ALL(%(gone)s) OR topic LIKE 'import.%%')
            ORDER BY notification_id""",
            {"lo": self.lo, "hi": self.hi, "gone": self.gone, "topics": list(topics)},
        )
        for position, topic, state in rows:
            yield position, coding.decode(topic, bytes(state))

    def decided(self) -> Iterator[Decided]:
        """What the team decided in the window; only facts from outside have a digest, and an index knows those without."""
        rows = self.cursor.connection.cursor(row_factory=tuple_row).execute(
            f"""SELECT notification_id, recorded_by, recorded_at, topic, state FROM {EVENTS}
            WHERE digest IS NULL AND notification_id > %(lo)s AND notification_id <= %(hi)s ORDER BY notification_id""",
            {"lo": self.lo, "hi": self.hi},
        )
        for position, by, at, topic, state in rows:
            yield Decided(position, coding.decode(topic, bytes(state)), by, at)


class Projection(msgspec.Struct, frozen=True):
    """`tables` maps a table's name to its columns; `indexes` name tables as `{name}` and are made when a rebuild is full.

    `keys` are primary keys of tables whose fold gives one row a key in any window: a rebuild fills these tables without keys,
    in one window of up to FRESH positions, and adds the keys then, which takes a third of the time.
    `window` is how many positions are folded in one transaction otherwise. `cost` is about how long a rebuild takes beside the
    others: the longest begin first. `version` changes with the file that defines it.
    """

    name: str
    tables: Mapping[str, str]
    fold: Callable[[Window], None]
    keys: Mapping[str, str] = {}
    indexes: tuple[str, ...] = ()
    window: int = 200_000
    cost: int = 1
    version: str = ""

    def physical(self, suffix: str) -> dict[str, str]:
        """The tables that really hold the rows; the plain names are views on the live ones."""
        return {table: f"{table}_{suffix}" for table in self.tables}

    def create(self, connection: Connection[Any], suffix: str) -> None:
        """Empty tables, without `keys` and `indexes`."""
        for table, name in self.physical(suffix).items():
            connection.execute(f"CREATE TABLE {name} ({self.tables[table]}) WITH (fillfactor = 90)")

    def index(self, connection: Connection[Any], suffix: str) -> None:
        """Keys and indexes, in more memory than a session has."""
        names = self.physical(suffix)
        with connection.transaction():
            connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
            for table, key in self.keys.items():
                connection.execute(f"ALTER TABLE {names[table]} ADD PRIMARY KEY {key}")
            for statement in self.indexes:
                connection.execute(statement.format(**names))

    def settle(self, connection: Connection[Any], suffix: str) -> None:
        """Tell the planner about the rows."""
        for name in self.physical(suffix).values():
            connection.execute(f"ANALYZE {name}")

    def tidy(self, connection: Connection[Any], suffix: str) -> None:
        """Let indexes alone answer. It does nothing as long as another long transaction, such as a rebuild, is under way."""
        for name in self.physical(suffix).values():
            with suppress(UndefinedTable):  # rebuilt by another process meanwhile
                connection.execute(f"VACUUM {name}")

    def show(self, connection: Connection[Any], suffix: str) -> None:
        """Let the plain names mean these tables."""
        for table, name in self.physical(suffix).items():
            connection.execute(f"DROP VIEW IF EXISTS {table}")
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {name}")

    def leftovers(self, connection: Connection[Any], *kept: str) -> list[str]:
        """Tables of this projection with other suffixes than those kept."""
        names = [name for suffix in kept for name in self.physical(suffix).values()]
        rows = connection.execute(
            """SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
            AND regexp_replace(tablename, '_[0-9a-f]{8}_[0-9]+$', '') = ANY(%(tables)s)
            AND tablename ~ '_[0-9a-f]{8}_[0-9]+$' AND tablename <> ALL(%(kept)s) ORDER BY tablename LIMIT 1000""",
            {"tables": list(self.tables), "kept": names},
        )
        return [row["tablename"] for row in rows]


def defined_in(module: ModuleType) -> Projection:
    """The projection of a module, its version a hash of the module's text."""
    projection: Projection = module.PROJECTION
    text = Path(module.__file__ or "").read_bytes()
    return msgspec.structs.replace(projection, version=sha256(text).hexdigest()[:8])
