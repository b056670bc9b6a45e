"""Contact between the team and members: in any channel, whoever turned to whom, what colleagues wrote down included."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.sides import TEAM

OURS = f"(SELECT member AS handle FROM {TEAM} AS them)"
"""The accounts of colleagues, each a `handle`."""

LOGGED = "(t.slot LIKE 'call:%%' OR t.slot LIKE 'meeting:%%' OR t.slot LIKE 'message:%%' OR t.slot LIKE 'gift:%%')"
"""Traits `t` that tell of a contact which a colleague wrote down; its `day` stands in the value."""


class Contact(msgspec.Struct):
    """The last contact of a member with the team: an interaction at a position, or what a colleague wrote down (`logged`).

    `ours` tells whether the team turned to the member, rather than the member to the team.
    """

    member: UUID
    at: datetime
    position: int
    ours: bool
    colleague: UUID | None
    logged: str


TIES = "ties WHERE ties.member = team.handle AND ties.other = a.handle"
"""What passed between a colleague of `team` and an account of `accounts AS a`, month by month."""

# Asked one by one on purpose: planned as a join, all ties of the busiest account would be read.
_LAST = f"""
WITH team AS MATERIALIZED {OURS}, accounts AS MATERIALIZED (
    SELECT member, member AS handle FROM unnest(%(members)s::uuid[]) AS asked(member)
    UNION SELECT member, handle FROM membership WHERE member = ANY(%(members)s)
), turned AS (
    SELECT a.member, a.handle, team.handle AS colleague, ours, at
    FROM accounts AS a CROSS JOIN team CROSS JOIN LATERAL (
        (SELECT true AS ours, gave_at AS at FROM {TIES} AND gave_at IS NOT NULL ORDER BY month DESC LIMIT 1)
        UNION ALL (SELECT false, got_at FROM {TIES} AND got_at IS NOT NULL ORDER BY month DESC LIMIT 1)
    ) AS way
), met AS (
    SELECT last.member, last.at, m.position, ours, colleague, '' AS logged
    FROM (SELECT DISTINCT ON (member) * FROM turned ORDER BY member, at DESC, colleague, handle) AS last CROSS JOIN LATERAL (
        SELECT position FROM meetings AS m WHERE m.low = least(handle, colleague) AND m.high = greatest(handle, colleague)
        AND m.at = last.at AND m.by_low = ((handle < colleague) <> ours) ORDER BY position DESC LIMIT 1
    ) AS m
), written AS (
    SELECT DISTINCT ON (t.member) t.member, (t.value ->> 'day')::timestamp AT TIME ZONE 'UTC' AS at, t.position, true AS ours,
        NULL::uuid AS colleague, split_part(t.slot, ':', 1) AS logged
    FROM traits AS t WHERE t.member = ANY(%(members)s) AND {LOGGED} ORDER BY t.member, t.value ->> 'day' DESC, t.position DESC
)
SELECT DISTINCT ON (member) * FROM (SELECT * FROM met UNION ALL SELECT * FROM written) AS found
ORDER BY member, at DESC, position DESC LIMIT 10000
"""


def when_was_the_last_contact(connection: Connection[Any], members: list[UUID]) -> dict[UUID, Contact]:
    """Of each of these members the last contact with the team, whoever turned to whom; who never had any is left out."""
    with connection.cursor(row_factory=class_row(Contact)) as cursor:
        return {row.member: row for row in cursor.execute(_LAST, {"members": members})}


def is_there_a_team(connection: Connection[Any]) -> bool:
    """Whether anybody is known as a colleague: without one nothing can be told of contacts."""
    return bool(
        connection.execute("""SELECT 1 FROM traits WHERE slot = 'side' AND value = '"team"' LIMIT 1""").fetchone()
    )


def what_day_is_it(newest: date | None, now: date) -> date:
    """Today; where nothing came in for more than a week, the newest day of all, from which a history is looked back on."""
    return newest if newest and (now - newest).days > 7 else now
