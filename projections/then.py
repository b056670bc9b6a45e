"""The tables as they were: what had happened by a moment, or what we knew by then. Conditions are asked of them as of those now.

Only accounts that did something since, or of which we learned something since, are counted anew.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from crm.append import read_head
from crm.event import NOBODY
from crm.imports import taken_back
from crm.membership import ARRANGING, who_is_whom
from crm.store import EVENTS
from projections.acts import NOW, STANDS
from projections.projection import FACTS, TOUCHED


class Moment(msgspec.Struct, frozen=True):
    """What of the past is wanted: what had happened before `until`, and was known at position `known` of the log.

    `said_until` and `said` are the same for what the team said of members, `whom` for which accounts it said are one.
    """

    until: datetime | None = None
    known: int = NOW
    said_until: datetime | None = None
    said: int = NOW
    whom: int = NOW


class Then(NamedTuple):
    """The beginning of a statement, what tables in it are called, and its parameters."""

    beginning: str
    tables: Mapping[str, str]
    parameters: dict[str, Any]


_TALLY = f"""SELECT identity, sum(acted) AS acts, sum(touched) AS received, min(occurred_at) AS first_at, max(occurred_at) AS last_at
    FROM (
        SELECT actor AS identity, 1 AS acted, 0 AS touched, occurred_at FROM {FACTS} WHERE actor IS NOT NULL
        UNION ALL SELECT target, 0, 1, occurred_at FROM {FACTS}, {TOUCHED} WHERE target IS DISTINCT FROM actor
    ) AS parts WHERE %(until)s::timestamptz IS NULL OR occurred_at < %(until)s GROUP BY identity"""

_HAPPENED = """SELECT identity, acts, received, first_at, last_at FROM tallies WHERE last_at < %(until)s
    UNION ALL SELECT t.identity, t.acts - later.acts, t.received - later.received, t.first_at, before.at FROM tallies AS t
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE role = '') AS acts, count(*) FILTER (WHERE role <> '') AS received
        FROM timeline WHERE member = t.identity AND at >= %(until)s
    ) AS later
    CROSS JOIN LATERAL (
        SELECT at FROM timeline WHERE member = t.identity AND at < %(until)s ORDER BY at DESC LIMIT 1
    ) AS before WHERE t.last_at >= %(until)s AND t.first_at < %(until)s"""
"""By the clock: less what happened later, which an index finds account by account."""

_LEARNED = f"""WITH learned AS MATERIALIZED ({_TALLY})
    SELECT identity, acts, received, first_at, last_at FROM tallies AS t WHERE NOT EXISTS (SELECT FROM learned WHERE learned.identity = t.identity)
    UNION ALL SELECT t.identity, t.acts - learned.acts, t.received - learned.received, first.at, last.at
    FROM tallies AS t JOIN learned USING (identity)
    CROSS JOIN LATERAL (
        SELECT at FROM timeline WHERE member = t.identity AND position <= %(lo)s ORDER BY at LIMIT 1
    ) AS first
    CROSS JOIN LATERAL (
        SELECT at FROM timeline WHERE member = t.identity AND position <= %(lo)s ORDER BY at DESC LIMIT 1
    ) AS last"""
"""By the log, not long ago: less what was learned since. Long ago, its beginning is tallied instead."""

_MEMBERS = """tallied AS ({tallied}),
members_then AS MATERIALIZED (
    SELECT coalesce(s.member, t.identity) AS member, count(*) AS accounts, sum(t.acts)::bigint AS acts,
        sum(t.received)::bigint AS received, min(t.first_at) AS first_at, max(t.last_at) AS last_at
    FROM tallied AS t LEFT JOIN {membership} AS s ON s.handle = t.identity GROUP BY 1
)"""

_TRAITS = f"""traits_then AS MATERIALIZED (
    SELECT * FROM (
        SELECT DISTINCT ON (1, a.slot) coalesce(s.member, a.handle) AS member, a.slot, a.value
        FROM acts AS a LEFT JOIN {{membership}} AS s ON s.handle = a.handle
        WHERE a.slot <> '' AND a.handle <> %(nobody)s AND {STANDS} AND (%(said_until)s::timestamptz IS NULL OR a.at < %(said_until)s)
        ORDER BY 1, a.slot, a.position DESC
    ) AS stood WHERE value IS NOT NULL
)"""

_MEMBERSHIP = """membership_then AS MATERIALIZED (
    SELECT handle, member FROM membership WHERE handle <> ALL(%(arranged)s)
    UNION ALL SELECT * FROM unnest(%(arranged)s::uuid[], %(whom)s::uuid[]) AS w(handle, member) WHERE handle <> member
)"""

_DAYS = """(SELECT member, (at AT TIME ZONE 'UTC')::date AS day, 1 AS n FROM timeline
    WHERE role = '' AND position <= %(facts)s AND at >= %(floor)s)"""
"""Who did something on which day from `floor` on, as the log knew it; without that, a table tells."""


def then(connection: Connection[Any], moment: Moment) -> Then:
    """The tables as they were at that moment."""
    arranged = _arranged(connection, moment.whom)
    membership = "membership_then" if arranged else "membership"
    lo, hi, tallied = _tallied(connection, moment)
    parts = [_MEMBERSHIP] if arranged else []
    parts += [_MEMBERS.format(tallied=tallied, membership=membership), _TRAITS.format(membership=membership)]
    tables = {
        "members": "members_then",
        "traits": "traits_then",
        "membership": membership,
        "days": "acted" if moment.known == NOW else _DAYS,
    }
    known = {
        "until": moment.until,
        "facts": moment.known,
        "lo": lo,
        "hi": hi,
        "gone": taken_back(connection),
        "known": moment.said,
        "said_until": moment.said_until,
        "nobody": NOBODY,
        "arranged": list(arranged),
        "whom": list(arranged.values()),
    }
    return Then(f"WITH {', '.join(parts)}", tables, known)


def _tallied(connection: Connection[Any], moment: Moment) -> tuple[int, int, str]:
    """Of each account how much it did and received then, and the stretch of the log that is read for that."""
    if moment.known == NOW:
        return 0, 0, _HAPPENED if moment.until else "SELECT identity, acts, received, first_at, last_at FROM tallies"
    if moment.until or moment.known * 2 < read_head(connection, EVENTS).size:
        return 0, moment.known, _TALLY
    return moment.known, NOW, _LEARNED


def _arranged(connection: Connection[Any], position: int) -> dict[Any, Any]:
    """Who the accounts were whose members were joined or parted since; empty where none was."""
    if position == NOW:
        return {}
    rows = connection.execute(
        """SELECT DISTINCT handle FROM acts AS a WHERE topic = ANY(%(topics)s) AND (position > %(whom)s
        OR EXISTS (SELECT FROM unnest(a.toggles) AS toggled WHERE toggled > %(whom)s)) ORDER BY handle LIMIT 1000000""",
        {"topics": [event.TOPIC for event in ARRANGING], "whom": position},
    )
    handles = [row["handle"] for row in rows]
    return who_is_whom(connection, who_is_whom(connection, handles).member, position).member if handles else {}


def where_did_the_log_end(connection: Connection[Any], at: datetime) -> int:
    """The position of the last event recorded before a moment; 0 where there was none. Later events have later positions."""
    low, high = 0, read_head(connection, EVENTS).size
    while low < high:
        middle = (low + high + 1) // 2
        row = connection.execute(
            f"SELECT recorded_at < %(at)s AS before FROM {EVENTS} WHERE notification_id = %(middle)s",
            {"at": at, "middle": middle},
        ).fetchone()
        low, high = (middle, high) if row and row["before"] else (low, middle - 1)
    return low
