"""The segments that are saved: what each is called, what it asks for, who made it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm import conditions
from crm.command import OPERATOR
from crm.conditions import Conditions
from crm.event import NOBODY


class Saved(msgspec.Struct):
    """A segment; `by` is who saved it last, and the only one for whom it is listed where it is not `shared`."""

    segment: UUID
    name: str
    wish: Conditions
    shared: bool
    by: str
    at: datetime
    position: int


def which_segments(connection: Connection[Any], by: str = OPERATOR.name) -> list[Saved]:
    """The segments that somebody may see, by name."""
    rows = connection.execute(
        """SELECT substr(slot, 9)::uuid AS segment, value, by, at, position FROM traits
        WHERE member = %(nobody)s AND slot LIKE 'segment:%%' AND ((value->>'shared')::boolean OR by = %(by)s)
        ORDER BY lower(value->>'name'), slot LIMIT 1000""",
        {"nobody": NOBODY, "by": by},
    )
    return [
        Saved(
            row["segment"],
            row["value"]["name"],
            conditions.read(row["value"]["query"]),
            row["value"]["shared"],
            row["by"],
            row["at"],
            row["position"],
        )
        for row in rows
    ]
