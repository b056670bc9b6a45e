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


_PAIRS = """FROM unnest(%(ones)s::uuid[]) AS mine(one) CROSS JOIN unnest(%(others)s::uuid[]) AS theirs(other)
    CROSS JOIN LATERAL (SELECT least(one, other) AS low, greatest(one, other) AS high) AS pair"""
"""Each account of the one with each of the other."""

_THEIRS = "m.low = pair.low AND m.high = pair.high"


def where_did_they_meet(
    connection: Connection[Any],
    ones: list[UUID],
    others: list[UUID],
    limit: int = 50,
    before: datetime | None = None,
    position: int = 0,
) -> list[int]:
    """Positions of the interactions between two members, each by their accounts, newest first.

    At most `limit` after where the last page ended.
    """
    rows = connection.execute(
        f"""SELECT DISTINCT found.at, found.position {_PAIRS} CROSS JOIN LATERAL (
            SELECT m.at, m.position FROM meetings AS m WHERE {_THEIRS}
            AND (%(before)s::timestamptz IS NULL OR (m.at, m.position) < (%(before)s, %(position)s))
            ORDER BY m.at DESC, m.position DESC LIMIT %(limit)s
        ) AS found ORDER BY found.at DESC, found.position DESC LIMIT %(limit)s""",
        {"ones": ones, "others": others, "before": before, "position": position, "limit": limit},
    )
    return [row["position"] for row in rows]


class Way(msgspec.Struct):
    """How often one of two members did something to the other; `given` tells whether the first asked for did it."""

    given: bool
    kind: str
    role: str
    n: int


def what_passed(connection: Connection[Any], ones: list[UUID], others: list[UUID]) -> list[Way]:
    """By direction, kind and role what passed between two members, the commonest first."""
    with connection.cursor(row_factory=class_row(Way)) as cursor:
        return cursor.execute(
            f"""SELECT given, kind, role, count(*) AS n FROM (
                SELECT m.by_low = (mine.one = pair.low) AS given, m.kind, min(m.role) AS role
                {_PAIRS} JOIN meetings AS m ON {_THEIRS} GROUP BY m.at, m.position, 1, 2
            ) AS once GROUP BY 1, 2, 3 ORDER BY n DESC, kind, role LIMIT 200""",
            {"ones": ones, "others": others},
        ).fetchall()


def which_meetings_are_first_and_last(connection: Connection[Any], ones: list[UUID], others: list[UUID]) -> list[int]:
    """The positions of the first and the last thing that passed between two members; empty where nothing did."""
    rows = connection.execute(
        f"""WITH ends AS MATERIALIZED (SELECT found.at, found.position {_PAIRS} CROSS JOIN LATERAL (
            (SELECT at, position FROM meetings AS m WHERE {_THEIRS} ORDER BY at, position LIMIT 1) UNION
            (SELECT at, position FROM meetings AS m WHERE {_THEIRS} ORDER BY at DESC, position DESC LIMIT 1)
        ) AS found) SELECT position FROM (
            (SELECT at, position FROM ends ORDER BY at, position LIMIT 1) UNION
            (SELECT at, position FROM ends ORDER BY at DESC, position DESC LIMIT 1)
        ) AS outermost ORDER BY at, position LIMIT 2""",
        {"ones": ones, "others": others},
    )
    return [row["position"] for row in rows]
