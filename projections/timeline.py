"""The relationship timeline: of each member all that they did and all that touched them, in all channels, one stream.

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
SELECT coalesce(actor, '{NOBODY}') AS member, occurred_at, notification_id, kind, source, '' AS role, thread FROM {{facts}}
UNION ALL
SELECT target, occurred_at, notification_id, kind, source, min(role), thread
FROM {{facts}}, unnest(targets, roles) AS touched(target, role)
WHERE target IS DISTINCT FROM actor
GROUP BY target, occurred_at, notification_id, kind, source, thread
"""
"""Who acted has no role. Where the source lost the account, nobody did: such acts still stand in their threads."""

_KINDS = f"""
INSERT INTO {{timeline_kinds}} AS old (member, kind, source, did, received)
SELECT member, kind, source, count(*) FILTER (WHERE role = ''), count(*) FILTER (WHERE role <> '')
FROM ({_LINES}) AS lines GROUP BY member, kind, source
ON CONFLICT (member, kind, source) DO UPDATE SET did = old.did + excluded.did, received = old.received + excluded.received
"""


def _fold(window: Window) -> None:
    window.run(f"INSERT INTO {{timeline}} (member, at, position, kind, source, role, thread) {_LINES}")
    window.run(_KINDS)


PROJECTION = Projection(
    name="timeline",
    tables={
        "timeline": """member uuid NOT NULL, at timestamptz NOT NULL, position bigint NOT NULL, kind text NOT NULL,
            source text NOT NULL, role text NOT NULL, thread uuid""",
        "timeline_kinds": """member uuid NOT NULL, kind text NOT NULL, source text NOT NULL, did bigint NOT NULL,
            received bigint NOT NULL""",
    },
    keys={"timeline_kinds": "(member, kind, source)"},
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {timeline} (member, at DESC, position DESC) INCLUDE (kind, source, role, thread)",
        "CREATE INDEX ON {timeline} (position)",
        "CREATE INDEX ON {timeline} (thread, at, position) WHERE role = ''",
    ),
)


class Filter(msgspec.Struct):
    """What of a timeline is wanted; empty means all. `side` is did or received; `before` and `position` say where to go on.

    `other` leaves what passed between the two: one acted and the other was touched.
    """

    kind: str = ""
    source: str = ""
    side: str = ""
    other: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: datetime | None = None
    position: int = 0


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
}
"""Of each filter its condition. Only those asked for are written into a statement, so that its plan fits them."""

_WITH = """timeline AS t JOIN meetings AS m ON m.at = t.at AND m.position = t.position
    AND m.low = least(%(member)s, %(other)s::uuid) AND m.high = greatest(%(member)s, %(other)s::uuid)"""


def what_happened(connection: Connection[Any], member: UUID, wanted: Filter, limit: int = 50) -> list[Row]:
    """A member's timeline, newest first, at most `limit` rows after where the last page ended."""
    asked = msgspec.structs.asdict(wanted)
    conditions = [text for name, text in _WANTED.items() if asked.get(name) or name == wanted.side]
    where = " AND ".join(["t.member = %(member)s", *conditions])
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(
            f"""SELECT t.at, t.position, t.kind, t.source, t.role, t.thread FROM {_WITH if wanted.other else "timeline AS t"}
            WHERE {where} ORDER BY t.at DESC, t.position DESC LIMIT %(limit)s""",
            {**asked, "member": member, "limit": limit},
        ).fetchall()


class KindCount(msgspec.Struct):
    """How many acts of a kind a member has in the timeline from one source, done and received."""

    kind: str
    source: str
    did: int
    received: int


def what_kinds(connection: Connection[Any], member: UUID) -> list[KindCount]:
    """Of each kind and source how many acts a member has in the timeline, the commonest first."""
    with connection.cursor(row_factory=class_row(KindCount)) as cursor:
        return cursor.execute(
            """SELECT kind, source, did, received FROM timeline_kinds WHERE member = %(member)s
            ORDER BY did + received DESC, kind, source LIMIT 200""",
            {"member": member},
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
            f"""SELECT member, count(*) AS n, count(*) OVER () AS voices FROM timeline
            WHERE thread = %(thread)s AND role = '' AND member <> '{NOBODY}'
            GROUP BY member ORDER BY n DESC, member LIMIT %(limit)s""",
            {"thread": thread, "limit": limit},
        ).fetchall()
