"""Reading the log itself, newest first: what was written, by whom and when, and the tree that proves it was. Nothing is kept."""

from datetime import datetime
from functools import partial
from string import Formatter
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm import event
from crm.append import read_head
from crm.event import REGISTRY, Event
from crm.merkle import Frontier, inclusion_proof
from crm.store import EVENTS
from crm.vault import Vault

REACH = 100_000
"""Positions that one question looks through, so that a rare topic in a long log is found page by page, never by waiting."""


class Sought(msgspec.Struct):
    """What of the log is wanted; empty means all. `before` is where the last page ended, 0 for the newest."""

    topic: str = ""
    by: str = ""
    before: int = 0


class Logged(msgspec.Struct):
    """An event as a sentence: an English msgid with `{fields}`, and what stands for them."""

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
        ORDER BY notification_id DESC LIMIT %(limit)s""",  # type: ignore[arg-type]
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
        """The event, led up to today's version; None for a topic that this Kith does not know."""
        return event.decode(self.topic, bytes(self.state)) if self.topic in REGISTRY else None

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
            f"SELECT * FROM {EVENTS} WHERE notification_id = %(position)s",  # type: ignore[arg-type]
            {"position": position},
        ).fetchone()


class Personal(msgspec.Struct):
    """The personal part of an event. `there` is whether it ever had one, `opened` None where the person was erased."""

    there: bool
    opened: dict[str, Any] | None


def what_is_personal(vault: Vault, stored: Stored) -> Personal:
    """The personal part, decrypted for whoever reads this page."""
    happened = stored.event
    if happened is None or not getattr(happened, "sealed", b""):
        return Personal(False, None)
    opened = vault.open_all([happened])[0]
    return Personal(True, None if opened is None else msgspec.structs.asdict(opened))


def how_is_it_stored(stored: Stored) -> dict[str, Any]:
    """The state unpacked; bytes, which nobody reads, as their number and how they begin."""
    happened = stored.event
    if happened is None:
        return {"packed": _bytes(stored.state)}
    plain = msgspec.to_builtins(happened, builtin_types=(bytes,))
    return {name: _bytes(value) if isinstance(value, bytes) else value for name, value in plain.items()}


class Proof(msgspec.Struct):
    """That a leaf is in the tree (RFC 9162, 2.1.3): hashes in hex, the one beside the leaf first. `index` counts from 0."""

    leaf: str
    index: int
    size: int
    root: str
    hashes: list[str]


def how_is_it_proven(connection: Connection[Any], stored: Stored) -> Proof:
    """A proof against the log as it stands. Reads every leaf once, some 60 bytes each, and keeps none of them."""
    head = read_head(connection, EVENTS)
    root = Frontier.from_bytes(head.size, head.frontier).root()
    index = stored.notification_id - 1
    hashes = inclusion_proof(index, head.size, partial(_subtree_root, connection))
    return Proof(stored.leaf.hex(), index, head.size, root.hex(), [one.hex() for one in hashes])


def _subtree_root(connection: Connection[Any], start: int, end: int) -> bytes:
    """The root over the stored leaves of positions after `start` up to `end`, a few thousand at a time."""
    frontier = Frontier()
    for lo in range(start, end, 20_000):
        rows = connection.execute(
            f"""SELECT leaf FROM {EVENTS} WHERE notification_id > %(lo)s AND notification_id <= %(hi)s
            ORDER BY notification_id LIMIT 20000""",  # type: ignore[arg-type]
            {"lo": lo, "hi": min(lo + 20_000, end)},
        )
        frontier.extend([bytes(row["leaf"]) for row in rows])
    return frontier.root()


def which_checkpoints(connection: Connection[Any], limit: int = 10) -> list[str]:
    """Signed notes of what the log was, the largest first."""
    rows = connection.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT %(limit)s", {"limit": limit})
    return [row["note"] for row in rows]


def _logged(row: dict[str, Any]) -> Logged:
    kind, happened = REGISTRY.get(row["topic"]), None
    sentence = kind.SENTENCE if kind else ""
    names = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    if kind and names:
        happened = event.decode(row["topic"], bytes(row["state"]))
    return Logged(
        position=row["notification_id"],
        recorded_at=row["recorded_at"],
        by=row["recorded_by"],
        topic=row["topic"],
        icon=kind.ICON if kind else "circle",
        sentence=sentence,
        fields={name: _said(getattr(happened, name)) for name in sorted(names)},
    )


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _bytes(value: bytes) -> str:
    return f"{len(value)} bytes: {value[:8].hex()}{'…' if len(value) > 8 else ''}"
