"""Imports: what was brought in, from where, by whom, and what came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.imports import ImportFinished, ImportStarted, ImportTakenBack
from projections.projection import Projection, Window

_STARTED = """
INSERT INTO {imports} VALUES (%(batch)s, %(source)s, %(files)s, %(at)s, NULL, NULL, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING
"""
_FINISHED = """
UPDATE {imports} SET finished_at = %(at)s, read = %(read)s, recorded = %(recorded)s, known = %(known)s, changed = %(changed)s,
    refused = %(refused)s, seconds = %(seconds)s WHERE batch = %(batch)s
"""
_TAKEN_BACK = "UPDATE {imports} SET taken_back_at = %(at)s WHERE batch = %(batch)s"


def _fold(window: Window) -> None:
    for _position, happened in window.events(ImportStarted.TOPIC, ImportFinished.TOPIC, ImportTakenBack.TOPIC):
        match happened:
            case ImportStarted():
                window.run(
                    _STARTED,
                    batch=happened.originator_id,
                    source=happened.source,
                    files=list(happened.files),
                    at=happened.timestamp,
                )
            case ImportFinished():
                counts = {
                    name: getattr(happened, name)
                    for name in ("read", "recorded", "known", "changed", "refused", "seconds")
                }
                window.run(_FINISHED, batch=happened.originator_id, at=happened.timestamp, **counts)
            case ImportTakenBack():
                window.run(_TAKEN_BACK, batch=happened.originator_id, at=happened.timestamp)


PROJECTION = Projection(
    name="imports",
    tables={
        "imports": """batch uuid PRIMARY KEY, source text NOT NULL, files text[] NOT NULL, started_at timestamptz NOT NULL,
            finished_at timestamptz, taken_back_at timestamptz, read bigint NOT NULL, recorded bigint NOT NULL, known bigint NOT NULL,
            changed bigint NOT NULL, refused bigint NOT NULL, seconds float8 NOT NULL"""
    },
    fold=_fold,
)


class ImportRow(msgspec.Struct):
    """An import. Until it finishes its counts are those last written down; `seen_at` tells whether it still runs."""

    batch: UUID
    source: str
    files: list[str]
    started_at: datetime
    finished_at: datetime | None
    taken_back_at: datetime | None
    read: int
    recorded: int
    known: int
    changed: int
    refused: int
    seconds: float
    done: int
    total: int
    seen_at: datetime | None


_LIST = """
SELECT i.batch, i.source, i.files, i.started_at, i.finished_at, i.taken_back_at,
    greatest(i.read, coalesce(p.read, 0)) AS read, greatest(i.recorded, coalesce(p.recorded, 0)) AS recorded,
    greatest(i.known, coalesce(p.known, 0)) AS known, greatest(i.changed, coalesce(p.changed, 0)) AS changed,
    greatest(i.refused, coalesce(p.refused, 0)) AS refused, greatest(i.seconds, coalesce(p.seconds, 0)) AS seconds,
    coalesce(p.done, 0) AS done, coalesce(p.total, 0) AS total, p.seen_at
FROM imports AS i LEFT JOIN import_progress AS p USING (batch)
WHERE (%(batch)s::uuid IS NULL OR batch = %(batch)s)
ORDER BY i.started_at DESC, batch LIMIT %(limit)s OFFSET %(offset)s
"""


def which_imports(
    connection: Connection[Any], limit: int = 50, offset: int = 0, batch: UUID | None = None
) -> list[ImportRow]:
    """Imports, the newest first, or only the one with this batch."""
    with connection.cursor(row_factory=class_row(ImportRow)) as cursor:
        return cursor.execute(_LIST, {"limit": limit, "offset": offset, "batch": batch}).fetchall()


def which_samples(connection: Connection[Any]) -> list[UUID]:
    """Batches of the sample community that count."""
    rows = connection.execute(
        "SELECT batch FROM imports WHERE source = 'sample' AND taken_back_at IS NULL ORDER BY started_at LIMIT 100"
    )
    return [row["batch"] for row in rows]


def which_rows_were_refused(
    connection: Connection[Any], batch: UUID, limit: int = 1000, after: int = 0
) -> list[dict[str, Any]]:
    """Refused rows of an import in the order in which they were met, those after number `after`; first bytes still sealed."""
    return connection.execute(
        """SELECT number, file, line, reason, raw FROM refused_rows WHERE batch = %(batch)s AND number > %(after)s
        ORDER BY number LIMIT %(limit)s""",
        {"batch": batch, "after": after, "limit": limit},
    ).fetchall()
