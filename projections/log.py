"""Reading the log itself, newest first: what was written, by whom and when, as a sentence and as it lies there. Nothing is kept."""

from datetime import datetime
from string import Formatter
from typing import Any

import msgspec
from psycopg import Connection

from crm import coding
from crm.append import read_head
from crm.event import REGISTRY, Event
from crm.store import EVENTS

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
    return Stretch([logged(row) for row in found], reached if reached > 1 else None)


def logged(row: dict[str, Any]) -> Logged:
    """A row of the log as a sentence."""
    happened = decoded(row["topic"], row["state"])
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


def decoded(topic: str, state: bytes) -> Event | None:
    """A log that somebody tampered with, or that a newer Kith wrote, must still be there to look at."""
    try:
        return coding.decode(topic, bytes(state)) if topic in REGISTRY else None
    except (msgspec.MsgspecError, ValueError):
        return None


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
