"""Two versions of a score side by side over months: who would rise, who would fall, and how often levels would change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.installation import Installation
from projections import standings
from projections.levels import month_ends
from projections.points import MILLIONTHS
from projections.scores import Version
from projections.standings import kept_aside

MONTHS = 24

Tell = Callable[[int, int], None]
"""Hears how many of how many countings are done."""


class Change(msgspec.Struct):
    """A member under both versions: points (millionths), rank and step of the ladder from 0, at the end; points at the beginning.

    None where a version gives nothing.
    """

    member: UUID
    before: int | None
    after: int | None
    rank_before: int | None
    rank_after: int | None
    step_before: int | None
    step_after: int | None
    first_before: int | None
    first_after: int | None


class Flapping(msgspec.Struct):
    """How restless the levels of a version were over the months looked at: rises, falls, and members whose level changed
    more than twice a year."""

    rises: int
    falls: int
    restless: int


class Comparison(msgspec.Struct):
    """What differs between two versions from a day to another. `rising` and `falling` count members who end on another step, or,
    `by_rank` where the ladders are not those of one formula, on another rank; `both` are members whom either knows."""

    one: str
    two: str
    since: date
    until: date
    by_rank: bool
    both: int
    rising: int
    falling: int
    steps_one: list[int]
    steps_two: list[int]
    flapping_one: Flapping
    flapping_two: Flapping
    changes: list[Change]


def which_days(since: date, until: date) -> list[date]:
    """The day at the beginning, the month ends between, at most twenty-four days back from the end, and the end."""
    ends = [day for day in month_ends(until, MONTHS - 1) if day > since]
    return [since, *ends[-(MONTHS - 2) :], until] if since < until else [until]


def count_both(
    kith: Installation, one: Version, two: Version, days: list[date], head: int, tell: Tell = lambda done, of: None
) -> tuple[list[int], list[int]]:
    """The countings of both versions on these days, side by side; each in its order."""
    done = [0, 0]

    def counted(place: int) -> list[int]:
        def hear(ready: int, _of: int) -> None:
            done[place] = ready
            tell(sum(done), 2 * len(days))

        with kith.connection() as connection:
            found = standings.count(connection, (one, two)[place], days, head, hear)
        return [found[day].counting for day in days]

    if standings.fingerprint(one) == standings.fingerprint(two):
        both = counted(0)
        return both, both
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(counted, (0, 1))
    return first, second


def thresholds(version: Version) -> list[int]:
    """Where the steps of a version's ladder begin, in millionths; empty without a ladder."""
    return [round(level.points * MILLIONTHS) for level in version.settings.ladder] if version.settings else []


_LEVELS = """
SELECT member, nth, max(width_bucket(points, %({name}_ladder)s::bigint[]) - 1) OVER (
    PARTITION BY member ORDER BY nth ROWS BETWEEN {holding} PRECEDING AND CURRENT ROW) AS step
FROM unnest(%({name})s::bigint[]) WITH ORDINALITY AS counted(counting, nth) JOIN standings USING (counting)
"""

_END = (
    "SELECT member, points, rank() OVER (ORDER BY points DESC) AS rank FROM standings WHERE counting = %({name}_last)s"
)

_CHANGES = f"""
SELECT member, a.points AS before, b.points AS after, a.rank AS rank_before, b.rank AS rank_after, x.step AS step_before,
    y.step AS step_after, c.points AS first_before, d.points AS first_after
FROM ({_END.format(name="one")}) AS a FULL JOIN ({_END.format(name="two")}) AS b USING (member)
    LEFT JOIN (SELECT member, step FROM levels_one WHERE nth = %(last)s) AS x USING (member)
    LEFT JOIN (SELECT member, step FROM levels_two WHERE nth = %(last)s) AS y USING (member)
    LEFT JOIN (SELECT member, points FROM standings WHERE counting = %(one_first)s) AS c USING (member)
    LEFT JOIN (SELECT member, points FROM standings WHERE counting = %(two_first)s) AS d USING (member)
WHERE %(among)s::uuid[] IS NULL OR member = ANY(%(among)s)
"""

_FLAPPING = """
SELECT coalesce(sum(rises), 0)::bigint AS rises, coalesce(sum(falls), 0)::bigint AS falls,
    count(*) FILTER (WHERE (rises + falls) * 12 > 2 * %(last)s) AS restless
FROM (
    SELECT member, count(*) FILTER (WHERE step > before) AS rises, count(*) FILTER (WHERE step < before) AS falls
    FROM (SELECT member, step, lag(step) OVER (PARTITION BY member ORDER BY nth) AS before FROM levels_{name}) AS steps GROUP BY member
) AS changed
"""


def how_do_they_compare(
    connection: Connection[Any],
    one: Version,
    two: Version,
    days: list[date],
    countings: tuple[list[int], list[int]],
    among: list[UUID] | None = None,
    limit: int = 100,
) -> Comparison:
    """The comparison over countings of these days; the members who change most stand first, `among` some members if given."""
    asked = _asked(one, two, days, countings) | {"among": among, "limit": limit}
    with connection.transaction():
        return _compared(connection, one, two, days, asked)


def _compared(
    connection: Connection[Any], one: Version, two: Version, days: list[date], asked: dict[str, Any]
) -> Comparison:
    for name, version in (("one", one), ("two", two)):
        holding = version.settings.holding if version.settings else 0
        kept_aside(connection, f"levels_{name}", _LEVELS.format(name=name, holding=holding), asked)
    kept_aside(connection, "changes", _CHANGES, asked)
    ladders = one.formula.name == two.formula.name and bool(asked["one_ladder"])
    moved = _BY_STEPS if ladders else _BY_RANKS
    totals = connection.execute(
        f"""SELECT count(*) AS both, count(*) FILTER (WHERE {moved} > 0) AS rising, count(*) FILTER (WHERE {moved} < 0) AS falling
        FROM changes"""
    ).fetchone()
    changes = connection.execute(
        f"SELECT * FROM changes ORDER BY abs({moved}) DESC, greatest(before, after) DESC, member LIMIT %(limit)s", asked
    ).fetchall()
    assert totals
    return Comparison(
        one=one.name,
        two=two.name,
        since=days[0],
        until=days[-1],
        by_rank=not ladders,
        **totals,
        steps_one=_how_many(connection, asked, "one"),
        steps_two=_how_many(connection, asked, "two"),
        flapping_one=_flapping(connection, asked, "one"),
        flapping_two=_flapping(connection, asked, "two"),
        changes=[Change(**row) for row in changes],
    )


_BY_STEPS = "coalesce(step_after, -1) - coalesce(step_before, -1)"
_BY_RANKS = "coalesce(rank_before, 1e9) - coalesce(rank_after, 1e9)"
"""How far somebody rises, in SQL."""


def _asked(one: Version, two: Version, days: list[date], countings: tuple[list[int], list[int]]) -> dict[str, Any]:
    asked: dict[str, Any] = {"last": len(days)}
    for name, version, counted in (("one", one, countings[0]), ("two", two, countings[1])):
        asked |= {
            name: counted,
            f"{name}_first": counted[0],
            f"{name}_last": counted[-1],
            f"{name}_ladder": thresholds(version),
        }
    return asked


def _how_many(connection: Connection[Any], asked: dict[str, Any], name: str) -> list[int]:
    """How many members stand on each step at the end."""
    rows = connection.execute(
        f"""SELECT step, count(*) AS n FROM levels_{name} WHERE nth = %(last)s AND step >= 0 GROUP BY step ORDER BY step LIMIT 20""",
        asked,
    )
    found = {row["step"]: row["n"] for row in rows}
    return [found.get(step, 0) for step in range(len(asked[f"{name}_ladder"]))]


def _flapping(connection: Connection[Any], asked: dict[str, Any], name: str) -> Flapping:
    row = connection.execute(_FLAPPING.format(name=name), asked).fetchone()
    assert row
    return Flapping(**row)
