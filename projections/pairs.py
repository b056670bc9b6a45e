"""Which two members may be one person. Suggestions are of accounts; here those are left out that the team has decided about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.likeness.judging import POSSIBLE, Likeness, Reason, how_sure
from crm.membership import MembersKeptApart
from crm.vault import Vault
from projections.accounts import Account, which_accounts
from projections.written import what_was_written


class Known(msgspec.Struct):
    """A member in a line: the name it goes by, how many accounts it has, and how much was done with all of them."""

    member: UUID
    name: str
    accounts: int
    acts: int


class Half(msgspec.Struct):
    """One of two that look alike: the account that does, and the member whose it is."""

    account: Account
    member: Known


class Pair(msgspec.Struct):
    """Two members who may be one person, whoever did more first, by those of their accounts that are most alike."""

    one: Half
    other: Half
    likeness: Likeness

    @property
    def members(self) -> str:
        """The ids of both, as a form sends them."""
        return f"{self.one.member.member}:{self.other.member.member}"

    @property
    def accounts(self) -> tuple[Account, Account]:
        """The two accounts that are alike."""
        return self.one.account, self.other.account

    @property
    def sure(self) -> str:
        """How sure it is that they are one, in words: a msgid."""
        return how_sure(self.likeness.confidence)


class Apart(msgspec.Struct):
    """Two members who are not the same person: who said so, when and why. `position` is the act that did."""

    position: int
    one: Known
    other: Known
    at: datetime
    by: str
    reason: str


_PAIRS = f"""
WITH apart AS MATERIALIZED (
    SELECT DISTINCT least(one, other) AS one, greatest(one, other) AS other FROM (
        SELECT coalesce(s.member, a.handle) AS one, coalesce(t.member, b.handle) AS other
        FROM acts AS a JOIN acts AS b ON b.position = a.position AND b.handle > a.handle
        LEFT JOIN membership AS s ON s.handle = a.handle LEFT JOIN membership AS t ON t.handle = b.handle
        WHERE a.topic = '{MembersKeptApart.TOPIC}' AND cardinality(a.toggles) %% 2 = 0
    ) AS said
), alike AS (
    SELECT DISTINCT ON (one, other) low, high, one, other, confidence, reasons FROM (
        SELECT s.low, s.high, s.confidence, s.reasons, least(l.member, h.member) AS one, greatest(l.member, h.member) AS other
        FROM suggestions AS s
        CROSS JOIN LATERAL (SELECT coalesce((SELECT member FROM membership WHERE handle = s.low), s.low) AS member) AS l
        CROSS JOIN LATERAL (SELECT coalesce((SELECT member FROM membership WHERE handle = s.high), s.high) AS member) AS h
        WHERE s.confidence >= %(least)s AND s.confidence < %(below)s AND {{fitting}}
    ) AS proposed
    WHERE one <> other AND NOT EXISTS (SELECT FROM apart WHERE apart.one = proposed.one AND apart.other = proposed.other)
    ORDER BY one, other, confidence DESC, low, high
)
"""
"""Pairs of members with the likest of their accounts; those who are one by now or are kept apart are left out."""

_MORE_THAN_ALL = 1.1
"""Above every confidence."""


def which_pairs_may_be_one(
    connection: Connection[Any],
    limit: int = 50,
    offset: int = 0,
    least: float = POSSIBLE,
    below: float = _MORE_THAN_ALL,
) -> list[Pair]:
    """Pairs of at least this confidence and less than that, the surest first."""
    query = _PAIRS.format(fitting="true") + _SUREST_FIRST
    return _pairs(connection, query, {"least": least, "below": below, "limit": limit, "offset": offset})


def who_may_be(
    connection: Connection[Any], handles: Collection[UUID], limit: int = 10, least: float = POSSIBLE
) -> list[Pair]:
    """Pairs of one of these accounts (those of one member) with any other, the surest first."""
    query = _PAIRS.format(fitting="(s.low = ANY(%(handles)s) OR s.high = ANY(%(handles)s))") + _SUREST_FIRST
    asked = {"handles": list(handles), "least": least, "below": _MORE_THAN_ALL, "limit": limit, "offset": 0}
    return _pairs(connection, query, asked)


_SUREST_FIRST = "SELECT * FROM alike ORDER BY confidence DESC, low, high LIMIT %(limit)s OFFSET %(offset)s"


def how_many_pairs(connection: Connection[Any], bounds: Sequence[float]) -> list[int]:
    """How many pairs there are from each of these confidences up to the one before it; the bounds fall."""
    query = _PAIRS.format(fitting="true") + (
        """SELECT (SELECT count(*) FROM alike WHERE confidence >= bound.least AND confidence < bound.below) AS n
        FROM unnest(%(bounds)s::float8[], %(uppers)s::float8[]) WITH ORDINALITY AS bound(least, below, place)
        ORDER BY place LIMIT 10"""
    )
    uppers = [_MORE_THAN_ALL, *bounds[:-1]]
    asked = {"least": min(bounds), "below": _MORE_THAN_ALL, "bounds": list(bounds), "uppers": uppers}
    return [row["n"] for row in connection.execute(query, asked)]


_reasons = msgspec.json.Decoder(tuple[Reason, ...]).decode


def _pairs(connection: Connection[Any], query: str, asked: dict[str, Any]) -> list[Pair]:
    rows = connection.execute(query, asked).fetchall()
    accounts = {
        one.identity: one for one in which_accounts(connection, [row[side] for row in rows for side in ("low", "high")])
    }
    known = who_are_they(connection, list(accounts))
    pairs = []
    for row in rows:
        if row["low"] in accounts and row["high"] in accounts:
            one, other = (Half(accounts[row[side]], known[row[side]]) for side in ("low", "high"))
            first, second = (other, one) if other.member.acts > one.member.acts else (one, other)
            pairs.append(Pair(first, second, Likeness(row["confidence"], _reasons(row["reasons"]))))
    return pairs


_KNOWN = """
SELECT asked.handle, i.identity AS member, coalesce(n.value #>> '{}', i.name) AS name, coalesce(m.accounts, 1) AS accounts,
    coalesce(m.acts, 0) AS acts
FROM unnest(%(handles)s::uuid[]) AS asked(handle) LEFT JOIN membership AS s USING (handle)
JOIN identities AS i ON i.identity = coalesce(s.member, asked.handle) LEFT JOIN members AS m ON m.member = i.identity
LEFT JOIN traits AS n ON n.member = i.identity AND n.slot = 'field:name' ORDER BY asked.handle LIMIT 10000
"""


def who_are_they(connection: Connection[Any], handles: Collection[UUID]) -> dict[UUID, Known]:
    """The members that these accounts are, by account; a name set by hand outranks that of an account."""
    rows = connection.execute(_KNOWN, {"handles": list(set(handles))})
    return {row["handle"]: Known(row["member"], row["name"], row["accounts"], row["acts"]) for row in rows}


_APART = f"""
SELECT position, array_agg(handle ORDER BY handle) AS handles, min(recorded_at) AS at, min(by) AS by FROM acts
WHERE topic = '{MembersKeptApart.TOPIC}' AND cardinality(toggles) %% 2 = 0
AND (%(before)s::bigint IS NULL OR position < %(before)s) GROUP BY position ORDER BY position DESC LIMIT %(limit)s
"""


def who_is_kept_apart(
    vault: Vault, connection: Connection[Any], before: int | None = None, limit: int = 50
) -> list[Apart]:
    """Pairs that are not proposed again, those told last first; `before` is the position where the last page ended."""
    rows = connection.execute(_APART, {"before": before, "limit": limit}).fetchall()
    known = who_are_they(connection, [handle for row in rows for handle in row["handles"]])
    reasons = what_was_written(vault, connection, [row["position"] for row in rows])
    return [
        Apart(row["position"], known[one], known[other], row["at"], row["by"], reasons.get(row["position"], ""))
        for row in rows
        for one, other in [row["handles"]]
        if one in known and other in known
    ]
