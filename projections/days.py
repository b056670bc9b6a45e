"""Days: facts by day, member, kind and role, for charts now and for scores over the whole history later."""

from datetime import date
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection

_FOLD = """
INSERT INTO {days} AS old (day, member, kind, role, source, n)
SELECT (occurred_at AT TIME ZONE 'UTC')::date, member, kind, role, source, count(*)
FROM (
    SELECT occurred_at, actor AS member, kind, '' AS role, source FROM {facts} WHERE actor IS NOT NULL
    UNION ALL
    SELECT occurred_at, target, kind, role, source FROM {facts}, unnest(targets, roles) AS touched(target, role)
) AS parts GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (day, member, kind, role, source) DO UPDATE SET n = old.n + excluded.n
"""

PROJECTION = Projection(
    name="days",
    tables={
        "days": """day date NOT NULL, member uuid NOT NULL, kind text NOT NULL, role text NOT NULL, source text NOT NULL,
            n bigint NOT NULL"""
    },
    keys={"days": "(day, member, kind, role, source)"},
    fold=lambda window: window.run(_FOLD),
)


class Active(msgspec.Struct):
    """How much a member did in a stretch of days."""

    member: Any
    n: int


def who_was_active(connection: Connection[Any], since: date, until: date, limit: int = 10) -> list[Active]:
    """The people (no bots) who did most from `since` to `until`, both included."""
    with connection.cursor(row_factory=class_row(Active)) as cursor:
        return cursor.execute(
            """SELECT d.member, sum(d.n)::bigint AS n FROM days AS d JOIN identities AS i ON i.identity = d.member
            WHERE d.day BETWEEN %(since)s AND %(until)s AND d.role = '' AND NOT i.bot
            GROUP BY d.member ORDER BY n DESC, d.member LIMIT %(limit)s""",
            {"since": since, "until": until, "limit": limit},
        ).fetchall()


def how_much_happened(connection: Connection[Any], since: date, until: date) -> list[dict[str, Any]]:
    """Acts by day and source from `since` to `until`."""
    return connection.execute(
        """SELECT day, source, sum(n)::bigint AS n FROM days WHERE day BETWEEN %(since)s AND %(until)s AND role = ''
        GROUP BY day, source ORDER BY day, source LIMIT 5000""",
        {"since": since, "until": until},
    ).fetchall()


def what_kinds_happened(connection: Connection[Any], since: date, until: date) -> list[dict[str, Any]]:
    """Acts by kind from `since` to `until`, the commonest first."""
    return connection.execute(
        """SELECT kind, sum(n)::bigint AS n FROM days WHERE day BETWEEN %(since)s AND %(until)s AND role = ''
        GROUP BY kind ORDER BY n DESC, kind LIMIT 100""",
        {"since": since, "until": until},
    ).fetchall()


def when_was_the_last_day(connection: Connection[Any]) -> date | None:
    """The last day on which anything happened; None in an empty Kith."""
    row = connection.execute("SELECT max(day) AS day FROM days").fetchone()
    return row["day"] if row else None


class Stretch(msgspec.Struct):
    """What a stretch of days was like: acts, the people (no bots) who did them, and those of them first seen in it."""

    acts: int
    people: int
    newcomers: int


def how_was_it(connection: Connection[Any], since: date, until: date) -> Stretch:
    """The days from `since` to `until`, both included, in three numbers."""
    with connection.cursor(row_factory=class_row(Stretch)) as cursor:
        found = cursor.execute(
            """SELECT coalesce(sum(d.n), 0)::bigint AS acts, count(DISTINCT d.member) FILTER (WHERE NOT i.bot) AS people,
                count(DISTINCT d.member) FILTER (WHERE NOT i.bot AND (m.first_at AT TIME ZONE 'UTC')::date >= %(since)s) AS newcomers
            FROM days AS d JOIN identities AS i ON i.identity = d.member JOIN members AS m ON m.member = d.member
            WHERE d.day BETWEEN %(since)s AND %(until)s AND d.role = ''""",
            {"since": since, "until": until},
        ).fetchone()
    return found or Stretch(0, 0, 0)
