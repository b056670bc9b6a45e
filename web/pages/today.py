"""Today, the page one starts the week with: what waits first, then the last thirty days at a glance."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from psycopg import Connection

from crm.command import dispatch
from crm.installation import Installation
from crm.kinds import _
from crm.today import ReadToday
from projections import days, members, stretches, threads
from projections.entries import which_entries
from projections.identities import Identity, what_are_they_called
from projections.imports import which_imports
from projections.stretches import Stretch
from web.menu import Entry
from web.morning import EACH, Morning, how_is_the_morning
from web.page import Asked, engine, kith, page, redirect
from web.pages.sources import Brought, Importer, brought, importers

MENU = Entry(_("Today"), "/", "sun", 10)
MONTH = timedelta(days=29)
"""From the first of thirty days to the last."""
ALL = 500
"""Tasks and promises shown at most."""


class Share(msgspec.Struct):
    """How much of what came in was from one source, or of one kind."""

    name: str
    n: int


class Active(msgspec.Struct):
    """Somebody who did much, and how much."""

    who: Identity
    n: int


class Talk(msgspec.Struct):
    """A conversation. `words` are its title, or how it begins; empty where the person who opened it was erased."""

    thread: UUID
    words: str
    source: str
    place: str
    who: Identity | None
    n: int
    at: datetime


class Today(msgspec.Struct):
    """What waits, and thirty days up to `until`. `newest` is the last day on which anything happened, None in an empty Kith.

    `head` is the end of the log as shown: what comes after it was not read.
    """

    morning: Morning
    head: int
    newest: date | None
    since: date
    until: date
    looks_back: bool
    now: Stretch
    before: Stretch
    by_day: list[tuple[date, int]]
    by_source: list[Share]
    by_kind: list[Share]
    talks: list[Talk]
    active: list[Active]
    newcomers: list[members.Member]
    imports: list[Brought]
    importers: list[Importer]


@get("/", sync_to_thread=True)
def today(request: Asked, tasks: FromQuery[str] = "") -> Response[Any]:
    """What waits, with all tasks and promises where they are asked for, and the last thirty days at a glance."""
    head = engine(request).head()
    with kith(request).connection() as connection:
        morning = how_is_the_morning(kith(request), connection, ALL if tasks == "all" else EACH)
        view = _view(kith(request), connection, morning, head)
    rows = [{"day": day, "acts": n} for day, n in view.by_day]
    return page(request, "today/index.html", view, rows=rows)


class Read(msgspec.Struct):
    """Up to which position of the log somebody read."""

    position: int


@post("/today/read", sync_to_thread=True)
def read(request: Asked, data: URLEncodedBody[Read]) -> Response[Any]:
    """From here on only what comes later is new."""
    done = dispatch(kith(request), ReadToday(position=data.position))
    engine(request).catch_up("acts")
    return redirect("/", _("From now on you are told what changes after this."), undo=done)


def _view(kith: Installation, connection: Connection[Any], morning: Morning, head: int) -> Today:
    day, until = morning.day, morning.day.today
    since = until - MONTH
    happened = days.how_much_happened(connection, since, until)
    kinds = days.what_kinds_happened(connection, since, until)
    lately = stretches.how_was_it(connection, since, until, limit=6)
    return Today(
        morning=morning,
        head=head,
        newest=day.newest,
        since=since,
        until=until,
        looks_back=day.looks_back,
        now=lately.now,
        before=lately.before,
        by_day=_by_day(happened, since, until),
        by_source=_by_source(happened),
        by_kind=[Share(row["kind"], row["n"]) for row in kinds[:5]],
        talks=_talks(kith, connection),
        active=_active(connection, lately.active),
        newcomers=members.which_members(connection, members.Wish(kind="person", sort="newest"), limit=6),
        imports=[brought(row) for row in which_imports(connection, limit=4)],
        importers=importers(),
    )


def _by_day(happened: list[dict[str, Any]], since: date, until: date) -> list[tuple[date, int]]:
    """Acts of each day, those without any included."""
    counts = {since + timedelta(days=n): 0 for n in range((until - since).days + 1)}
    for row in happened:
        counts[row["day"]] += row["n"]
    return list(counts.items())


def _by_source(happened: list[dict[str, Any]]) -> list[Share]:
    counts: dict[str, int] = {}
    for row in happened:
        counts[row["source"]] = counts.get(row["source"], 0) + row["n"]
    most_first = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Share(source, n) for source, n in most_first]


def _talks(kith: Installation, connection: Connection[Any]) -> list[Talk]:
    """The conversations of late, their openers decrypted together."""
    known = threads.which_threads_are_new(connection, limit=8)
    openers = {one.position: one for one in which_entries(kith.vault, connection, [thread.opener for thread in known])}
    return [
        Talk(
            thread.thread,
            one.title or one.text[:200],
            one.source,
            one.place,
            one.who,
            thread.interactions,
            thread.last_at,
        )
        for thread in known
        if (one := openers.get(thread.opener))
    ]


def _active(connection: Connection[Any], found: list[stretches.Active]) -> list[Active]:
    people = what_are_they_called(connection, [one.member for one in found])
    return [Active(people[one.member], one.n) for one in found]


ROUTES = [today, read]
