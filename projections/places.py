"""Places: repositories, categories and channels by the name each bore last."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.interactions import PlaceSeen
from projections.projection import Projection, Window

_MERGE = """
INSERT INTO {places} AS old VALUES (%(place)s, %(source)s, %(host)s, %(name)s, %(link)s, %(position)s)
ON CONFLICT (place) DO UPDATE SET name = excluded.name, link = excluded.link, position = excluded.position
WHERE old.position < excluded.position
"""


def _fold(window: Window) -> None:
    rows = [
        {
            "place": seen.originator_id,
            "source": seen.source,
            "host": seen.host,
            "name": seen.name,
            "link": seen.link,
            "position": at,
        }
        for at, seen in window.events(PlaceSeen.TOPIC)
        if isinstance(seen, PlaceSeen)
    ]
    window.run_many(_MERGE, rows)


PROJECTION = Projection(
    name="places",
    tables={
        "places": """place uuid PRIMARY KEY, source text NOT NULL, host text NOT NULL, name text NOT NULL, link text NOT NULL,
            position bigint NOT NULL"""
    },
    fold=_fold,
)


class PlaceRow(msgspec.Struct):
    """A place as people read it."""

    place: UUID
    source: str
    name: str
    link: str


def what_are_places_called(connection: Connection[Any], places: list[UUID]) -> dict[UUID, PlaceRow]:
    """These places by id, in one query; those unknown are left out."""
    with connection.cursor(row_factory=class_row(PlaceRow)) as cursor:
        rows = cursor.execute(
            "SELECT place, source, name, link FROM places WHERE place = ANY(%(ids)s)", {"ids": places}
        )
        return {row.place: row for row in rows}
