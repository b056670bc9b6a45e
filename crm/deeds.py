"""Acts read back from the log: which were done about a member, and which of them stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from crm import coding
from crm.acts import Act, ActRestored, Toggled
from crm.doing import Deed
from crm.event import Event
from crm.installation import Installation
from crm.store import EVENTS


class Done(NamedTuple):
    """An act as the log has it, and whether it stands; `last`, `by` and `at` are of its last change: done, undone, restored."""

    position: int
    event: Act
    stands: bool
    last: int
    by: str
    at: datetime


_ABOUT = f"""
SELECT notification_id, originator_id, topic, state, recorded_by, recorded_at FROM {EVENTS}
WHERE digest IS NULL AND targets IS NOT NULL AND targets && %(handles)s
AND (%(upto)s::bigint IS NULL OR notification_id <= %(upto)s) ORDER BY notification_id LIMIT 1000000
"""


def what_was_done(
    connection: Connection[Any], handles: Iterable[UUID], kinds: tuple[type[Act], ...] = (Act,), upto: int | None = None
) -> list[Done]:
    """The acts of these kinds about these accounts, as of position `upto` or now, in the order in which they were done."""
    return as_they_stand(connection.execute(_ABOUT, {"handles": list(handles), "upto": upto}), kinds)


def as_they_stand(rows: Iterable[dict[str, Any]], kinds: tuple[type[Act], ...]) -> list[Done]:
    """The acts of these kinds among rows of the log, each as the rows that undid and restored it left it."""
    found: dict[UUID, Done] = {}
    for row in rows:
        event = coding.decode(row["topic"], bytes(row["state"]))
        stream, position = row["originator_id"], row["notification_id"]
        last = (position, row["recorded_by"], row["recorded_at"])
        if isinstance(event, kinds):
            found[stream] = Done(position, event, True, *last)
        elif isinstance(event, Toggled) and stream in found:
            found[stream] = Done(*found[stream][:2], isinstance(event, ActRestored), *last)
    return list(found.values())


def deeds(kith: Installation, streams: Sequence[UUID]) -> dict[UUID, tuple[Deed, Event]]:
    """These acts with their first events, in one question; streams that hold something else are left out."""
    found: dict[UUID, tuple[Deed, Event]] = {}
    with kith.connection() as connection:
        rows = connection.execute(
            f"""SELECT originator_id, topic, state FROM {EVENTS} WHERE originator_id = ANY(%(streams)s)
            ORDER BY originator_id, originator_version LIMIT 1000000""",
            {"streams": list(streams)},
        ).fetchall()
    for row in rows:
        event = coding.decode(row["topic"], bytes(row["state"]))
        if isinstance(event, Act):
            found[row["originator_id"]] = (event.mutate(None), event)  # type: ignore[assignment]
        elif row["originator_id"] in found:
            event.mutate(found[row["originator_id"]][0])  # type: ignore[attr-defined]
    return found
