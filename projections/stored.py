"""One row of the log as it lies there, and what is personal in it, for whoever looks at a single event."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import Event
from crm.store import EVENTS
from crm.vault import Vault
from projections.log import Logged, decoded, logged


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
        return decoded(self.topic, self.state)

    @property
    def told(self) -> Logged:
        """The event as a sentence."""
        return logged(
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


def _bytes(value: bytes) -> str:
    return f"{len(value)} bytes: {value[:8].hex()}{'…' if len(value) > 8 else ''}"
