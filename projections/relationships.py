"""Relationships: of any two members how often each touched the other, month by month, in either direction.

Counts by month commute and are exact, so closeness (which fades) is computed when it is read.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.identities import ACCOUNTS
from projections.projection import Projection
from projections.sides import BOTS

_TIES = """
WITH ways AS MATERIALIZED (
    SELECT actor, target, date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date AS month, min(occurred_at) AS first_at,
        max(occurred_at) AS last_at, (count(*) FILTER (WHERE nth = array_position(targets, target)))::integer AS n,
        max(occurred_at) FILTER (WHERE role IN ('replied', 'mentioned', 'quoted')) AS asked_at
    FROM {facts}, unnest(targets, roles) WITH ORDINALITY AS touched(target, role, nth)
    WHERE actor IS NOT NULL AND target <> actor GROUP BY 1, 2, 3
)
INSERT INTO {ties} AS old (member, other, month, given, received, first_at, gave_at, got_at, got_asked_at)
SELECT coalesce(gave.actor, got.target), coalesce(gave.target, got.actor), coalesce(gave.month, got.month), coalesce(gave.n, 0),
    coalesce(got.n, 0), least(gave.first_at, got.first_at), gave.last_at, got.last_at, got.asked_at
FROM ways AS gave FULL JOIN ways AS got ON got.actor = gave.target AND got.target = gave.actor AND got.month = gave.month
ORDER BY 3, 1
ON CONFLICT (member, other, month) DO UPDATE SET given = old.given + excluded.given, received = old.received + excluded.received,
    first_at = least(old.first_at, excluded.first_at), gave_at = greatest(old.gave_at, excluded.gave_at),
    got_at = greatest(old.got_at, excluded.got_at), got_asked_at = greatest(old.got_asked_at, excluded.got_asked_at)
"""
"""An act counts once for each whom it touched, however often it names them. `got_asked_at` is when they were last touched with
words that may ask for an answer; null where that never was, as the other two. The rows of a month lie together as they are asked for."""

PROJECTION = Projection(
    name="relationships",
    tables={
        "ties": """member uuid NOT NULL, other uuid NOT NULL, month date NOT NULL, given integer NOT NULL, received integer NOT NULL,
            first_at timestamptz NOT NULL, gave_at timestamptz, got_at timestamptz, got_asked_at timestamptz""",
    },
    keys={"ties": "(member, other, month) INCLUDE (given, received)"},
    fold=lambda window: window.run(_TIES),
    indexes=(
        "CREATE INDEX ON {ties} (month, (given + received) DESC, member, other) WHERE member < other",
        "CREATE INDEX ON {ties} (month, member)",
    ),
    cost=2,
)

HALF_LIFE = 365.0
"""Days in which a meeting comes to count half. A starting point until the team can set it."""


class Tie(msgspec.Struct):
    """How close another member is: acts given and received, and a closeness in which old ones have faded.

    `share` is the closeness against that of the closest, from 0 to 1.
    """

    other: UUID
    given: int
    received: int
    first_at: datetime
    last_at: datetime
    closeness: float
    share: float


_JOINED = """joined AS MATERIALIZED (
    SELECT handle, member FROM membership UNION ALL SELECT DISTINCT member, member FROM membership
)"""
"""The accounts of members of several. They are few, so what is told of each account is put together only for them."""

_CLOSEST = f"""
WITH {_JOINED}, ties_to AS MATERIALIZED (
    SELECT other, sum((given + received) * exp(least(month - %(today)s, 0) * (ln(2::float8) / %(half_life)s))) AS closeness
    FROM ties WHERE {{whose}} AND other <> ALL(%(accounts)s) {{only}} GROUP BY other
), closest AS MATERIALIZED (
    SELECT * FROM (
        SELECT other AS member, closeness FROM ties_to WHERE other NOT IN (SELECT handle FROM joined)
        UNION ALL SELECT j.member, sum(closeness) FROM ties_to JOIN joined AS j ON j.handle = other GROUP BY j.member
    ) AS each ORDER BY closeness DESC, member LIMIT %(limit)s::bigint + %(offset)s
)
SELECT m.member AS other, tie.*, closeness, coalesce(closeness / nullif((SELECT max(closeness) FROM closest), 0), 0) AS share
FROM (SELECT * FROM closest ORDER BY closeness DESC, member OFFSET %(offset)s) AS m CROSS JOIN LATERAL (
    SELECT sum(given)::bigint AS given, sum(received)::bigint AS received, min(first_at) AS first_at,
        greatest(max(gave_at), max(got_at)) AS last_at
    FROM ties WHERE ties.member = ANY(%(accounts)s) AND ties.other = ANY({ACCOUNTS})
) AS tie ORDER BY closeness DESC, m.member LIMIT %(limit)s
"""
"""Closeness is summed over all ties, which for a hub are very many; whatever else is told, only of those who are shown."""


def who_is_close(
    connection: Connection[Any],
    accounts: list[UUID],
    today: date,
    limit: int = 10,
    others: list[UUID] | None = None,
    offset: int = 0,
) -> list[Tie]:
    """The members whom a member with these accounts has most to do with, the closest first.

    `others` are the accounts of one other, if only that tie is wanted.
    """
    asked = {
        "accounts": accounts,
        "today": today,
        "half_life": HALF_LIFE,
        "limit": limit,
        "others": others,
        "offset": offset,
    }
    query = _CLOSEST.format(whose=_whose(accounts), only="AND other = ANY(%(others)s)" if others else "")
    with connection.cursor(row_factory=class_row(Tie)) as cursor:
        return cursor.execute(query, asked).fetchall()


_TIES_OF = f"""
WITH {_JOINED}
SELECT count(*) - count(j.member) + count(DISTINCT j.member) AS n
FROM (SELECT DISTINCT other FROM ties WHERE {{whose}} AND other <> ALL(%(accounts)s)) AS met LEFT JOIN joined AS j ON j.handle = met.other
"""


def how_many_ties(connection: Connection[Any], accounts: list[UUID]) -> int:
    """With how many other members a member with these accounts had to do."""
    row = connection.execute(_TIES_OF.format(whose=_whose(accounts)), {"accounts": accounts}).fetchone()
    return row["n"] if row else 0


def _whose(accounts: list[UUID]) -> str:
    """The ties of these accounts; of a single one they come in the order of the others, and need no sorting to be put together."""
    return "ties.member = ANY(%(accounts)s)" if len(accounts) > 1 else "ties.member = (%(accounts)s::uuid[])[1]"


class Month(msgspec.Struct):
    """What passed between two members in a month."""

    month: date
    given: int
    received: int


def which_months(connection: Connection[Any], accounts: list[UUID], others: list[UUID]) -> list[Month]:
    """Month by month what a member gave to another and received, each by their accounts, oldest first; empty months are left out."""
    with connection.cursor(row_factory=class_row(Month)) as cursor:
        return cursor.execute(
            """SELECT month, sum(given)::bigint AS given, sum(received)::bigint AS received FROM ties
            WHERE member = ANY(%(accounts)s) AND other = ANY(%(others)s) GROUP BY month ORDER BY month LIMIT 600""",
            {"accounts": accounts, "others": others},
        ).fetchall()


class Pair(msgspec.Struct):
    """Two members with much between them since a month."""

    member: UUID
    other: UUID
    given: int
    received: int
    last_at: datetime


_PAIRS = f"""
WITH strong AS MATERIALIZED (
    SELECT DISTINCT least(one, two) AS one, greatest(one, two) AS two
    FROM generate_series(%(since)s::date, %(until)s::date, interval '1 month') AS months(month), LATERAL (
        SELECT one, two FROM (
            SELECT *, coalesce((SELECT s.member FROM membership AS s WHERE handle = t.member), t.member) AS one,
                coalesce((SELECT s.member FROM membership AS s WHERE handle = t.other), t.other) AS two
            FROM ties AS t WHERE t.month = months.month::date AND t.member < t.other
        ) AS named WHERE one <> two AND member NOT IN {BOTS} AND other NOT IN {BOTS}
        ORDER BY given + received DESC, member, other LIMIT %(limit)s
    ) AS top
)
SELECT one AS member, two AS other, sum(given)::bigint AS given, sum(received)::bigint AS received,
    greatest(max(gave_at), max(got_at)) AS last_at
FROM strong CROSS JOIN LATERAL unnest(one || ARRAY(SELECT handle FROM membership WHERE member = one)) AS mine(account)
    CROSS JOIN LATERAL unnest(two || ARRAY(SELECT handle FROM membership WHERE member = two)) AS theirs(account)
    JOIN ties ON ties.member = mine.account AND ties.other = theirs.account
WHERE month BETWEEN %(since)s AND %(until)s
GROUP BY one, two ORDER BY sum(given + received) DESC, one, two LIMIT %(limit)s
"""


def which_pairs(connection: Connection[Any], since: date, until: date, limit: int = 50) -> list[Pair]:
    """The pairs of members (no bots) with most between them from a month to a month, both included, each named once.

    Looked at are the strongest of each single month, so that the question costs the same however many pairs there are.
    """
    with connection.cursor(row_factory=class_row(Pair)) as cursor:
        return cursor.execute(_PAIRS, {"since": since, "until": until, "limit": limit}).fetchall()
