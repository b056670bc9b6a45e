"""Days: how much happened on each, of what kind and from where, and who was active."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection, Window

_TOTALS = """
INSERT INTO {day_totals} AS old (day, source, kind, n)
SELECT (occurred_at AT TIME ZONE 'UTC')::date, source, kind, count(*) FROM {facts} WHERE actor IS NOT NULL GROUP BY 1, 2, 3
ON CONFLICT (day, source, kind) DO UPDATE SET n = old.n + excluded.n
"""

_ACTIVE = """
INSERT INTO {active_days} AS old (day, member, n)
SELECT (occurred_at AT TIME ZONE 'UTC')::date, actor, count(*) FROM {facts} WHERE actor IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (day, member) DO UPDATE SET n = old.n + excluded.n
"""


def _fold(window: Window) -> None:
    window.run(_TOTALS)
    window.run(_ACTIVE)


PROJECTION = Projection(
    name="days",
    tables={
        "day_totals": "day date NOT NULL, source text NOT NULL, kind text NOT NULL, n bigint NOT NULL",
        "active_days": "day date NOT NULL, member uuid NOT NULL, n bigint NOT NULL",
    },
    keys={
        "day_totals": "(day, source, kind)",
        "active_days": "(day, member) INCLUDE (n)",
    },
    fold=_fold,
    indexes=("CREATE INDEX ON {active_days} (member, day) INCLUDE (n)",),
)


class Active(msgspec.Struct):
    """How much a member did in a stretch of days."""

    member: Any
    n: int


def who_was_active(connection: Connection[Any], since: date, until: date, limit: int = 10) -> list[Active]:
    """The people (no bots) who did most from `since` to `until`, both included."""
    with connection.cursor(row_factory=class_row(Active)) as cursor:
        return cursor.execute(
            """SELECT member, sum(n)::bigint AS n FROM active_days WHERE day BETWEEN %(since)s AND %(until)s
            AND member NOT IN (SELECT identity FROM identities WHERE bot)
            GROUP BY member ORDER BY n DESC, member LIMIT %(limit)s""",
            {"since": since, "until": until, "limit": limit},
        ).fetchall()


def how_much_happened(connection: Connection[Any], since: date, until: date) -> list[dict[str, Any]]:
    """Acts by day and source from `since` to `until`."""
    return connection.execute(
        """SELECT day, source, sum(n)::bigint AS n FROM day_totals WHERE day BETWEEN %(since)s AND %(until)s
        GROUP BY day, source ORDER BY day, source LIMIT 5000""",
        {"since": since, "until": until},
    ).fetchall()


def what_kinds_happened(connection: Connection[Any], since: date, until: date) -> list[dict[str, Any]]:
    """Acts by kind from `since` to `until`, the commonest first."""
    return connection.execute(
        """SELECT kind, sum(n)::bigint AS n FROM day_totals WHERE day BETWEEN %(since)s AND %(until)s
        GROUP BY kind ORDER BY n DESC, kind LIMIT 100""",
        {"since": since, "until": until},
    ).fetchall()


def when_was_the_last_day(connection: Connection[Any]) -> date | None:
    """The last day on which anything happened; None in an empty Kith."""
    row = connection.execute("SELECT max(day) AS day FROM day_totals").fetchone()
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
            """WITH took_part AS MATERIALIZED (
                SELECT member FROM active_days WHERE day BETWEEN %(since)s AND %(until)s
                AND member NOT IN (SELECT identity FROM identities WHERE bot) GROUP BY member
            )
            SELECT (SELECT coalesce(sum(n), 0)::bigint FROM day_totals WHERE day BETWEEN %(since)s AND %(until)s) AS acts,
                (SELECT count(*) FROM took_part) AS people,
                (SELECT count(*) FROM members JOIN took_part USING (member)
                    WHERE first_at >= %(since)s::timestamp AT TIME ZONE 'UTC') AS newcomers""",
            {"since": since, "until": until},
        ).fetchone()
    return found or Stretch(0, 0, 0)


def which_days(connection: Connection[Any], member: UUID, since: date) -> list[dict[str, Any]]:
    """On which days since then a member did something, and how much; days by UTC."""
    return connection.execute(
        """SELECT day, n FROM active_days WHERE member = %(member)s AND day >= %(since)s ORDER BY day LIMIT 400""",
        {"member": member, "since": since},
    ).fetchall()
