"""Reading the log itself, newest first: what was written, by whom and when, as a sentence and as it lies there. Nothing is kept."""

from datetime import datetime
from string import Formatter
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from psycopg import Connection
from psycopg.rows import class_row

from crm import event
from crm.append import read_head
from crm.event import REGISTRY, Event
from crm.store import EVENTS
from crm.vault import Vault

REACH = 500_000
"""Positions that one question looks through, so that a rare topic in a long log is found page by page, never by waiting."""


class Sought(msgspec.Struct):
    """What of the log is wanted; empty means all. `before` is where the last page ended, 0 for the newest."""

    topic: str = ""
    by: str = ""
    before: int = 0


class Logged(msgspec.Struct):
    """An event as a sentence: an English msgid with `{fields}`, and what stands for them; empty where it cannot be read."""

    position: int
    recorded_at: datetime
    by: str
    topic: str
    icon: str
    sentence: str
    fields: dict[str, str]


class Stretch(msgspec.Struct):
    """Events of the log, newest first; `older` is where to go on before, None where nothing older is left."""

    rows: list[Logged]
    older: int | None


def what_was_written(connection: Connection[Any], sought: Sought, limit: int = 50) -> Stretch:
    """The events that fit, newest first. Looks through at most REACH positions, so fewer than `limit` is not yet the end."""
    before = sought.before or read_head(connection, EVENTS).size + 1
    floor = max(before - REACH, 1)
    found = connection.execute(
        f"""SELECT notification_id, recorded_at, recorded_by, topic, state FROM {EVENTS}
        WHERE notification_id >= %(floor)s AND notification_id < %(before)s
        AND (%(topic)s = '' OR topic = %(topic)s) AND (%(by)s = '' OR recorded_by = %(by)s)
        ORDER BY notification_id DESC LIMIT %(limit)s""",
        {"floor": floor, "before": before, "topic": sought.topic, "by": sought.by, "limit": limit},
    ).fetchall()
    reached = found[-1]["notification_id"] if len(found) == limit else floor
    return Stretch([_logged(row) for row in found], reached if reached > 1 else None)


class Stored(msgspec.Struct):
    """A row of the log as it lies there. `state` is packed, `leaf` its hash in the tree."""

    notification_id: int
    originator_id: UUID
    originator_version: int
    topic: str
    recorded_at: datetime
    recorded_by: str
    act: int | None
    batch: UUID | None
    occurred_at: datetime | None
    kind: str | None
    source: str | None
    actor: UUID | None
    targets: list[UUID] | None
    roles: list[str] | None
    place: UUID | None
    thread: UUID | None
    parent: UUID | None
    digest: bytes | None
    leaf: bytes
    state: bytes

    @property
    def event(self) -> Event | None:
        """The event, led up to today's version; None where this Kith cannot read it."""
        return _decoded(self.topic, self.state)

    @property
    def logged(self) -> Logged:
        """The event as a sentence."""
        return _logged(
            {
                "notification_id": self.notification_id,
                "recorded_at": self.recorded_at,
                "recorded_by": self.recorded_by,
                "topic": self.topic,
                "state": self.state,
            }
        )


def what_stands_at(connection: Connection[Any], position: int) -> Stored | None:
    """The row at a position; None where the log has none."""
    with connection.cursor(row_factory=class_row(Stored)) as cursor:
        return cursor.execute(
            f"SELECT * FROM {EVENTS} WHERE notification_id = %(position)s",
            {"position": position},
        ).fetchone()


class Personal(msgspec.Struct):
    """The personal part of an event. `there` is whether it has one, `opened` None where the person was erased.

    `damaged` is whether it was changed since it was sealed, so that the key does not open it.
    """

    there: bool
    opened: dict[str, Any] | None = None
    damaged: bool = False


def what_is_personal(vault: Vault, stored: Stored) -> Personal:
    """The personal part, decrypted for whoever reads this page."""
    happened = stored.event
    if happened is None or not getattr(happened, "sealed", b""):
        return Personal(False)
    try:
        opened = vault.open_all([happened])[0]
    except InvalidTag:
        return Personal(True, damaged=True)
    return Personal(True, None if opened is None else msgspec.structs.asdict(opened))


def how_is_it_stored(stored: Stored) -> dict[str, Any]:
    """The state unpacked; bytes, which nobody reads, as their number and how they begin."""
    happened = stored.event
    if happened is None:
        return {"packed": _bytes(stored.state)}
    plain = msgspec.to_builtins(happened, builtin_types=(bytes,))
    return {name: _bytes(value) if isinstance(value, bytes) else value for name, value in plain.items()}


def _logged(row: dict[str, Any]) -> Logged:
    happened = _decoded(row["topic"], row["state"])
    sentence = happened.SENTENCE if happened else ""
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    return Logged(
        position=row["notification_id"],
        recorded_at=row["recorded_at"],
        by=row["recorded_by"],
        topic=row["topic"],
        icon=happened.ICON if happened else "circle",
        sentence=sentence,
        fields={name: _said(getattr(happened, name)) for name in sorted(names)},
    )


def _decoded(topic: str, state: bytes) -> Event | None:
    """A log that somebody tampered with, or that a newer Kith wrote, must still be there to look at."""
    try:
        return event.decode(topic, bytes(state)) if topic in REGISTRY else None
    except (msgspec.MsgspecError, ValueError):
        return None


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _bytes(value: bytes) -> str:
    return f"{len(value)} bytes: {value[:8].hex()}{'…' if len(value) > 8 else ''}"
