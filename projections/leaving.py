"""What would go if an import were taken back: asked before it is done, so that nobody is surprised by what is gone."""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.store import EVENTS
from projections.projection import TOUCHED

_BROUGHT = f"""(SELECT * FROM {EVENTS} WHERE batch = %(batch)s AND topic = 'interaction.recorded'
    AND notification_id > (SELECT notification_id FROM {EVENTS} WHERE originator_id = %(batch)s AND originator_version = 1)) AS brought"""
"""Its interactions. They all stand behind its beginning; there is no index for it, and a look from there on takes a second a million."""

_MEMBERS = f"""
SELECT coalesce(s.member, identity) AS member, sum(acted)::bigint AS acts, sum(touched)::bigint AS received FROM (
    SELECT actor AS identity, 1 AS acted, 0 AS touched FROM {_BROUGHT} WHERE actor IS NOT NULL
    UNION ALL
    SELECT target, 0, 1 FROM {_BROUGHT}, {TOUCHED} WHERE target IS DISTINCT FROM actor
) AS parts LEFT JOIN membership AS s ON s.handle = identity GROUP BY 1
"""

_SUMMARY = f"""
WITH gone AS MATERIALIZED ({_MEMBERS}),
    talks AS MATERIALIZED (SELECT thread, count(*) AS n FROM {_BROUGHT} WHERE thread IS NOT NULL GROUP BY thread)
SELECT (SELECT count(*) FROM {_BROUGHT}) AS interactions,
    count(*) FILTER (WHERE g.acts >= m.acts AND g.received >= m.received) AS vanish,
    count(*) FILTER (WHERE NOT (g.acts >= m.acts AND g.received >= m.received)) AS shrink,
    (SELECT count(*) FROM talks JOIN threads USING (thread) WHERE talks.n >= threads.interactions) AS threads
FROM gone AS g JOIN members AS m USING (member)
"""

_PEOPLE = f"""
WITH gone AS MATERIALIZED ({_MEMBERS})
SELECT member, m.acts, m.received, m.acts - g.acts AS acts_left, m.received - g.received AS received_left
FROM gone AS g JOIN members AS m USING (member)
ORDER BY (g.acts >= m.acts AND g.received >= m.received) DESC, g.acts + g.received DESC, member LIMIT %(limit)s
"""


class Loss(msgspec.Struct):
    """How many interactions would no longer count; members who vanish, and whose timelines shrink; threads that end."""

    interactions: int
    vanish: int
    shrink: int
    threads: int


class Shrunk(msgspec.Struct):
    """A member's acts, and how often they were touched, now and afterwards."""

    member: UUID
    acts: int
    received: int
    acts_left: int
    received_left: int

    @property
    def vanishes(self) -> bool:
        """Whether nothing of them is left."""
        return self.acts_left <= 0 and self.received_left <= 0


def what_would_go(connection: Connection[Any], batch: UUID) -> Loss:
    """What taking this import back would change, in numbers."""
    with connection.cursor(row_factory=class_row(Loss)) as cursor:
        return cursor.execute(_SUMMARY, {"batch": batch}).fetchone() or Loss(0, 0, 0, 0)


def whom_it_would_touch(connection: Connection[Any], batch: UUID, limit: int = 50) -> list[Shrunk]:
    """The members it would touch, those who would vanish first, then those who lose most."""
    with connection.cursor(row_factory=class_row(Shrunk)) as cursor:
        return cursor.execute(_PEOPLE, {"batch": batch, "limit": limit}).fetchall()
