"""Threads: a conversation from its beginning, with the people who took part."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from projections import entries, identities, places, threads, timeline
from projections.entries import Entry
from projections.identities import Identity
from projections.places import PlaceRow
from projections.threads import Thread
from web.address import Cursor
from web.page import Asked, is_partial, kith, page, wanted, with_query
from web.stream import Line, end, lines

PAGE, WHOLE, NAMED = 30, 1000, 12


class Voice(msgspec.Struct):
    """Somebody who took part, and how often they did something here."""

    who: Identity
    n: int


class Conversation(msgspec.Struct):
    """A thread, oldest first. `opener` began it and bears its title; `start` is set where this page is not the first."""

    thread: Thread
    opener: Entry | None
    place: PlaceRow | None
    lines: list[Line]
    voices: list[Voice]
    how_many: int
    start: str | None
    newer: str | None


@get("/threads/{thread:uuid}", sync_to_thread=True)
def what_was_said(request: Asked, thread: FromPath[UUID], after: FromQuery[str] = "") -> Response[Any]:
    """A conversation, page by page from its beginning."""
    view = _conversation(request, thread, Cursor.read(after))
    return page(request, "threads/thread.html", view, rows=[line.row() for line in view.lines])


def _conversation(request: Asked, thread: UUID, cursor: Cursor | None) -> Conversation:
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        known = threads.which_threads(connection, [thread]).get(thread)
        if known is None:
            raise NotFoundException
        after = (cursor.at, cursor.position) if cursor else (None, 0)
        rows = timeline.what_was_said(connection, thread, limit, *after)
        took_part = timeline.who_took_part(connection, thread, NAMED)
        called = identities.what_are_they_called(connection, [voice.member for voice in took_part])
        place = places.what_are_places_called(connection, [known.place]) if known.place else {}
        read = entries.which_entries(kith(request).vault, connection, [known.opener, *(row.position for row in rows)])
    opener = next((entry for entry in read if entry.position == known.opener), None)
    found = read[1:] if opener else read
    goes_on = end(found, limit)
    return Conversation(
        thread=known,
        opener=opener,
        place=place.get(known.place) if known.place else None,
        lines=lines(found, after=cursor if is_partial(request) else None, known=known.opener),
        voices=[Voice(called[voice.member], voice.n) for voice in took_part if voice.member in called],
        how_many=took_part[0].voices if took_part else 0,
        start=request.url.path if cursor else None,
        newer=with_query(request, after=goes_on) if goes_on else None,
    )


ROUTES = [what_was_said]
