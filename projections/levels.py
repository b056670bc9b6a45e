"""Levels: which step of a ladder points reach, kept for some month ends after they are gone, unless a colleague said otherwise."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.scores.formula import Settings, Weighted
from projections.points import MILLIONTHS, all_at_once, asked, counted, worth
from projections.scores import Version


def month_ends(day: date, number: int) -> list[date]:
    """The last days of so many months before that of a day, oldest first."""
    found = [day]
    for _ in range(number):
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return found[:0:-1]


def days_that_count(settings: Settings, day: date) -> list[date]:
    """The days whose points decide on the level of a day: the month ends for which a level is held, and the day itself."""
    return [*month_ends(day, settings.holding), day]


def step(settings: Settings, points: Sequence[int]) -> int | None:
    """Which step of the ladder the highest of these points (millionths) reach, counted from 0; None below the first."""
    thresholds = [round(level.points * MILLIONTHS) for level in settings.ladder]
    reached = bisect_right(thresholds, max(points)) if points else 0
    return reached - 1 if reached else None


class Said(msgspec.Struct):
    """A level that a colleague set by hand, with the reason; `position` is their act."""

    level: str
    reason: str
    position: int
    by: str


def what_was_said(connection: Connection[Any], formula: str, members: Sequence[UUID]) -> dict[UUID, Said]:
    """The levels of these members that were set by hand."""
    rows = connection.execute(
        """SELECT member, value ->> 'level' AS level, value ->> 'reason' AS reason, position, by FROM traits
        WHERE slot = %(slot)s AND member = ANY(%(members)s) ORDER BY member LIMIT 100000""",
        {"slot": f"level:{formula}", "members": list(members)},
    )
    return {row["member"]: Said(row["level"], row["reason"], row["position"], row["by"]) for row in rows}


def which_levels(connection: Connection[Any], version: Version, members: Sequence[UUID], day: date) -> dict[UUID, str]:
    """The levels of these members on a day by their points, those without one left out; what was said by hand goes before."""
    assert isinstance(version.formula, Weighted)
    assert version.settings
    if not version.settings.ladder or not members:
        return {}
    days = days_that_count(version.settings, day)
    highest = _highest(connection, version, members, days)
    steps = {member: step(version.settings, [points]) for member, points in highest.items()}
    by_points = {member: version.settings.ladder[place].name for member, place in steps.items() if place is not None}
    return by_points | {
        member: said.level for member, said in what_was_said(connection, version.formula.name, members).items()
    }


def _highest(
    connection: Connection[Any], version: Version, members: Sequence[UUID], days: list[date]
) -> dict[UUID, int]:
    """The most points that each of these members had on any of the days."""
    assert isinstance(version.formula, Weighted)
    assert version.settings
    query = f"""WITH {counted(connection, len(days) > 1, accounts=True)} SELECT member, max(points) AS points FROM (
            SELECT on_day, member, sum({worth(version.formula, "on_day")} * least(n, nullif(cap, 0)))::bigint AS points
            FROM counted JOIN earnings USING (rule) JOIN unnest(%(days)s::date[]) AS days(on_day) ON day <= on_day AND until > on_day
            GROUP BY on_day, member
        ) AS sums WHERE member = ANY(%(members)s) GROUP BY member ORDER BY member LIMIT 100000"""
    accounts = connection.execute(
        """SELECT handle FROM membership WHERE member = ANY(%(members)s) ORDER BY handle LIMIT 100000""",
        {"members": list(members)},
    )
    parameters = asked(version.formula, version.settings) | {
        "members": list(members),
        "accounts": [*members, *(row["handle"] for row in accounts)],
        "near": None,
        "today": max(days),
        "days": days,
    }
    with all_at_once(connection):
        return {row["member"]: row["points"] for row in connection.execute(query, parameters)}
