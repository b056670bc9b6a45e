"""System: how the machine is. Projections, the ledger and its proofs, the database. For whoever runs this Kith."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict

from crm.append import read_head
from crm.checkpoint import verifier_key
from crm.installation import Installation
from crm.kinds import _
from crm.ledger import ORIGIN
from crm.merkle import Frontier
from crm.store import EVENTS
from projections import state
from projections.standing import Standing, where_do_they_stand
from web.menu import Entry
from web.page import Asked, engine, kith, page, redirect
from web.pages.ledger import Kept, verification, which_are_kept
from web.verification import Report

MENU = Entry(_("System"), "/system", "activity", 62)


class Database(msgspec.Struct):
    """What keeps the data and where; `embedded` is whether Kith runs it itself."""

    version: str
    bytes: int
    embedded: bool
    where: str
    home: str


class System(msgspec.Struct):
    """All of it. `key` is the line that others keep in order to check our checkpoints."""

    size: int
    root: str
    key: str
    checkpoints: list[Kept]
    report: Report | None
    projections: list[Standing]
    busy: bool
    database: Database


@get("/system", sync_to_thread=True)
def system(request: Asked) -> Response[Any]:
    """How everything stands; htmx asks again while something is going on."""
    opened = kith(request)
    with opened.connection() as connection:
        head = read_head(connection, EVENTS)
        standings = where_do_they_stand(connection, list(engine(request).projections))
        kept = which_are_kept(opened, connection)
        database = _database(opened, connection)
    report = verification(request).report
    busy = any(one.rebuilding is not None for one in standings) or (report is not None and report.ended_at is None)
    root = Frontier.from_bytes(head.size, head.frontier).root().hex()
    key = verifier_key(ORIGIN, opened.signing_key.public_key())
    view = System(head.size, root, key, kept, report, standings, busy, database)
    return page(request, "system/index.html", view, fragment="live", rows=standings)


@post("/system/projections/{name:str}/retry", sync_to_thread=True)
def retry(request: Asked, name: FromPath[str]) -> Response[Any]:
    """Let a stopped projection try the event at which it stopped; what follows is taken in by whoever follows the log."""
    steps = engine(request)
    if name not in steps.projections:
        raise NotFoundException
    with kith(request).connection() as connection:
        before = state.State.of(connection, name)
        state.retry(connection, name)
    if before.failed_at is None:
        return redirect("/system", _("It was not stopped."))
    steps.step(steps.projections[name], before.failed_at)
    with kith(request).connection() as connection:
        stopped = state.State.of(connection, name).error
    return redirect("/system", _("It stopped at the same event again.") if stopped else _("It goes on."))


def _database(opened: Installation, connection: Connection[Any]) -> Database:
    row = connection.execute("SELECT pg_database_size(current_database()) AS bytes").fetchone()
    where = conninfo_to_dict(opened.conninfo)
    place = f"{where.get('host', '')}:{where.get('port', '')}/{where.get('dbname', '')}"
    return Database(
        version=connection.info.parameter_status("server_version") or "",
        bytes=row["bytes"] if row else 0,
        embedded=not opened.settings.database_url,
        where=place,
        home=str(opened.settings.home),
    )


ROUTES = [system, retry]
