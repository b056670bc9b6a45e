"""Files that somebody dropped on the Sources page: looked at, tried, imported, and then thrown away.

They lie below CRM_HOME, readable by its owner only, until their import is done or somebody throws them away. Where each
stands is in a table, so that a page can be left, and a restart of the server goes on where it was.
"""

import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from crm.installation import Installation
from crm.reading import Inputs
from crm.rehearsal import Rehearsal

State = Literal["new", "rehearsing", "rehearsed", "importing", "failed"]


class Upload(msgspec.Struct, kw_only=True):
    """Files and what is to be done with them. `source` is empty where nobody recognised them; `trouble` says why it failed."""

    id: UUID
    at: datetime
    by: str
    files: list[str] = []
    size: int = 0
    source: str = ""
    host: str = ""
    mapping: dict[str, str] = {}
    state: State = "new"
    batch: UUID | None = None
    rehearsal: Rehearsal | None = None
    trouble: str = ""


def inputs_of(kith: Installation, upload: Upload) -> Inputs:
    """What an importer reads; the files are called as they were when they were sent."""
    names = {str(file_of(kith, upload.id, number)): name for number, name in enumerate(upload.files)}
    return Inputs(tuple(names), upload.host, upload.mapping, names)


def folder_of(kith: Installation, upload: UUID) -> Path:
    """Where the files of an upload lie."""
    return folder_of_all(kith) / str(upload)


def folder_of_all(kith: Installation) -> Path:
    """Where the folders of all uploads lie."""
    return kith.settings.home / "uploads"


def file_of(kith: Installation, upload: UUID, number: int) -> Path:
    """Where one of its files lies, counted from 0."""
    return folder_of(kith, upload) / f"{number:06}"


def find_upload(kith: Installation, upload: UUID) -> Upload | None:
    """An upload as it stands; None where there is none."""
    return next(iter(_select(kith, "WHERE id = %(id)s", {"id": upload})), None)


def find_by_batch(kith: Installation, batch: UUID) -> Upload | None:
    """The upload that this import reads; None where it reads none, or is done."""
    return next(iter(_select(kith, "WHERE batch = %(batch)s", {"batch": batch})), None)


def which_uploads(kith: Installation, states: Iterable[State], limit: int) -> list[Upload]:
    """Those in one of these states, the oldest first."""
    return _select(
        kith, "WHERE state = ANY(%(states)s) ORDER BY at, id LIMIT %(limit)s", {"states": list(states), "limit": limit}
    )


def which_wait(kith: Installation, limit: int = 50) -> list[Upload]:
    """Those that are not done, the newest first."""
    return _select(kith, "ORDER BY at DESC, id LIMIT %(limit)s", {"limit": limit})


def insert(kith: Installation, upload: Upload) -> None:
    """Write an upload down for the first time."""
    values = {**msgspec.structs.asdict(upload), "mapping": Jsonb(upload.mapping)}
    columns = ", ".join(values)
    places = ", ".join(f"%({name})s" for name in values)
    with kith.connection() as connection:
        connection.execute(f"INSERT INTO uploads ({columns}) VALUES ({places})", values)


def change(kith: Installation, upload: Upload, **values: Any) -> bool:
    """Write down some of its fields anew, unless somebody changed it or threw it away since it was read; whether it was done."""
    plain = {name: Jsonb(msgspec.to_builtins(value)) if _is_json(value) else value for name, value in values.items()}
    assignments = ", ".join(f"{name} = %({name})s" for name in plain)
    known = {"was_id": upload.id, "was_state": upload.state, "was_source": upload.source, "was_host": upload.host}
    with kith.connection() as connection:
        cursor = connection.execute(
            f"""UPDATE uploads SET {assignments} WHERE id = %(was_id)s AND state = %(was_state)s
            AND source = %(was_source)s AND host = %(was_host)s AND mapping = %(was_mapping)s""",
            {**plain, **known, "was_mapping": Jsonb(upload.mapping)},
        )
        return cursor.rowcount > 0


def discard(kith: Installation, upload: UUID) -> None:
    """Forget that the files were sent and throw them away."""
    with kith.connection() as connection:
        connection.execute("DELETE FROM uploads WHERE id = %(id)s", {"id": upload})
    shutil.rmtree(folder_of(kith, upload), ignore_errors=True)


def sweep(kith: Installation) -> None:
    """Throw away what came only in part, as the server ended meanwhile."""
    places = folder_of_all(kith)
    found = [path.name for path in places.iterdir()] if places.is_dir() else []
    with kith.connection() as connection:
        rows = connection.execute("SELECT id FROM uploads WHERE id::text = ANY(%(found)s)", {"found": found}).fetchall()
    for name in set(found) - {str(row["id"]) for row in rows}:
        shutil.rmtree(places / name, ignore_errors=True)


def _select(kith: Installation, where: str, asked: Mapping[str, Any]) -> list[Upload]:
    with kith.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(f"SELECT * FROM uploads {where}", asked).fetchall()
    return [msgspec.convert(row, Upload) for row in rows]


def _is_json(value: Any) -> bool:
    return isinstance(value, dict | msgspec.Struct)
