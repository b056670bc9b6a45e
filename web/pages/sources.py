"""Sources: what can be brought in and how, files that wait for it, and each import with what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter

from crm.kinds import _
from crm.sources import sources
from crm.uploads import Upload, find_by_batch, which_wait
from projections.brought import Brought as Came
from projections.brought import Visited, what_did_it_bring, where_was_it
from projections.imports import ImportRow, which_imports, which_rows_were_refused
from projections.members import Member, Wish, which_members
from web.menu import Entry
from web.page import Asked, engine, kith, page, with_query

MENU = Entry(_("Sources"), "/sources", "cable", 61)
SILENT = timedelta(minutes=1)
"""An import that wrote nothing for so long has been stopped."""
SHOWN = 50
Skip = Annotated[int, QueryParameter(ge=0, le=1_000_000)]


class Importer(msgspec.Struct):
    """A source that can be read: what it is called, what it takes, and the command to type before the files."""

    name: str
    label: str
    help: str
    command: str


class Brought(msgspec.Struct):
    """An import to show. `state` is running, interrupted, done or back; `rate` is rows a second, `left` seconds to go."""

    batch: UUID
    source: str
    files: list[str]
    started_at: datetime
    state: str
    read: int
    recorded: int
    known: int
    changed: int
    refused: int
    seconds: float
    done: int
    total: int
    rate: float | None
    left: float | None


class Sources(msgspec.Struct):
    """Files that wait, the imports, newest first, and the importers there are. `older` is where the next page begins."""

    uploads: list[Upload]
    imports: list[Brought]
    importers: list[Importer]
    older: str


class Refusal(msgspec.Struct):
    """A row that could not be read, and why."""

    number: int
    file: str
    line: int
    reason: str


class Result(msgspec.Struct):
    """What an import brought: all of it in numbers, the places and members with most in them."""

    came: Came
    places: list[Visited]
    members: list[Member]


class One(msgspec.Struct):
    """One import; of its refused rows the first. `upload` are the files it reads, if it reads such and is not done.

    `behind` is whether pages do not show all yet of what it brought.
    """

    brought: Brought
    refusals: list[Refusal]
    older: str
    upload: Upload | None
    behind: bool = False
    result: Result | None = None


def brought(row: ImportRow) -> Brought:
    """An import with what becomes of it now."""
    kept = {name: getattr(row, name) for name in Brought.__struct_fields__ if hasattr(row, name)}
    rate = row.read / row.seconds if row.seconds else None
    left = row.seconds / row.done * (row.total - row.done) if row.done and row.total else None
    return Brought(**kept, state=_state(row), rate=rate, left=left)


def importers() -> list[Importer]:
    """What can be brought in from files, each with how to type it."""
    return [
        Importer(name, one.LABEL, one.HELP, f"scripts/crm import {name}")
        for name, one in sources().items()
        if name != "sample"
    ]


@get("/sources", sync_to_thread=True)
def all_imports(request: Asked, skip: Skip = 0) -> Response[Any]:
    """Every import, and how to begin one."""
    with kith(request).connection() as connection:
        rows = which_imports(connection, limit=SHOWN + 1, offset=skip)
    older = with_query(request, skip=skip + SHOWN) if len(rows) > SHOWN else ""
    view = Sources(which_wait(kith(request)), [brought(row) for row in rows[:SHOWN]], importers(), older)
    return page(request, "sources/index.html", view, rows=view.imports)


@get("/sources/{batch:uuid}", sync_to_thread=True)
def one_import(request: Asked, batch: FromPath[UUID]) -> Response[Any]:
    """What came of one import, or how far it is."""
    view = one(request, batch, 0, 10)
    if view.brought.state == "done":
        view.behind, view.result = engine(request).is_behind(), _result(request, batch)
    return page(request, "sources/import.html", view, fragment="live")


def one(request: Asked, batch: UUID, after: int, limit: int) -> One:
    """An import and its refused rows after a number; an answer of 404 where there is no such import."""
    with kith(request).connection() as connection:
        found = which_imports(connection, batch=batch)
        rows = which_rows_were_refused(connection, batch, limit=limit + 1, after=after)
    if not found:
        raise NotFoundException
    shown = [Refusal(row["number"], row["file"], row["line"], row["reason"]) for row in rows[:limit]]
    older = f"/sources/{batch}/refused?after={shown[-1].number}" if len(rows) > limit else ""
    told, upload = brought(found[0]), find_by_batch(kith(request), batch)
    if told.state == "interrupted" and upload and upload.state == "importing":
        told.state = "running"
    return One(told, shown, older, upload)


def _result(request: Asked, batch: UUID) -> Result | None:
    with kith(request).connection() as connection:
        came = what_did_it_bring(connection, batch)
        if came is None:
            return None
        return Result(came, where_was_it(connection, batch), which_members(connection, Wish(batch=batch), limit=5))


def _state(row: ImportRow) -> str:
    if row.taken_back_at:
        return "back"
    if row.finished_at:
        return "done"
    heard = row.seen_at or row.started_at
    return "running" if datetime.now(UTC) - heard < SILENT else "interrupted"


ROUTES = [all_imports, one_import]
