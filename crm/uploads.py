"""Files that somebody dropped on the Sources page: looked at, tried, imported, and then thrown away.

They lie below CRM_HOME, readable by its owner only, until their import is done or somebody throws them away. Where each
stands is in a table, so that a page can be left, and a restart of the server goes on where it was.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Literal
from uuid import UUID, uuid4

import msgspec
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from crm.detecting import detect
from crm.errors import Refusal
from crm.installation import Installation
from crm.kinds import _
from crm.reading import Inputs
from crm.rehearsal import Rehearsal

State = Literal["new", "rehearsing", "rehearsed", "importing", "failed"]


class Upload(msgspec.Struct):
    """Files and what is to be done with them. `source` is empty where nobody recognised them; `trouble` says why it failed."""

    id: UUID
    at: datetime
    by: str
    files: list[str]
    size: int
    source: str
    host: str
    mapping: dict[str, str]
    state: State
    batch: UUID | None = None
    rehearsal: Rehearsal | None = None
    trouble: str = ""


def receive(kith: Installation, files: Iterable[tuple[str, BinaryIO]], by: str) -> UUID:
    """Keep these files, each a name and a stream, and tell what they are. Refusal, with nothing kept, where there is none."""
    upload = uuid4()
    folder = folder_of(kith, upload)
    folder.mkdir(parents=True, mode=0o700)
    try:
        names = [_keep(folder, number, name, stream) for number, (name, stream) in enumerate(files)]
        if not names:
            raise Refusal(_("No file was chosen. Choose one or more, then send them."))
        found = detect(Inputs([str(folder)]))
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _insert(kith, Upload(upload, datetime.now(UTC), by, names, size, found[0].NAME if found else "", "", {}, "new"))
    return upload


def inputs_of(kith: Installation, upload: Upload) -> Inputs:
    """What an importer reads; its files bear the names that they were sent under."""
    folder = folder_of(kith, upload.id)
    paths = sorted(str(file) for part in folder.iterdir() for file in part.iterdir())
    return Inputs(paths, upload.host, upload.mapping)


def folder_of(kith: Installation, upload: UUID) -> Path:
    """Where the files of an upload lie."""
    return kith.settings.home / "uploads" / str(upload)


def find_upload(kith: Installation, upload: UUID) -> Upload | None:
    """An upload as it stands; None where there is none."""
    return next(iter(_select(kith, "WHERE id = %(id)s", {"id": upload})), None)


def which_uploads(kith: Installation, states: Iterable[State], limit: int = 20) -> list[Upload]:
    """Those in one of these states, the oldest first."""
    return _select(
        kith, "WHERE state = ANY(%(states)s) ORDER BY at, id LIMIT %(limit)s", {"states": list(states), "limit": limit}
    )


def change(kith: Installation, upload: UUID, **values: Any) -> None:
    """Write down some of its fields anew."""
    plain = {name: Jsonb(msgspec.to_builtins(value)) if _is_json(value) else value for name, value in values.items()}
    assignments = ", ".join(f"{name} = %({name})s" for name in plain)
    with kith.connection() as connection:
        connection.execute(f"UPDATE uploads SET {assignments} WHERE id = %(id)s", {**plain, "id": upload})


def discard(kith: Installation, upload: UUID) -> None:
    """Throw the files away and forget that they were sent."""
    shutil.rmtree(folder_of(kith, upload), ignore_errors=True)
    with kith.connection() as connection:
        connection.execute("DELETE FROM uploads WHERE id = %(id)s", {"id": upload})


def _keep(folder: Path, number: int, name: str, stream: BinaryIO) -> str:
    """Write a file under its own name, in a folder of its own: two may be called alike."""
    known = PurePath(name.replace("\\", "/").replace("\0", "")).name.lstrip(".")[-200:] or "file"
    part = folder / f"{number:04}"
    part.mkdir(mode=0o700)
    with open(os.open(part / known, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as kept:
        shutil.copyfileobj(stream, kept, 1 << 20)
    return known


def _insert(kith: Installation, upload: Upload) -> None:
    values = {**msgspec.structs.asdict(upload), "mapping": Jsonb(upload.mapping)}
    with kith.connection() as connection:
        connection.execute(
            """INSERT INTO uploads VALUES (%(id)s, %(at)s, %(by)s, %(files)s, %(size)s, %(source)s, %(host)s, %(mapping)s,
            %(state)s, %(batch)s, %(rehearsal)s, %(trouble)s)""",
            values,
        )


def _select(kith: Installation, where: str, asked: Mapping[str, Any]) -> list[Upload]:
    with kith.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(f"SELECT * FROM uploads {where}", asked).fetchall()
    return [msgspec.convert(row, Upload) for row in rows]


def _is_json(value: Any) -> bool:
    return isinstance(value, dict | msgspec.Struct)
