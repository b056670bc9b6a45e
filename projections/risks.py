"""Risks with a member: that they fade, that too much is asked of them, and that a place would fall silent without them.

Lately is ninety days, their habit the year before those; what is told carries its numbers, so that anybody can judge it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from projections.sides import NO_PEOPLE

LATELY, BEFORE = timedelta(days=90), timedelta(days=365)
"""How long lately is, and how long the time before it that makes the habit."""
SOME = 20
"""Acts, questions or answers without which nothing is said of a change in them."""
LESS, MORE = 0.5, 2.0
"""What part of the usual is fading, and how many times the usual is too much."""
ASKING = ["replied", "mentioned", "quoted", "assigned"]
"""Roles in which somebody is turned to with words."""
WAITS = timedelta(days=14)
"""Within which somebody who goes on in the thread has answered."""
CARRIED = 0.5
"""The share of the answers in a place from which on one person carries it."""
ANSWERS = ["answered", "replied", "solved", "reviewed"]
"""Kinds that answer somebody."""

_OUTSIDERS = f"outsiders AS MATERIALIZED (SELECT member FROM {NO_PEOPLE})"


class Pace(msgspec.Struct):
    """How much in the ninety days up to a day, and in the year before those; `usual` is what that year makes of ninety days."""

    lately: int
    before: int

    @property
    def usual(self) -> float:
        """Acts in ninety days as they were the year before."""
        return self.before * LATELY.days / BEFORE.days

    @property
    def fades(self) -> bool:
        """Whether it is less than half the usual, of a habit that was one."""
        return self.before >= SOME and self.lately < LESS * self.usual

    @property
    def grows(self) -> bool:
        """Whether it is at least twice the usual, and much."""
        return self.lately >= SOME and self.lately >= MORE * self.usual


class Asked(msgspec.Struct):
    """How often people turned to a member with words: `pace`. Of those acts lately that are `due`, they `answered` some in time.

    Who turned to them in the last two weeks may still wait, and is not `due` yet.
    """

    pace: Pace
    due: int
    answered: int

    @property
    def share(self) -> float:
        """The part that was answered, from 0 to 1; 1 where nothing was due."""
        return self.answered / self.due if self.due else 1.0


def how_much_lately(connection: Connection[Any], accounts: list[UUID], day: date) -> Pace:
    """How much a member with these accounts did lately, up to a day, and before."""
    row = connection.execute(
        """SELECT coalesce(sum(n) FILTER (WHERE day > %(lately)s), 0)::bigint AS lately,
            coalesce(sum(n) FILTER (WHERE day <= %(lately)s), 0)::bigint AS before
        FROM acted WHERE member = ANY(%(accounts)s) AND day > %(before)s AND day <= %(day)s""",
        {"accounts": accounts, "day": day, "lately": day - LATELY, "before": day - LATELY - BEFORE},
    ).fetchone()
    assert row is not None
    return Pace(row["lately"], row["before"])


_ASKED = f"""
WITH {_OUTSIDERS}, asked AS MATERIALIZED (
    SELECT DISTINCT ON (t.position) t.position, t.at, t.thread FROM timeline AS t
    JOIN timeline AS act ON act.thread = t.thread AND act.at = t.at AND act.position = t.position AND act.role = ''
    WHERE t.member = ANY(%(accounts)s) AND t.role = ANY(%(roles)s) AND t.at >= %(before)s AND t.at < %(until)s
    AND act.member <> ALL(%(accounts)s) AND act.member NOT IN (SELECT member FROM outsiders)
    ORDER BY t.position, t.at
), spoke AS MATERIALIZED (
    SELECT thread, at FROM timeline WHERE member = ANY(%(accounts)s) AND role = '' AND at >= %(lately)s AND at < %(until)s
)
SELECT lately, n - lately AS before, due, (
    SELECT count(*) FROM asked WHERE at >= %(lately)s AND at < %(due)s AND EXISTS (
        SELECT FROM spoke WHERE spoke.thread = asked.thread AND spoke.at > asked.at AND spoke.at <= asked.at + %(waits)s
    )
) AS answered FROM (
    SELECT count(*) AS n, count(*) FILTER (WHERE at >= %(lately)s) AS lately,
        count(*) FILTER (WHERE at >= %(lately)s AND at < %(due)s) AS due FROM asked
) AS counted
"""


def how_much_is_asked(connection: Connection[Any], accounts: list[UUID], until: datetime) -> Asked:
    """How often people turned to a member with these accounts in a thread, before a moment; bots and colleagues left out."""
    lately = until - LATELY
    asked = {"accounts": accounts, "until": until, "lately": lately, "before": lately - BEFORE, "roles": ASKING}
    row = connection.execute(_ASKED, {**asked, "due": until - WAITS, "waits": WAITS}).fetchone()
    assert row is not None
    return Asked(Pace(row["lately"], row["before"]), row["due"], row["answered"])


class Channel(msgspec.Struct):
    """A place in which a member answers: their answers of `all` that people gave in a year, and how few give half of them."""

    place: UUID
    name: str
    answers: int
    all: int
    factor: int

    @property
    def share(self) -> float:
        """Their part of the answers, from 0 to 1."""
        return self.answers / self.all

    @property
    def is_carried(self) -> bool:
        """Whether half of the answers, of enough, are theirs."""
        return self.all >= SOME and self.share >= CARRIED


_CHANNELS = f"""
WITH {_OUTSIDERS}, mine AS MATERIALIZED (
    SELECT place, count(*) AS answers FROM timeline WHERE member = ANY(%(accounts)s) AND role = '' AND place IS NOT NULL
    AND kind = ANY(%(kinds)s) AND at >= %(since)s AND at < %(until)s GROUP BY place ORDER BY answers DESC, place LIMIT %(limit)s
)
SELECT place, p.name, answers, each.counts FROM mine JOIN places AS p USING (place) CROSS JOIN LATERAL (
    SELECT array_agg(n) AS counts FROM (
        SELECT count(*) AS n FROM timeline AS t LEFT JOIN membership AS s ON s.handle = t.member
        WHERE t.place = mine.place AND t.role = '' AND t.kind = ANY(%(kinds)s) AND at >= %(since)s AND at < %(until)s
        AND (t.member = ANY(%(accounts)s) OR t.member NOT IN (SELECT member FROM outsiders))
        GROUP BY coalesce(s.member, t.member)
    ) AS people
) AS each ORDER BY answers DESC, place
"""


def where_do_they_answer(
    connection: Connection[Any], accounts: list[UUID], since: datetime, until: datetime, limit: int = 5
) -> list[Channel]:
    """The places where a member with these accounts answers most, from a moment until before another; bots and colleagues left out."""
    asked = {"accounts": accounts, "since": since, "until": until, "kinds": ANSWERS, "limit": limit}
    rows = connection.execute(_CHANNELS, asked)
    return [
        Channel(row["place"], row["name"], row["answers"], sum(row["counts"]), absence_factor(row["counts"]))
        for row in rows
    ]


def absence_factor(contributions: Iterable[int]) -> int:
    """How few people together give at least half of all (CHAOSS, contributor absence factor); 0 where nobody gave anything."""
    most = sorted((n for n in contributions if n > 0), reverse=True)
    half, given = sum(most) / 2, 0
    for people, n in enumerate(most, 1):
        given += n
        if given >= half:
            return people
    return 0
