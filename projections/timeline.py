"""The timelines: of each member all that they did and all that touched them, and of the community all that was done.

Only who, when, what and where is kept; words are decrypted for the page that shows them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY
from projections.projection import Projection, Window

_LINES = f"""
SELECT coalesce(actor, '{NOBODY}') AS member, occurred_at, notification_id, kind, source, '' AS role, thread, place
FROM {{facts}}
UNION ALL
SELECT target, occurred_at, notification_id, kind, source, min(role), thread, NULL
FROM {{facts}}, unnest(targets, roles) AS touched(target, role)
WHERE target IS DISTINCT FROM actor
GROUP BY target, occurred_at, notification_id, kind, source, thread
"""
"""Who acted has no role, so that these lines alone are the community's timeline; where it was is kept with them only.

Where the source lost the account, nobody did it: such acts still stand in their threads and in the community's timeline.
"""

_FOLD = f"""
WITH lines AS MATERIALIZED ({_LINES}),
    kept AS (INSERT INTO {{timeline}} (member, at, position, kind, source, role, thread, place) SELECT * FROM lines)
INSERT INTO {{timeline_kinds}} AS old (member, kind, source, did, received)
SELECT member, kind, source, count(*) FILTER (WHERE role = ''), count(*) FILTER (WHERE role <> '')
FROM lines GROUP BY member, kind, source
ON CONFLICT (member, kind, source) DO UPDATE SET did = old.did + excluded.did, received = old.received + excluded.received
"""

_TOTALS = """
INSERT INTO {timeline_totals} AS old (kind, source, acts) SELECT kind, source, count(*) FROM {facts} GROUP BY kind, source
ON CONFLICT (kind, source) DO UPDATE SET acts = old.acts + excluded.acts
"""

_PLACES = """
INSERT INTO {timeline_places} AS old (place, acts) SELECT place, count(*) FROM {facts} WHERE place IS NOT NULL GROUP BY place
ON CONFLICT (place) DO UPDATE SET acts = old.acts + excluded.acts
"""


def _fold(window: Window) -> None:
    for statement in (_FOLD, _TOTALS, _PLACES):
        window.run(statement)


PROJECTION = Projection(
    name="timeline",
    tables={
        "timeline": """member uuid NOT NULL, at timestamptz NOT NULL, position bigint NOT NULL, kind text NOT NULL,
            source text NOT NULL, role text NOT NULL, thread uuid, place uuid""",
        "timeline_kinds": """member uuid NOT NULL, kind text NOT NULL, source text NOT NULL, did bigint NOT NULL,
            received bigint NOT NULL""",
        "timeline_totals": "kind text NOT NULL, source text NOT NULL, acts bigint NOT NULL",
        "timeline_places": "place uuid NOT NULL, acts bigint NOT NULL",
    },
    keys={
        "timeline_kinds": "(member, kind, source)",
        "timeline_totals": "(kind, source)",
        "timeline_places": "(place)",
    },
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {timeline} (member, at DESC, position DESC) INCLUDE (kind, source, role, thread)",
        "CREATE INDEX ON {timeline} (thread, at, position) WHERE role = ''",
        "CREATE INDEX ON {timeline} (at DESC, position DESC) INCLUDE (member) WHERE role = ''",
        "CREATE INDEX ON {timeline} (kind, source, at DESC, position DESC) INCLUDE (member) WHERE role = ''",
        "CREATE INDEX ON {timeline} (place, kind, at DESC, position DESC) INCLUDE (member) WHERE role = '' AND place IS NOT NULL",
        "CREATE INDEX ON {timeline_places} (acts DESC, place)",
    ),
    cost=4,
)


class Part(msgspec.Struct):
    """What of any timeline is wanted; empty means all. `before` and `position` say where to go on."""

    kind: str = ""
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: datetime | None = None
    position: int = 0


class Filter(Part):
    """What of a member's timeline is wanted. `side` is did or received; `other` leaves what passed between the two members.

    `known` leaves what stood in the log up to that position.
    """

    side: str = ""
    other: UUID | None = None
    known: int | None = None


class Row(msgspec.Struct):
    """One line of a member's timeline; `role` is empty where they acted."""

    at: datetime
    position: int
    kind: str
    source: str
    role: str
    thread: UUID | None


_WANTED = {
    "kind": "t.kind = %(kind)s",
    "source": "t.source = %(source)s",
    "did": "t.role = ''",
    "received": "t.role <> ''",
    "since": "t.at >= %(since)s",
    "until": "t.at < %(until)s",
    "before": "(t.at, t.position) < (%(before)s, %(position)s)",
    "known": "t.position <= %(known)s",
}
"""Of each filter its condition. Only those asked for are written into a statement, so that its plan fits them."""

_OTHERS = """CROSS JOIN (SELECT %(other)s::uuid AS other UNION ALL SELECT handle FROM membership WHERE member = %(other)s) AS them"""
_WITH = """JOIN meetings AS m ON m.at = t.at AND m.position = t.position
    AND m.low = least(whose.account, them.other) AND m.high = greatest(whose.account, them.other)"""

_BY_OTHERS = """NOT EXISTS (SELECT FROM timeline AS own WHERE own.member = ANY(%(accounts)s) AND own.at = t.at
    AND own.position = t.position AND own.role = '')"""
"""What one account of a member did to another of theirs, they did."""


def what_happened(connection: Connection[Any], accounts: list[UUID], wanted: Filter, limit: int = 50) -> list[Row]:
    """The timeline of a member with these accounts, newest first, at most `limit` rows after where the last page ended.

    An index gives the newest of each account. What several of them had a part in stands once, as theirs if one of them did it.
    """
    asked = msgspec.structs.asdict(wanted)
    conditions = [text for name, text in _WANTED.items() if asked.get(name) not in (None, "") or name == wanted.side]
    if wanted.side == "received" and len(accounts) > 1:
        conditions.append(_BY_OTHERS)
    others, met = (_OTHERS, _WITH) if wanted.other else ("", "")
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(
            f"""SELECT DISTINCT ON (found.at, found.position) found.*
            FROM unnest(%(accounts)s::uuid[]) AS whose(account) {others} CROSS JOIN LATERAL (
                SELECT t.at, t.position, t.kind, t.source, t.role, t.thread FROM timeline AS t {met}
                WHERE {" AND ".join(["t.member = whose.account", *conditions])} ORDER BY t.at DESC, t.position DESC LIMIT %(limit)s
            ) AS found ORDER BY found.at DESC, found.position DESC, found.role LIMIT %(limit)s""",
            {**asked, "accounts": accounts, "limit": limit},
        ).fetchall()


class KindCount(msgspec.Struct):
    """How many acts of a kind a member has in the timeline from one source, done and received."""

    kind: str
    source: str
    did: int
    received: int


_KINDS = """
SELECT kind, source, sum(did)::bigint AS did, sum(received)::bigint AS received
FROM timeline_kinds WHERE member = ANY(%(accounts)s) GROUP BY kind, source
"""
_ONCE = f"""
WITH twice AS MATERIALIZED (
    SELECT kind, source, count(*) AS n FROM (
        SELECT kind, source, lag(position) OVER (ORDER BY position) = position AS again FROM timeline JOIN (
            SELECT kind, source FROM timeline_kinds WHERE member = ANY(%(accounts)s)
            GROUP BY kind, source HAVING count(*) > 1 AND sum(received) > 0
        ) AS several USING (kind, source) WHERE member = ANY(%(accounts)s)
    ) AS each WHERE again GROUP BY kind, source
)
SELECT kind, source, did, received - coalesce(n, 0) AS received FROM ({_KINDS}) AS kinds LEFT JOIN twice USING (kind, source)
"""
"""The same for several accounts: an act in which more than one of them had a part counts once.

Looked for are such acts only where several accounts did or received the same kind in the same source.
"""


def what_kinds(connection: Connection[Any], accounts: list[UUID]) -> list[KindCount]:
    """Of each kind and source how many acts a member with these accounts has in the timeline, the commonest first."""
    counts = _ONCE if len(accounts) > 1 else _KINDS
    with connection.cursor(row_factory=class_row(KindCount)) as cursor:
        return cursor.execute(
            f"SELECT * FROM ({counts}) AS counts ORDER BY did + received DESC, kind, source LIMIT 200",
            {"accounts": accounts},
        ).fetchall()


def what_was_said(
    connection: Connection[Any], thread: UUID, limit: int = 50, after: datetime | None = None, position: int = 0
) -> list[Row]:
    """The acts in a thread from its beginning; at most `limit` after where the last page ended."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(
            """SELECT at, position, kind, source, role, thread FROM timeline WHERE thread = %(thread)s AND role = ''
            AND (%(after)s::timestamptz IS NULL OR (at, position) > (%(after)s, %(position)s))
            ORDER BY at, position LIMIT %(limit)s""",
            {"thread": thread, "after": after, "position": position, "limit": limit},
        ).fetchall()


class Voice(msgspec.Struct):
    """Somebody who took part in a thread, and how often; `voices` is how many did."""

    member: UUID
    n: int
    voices: int


def who_took_part(connection: Connection[Any], thread: UUID, limit: int = 12) -> list[Voice]:
    """Who acted in a thread, the most active first."""
    with connection.cursor(row_factory=class_row(Voice)) as cursor:
        return cursor.execute(
            f"""SELECT coalesce(s.member, t.member) AS member, count(*) AS n, count(*) OVER () AS voices
            FROM timeline AS t LEFT JOIN membership AS s ON s.handle = t.member
            WHERE thread = %(thread)s AND role = '' AND t.member <> '{NOBODY}'
            GROUP BY 1 ORDER BY n DESC, 1 LIMIT %(limit)s""",
            {"thread": thread, "limit": limit},
        ).fetchall()
