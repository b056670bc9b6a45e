"""Threads: conversations wherever they were held, by which interaction opened each, and how long they went on."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection, Window

_FOLD = """
INSERT INTO {threads} AS old (thread, source, place, opener, interactions, first_at, last_at)
SELECT thread, min(source), (array_agg(place ORDER BY occurred_at, notification_id))[1],
    (array_agg(notification_id ORDER BY occurred_at, notification_id))[1], count(*), min(occurred_at), max(occurred_at)
FROM {facts} WHERE thread IS NOT NULL GROUP BY thread
ON CONFLICT (thread) DO UPDATE SET
    opener = CASE WHEN (excluded.first_at, excluded.opener) < (old.first_at, old.opener) THEN excluded.opener ELSE old.opener END,
    place = CASE WHEN (excluded.first_at, excluded.opener) < (old.first_at, old.opener) THEN excluded.place ELSE old.place END,
    interactions = old.interactions + excluded.interactions,
    first_at = least(old.first_at, excluded.first_at), last_at = greatest(old.last_at, excluded.last_at)
"""

_ANSWERS = """
INSERT INTO {answers} (parent, at, position, member, author, role)
SELECT parent, occurred_at, notification_id, actor, targets[nth], roles[nth]
FROM {facts} CROSS JOIN LATERAL (SELECT coalesce(array_position(roles, 'replied'), array_position(roles, 'reacted'),
    array_position(roles, 'thanked'), array_position(roles, 'reviewed')) AS nth) AS touched WHERE parent IS NOT NULL
"""
"""`member` answered what `author` wrote; either is null where the source does not tell."""


def _fold(window: Window) -> None:
    window.run(_FOLD)
    window.run(_ANSWERS)


PROJECTION = Projection(
    name="threads",
    tables={
        "answers": """parent uuid NOT NULL, at timestamptz NOT NULL, position bigint NOT NULL, member uuid, author uuid, role text""",
        "threads": """thread uuid NOT NULL, source text NOT NULL, place uuid, opener bigint NOT NULL, interactions bigint NOT NULL,
            first_at timestamptz NOT NULL, last_at timestamptz NOT NULL""",
    },
    keys={"threads": "(thread)"},
    fold=_fold,
    indexes=("CREATE INDEX ON {threads} (last_at DESC, thread)", "CREATE INDEX ON {answers} (parent, at, position)"),
)


class Thread(msgspec.Struct):
    """A conversation; `opener` is the position of the interaction that began it, which bears the title."""

    thread: UUID
    source: str
    place: UUID | None
    opener: int
    interactions: int
    first_at: datetime
    last_at: datetime


def which_threads(connection: Connection[Any], threads: list[UUID]) -> dict[UUID, Thread]:
    """These threads by id, in one query; those unknown are left out."""
    with connection.cursor(row_factory=class_row(Thread)) as cursor:
        rows = cursor.execute("SELECT * FROM threads WHERE thread = ANY(%(threads)s)", {"threads": threads})
        return {row.thread: row for row in rows}


def which_threads_are_new(connection: Connection[Any], limit: int = 10) -> list[Thread]:
    """The threads in which something was said last."""
    with connection.cursor(row_factory=class_row(Thread)) as cursor:
        return cursor.execute(
            "SELECT * FROM threads ORDER BY last_at DESC, thread LIMIT %(limit)s", {"limit": limit}
        ).fetchall()


def what_answers(connection: Connection[Any], interaction: UUID, limit: int = 20) -> list[int]:
    """The positions of what answers an interaction, oldest first."""
    rows = connection.execute(
        "SELECT position FROM answers WHERE parent = %(parent)s ORDER BY at, position LIMIT %(limit)s",
        {"parent": interaction, "limit": limit},
    )
    return [row["position"] for row in rows]
