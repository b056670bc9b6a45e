"""What each import brought: whom, where, and from when to when. An import taken back brought nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.projection import Projection, Window

_ACTS = """
INSERT INTO {brought} AS old (batch, acts, first_at, last_at)
SELECT batch, count(*), min(occurred_at), max(occurred_at) FROM {facts} GROUP BY batch
ON CONFLICT (batch) DO UPDATE SET acts = old.acts + excluded.acts,
    first_at = least(old.first_at, excluded.first_at), last_at = greatest(old.last_at, excluded.last_at)
"""

_MEMBERS = """
INSERT INTO {brought_members} (batch, member)
SELECT DISTINCT batch, member FROM {facts}, unnest(array_append(targets, actor)) AS member WHERE member IS NOT NULL
ON CONFLICT DO NOTHING
"""

_PLACES = """
INSERT INTO {brought_places} AS old (batch, place, acts)
SELECT batch, place, count(*) FROM {facts} WHERE place IS NOT NULL GROUP BY batch, place
ON CONFLICT (batch, place) DO UPDATE SET acts = old.acts + excluded.acts
"""


def _fold(window: Window) -> None:
    window.run(_ACTS)
    window.run(_MEMBERS)
    window.run(_PLACES)


PROJECTION = Projection(
    name="brought",
    tables={
        "brought": """batch uuid NOT NULL, acts bigint NOT NULL, first_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL""",
        "brought_members": "batch uuid NOT NULL, member uuid NOT NULL",
        "brought_places": "batch uuid NOT NULL, place uuid NOT NULL, acts bigint NOT NULL",
    },
    keys={"brought": "(batch)", "brought_members": "(batch, member)", "brought_places": "(batch, place)"},
    fold=_fold,
)


class Brought(msgspec.Struct):
    """All that came in with an import: interactions, the members and places in them, the first moment and the last."""

    acts: int
    members: int
    places: int
    first_at: datetime
    last_at: datetime


class Visited(msgspec.Struct):
    """A place, and how many interactions of an import happened there."""

    name: str
    acts: int


def what_did_it_bring(connection: Connection[Any], batch: UUID) -> Brought | None:
    """What an import brought; None where that is nothing."""
    with connection.cursor(row_factory=class_row(Brought)) as cursor:
        return cursor.execute(
            """SELECT acts, first_at, last_at,
                (SELECT count(DISTINCT coalesce(s.member, b.member)) FROM brought_members AS b
                    LEFT JOIN membership AS s ON s.handle = b.member WHERE batch = %(batch)s) AS members,
                (SELECT count(*) FROM brought_places WHERE batch = %(batch)s) AS places
            FROM brought WHERE batch = %(batch)s""",
            {"batch": batch},
        ).fetchone()


def where_was_it(connection: Connection[Any], batch: UUID, limit: int = 8) -> list[Visited]:
    """The places of an import, those where most happened first."""
    with connection.cursor(row_factory=class_row(Visited)) as cursor:
        return cursor.execute(
            """SELECT p.name, b.acts FROM brought_places AS b JOIN places AS p USING (place) WHERE b.batch = %(batch)s
            ORDER BY b.acts DESC, p.name, place LIMIT %(limit)s""",
            {"batch": batch, "limit": limit},
        ).fetchall()
