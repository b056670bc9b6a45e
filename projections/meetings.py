"""Meetings: each time one member touched another, so that everything between two can be read in the order it happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection

_MEETINGS = """
INSERT INTO {meetings} (low, high, at, position, by_low, kind, role)
SELECT least(actor, target), greatest(actor, target), occurred_at, notification_id, actor < target, kind, min(role)
FROM {facts}, unnest(targets, roles) AS touched(target, role) WHERE actor IS NOT NULL AND target <> actor
GROUP BY actor, target, occurred_at, notification_id, kind
"""


PROJECTION = Projection(
    name="meetings",
    tables={
        "meetings": """low uuid NOT NULL, high uuid NOT NULL, at timestamptz NOT NULL, position bigint NOT NULL,
            by_low boolean NOT NULL, kind text NOT NULL, role text NOT NULL""",
    },
    keys={"meetings": "(low, high, at, position)"},
    fold=lambda window: window.run(_MEETINGS),
)


def where_did_they_meet(
    connection: Connection[Any],
    one: UUID,
    other: UUID,
    limit: int = 50,
    before: datetime | None = None,
    position: int = 0,
) -> list[int]:
    """Positions of the interactions between two members, newest first; at most `limit` after where the last page ended."""
    rows = connection.execute(
        """SELECT position FROM meetings WHERE low = %(low)s AND high = %(high)s
        AND (%(before)s::timestamptz IS NULL OR (at, position) < (%(before)s, %(position)s))
        ORDER BY at DESC, position DESC LIMIT %(limit)s""",
        {"low": min(one, other), "high": max(one, other), "before": before, "position": position, "limit": limit},
    )
    return [row["position"] for row in rows]


class Way(msgspec.Struct):
    """How often one of two members did something to the other; `given` tells whether the first asked for did it."""

    given: bool
    kind: str
    role: str
    n: int


def what_passed(connection: Connection[Any], one: UUID, other: UUID) -> list[Way]:
    """By direction, kind and role what passed between two members, the commonest first."""
    with connection.cursor(row_factory=class_row(Way)) as cursor:
        return cursor.execute(
            """SELECT by_low = (%(one)s::uuid = %(low)s) AS given, kind, role, count(*) AS n FROM meetings
            WHERE low = %(low)s AND high = %(high)s GROUP BY 1, 2, 3 ORDER BY n DESC, kind, role LIMIT 200""",
            {"one": one, "low": min(one, other), "high": max(one, other)},
        ).fetchall()


def which_meetings_are_first_and_last(connection: Connection[Any], one: UUID, other: UUID) -> list[int]:
    """The positions of the first and the last thing that passed between two members; empty where nothing did."""
    rows = connection.execute(
        """SELECT position FROM (
            (SELECT at, position FROM meetings WHERE low = %(low)s AND high = %(high)s ORDER BY at, position LIMIT 1) UNION
            (SELECT at, position FROM meetings WHERE low = %(low)s AND high = %(high)s ORDER BY at DESC, position DESC LIMIT 1)
        ) AS ends ORDER BY at, position LIMIT 2""",
        {"low": min(one, other), "high": max(one, other)},
    )
    return [row["position"] for row in rows]
