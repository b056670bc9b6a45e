"""Relationships: of any two members how often each touched the other, month by month, in either direction.

Counts by month commute and are exact, so closeness (which fades) is computed when it is read.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection

_TIES = """
INSERT INTO {ties} AS old (member, other, month, given, received, first_at, last_at)
SELECT member, other, date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date, sum(gave), sum(got), min(occurred_at), max(occurred_at)
FROM (
    SELECT actor AS member, target AS other, 1 AS gave, 0 AS got, occurred_at
    FROM {facts}, {touched} WHERE actor IS NOT NULL AND target <> actor
    UNION ALL
    SELECT target, actor, 0, 1, occurred_at
    FROM {facts}, {touched} WHERE actor IS NOT NULL AND target <> actor
) AS parts GROUP BY 1, 2, 3
ON CONFLICT (member, other, month) DO UPDATE SET given = old.given + excluded.given, received = old.received + excluded.received,
    first_at = least(old.first_at, excluded.first_at), last_at = greatest(old.last_at, excluded.last_at)
"""

PROJECTION = Projection(
    name="relationships",
    tables={
        "ties": """member uuid NOT NULL, other uuid NOT NULL, month date NOT NULL, given bigint NOT NULL, received bigint NOT NULL,
            first_at timestamptz NOT NULL, last_at timestamptz NOT NULL""",
    },
    keys={"ties": "(member, other, month) INCLUDE (given, received)"},
    fold=lambda window: window.run(_TIES),
    indexes=("CREATE INDEX ON {ties} (month, (given + received) DESC, member, other) WHERE member < other",),
    cost=2,
)

HALF_LIFE = 365.0
"""Days in which a meeting comes to count half. A starting point until the team can set it."""


class Tie(msgspec.Struct):
    """How close another member is: acts given and received, and a closeness in which old ones have faded.

    `share` is the closeness against that of the closest, from 0 to 1.
    """

    other: UUID
    given: int
    received: int
    first_at: datetime
    last_at: datetime
    closeness: float
    share: float


_CLOSEST = """
WITH closest AS MATERIALIZED (
    SELECT other, sum((given + received) * power(0.5::float8, greatest((%(today)s - month), 0)::float8 / %(half_life)s)) AS closeness
    FROM ties WHERE member = %(member)s {only}
    GROUP BY other ORDER BY closeness DESC, other LIMIT %(limit)s::bigint + %(offset)s
)
SELECT other, sum(given)::bigint AS given, sum(received)::bigint AS received, min(first_at) AS first_at, max(last_at) AS last_at,
    closeness, coalesce(closeness / nullif((SELECT max(closeness) FROM closest), 0), 0) AS share
FROM (SELECT * FROM closest ORDER BY closeness DESC, other OFFSET %(offset)s) AS shown
    JOIN ties USING (other) WHERE member = %(member)s
GROUP BY other, closeness ORDER BY closeness DESC, other LIMIT %(limit)s
"""
"""Closeness is summed over all ties, which for a hub are very many; whatever else is told, only of those who are shown."""


def who_is_close(
    connection: Connection[Any], member: UUID, today: date, limit: int = 10, other: UUID | None = None, offset: int = 0
) -> list[Tie]:
    """The people a member has most to do with, the closest first, or only the tie with `other`."""
    asked = {"member": member, "today": today, "half_life": HALF_LIFE, "limit": limit, "other": other, "offset": offset}
    with connection.cursor(row_factory=class_row(Tie)) as cursor:
        return cursor.execute(_CLOSEST.format(only="AND other = %(other)s" if other else ""), asked).fetchall()


def how_many_ties(connection: Connection[Any], member: UUID) -> int:
    """With how many others a member had to do."""
    row = connection.execute(
        "SELECT count(DISTINCT other) AS n FROM ties WHERE member = %(member)s", {"member": member}
    ).fetchone()
    return row["n"] if row else 0


class Month(msgspec.Struct):
    """What passed between two members in a month."""

    month: date
    given: int
    received: int


def which_months(connection: Connection[Any], member: UUID, other: UUID) -> list[Month]:
    """Month by month what `member` gave to `other` and received, oldest first; months without any are left out."""
    with connection.cursor(row_factory=class_row(Month)) as cursor:
        return cursor.execute(
            """SELECT month, given, received FROM ties WHERE member = %(member)s AND other = %(other)s
            ORDER BY month LIMIT 600""",
            {"member": member, "other": other},
        ).fetchall()


class Pair(msgspec.Struct):
    """Two members with much between them since a month."""

    member: UUID
    other: UUID
    given: int
    received: int
    last_at: datetime


_PAIRS = """
WITH strong AS (
    SELECT DISTINCT top.member, top.other FROM generate_series(%(since)s::date, %(until)s::date, interval '1 month') AS months(month),
    LATERAL (
        SELECT member, other FROM ties WHERE ties.month = months.month::date AND member < other
        AND member NOT IN (SELECT identity FROM identities WHERE bot) AND other NOT IN (SELECT identity FROM identities WHERE bot)
        ORDER BY given + received DESC, member, other LIMIT %(limit)s
    ) AS top
)
SELECT member, other, sum(given)::bigint AS given, sum(received)::bigint AS received, max(last_at) AS last_at
FROM ties JOIN strong USING (member, other) WHERE month BETWEEN %(since)s AND %(until)s
GROUP BY member, other ORDER BY sum(given + received) DESC, member, other LIMIT %(limit)s
"""


def which_pairs(connection: Connection[Any], since: date, until: date, limit: int = 50) -> list[Pair]:
    """The pairs of people (no bots) with most between them from a month to a month, both included, each named once.

    Looked at are the strongest of each single month, so that the question costs the same however many pairs there are.
    """
    with connection.cursor(row_factory=class_row(Pair)) as cursor:
        return cursor.execute(_PAIRS, {"since": since, "until": until, "limit": limit}).fetchall()
