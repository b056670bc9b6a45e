"""What the team sets up for everybody: stages, fields, organisations, segments. Each is a slot whose last act stands."""

from typing import Any, TypeVar

from psycopg import Connection

from crm.acts import Act
from crm.deeds import Done, as_they_stand
from crm.store import EVENTS

_Kind = TypeVar("_Kind", bound=Act)

_OF_A_KIND = f"""
SELECT notification_id, originator_id, topic, state, recorded_by, recorded_at FROM {EVENTS}
WHERE digest IS NULL AND originator_id IN (SELECT originator_id FROM {EVENTS} WHERE digest IS NULL AND topic = ANY(%(topics)s))
ORDER BY notification_id LIMIT 100000
"""


def what_is_set_up(connection: Connection[Any], kind: type[_Kind]) -> dict[str, _Kind]:
    """The act that stands of each slot of this kind, in the order in which they were settled. They are few."""
    events = [one.event for one in _acts(connection, kind) if one.stands]
    last = {event.slot: event for event in events if isinstance(event, kind)}
    return {slot: event for slot, event in last.items() if event.value(None) is not None}


def what_was_ever_set_up(connection: Connection[Any], kind: type[_Kind]) -> list[_Kind]:
    """Every act of this kind in its order, those undone included."""
    return [one.event for one in _acts(connection, kind) if isinstance(one.event, kind)]


def _acts(connection: Connection[Any], kind: type[Act]) -> list[Done]:
    rows = connection.execute(_OF_A_KIND, {"topics": [cls.TOPIC for cls in (kind, *kind.__subclasses__())]})
    return as_they_stand(rows, (kind,))
