"""Where each projection stands: which tables serve, whether it stopped and why, how far a rebuild is. One row each."""

from datetime import UTC, datetime
from typing import Any, Self

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import class_row, dict_row

from crm.store import TRACKING

SCHEMA = """CREATE TABLE IF NOT EXISTS projection_states (
    name text PRIMARY KEY, live text NOT NULL DEFAULT '', generation bigint NOT NULL DEFAULT 0, error text NOT NULL DEFAULT '',
    failed_at bigint, failed_version text NOT NULL DEFAULT '', rebuilding bigint, target bigint, rate float8, built_at timestamptz)"""


class State(msgspec.Struct):
    """`live` is the suffix of the tables that serve (empty: none yet). `error` says why it stopped at event `failed_at`, and
    `failed_version` which code did.

    While it is rebuilt, `rebuilding` of `target` positions are done. `rate` is events a second of the last rebuild.
    """

    name: str
    live: str = ""
    generation: int = 0
    error: str = ""
    failed_at: int | None = None
    failed_version: str = ""
    rebuilding: int | None = None
    target: int | None = None
    rate: float | None = None
    built_at: datetime | None = None

    @property
    def version(self) -> str:
        """The version of the code that filled the live tables."""
        return self.live.partition("_")[0]

    @classmethod
    def of(cls, connection: Connection[Any], name: str) -> Self:
        """The state of one projection, a fresh one where it was never built."""
        with connection.cursor(row_factory=class_row(cls)) as cursor:
            found = cursor.execute("SELECT * FROM projection_states WHERE name = %(name)s", {"name": name}).fetchone()
        return found or cls(name)


_ASK = f"""
SELECT s.*, coalesce(t.notification_id, 0) AS position FROM projection_states AS s
LEFT JOIN {TRACKING} AS t ON t.application_name = s.name || ' ' || s.live WHERE s.name = %(name)s
"""


def ask(connection: Connection[Any], name: str) -> Cursor[Any]:
    """The question for state and position of a projection; in a pipeline the answer comes later, for `told`."""
    return connection.cursor(row_factory=dict_row).execute(_ASK, {"name": name})


def told(asked: Cursor[Any]) -> tuple[State, int]:
    """State and position; a fresh one at 0 where it was never built."""
    row = asked.fetchone()
    return (State(**row), position) if row and (position := row.pop("position")) is not None else (State(""), 0)


def stop(connection: Connection[Any], name: str, version: str, position: int, error: BaseException) -> None:
    """Write down that a projection stopped before an event, and why; a failed transaction of its own must be over."""
    sentence = f"{type(error).__name__}: {error}".splitlines()[0][:500]
    connection.execute(
        """UPDATE projection_states SET error = %(error)s, failed_at = %(position)s, failed_version = %(version)s,
            rebuilding = NULL, target = NULL WHERE name = %(name)s""",
        {"name": name, "position": position, "version": version, "error": sentence},
    )


def retry(connection: Connection[Any], name: str) -> None:
    """Let a stopped projection try again."""
    connection.execute(
        "UPDATE projection_states SET error = '', failed_at = NULL, failed_version = '' WHERE name = %(name)s",
        {"name": name},
    )


def progress(connection: Connection[Any], name: str, position: int, target: int) -> None:
    """Write down how far a rebuild is."""
    connection.execute(
        """INSERT INTO projection_states (name, rebuilding, target) VALUES (%(name)s, %(position)s, %(target)s)
        ON CONFLICT (name) DO UPDATE SET rebuilding = excluded.rebuilding, target = excluded.target""",
        {"name": name, "position": position, "target": target},
    )


def switched(connection: Connection[Any], name: str, live: str, rate: float | None) -> None:
    """Write down which tables serve from now on."""
    connection.execute(
        """UPDATE projection_states SET live = %(live)s, generation = generation + 1, error = '', failed_at = NULL,
            failed_version = '', rebuilding = NULL, target = NULL, rate = %(rate)s, built_at = %(at)s WHERE name = %(name)s""",
        {"name": name, "live": live, "rate": rate, "at": datetime.now(UTC)},
    )
