"""Where all projections stand, in one question, for whoever watches over the machine."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.store import TRACKING


class Standing(msgspec.Struct):
    """A projection: how far it has come, and how a rebuild goes. `state` is live, new, rebuilding or stopped.

    While it is rebuilt, `rebuilding` of `target` positions are done. `rate` is events a second of the last rebuild.
    """

    name: str
    position: int
    error: str
    failed_at: int | None
    rebuilding: int | None
    target: int | None
    rate: float | None
    built_at: datetime | None
    state: str


_STANDINGS = f"""
SELECT wanted.name, coalesce(t.notification_id, 0) AS position, coalesce(s.error, '') AS error, s.failed_at, s.rebuilding, s.target,
    s.rate, s.built_at,
    CASE WHEN s.error <> '' THEN 'stopped' WHEN s.rebuilding IS NOT NULL THEN 'rebuilding' WHEN s.built_at IS NULL THEN 'new'
        ELSE 'live' END AS state
FROM unnest(%(names)s::text[]) AS wanted(name)
LEFT JOIN projection_states AS s USING (name)
LEFT JOIN {TRACKING} AS t ON t.application_name = wanted.name || ' ' || s.live
ORDER BY wanted.name LIMIT 1000
"""


def where_do_they_stand(connection: Connection[Any], names: list[str]) -> list[Standing]:
    """These projections in the order of their names, those never built included."""
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(_STANDINGS, {"names": names}).fetchall()
