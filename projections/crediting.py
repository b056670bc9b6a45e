"""What would be counted for another organisation if somebody's dates were put right: told before it is done."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row


class Span(NamedTuple):
    """A time with an organisation: from `since` to the day before `until`, None where open."""

    organisation: UUID
    since: date | None
    until: date | None


class Move(msgspec.Struct):
    """Acts that count for `gained` and no longer for `lost`, each none, one or several organisations, and their first and last day."""

    lost: list[UUID]
    gained: list[UUID]
    acts: int
    first: date
    last: date


_MOVES = """
WITH days AS (
    SELECT day, sum(n) AS n FROM acted WHERE member = %(member)s
        OR member IN (SELECT handle FROM membership WHERE member = %(member)s) GROUP BY day
), changed AS (
    SELECT day, n, organisation, bool_or(after) AS gained
    FROM days JOIN unnest(%(organisations)s::uuid[], %(begins)s::date[], %(ends)s::date[], %(afters)s::boolean[])
        AS spans(organisation, since, until, after)
        ON day >= coalesce(since, '-infinity') AND day < coalesce(until, 'infinity')
    GROUP BY day, n, organisation HAVING bool_and(after) OR NOT bool_or(after)
), by_day AS (
    SELECT day, n, coalesce(array_agg(organisation ORDER BY organisation) FILTER (WHERE NOT gained), '{}') AS lost,
        coalesce(array_agg(organisation ORDER BY organisation) FILTER (WHERE gained), '{}') AS gained
    FROM changed GROUP BY day, n
)
SELECT lost, gained, sum(n)::bigint AS acts, min(day) AS first, max(day) AS last
FROM by_day GROUP BY lost, gained ORDER BY acts DESC, lost, gained LIMIT 100
"""


def what_would_move(connection: Connection[Any], member: UUID, before: list[Span], after: list[Span]) -> list[Move]:
    """Which acts of a member would count for another organisation if their times with organisations were not `before` but `after`."""
    spans = [(span, False) for span in before] + [(span, True) for span in after]
    asked = {
        "member": member,
        "organisations": [span.organisation for span, _ in spans],
        "begins": [span.since for span, _ in spans],
        "ends": [span.until for span, _ in spans],
        "afters": [is_after for _, is_after in spans],
    }
    with connection.cursor(row_factory=class_row(Move)) as cursor:
        return cursor.execute(_MOVES, asked).fetchall()
