"""Stretches of days: what one was like beside the one just before it, and who did most in it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from projections.identities import ACCOUNTS
from projections.sides import NO_PEOPLE


class Stretch(msgspec.Struct):
    """What a stretch of days was like: acts, the people (no team, no bots) who did them, and those of them first seen in it."""

    acts: int
    people: int
    newcomers: int


class Active(msgspec.Struct):
    """How much a member did in a stretch of days."""

    member: UUID
    n: int


class Lately(msgspec.Struct):
    """A stretch, the one of the same length before it, and the people who did most in the later one."""

    now: Stretch
    before: Stretch
    active: list[Active]


_PEOPLE = f"""
WITH took_part AS MATERIALIZED (
    SELECT coalesce(s.member, d.member) AS member,
        coalesce(sum(d.n::int) FILTER (WHERE day >= %(since)s), 0) AS n, min(day) < %(since)s AS before
    FROM acted AS d LEFT JOIN membership AS s ON s.handle = d.member
    WHERE day BETWEEN %(first)s AND %(until)s AND d.member NOT IN {NO_PEOPLE}
    GROUP BY 1
)
SELECT member, n, (SELECT count(*) FROM took_part WHERE n > 0) AS now, (SELECT count(*) FROM took_part WHERE before) AS before
FROM took_part ORDER BY n DESC, member LIMIT %(limit)s
"""
"""Both stretches in one look at the days: they are many, and looking is what takes the time."""

_ACTS = f"""
SELECT (SELECT coalesce(sum(n), 0)::bigint FROM day_totals WHERE day BETWEEN %(since)s AND %(until)s) AS acts,
    (SELECT count(*) FROM members AS m WHERE first_at >= %(since)s::timestamp AT TIME ZONE 'UTC'
        AND first_at < (%(until)s + 1)::timestamp AT TIME ZONE 'UTC' AND member NOT IN {NO_PEOPLE}
        AND EXISTS (SELECT FROM acted WHERE member = ANY({ACCOUNTS}) AND day BETWEEN %(since)s AND %(until)s)) AS newcomers
"""


def how_was_it(connection: Connection[Any], since: date, until: date, limit: int = 10) -> Lately:
    """The days from `since` to `until`, both included; at most `limit` people who did most."""
    first = since - (until - since) - timedelta(days=1)
    asked = {"first": first, "since": since, "until": until, "limit": limit}
    people = connection.execute(_PEOPLE, asked).fetchall()
    now, before = (people[0]["now"], people[0]["before"]) if people else (0, 0)
    return Lately(
        _stretch(connection, since, until, now),
        _stretch(connection, first, since - timedelta(days=1), before),
        [Active(row["member"], row["n"]) for row in people if row["n"]],
    )


def _stretch(connection: Connection[Any], since: date, until: date, people: int) -> Stretch:
    row = connection.execute(_ACTS, {"since": since, "until": until}).fetchone()
    return Stretch(row["acts"], people, row["newcomers"]) if row else Stretch(0, 0, 0)
