"""Strengths: what a member does best beside others, where, when, and whom they reach, in a stretch of days.

All is asked of what they did and whom it reached, day by day, so it can be told of any time; a day counts once, so that much of one
thing on one day outweighs nothing. Beside them stand others who were active in the same days: all of a small community, and of a
large one as many as chance (the order of their ids) puts first.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.kinds import _
from projections.identities import ACCOUNTS
from projections.sides import NO_PEOPLE

AREAS: dict[str, str] = {
    "helping": _("Helping"),
    "creating": _("Creating"),
    "encouraging": _("Encouraging"),
    "connecting": _("Connecting"),
}
"""What people can be good at, in the order in which it is shown."""

MEANT: dict[str, str] = {
    "helping": _("answers, replies and reviews"),
    "creating": _("posts, changes, releases and talks"),
    "encouraging": _("thanks, reactions, stars and invitations"),
    "connecting": _("acts that bring somebody else in: mention, invite, assign or work together with them"),
}
"""What counts as such."""

_KINDS = {
    "helping": ["answered", "replied", "solved", "reviewed"],
    "creating": ["posted", "contributed", "proposed", "published", "created", "credited", "spoke"],
    "encouraging": ["reacted", "starred", "voted", "invited"],
}
_BRINGING = ["mentioned", "invited", "assigned", "coauthored"]

ENOUGH = 5
"""Days on which somebody did something, from which on they count as active."""
BESIDE = 300
"""With how many others a member is compared at most."""

NEWCOMER = 7
"""Days for which somebody is new."""

_OUTSIDERS = f"outsiders AS MATERIALIZED (SELECT member FROM {NO_PEOPLE})"


class Strength(msgspec.Struct):
    """An area: on how many days, and on which part of theirs, a member did such things, and the median part of those beside."""

    area: str
    days: int
    share: float
    usual: float | None

    @property
    def label(self) -> str:
        """What the area is called, a msgid."""
        return AREAS[self.area]

    @property
    def meant(self) -> str:
        """What counts as such, a msgid."""
        return MEANT[self.area]

    @property
    def stands_out(self) -> bool:
        """Whether it is half as much again as is usual, and by a tenth of their days at least, of days that are not few."""
        usual = self.usual or 0.0
        return self.days >= ENOUGH and self.share >= max(1.5 * usual, usual + 0.1)


class Strengths(msgspec.Struct):
    """The areas of a member, who did something on so many `days`; they are compared with `beside` of the `active` others."""

    days: int
    areas: list[Strength]
    beside: int
    active: int


_DAYS = f"""
SELECT count(DISTINCT day) AS days, {", ".join(f"count(DISTINCT day) FILTER (WHERE kind = ANY(%({area})s)) AS {area}" for area in _KINDS)}, (
    SELECT count(DISTINCT day) FROM reached WHERE member = ANY({{accounts}}) AND day BETWEEN %(since)s AND %(until)s
    AND role = ANY(%(bringing)s)
) AS connecting FROM acted WHERE member = ANY({{accounts}}) AND day BETWEEN %(since)s AND %(until)s
"""

_BESIDE = f"""
WITH {_OUTSIDERS}, active AS MATERIALIZED (
    SELECT coalesce(s.member, a.member) AS member FROM acted AS a LEFT JOIN membership AS s ON s.handle = a.member
    WHERE day BETWEEN %(since)s AND %(until)s AND a.member NOT IN (SELECT member FROM outsiders) AND a.member <> ALL(%(accounts)s)
    GROUP BY 1 HAVING count(DISTINCT day) >= %(enough)s
), beside AS MATERIALIZED (
    SELECT each.* FROM (SELECT member FROM active ORDER BY member LIMIT %(limit)s) AS m CROSS JOIN LATERAL ({_DAYS.format(accounts=ACCOUNTS)}) AS each
)
SELECT count(*) AS beside, (SELECT count(*) FROM active) AS active,
    {", ".join(f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {area}::float8 / days) AS {area}" for area in AREAS)}
FROM beside
"""


def what_are_they_good_at(connection: Connection[Any], accounts: list[UUID], since: date, until: date) -> Strengths:
    """What a member with these accounts did from day to day, both included, beside what is usual among those active in these days."""
    asked = {"accounts": accounts, "since": since, "until": until, "bringing": _BRINGING, **_KINDS}
    mine = connection.execute(_DAYS.format(accounts="%(accounts)s"), asked).fetchone()
    usual = connection.execute(_BESIDE, {**asked, "enough": ENOUGH, "limit": BESIDE}).fetchone()
    assert mine is not None
    assert usual is not None
    days = mine["days"]
    areas = [Strength(area, mine[area], mine[area] / days if days else 0.0, usual[area]) for area in AREAS]
    return Strengths(days, areas, usual["beside"], usual["active"])


def when_did_they_act_last(connection: Connection[Any], accounts: list[UUID], day: date) -> date | None:
    """The last day up to `day` on which a member with these accounts did something; None where there was none."""
    row = connection.execute(
        "SELECT max(day) AS day FROM acted WHERE member = ANY(%(accounts)s) AND day <= %(day)s",
        {"accounts": accounts, "day": day},
    ).fetchone()
    return row["day"] if row else None


class Where(msgspec.Struct):
    """A source, or a place in it, and how much a member did there; `place` and `name` are empty for what happened in none."""

    source: str
    place: UUID | None
    name: str
    acts: int


def where_are_they(
    connection: Connection[Any], accounts: list[UUID], since: datetime, until: datetime, limit: int = 8
) -> list[Where]:
    """Where a member with these accounts acted from a moment until before another, the busiest first."""
    with connection.cursor(row_factory=class_row(Where)) as cursor:
        return cursor.execute(
            """SELECT t.source, t.place, coalesce(p.name, '') AS name, t.acts FROM (
                SELECT source, place, count(*) AS acts FROM timeline
                WHERE member = ANY(%(accounts)s) AND role = '' AND at >= %(since)s AND at < %(until)s
                GROUP BY source, place ORDER BY acts DESC, source, place LIMIT %(limit)s
            ) AS t LEFT JOIN places AS p USING (place) ORDER BY t.acts DESC, t.source, t.place""",
            {"accounts": accounts, "since": since, "until": until, "limit": limit},
        ).fetchall()


def when_are_they_here(
    connection: Connection[Any], accounts: list[UUID], since: datetime, until: datetime
) -> list[tuple[datetime, int]]:
    """Quarters of an hour in which a member with these accounts did something, and how much: fine enough for any time zone."""
    rows = connection.execute(
        """SELECT date_bin('15 minutes', at, 'epoch'::timestamptz) AS quarter, count(*) AS n FROM timeline
        WHERE member = ANY(%(accounts)s) AND role = '' AND at >= %(since)s AND at < %(until)s
        GROUP BY 1 ORDER BY 1 LIMIT 40000""",
        {"accounts": accounts, "since": since, "until": until},
    )
    return [(row["quarter"], row["n"]) for row in rows]


class Listener(msgspec.Struct):
    """Somebody who responded to a member, and on how many days."""

    member: UUID
    days: int


class Reach(msgspec.Struct):
    """Whom a member reached. `heard` responded to them, on `responses` days in all; `spoken` they turned to, of whom `newcomers` were new.

    `loudest` are the three who responded most often.
    """

    heard: int
    responses: int
    spoken: int
    newcomers: int
    loudest: list[Listener]

    @property
    def top(self) -> float:
        """The part of the three in all responses, from 0 to 1; 0 where nobody responded."""
        return sum(one.days for one in self.loudest) / self.responses if self.responses else 0.0


_REACH = f"""
WITH {_OUTSIDERS}, heard AS MATERIALIZED (
    SELECT coalesce(s.member, r.other) AS member, count(DISTINCT day) AS days
    FROM responded AS r LEFT JOIN membership AS s ON s.handle = r.other CROSS JOIN unnest(r.days) AS each(day)
    WHERE r.member = ANY(%(accounts)s) AND r.other <> ALL(%(accounts)s) AND r.other NOT IN (SELECT member FROM outsiders)
    AND day BETWEEN %(since)s AND %(until)s GROUP BY 1
), spoken AS MATERIALIZED (
    SELECT coalesce(s.member, other) AS member, min(day) AS day
    FROM reached AS r CROSS JOIN unnest(r.others) AS each(other) LEFT JOIN membership AS s ON s.handle = other
    WHERE r.member = ANY(%(accounts)s) AND other <> ALL(%(accounts)s) AND other NOT IN (SELECT member FROM outsiders)
    AND day BETWEEN %(since)s AND %(until)s GROUP BY 1
), loudest AS (SELECT * FROM heard ORDER BY days DESC, member LIMIT 3)
SELECT (SELECT count(*) FROM heard) AS heard, (SELECT coalesce(sum(days), 0)::bigint FROM heard) AS responses,
    (SELECT count(*) FROM spoken) AS spoken, (
        SELECT count(*) FROM spoken JOIN members USING (member) WHERE day <= (first_at AT TIME ZONE 'UTC')::date + {NEWCOMER}
    ) AS newcomers, ARRAY(SELECT member FROM loudest ORDER BY days DESC, member) AS who,
    ARRAY(SELECT days FROM loudest ORDER BY days DESC, member) AS often
"""


def whom_do_they_reach(connection: Connection[Any], accounts: list[UUID], since: date, until: date) -> Reach:
    """Who responded to a member with these accounts from day to day, and whom they turned to; bots and colleagues left out."""
    row = connection.execute(_REACH, {"accounts": accounts, "since": since, "until": until}).fetchone()
    assert row is not None
    loudest = [Listener(*one) for one in zip(row["who"], row["often"], strict=True)]
    return Reach(row["heard"], row["responses"], row["spoken"], row["newcomers"], loudest)
