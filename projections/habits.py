"""Habits: the days on which somebody was here last, how long they usually stay away, and when their silence became unusual.

Kept by account, of its thirty latest active days: what somebody did ten years ago says little about their habit. The
numbers of a member with several accounts come of their days together, when they are read.
"""

from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY
from projections.projection import Projection, Window
from projections.sides import NO_PEOPLE

DAYS = 30
"""Latest active days of which a habit is made."""
REGULAR = 5
"""Active days from which on somebody has a habit."""
LEAST, MOST = 14, 365
"""Fewest and most days of silence that are unusual for somebody who has a habit. Who comes more seldom has none to break."""
AWAY = 90
"""Days after which somebody who has none was away."""

STATS = f"""
SELECT who, first_day, days, days[1] AS last_day, typical,
    CASE WHEN cardinality(days) >= {REGULAR} AND 3 * typical <= {MOST} THEN days[1] + patience + 1 END AS quiet_from, back.back_on, back.away
FROM (
    SELECT who, min(day) AS first_day, array_agg(day ORDER BY day DESC) FILTER (WHERE place <= {DAYS}) AS days,
        array_agg(gap ORDER BY day DESC) FILTER (WHERE place <= {DAYS}) AS gaps,
        percentile_disc(0.75) WITHIN GROUP (ORDER BY gap) FILTER (WHERE place < {DAYS}) AS typical,
        CASE WHEN count(*) >= {REGULAR} THEN least({MOST}, greatest({LEAST},
            3 * percentile_disc(0.75) WITHIN GROUP (ORDER BY gap) FILTER (WHERE place < {DAYS}))) ELSE {AWAY} END AS patience
    FROM (
        SELECT who, day, row_number() OVER latest AS place, day - lead(day) OVER latest AS gap
        FROM {{present}} WINDOW latest AS (PARTITION BY who ORDER BY day DESC)
    ) AS placed GROUP BY who
) AS habit LEFT JOIN LATERAL (
    SELECT day AS back_on, gap AS away FROM unnest(days[:{DAYS - 1}], gaps[:{DAYS - 1}]) AS came(day, gap)
    WHERE gap > patience ORDER BY day DESC LIMIT 1
) AS back ON true
"""
"""Of the distinct days on which each was `{present}` their habit. `typical`: three of four times they were back within so many
days (the 75th percentile of the gaps). Silence is unusual after three times that, but not before two weeks."""

_BEFORE = "UNION SELECT identity, unnest(first_day || days) FROM {habits} WHERE identity IN (SELECT who FROM acted)"


def _statement(before: str) -> str:
    return f"""
WITH acted AS MATERIALIZED (
    SELECT DISTINCT actor AS who, (occurred_at AT TIME ZONE 'UTC')::date AS day FROM {{facts}} WHERE actor IS NOT NULL
), present AS (SELECT who, day FROM acted {before})
INSERT INTO {{habits}} (identity, first_day, days, last_day, typical, quiet_from, back_on, away)
{STATS.format(present="present")}
ON CONFLICT (identity) DO UPDATE SET first_day = excluded.first_day, days = excluded.days, last_day = excluded.last_day,
    typical = excluded.typical, quiet_from = excluded.quiet_from, back_on = excluded.back_on, away = excluded.away
"""


def _fold(window: Window) -> None:
    """Days of the window beside those known before; in a rebuild none are."""
    window.run(_statement("" if window.fresh else _BEFORE))


PROJECTION = Projection(
    name="habits",
    tables={
        "habits": """identity uuid NOT NULL, first_day date NOT NULL, days date[] NOT NULL, last_day date NOT NULL,
            typical integer, quiet_from date, back_on date, away integer""",
    },
    keys={"habits": "(identity)"},
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {habits} (quiet_from, identity)",
        "CREATE INDEX ON {habits} (back_on, identity)",
        "CREATE INDEX ON {habits} (first_day, identity)",
        "CREATE INDEX ON {habits} (last_day, identity)",
    ),
)


class Habit(msgspec.Struct):
    """How somebody comes and goes, in days. `active` counts up to thirty; `back_on` is their latest return, `away` days before it."""

    member: UUID
    first_day: date
    last_day: date
    active: int
    typical: int | None
    quiet_from: date | None
    back_on: date | None
    away: int | None


_OF_SEVERAL = """
SELECT s.member FROM habits AS h JOIN membership AS s ON s.handle = h.identity WHERE h.last_day >= %(since)s::date - %(most)s
UNION SELECT s.member FROM habits AS h JOIN membership AS s ON s.member = h.identity WHERE h.last_day >= %(since)s::date - %(most)s
"""
"""Members of several accounts who were here since: of them the days are put together first, as nobody else's must be."""

_HABITS = f"""
WITH several AS MATERIALIZED ({_OF_SEVERAL}), present AS (
    SELECT DISTINCT a.member AS who, unnest(h.first_day || h.days) AS day
    FROM (SELECT member, member AS handle FROM several UNION SELECT member, handle FROM membership JOIN several USING (member)) AS a
        JOIN habits AS h ON h.identity = a.handle
), known AS (
    SELECT identity AS member, first_day, days, last_day, typical, quiet_from, back_on, away FROM habits
    WHERE NOT EXISTS (SELECT FROM membership WHERE handle = identity)
        AND NOT EXISTS (SELECT FROM membership WHERE membership.member = identity)
    UNION ALL {STATS.format(present="present")}
)
SELECT member, first_day, last_day, cardinality(days) AS active, typical, quiet_from, back_on, away FROM known
WHERE {{when}} > %(since)s AND {{when}} <= %(until)s AND member NOT IN {NO_PEOPLE} AND member <> '{NOBODY}'
ORDER BY {{when}} DESC, member LIMIT %(limit)s
"""

When = Literal["first_day", "quiet_from", "back_on"]


def whose_habit_turned(
    connection: Connection[Any], when: When, since: date, until: date, limit: int = 50
) -> list[Habit]:
    """Members who came first, went quiet or came back after `since` up to `until`, the latest first; no bots and no colleagues."""
    asked = {"since": since, "until": until, "most": MOST + 1, "limit": limit}
    with connection.cursor(row_factory=class_row(Habit)) as cursor:
        return cursor.execute(_HABITS.format(when=when), asked).fetchall()


def who_is_being_lost(connection: Connection[Any], today: date, within: int = 90, limit: int = 50) -> list[Habit]:
    """Who has been silent for longer than is usual for them, since at most `within` days; those who fell silent last stand first."""
    return whose_habit_turned(connection, "quiet_from", today - timedelta(days=within), today, limit)
