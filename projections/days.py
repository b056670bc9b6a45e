"""Days: how much happened on each, of what kind and from where. Who was active on it stands in `projections.facts`."""

from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.projection import Projection

_TOTALS = """
INSERT INTO {day_totals} AS old (day, source, kind, n)
SELECT (occurred_at AT TIME ZONE 'UTC')::date, source, kind, count(*) FROM {facts} WHERE actor IS NOT NULL GROUP BY 1, 2, 3
ON CONFLICT (day, source, kind) DO UPDATE SET n = old.n + excluded.n
"""

PROJECTION = Projection(
    name="days",
    tables={
        "day_totals": "day date NOT NULL, source text NOT NULL, kind text NOT NULL, n bigint NOT NULL",
    },
    keys={"day_totals": "(day, source, kind)"},
    fold=lambda window: window.run(_TOTALS),
)


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


def when_was_the_first_day(connection: Connection[Any]) -> date | None:
    """The first day on which anything happened; None in an empty Kith."""
    row = connection.execute("SELECT min(day) AS day FROM day_totals").fetchone()
    return row["day"] if row else None


def which_days(connection: Connection[Any], accounts: list[UUID], since: date) -> list[dict[str, Any]]:
    """On which days since then a member with these accounts did something, and how much; days by UTC."""
    return connection.execute(
        """SELECT day, sum(n)::bigint AS n FROM acted WHERE member = ANY(%(accounts)s) AND day >= %(since)s
        GROUP BY day ORDER BY day LIMIT 400""",
        {"accounts": accounts, "since": since},
    ).fetchall()
