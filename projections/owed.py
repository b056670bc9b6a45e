"""Who is owed an answer, and who was turned to again and again without giving one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY
from projections.care import RHYTHMS
from projections.sides import BOTS, NO_PEOPLE
from projections.team import LOGGED, OURS

PATIENCE = 3
"""Days after which an answer is owed."""
OFTEN = 3
"""Times that the team may turn to somebody who does not answer."""


class Owed(msgspec.Struct):
    """What waits for an answer: the act at a position, since when. `colleague` was turned to; None for a question to everybody."""

    member: UUID
    at: datetime
    position: int
    colleague: UUID | None


_TOUCH = f"""
team AS MATERIALIZED {OURS}, touch AS MATERIALIZED (
    SELECT coalesce(s.member, t.handle) AS member, t.* FROM (
        SELECT t.member AS colleague, t.other AS handle, max(gave_at) AS gave_at, max(got_at) AS got_at, max(got_asked_at) AS asked_at
        FROM ties AS t WHERE t.member = ANY(ARRAY(SELECT handle FROM team)) AND t.month = ANY(ARRAY(
            SELECT generate_series(
                date_trunc('month', %(since)s::timestamptz AT TIME ZONE 'UTC'), (SELECT max(month) FROM ties), interval '1 month'
            )::date
        )) GROUP BY 1, 2
    ) AS t LEFT JOIN membership AS s ON s.handle = t.handle
)"""
"""Of each colleague and whom they touched or were touched by since: when last, in either direction."""

_TO_US = """
turned AS (SELECT member, max(gave_at) AS at FROM touch WHERE gave_at > %(since)s GROUP BY member), asking AS MATERIALIZED (
    SELECT a.* FROM (
        SELECT DISTINCT ON (member) member, handle AS who, colleague AS whom, asked_at AS at FROM touch
        WHERE asked_at > %(since)s AND asked_at < %(until)s ORDER BY member, asked_at DESC, colleague
    ) AS a LEFT JOIN turned USING (member) WHERE turned.at IS NULL OR turned.at <= a.at
    ORDER BY a.at DESC, a.member LIMIT %(limit)s * 10
), direct AS (
    SELECT a.member, a.at, found.position, a.whom AS colleague
    FROM asking AS a CROSS JOIN LATERAL (
        SELECT t.position, t.thread FROM meetings AS m JOIN timeline AS t ON t.member = a.whom AND t.at = m.at AND t.position = m.position
        WHERE m.low = least(a.who, a.whom) AND m.high = greatest(a.who, a.whom) AND m.at = a.at AND m.by_low = (a.who < a.whom)
        ORDER BY t.position DESC LIMIT 1
    ) AS found
    WHERE (
        SELECT t.position FROM timeline AS t WHERE t.thread = found.thread AND t.role = '' AND t.at > a.at
            AND t.member = ANY(ARRAY(SELECT handle FROM team)) LIMIT 1
    ) IS NULL
)"""
"""The last words to a colleague that no colleague answered, neither in that thread nor anywhere else.

Of those that nobody turned back to, ten times as many are looked at as are asked for: in busy times they are thousands.
Threads are looked into one by one on purpose: planned as a join, all that colleagues ever did would be read for each.
"""

_TO_ALL = f"""
questions AS (
    SELECT coalesce(s.member, q.member) AS member, q.at, q.position
    FROM (SELECT DISTINCT source FROM timeline_totals WHERE kind = 'asked') AS run CROSS JOIN LATERAL (
        SELECT q.member, q.at, q.position FROM timeline AS q
        WHERE q.kind = 'asked' AND q.source = run.source AND q.role = '' AND q.at > %(since)s AND q.at < %(until)s
        AND q.thread IS NOT NULL AND q.member NOT IN {NO_PEOPLE} AND NOT EXISTS (
            SELECT FROM timeline AS t WHERE t.thread = q.thread AND t.role = '' AND t.at >= q.at
                AND t.member NOT IN {BOTS} AND coalesce((SELECT member FROM membership WHERE handle = t.member), t.member)
                    <> coalesce((SELECT member FROM membership WHERE handle = q.member), q.member)
        ) ORDER BY q.at DESC, q.position DESC LIMIT %(limit)s
    ) AS q LEFT JOIN membership AS s ON s.handle = q.member
)"""
"""Questions to everybody in whose thread nobody else has said anything since."""

_OWED = f"""
WITH {_TOUCH}, {_TO_US}, {_TO_ALL}
SELECT * FROM (
    SELECT DISTINCT ON (position) member, at, position, colleague FROM (
        SELECT * FROM direct UNION ALL SELECT member, at, position, NULL FROM questions
    ) AS found ORDER BY position, colleague
) AS waiting
WHERE member <> '{NOBODY}' AND member NOT IN {NO_PEOPLE} AND NOT EXISTS (
    SELECT FROM traits AS t WHERE t.member = waiting.member AND {LOGGED}
        AND (t.value ->> 'day')::date >= (waiting.at AT TIME ZONE 'UTC')::date
)
ORDER BY at DESC, position DESC LIMIT %(limit)s
"""


def who_is_owed_an_answer(connection: Connection[Any], since: datetime, until: datetime, limit: int = 50) -> list[Owed]:
    """What was asked between these moments and nobody answered, the latest first: words to a colleague, and questions to everybody.

    A call, message or meeting that was written down since answers it as well.
    """
    with connection.cursor(row_factory=class_row(Owed)) as cursor:
        return cursor.execute(_OWED, {"since": since, "until": until, "limit": limit}).fetchall()


class Pressed(msgspec.Struct):
    """Somebody to whom the team turned `times` within `days` without an answer, the last time `at`."""

    member: UUID
    times: int
    days: int
    at: datetime


_OFTEN = f"""
WITH {_TOUCH}, rhythms AS MATERIALIZED {RHYTHMS.format(only="")}, answered AS MATERIALIZED (
    SELECT member, max(got_at) AS at FROM touch WHERE got_at > %(since)s GROUP BY member
), times AS (
    SELECT member, (value ->> 'day')::timestamp AT TIME ZONE 'UTC' AS at FROM traits
    WHERE slot LIKE 'message:%%' AND value ->> 'day' > %(since)s::text
    UNION ALL SELECT touch.member, m.at FROM touch LEFT JOIN answered USING (member) JOIN meetings AS m
        ON m.low = least(touch.handle, colleague) AND m.high = greatest(touch.handle, colleague)
        AND m.by_low = (colleague < touch.handle) AND m.role IN ('mentioned', 'invited', 'assigned')
        AND m.at > coalesce(answered.at, %(since)s)
    WHERE touch.gave_at > coalesce(answered.at, %(since)s)
)
SELECT member, count(*) AS times, days, max(at) AS at FROM (
    SELECT t.member, t.at, answered.at AS answered, coalesce(nullif(r.days, 0), 30) AS days
    FROM times AS t LEFT JOIN rhythms AS r USING (member) LEFT JOIN answered USING (member)
) AS told
WHERE at > coalesce(answered, '-infinity') AND at > %(until)s - make_interval(days => days)
    AND member <> '{NOBODY}' AND member NOT IN {NO_PEOPLE}
GROUP BY member, days HAVING count(*) >= {OFTEN} ORDER BY times DESC, member LIMIT %(limit)s
"""
"""An answer, and a call or meeting too, is two people turning to each other: only messages, mentions, invitations count."""


def who_is_contacted_too_often(
    connection: Connection[Any], since: datetime, until: datetime, limit: int = 50
) -> list[Pressed]:
    """Members to whom the team turned of its own accord at least OFTEN times since they last answered, the most often first.

    Counted within their rhythm, or thirty days, before `until`; looked at is nothing before `since`.
    """
    with connection.cursor(row_factory=class_row(Pressed)) as cursor:
        return cursor.execute(_OFTEN, {"since": since, "until": until, "limit": limit}).fetchall()
