"""Notices: who did something for the first time, came back, went quiet, was moved up; and all that watched members did."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY
from projections.habits import Habit, When, whose_habit_turned

What = Literal["first", "back", "quiet", "up", "did"]


class Notice(msgspec.Struct):
    """Something about a member that is worth a word, on a day. `habit` belongs to the first three kinds.

    `stage` is the name of the one reached, `by` who moved them; `position` is the act that a watched member did.
    """

    what: What
    member: UUID
    day: date
    habit: Habit | None = None
    stage: str = ""
    by: str = ""
    position: int = 0


TURNS: dict[What, When] = {"first": "first_day", "back": "back_on", "quiet": "quiet_from"}

_UP = f"""
SELECT 'up' AS what, t.member, (t.at AT TIME ZONE 'UTC')::date AS day, now.value ->> 'name' AS stage, t.by
FROM traits AS t JOIN traits AS now ON now.member = '{NOBODY}' AND now.slot = 'stage:' || (t.value #>> '{{}}')
LEFT JOIN LATERAL (
    SELECT a.value FROM acts AS a WHERE a.handle = t.member AND a.slot = 'stage' AND a.position < t.position
    AND cardinality(a.toggles) %% 2 = 0 ORDER BY a.position DESC LIMIT 1
) AS before ON true
LEFT JOIN traits AS was ON was.member = '{NOBODY}' AND was.slot = 'stage:' || (before.value #>> '{{}}')
WHERE t.slot = 'stage' AND t.at > %(since)s AND coalesce((was.value ->> 'rank')::int, 0) < (now.value ->> 'rank')::int
ORDER BY t.at DESC, t.member LIMIT %(limit)s
"""

_DID = """
SELECT 'did' AS what, w.member, (found.at AT TIME ZONE 'UTC')::date AS day, found.position FROM (
    SELECT member, member AS handle FROM traits WHERE slot = 'watch'
    UNION SELECT s.member, s.handle FROM membership AS s JOIN traits AS t ON t.member = s.member AND t.slot = 'watch'
) AS w CROSS JOIN LATERAL (
    SELECT at, position FROM timeline AS t WHERE t.member = w.handle AND t.role = '' AND t.at > %(since)s AND t.at < %(until)s
    ORDER BY at DESC, position DESC LIMIT %(limit)s
) AS found ORDER BY found.at DESC, found.position DESC LIMIT %(limit)s
"""


def what_is_to_notice(connection: Connection[Any], today: date, within: int = 14, limit: int = 50) -> list[Notice]:
    """The notices of the last days up to `today`, the latest first, at most `limit` of each kind."""
    first = today - timedelta(days=within)
    found = [
        Notice(what, one.member, getattr(one, when), one)
        for what, when in TURNS.items()
        for one in whose_habit_turned(connection, when, first, today, limit)
    ]
    since, until = (datetime.combine(day + timedelta(days=1), time.min, UTC) for day in (first, today))
    found += _notices(connection, _DID, since=since, until=until, limit=limit)
    # What the team does, it does now, however old the newest entry is.
    found += _notices(connection, _UP, since=datetime.now(UTC) - timedelta(days=within), limit=limit)
    return sorted(found, key=lambda one: one.day, reverse=True)


def _notices(connection: Connection[Any], query: str, **asked: Any) -> list[Notice]:
    with connection.cursor(row_factory=class_row(Notice)) as cursor:
        return cursor.execute(query, asked).fetchall()
