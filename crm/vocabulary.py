"""What the team sets up for everybody: stages, fields, organisations, segments. Each is a slot whose last act stands."""

from typing import Any, TypeVar
from uuid import UUID

from psycopg import Connection

from crm import coding
from crm.acts import Act, ActRestored, Toggled
from crm.store import EVENTS

_Kind = TypeVar("_Kind", bound=Act)


def what_is_set_up(connection: Connection[Any], kind: type[_Kind]) -> dict[str, _Kind]:
    """The act that stands of each slot of this kind, in the order in which they were settled. They are few."""
    rows = connection.execute(
        f"""SELECT originator_id, topic, state FROM {EVENTS} WHERE digest IS NULL AND (topic = ANY(%(topics)s) OR originator_id IN (
            SELECT originator_id FROM {EVENTS} WHERE digest IS NULL AND topic = ANY(%(topics)s)))
        ORDER BY notification_id LIMIT 100000""",
        {"topics": [cls.TOPIC for cls in (kind, *kind.__subclasses__())]},
    )
    done: dict[UUID, tuple[_Kind, bool]] = {}
    for row in rows:
        event = coding.decode(row["topic"], bytes(row["state"]))
        if isinstance(event, kind):
            done[row["originator_id"]] = (event, True)
        elif isinstance(event, Toggled):
            done[row["originator_id"]] = (done[row["originator_id"]][0], isinstance(event, ActRestored))
    standing = {event.slot: event for event, stands in done.values() if stands}
    return {slot: event for slot, event in standing.items() if event.value(None) is not None}
