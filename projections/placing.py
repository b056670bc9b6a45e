"""Where members stand in countings that are kept: one beside the others, at another time, and how many are on each level."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.scores.formula import Settings
from projections.levels import step
from projections.points import MILLIONTHS
from projections.scores import Version
from projections.standings import Standing, fingerprint

_WHERE = """
SELECT (SELECT count(*) FROM standings AS above WHERE above.counting = s.counting AND above.points > s.points) + 1 AS rank,
    member, points, level, told FROM standings AS s WHERE counting = %(counting)s AND member = ANY(%(members)s)
ORDER BY member LIMIT 100000
"""


def where_do_these_stand(connection: Connection[Any], counting: int, members: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where these members stand in a counting; who has no score is left out."""
    rows = connection.execute(_WHERE, {"counting": counting, "members": list(members)})
    return {row["member"]: Standing(**row) for row in rows}


def what_was_the_most(
    connection: Connection[Any], countings: Sequence[int], members: Sequence[UUID]
) -> dict[UUID, int]:
    """The most points (millionths) that each of these members had in any of these countings."""
    rows = connection.execute(
        """SELECT member, max(points) AS points FROM standings WHERE counting = ANY(%(countings)s) AND member = ANY(%(members)s)
        GROUP BY member ORDER BY member LIMIT 100000""",
        {"countings": list(countings), "members": list(members)},
    )
    return {row["member"]: row["points"] for row in rows}


def how_many_are_scored(connection: Connection[Any], counting: int) -> int:
    """How many members have a score at all."""
    row = connection.execute(
        "SELECT count(*) AS n FROM standings WHERE counting = %(counting)s", {"counting": counting}
    ).fetchone()
    return row["n"] if row else 0


def how_many_reach(connection: Connection[Any], counting: int, settings: Settings) -> list[int]:
    """How many members reach each step of the ladder by the points of a counting alone; those below the first are left out."""
    rows = connection.execute(
        """SELECT width_bucket(points, %(thresholds)s::bigint[]) - 1 AS step, count(*) AS n FROM standings
        WHERE counting = %(counting)s GROUP BY step ORDER BY step LIMIT 100""",
        {"counting": counting, "thresholds": [round(level.points * MILLIONTHS) for level in settings.ladder]},
    )
    found = {row["step"]: row["n"] for row in rows}
    return [found.get(place, 0) for place in range(len(settings.ladder))]


def how_many_are_called(connection: Connection[Any], counting: int) -> dict[str, int]:
    """How many members are on each level that a formula names itself."""
    rows = connection.execute(
        """SELECT level, count(*) AS n FROM standings WHERE counting = %(counting)s AND level <> ''
        GROUP BY level ORDER BY level LIMIT 100""",
        {"counting": counting},
    )
    return {row["level"]: row["n"] for row in rows}


class Glance(msgspec.Struct):
    """A member's score of the newest day as it is kept; `level` is empty where it is not sure without counting."""

    points: int
    level: str = ""
    by_hand: bool = False


_GLANCE = """
WITH days AS (
    SELECT CASE nth WHEN 0 THEN day ELSE (date_trunc('month', day) - make_interval(months => nth - 1) - interval '1 day')::date END AS day, nth
    FROM (SELECT max(day) AS day FROM day_totals) AS newest CROSS JOIN generate_series(0, %(holding)s) AS nth
)
SELECT max(s.points) FILTER (WHERE nth = 0) AS points, max(s.points) AS most, count(*) AS kept,
    (SELECT value ->> 'level' FROM traits WHERE slot = %(slot)s AND member = %(member)s) AS said
FROM days JOIN countings AS c ON c.version = %(version)s AND c.day = days.day
    LEFT JOIN standings AS s ON s.counting = c.counting AND s.member = %(member)s
"""
"""The days are those of `projections.levels.days_that_count`."""


class _Kept(msgspec.Struct):
    points: int | None
    most: int | None
    kept: int
    said: str | None


def how_does_one_stand(connection: Connection[Any], version: Version, member: UUID) -> Glance | None:
    """The score of a member on the newest day, if it is kept; nothing is counted for it."""
    assert version.settings
    asked = {
        "version": fingerprint(version),
        "member": member,
        "slot": f"level:{version.formula.name}",
        "holding": version.settings.holding,
    }
    with connection.cursor(row_factory=class_row(_Kept)) as cursor:
        found = cursor.execute(_GLANCE, asked).fetchone()
    if found is None or found.points is None:
        return None
    sure = found.kept == version.settings.holding + 1 and found.most is not None
    place = step(version.settings, [found.most]) if sure and found.most is not None else None
    level = version.settings.ladder[place].name if place is not None else ""
    return Glance(found.points, found.said or level, bool(found.said))
