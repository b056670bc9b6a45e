"""What was decided about the versions of a score: when each was proposed, adopted or dropped, by whom and why."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY


class Decision(msgspec.Struct):
    """`what` became of a version: proposed, adopted or dropped. One that does not stand was undone."""

    position: int
    version: int
    what: str
    reason: str
    at: datetime
    by: str
    stands: bool


def what_was_decided(connection: Connection[Any], formula: str, limit: int = 500) -> list[Decision]:
    """All decisions about a formula's versions, the latest first."""
    with connection.cursor(row_factory=class_row(Decision)) as cursor:
        return cursor.execute(
            """SELECT position,
                CASE WHEN slot = %(adopted)s THEN (value ->> 'version')::int ELSE split_part(slot, '@', 2)::int END AS version,
                CASE WHEN slot = %(adopted)s THEN 'adopted' WHEN value IS NULL THEN 'dropped' ELSE 'proposed' END AS what,
                coalesce(value ->> 'reason', '') AS reason, recorded_at AS at, by, cardinality(toggles) %% 2 = 0 AS stands
            FROM acts WHERE handle = %(nobody)s AND (slot = %(adopted)s OR starts_with(slot, %(proposed)s))
            ORDER BY position DESC LIMIT %(limit)s""",
            {"nobody": NOBODY, "adopted": f"adopted:{formula}", "proposed": f"formula:{formula}@", "limit": limit},
        ).fetchall()
