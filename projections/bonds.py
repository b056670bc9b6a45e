"""How strong ties are, as of any day: the acts between two people, which fade in months in which nothing passed between them.

So the Orbit model has it: a tie that lies idle keeps nine tenths of its strength with each month (orbit-love/orbit-model, page on
reach, 2022). A month is idle when it is over without an act in either direction. Where `relationships.closeness` halves with a
year whatever happens, here a tie that is kept up loses nothing. People only; accounts that were merged are one.
"""

from datetime import UTC, date, datetime, time, timedelta
from math import log
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import args_row

from projections.sides import NO_PEOPLE

KEPT = 0.9
"""The part of its strength that a tie keeps with an idle month."""

FLOOR = 0.1
"""A tie weaker than that is none any more: a single act is forgotten after 22 idle months."""

MOST = 2_000_000
"""Ties that are read at most."""


class Bond(msgspec.Struct, gc=False):
    """What is between two people: the faded acts of `one` toward `two`, and of `two` toward `one`."""

    one: UUID
    two: UUID
    given: float
    received: float

    @property
    def strength(self) -> float:
        """In either direction together."""
        return self.given + self.received


_COUNTED = """counted AS (
    SELECT member, other, month, given, received FROM ties AS t WHERE t.month < %(month)s AND {which}
    UNION ALL
    SELECT t.member, t.other, t.month, met.given, met.received FROM ties AS t CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE m.by_low = (t.member < t.other)) AS given,
            count(*) FILTER (WHERE m.by_low <> (t.member < t.other)) AS received
        FROM meetings AS m WHERE m.low = least(t.member, t.other) AND m.high = greatest(t.member, t.other)
        AND m.at >= %(begins)s AND m.at < %(ends)s
    ) AS met WHERE t.month = %(month)s AND {which} AND met.given + met.received > 0
)"""
"""Whole months as they were counted; of the month in which the day lies, only what had happened by its end."""

_STRONG = f"""outsiders AS MATERIALIZED (SELECT member FROM {NO_PEOPLE}), {_COUNTED},
named AS (
    SELECT coalesce(s.member, c.member) AS one, coalesce(o.member, c.other) AS two, c.given, c.received,
        %(months)s - date_part('year', c.month) * 12 - date_part('month', c.month) AS ago
    FROM counted AS c LEFT JOIN membership AS s ON s.handle = c.member LEFT JOIN membership AS o ON o.handle = c.other
    WHERE c.member NOT IN (SELECT member FROM outsiders) AND c.other NOT IN (SELECT member FROM outsiders)
),
between AS (
    SELECT {{sides}}, ago, sum({{given}})::float8 AS given, sum({{received}})::float8 AS received
    FROM named WHERE one <> two GROUP BY 1, 2, 3
),
aged AS (
    SELECT *, power({KEPT}::float8, ago - row_number() OVER met + (first_value(ago) OVER met = 0)::integer) AS left_of_it
    FROM between WINDOW met AS (PARTITION BY one, two ORDER BY ago)
),
summed AS (
    SELECT one, two, sum(given * left_of_it ORDER BY ago) AS given, sum(received * left_of_it ORDER BY ago) AS received
    FROM aged GROUP BY one, two
),
strong AS (SELECT * FROM summed WHERE given + received >= {FLOOR})"""
"""Idle are the months since, less those in which there was something, and less the month of the day itself, which is not over.

Sums are taken in one order, so that they come to the same bits."""

_AS_ASKED = {"sides": "one, two", "given": "given", "received": "received"}

_EACH_ONCE = {
    "sides": "least(one, two) AS one, greatest(one, two) AS two",
    "given": "CASE WHEN one < two THEN given ELSE received END",
    "received": "CASE WHEN one < two THEN received ELSE given END",
}
"""Of the two rows of each pair of accounts one is read; merged accounts may stand the other way round."""


def _asked(today: date) -> dict[str, Any]:
    month = today.replace(day=1)
    begins, ends = (datetime.combine(day, time.min, UTC) for day in (month, today + timedelta(days=1)))
    return {"month": month, "months": today.year * 12 + today.month, "begins": begins, "ends": ends}


def how_strong_are_all(connection: Connection[Any], today: date) -> list[Bond]:
    """Every tie of the community on that day, each once, in the order of the ids."""
    strong = _STRONG.format(which="t.member < t.other", **_EACH_ONCE)
    with connection.cursor(binary=True, row_factory=args_row(Bond)) as cursor:
        return cursor.execute(
            f"WITH {strong} SELECT one, two, given, received FROM strong ORDER BY one, two LIMIT {MOST}", _asked(today)
        ).fetchall()


def how_strong_are_those_of(
    connection: Connection[Any], member: UUID, accounts: list[UUID], today: date, limit: int = 100_000
) -> list[Bond]:
    """The ties of one member with these accounts, the strongest first; in each the member is `one`."""
    strong = _STRONG.format(which="t.member = ANY(%(accounts)s)", **_AS_ASKED)
    with connection.cursor(row_factory=args_row(Bond)) as cursor:
        return cursor.execute(
            f"""WITH {strong} SELECT %(one)s::uuid AS one, two, given, received FROM strong
            ORDER BY given + received DESC, two LIMIT %(limit)s""",
            {**_asked(today), "one": member, "accounts": accounts, "limit": limit},
        ).fetchall()


_AMONG = "(SELECT handle FROM membership WHERE member = ANY(%(members)s) UNION ALL SELECT unnest(%(members)s::uuid[]))"


def how_strong_are_those_among(connection: Connection[Any], members: list[UUID], today: date) -> list[Bond]:
    """The ties between these members, each once, the strongest first."""
    which = f"t.member < t.other AND t.member IN {_AMONG} AND t.other IN {_AMONG}"
    strong = _STRONG.format(which=which, **_EACH_ONCE)
    with connection.cursor(row_factory=args_row(Bond)) as cursor:
        return cursor.execute(
            f"""WITH {strong} SELECT one, two, given, received FROM strong
            ORDER BY given + received DESC, one, two LIMIT {MOST}""",
            {**_asked(today), "members": members},
        ).fetchall()


_BEYOND = f"""
WITH fresh AS MATERIALIZED (
    SELECT DISTINCT other FROM ties WHERE member IN {_AMONG} AND month >= %(fresh)s AND month < %(month)s
), {_STRONG.format(which=f"t.member IN {_AMONG} AND t.other NOT IN (SELECT other FROM fresh)", **_AS_ASKED)}
SELECT count(*) AS n FROM (
    SELECT two FROM strong UNION
    SELECT coalesce(s.member, f.other) FROM fresh AS f LEFT JOIN membership AS s ON s.handle = f.other
    WHERE f.other NOT IN (SELECT member FROM outsiders)
) AS tied WHERE two <> ALL(%(known)s)
"""
"""Ties with an act so lately that not even a single one can have faded need no summing, and are most."""


def how_many_are_beyond(connection: Connection[Any], member: UUID, near: list[UUID], today: date) -> int:
    """How many others those `near` to a member have ties with, each counted once: the people of the second degree."""
    asked = _asked(today)
    count = asked["months"] - 1 - int(log(FLOOR) / log(KEPT))
    fresh = date(max(count // 12, 1), count % 12 + 1, 1)
    known = {"members": near, "known": [member, *near], "fresh": fresh}
    row = connection.execute(_BEYOND, asked | known).fetchone()
    return row["n"] if row else 0
