"""The relationship timeline: of each member all that they did and all that touched them, in all channels, one stream.

Only who, when, what and where is kept; words are decrypted for the page that shows them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection

_FOLD = """
INSERT INTO {timeline} (member, at, position, kind, source, role, thread)
SELECT actor, occurred_at, notification_id, kind, source, '', thread FROM {facts} WHERE actor IS NOT NULL
UNION ALL
SELECT target, occurred_at, notification_id, kind, source, min(role), thread
FROM {facts}, unnest(targets, roles) AS touched(target, role)
WHERE target IS DISTINCT FROM actor
GROUP BY target, occurred_at, notification_id, kind, source, thread
"""

PROJECTION = Projection(
    name="timeline",
    tables={
        "timeline": """member uuid NOT NULL, at timestamptz NOT NULL, position bigint NOT NULL, kind text NOT NULL,
            source text NOT NULL, role text NOT NULL, thread uuid"""
    },
    fold=lambda window: window.run(_FOLD),
    indexes=(
        "CREATE INDEX ON {timeline} (member, at DESC, position DESC)",
        "CREATE INDEX ON {timeline} (position)",
        "CREATE INDEX ON {timeline} (thread, at, position) WHERE role = ''",
    ),
)


class Filter(msgspec.Struct):
    """What of a timeline is wanted; empty means all. `side` is did or received; `before` and `position` say where to go on."""

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


_WHERE = """member = %(member)s
AND (%(kind)s = '' OR kind = %(kind)s) AND (%(source)s = '' OR source = %(source)s)
AND (%(side)s = '' OR (role = '') = (%(side)s = 'did'))
AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
AND (%(other)s::uuid IS NULL OR EXISTS (SELECT FROM timeline AS o WHERE o.position = t.position AND o.member = %(other)s))
"""


def what_happened(connection: Connection[Any], member: UUID, wanted: Filter, limit: int = 50) -> list[Row]:
    """A member's timeline, newest first, at most `limit` rows after where the last page ended."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(
            f"""SELECT at, position, kind, source, role, thread FROM timeline AS t WHERE {_WHERE}
            AND (%(before)s::timestamptz IS NULL OR (at, position) < (%(before)s, %(position)s))
            ORDER BY at DESC, position DESC LIMIT %(limit)s""",  # type: ignore[arg-type]
            {**msgspec.structs.asdict(wanted), "member": member, "limit": limit},
        ).fetchall()


def what_kinds(connection: Connection[Any], member: UUID) -> list[dict[str, Any]]:
    """Of each kind and source how many acts a member has in the timeline, the commonest first."""
    return connection.execute(
        """SELECT kind, source, count(*) AS n, count(*) FILTER (WHERE role = '') AS did FROM timeline
        WHERE member = %(member)s GROUP BY kind, source ORDER BY n DESC, kind, source LIMIT 100""",
        {"member": member},
    ).fetchall()


def which_days(connection: Connection[Any], member: UUID, since: datetime) -> list[dict[str, Any]]:
    """On which days since then a member did something, and how much; days by UTC."""
    return connection.execute(
        """SELECT (at AT TIME ZONE 'UTC')::date AS day, count(*) AS n FROM timeline
        WHERE member = %(member)s AND role = '' AND at >= %(since)s GROUP BY 1 ORDER BY 1 LIMIT 400""",
        {"member": member, "since": since},
    ).fetchall()


def what_was_said(connection: Connection[Any], thread: UUID, limit: int = 50, after: datetime | None = None, position: int = 0) -> list[Row]:
    """The acts in a thread from its beginning; at most `limit` after where the last page ended."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(
            """SELECT at, position, kind, source, role, thread FROM timeline WHERE thread = %(thread)s AND role = ''
            AND (%(after)s::timestamptz IS NULL OR (at, position) > (%(after)s, %(position)s))
            ORDER BY at, position LIMIT %(limit)s""",
            {"thread": thread, "after": after, "position": position, "limit": limit},
        ).fetchall()
