"""Segments: filters under a name, how many they hold, and who came and left since last week."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from crm.conditions import Conditions
from crm.kinds import _
from crm.segments import READY
from projections.identities import Identity, what_are_they_called
from projections.offered import Offered, what_is_offered
from projections.saved import which_segments
from projections.segments import Change, how_they_changed, who_came_and_left
from web.looking_back import AsOf, a_week_ago, as_of
from web.menu import Entry
from web.page import Asked, kith, page, wanted
from web.saying import language_of, sentence

MENU = Entry(_("Segments"), "/segments", "list-filter", 12)

NAMED, WHOLE = 50, 10_000
"""Names of those who came and left on a page, and in a file."""


class Line(msgspec.Struct):
    """A segment: its word in the address, name (a msgid where it is `ready`), what it asks for in words and as an address."""

    key: str
    name: str
    ready: bool
    shared: bool
    by: str
    words: str
    list: str
    change: Change | None = None


class Segments(msgspec.Struct):
    """The segments, those first that every Kith has; changes are since the same day a week before `as_of.today`."""

    as_of: AsOf
    lines: list[Line]


class Segment(msgspec.Struct):
    """One segment, and who came and left since last week."""

    as_of: AsOf
    line: Line
    came: list[Identity]
    left: list[Identity]


@get("/segments", sync_to_thread=True)
def which_are_there(request: Asked) -> Response[Any]:
    """All segments with their numbers."""
    with kith(request).connection() as connection:
        moment, offered = as_of(connection), what_is_offered(connection)
        found = _all(connection, offered, language_of(request))
        changes = how_they_changed(connection, [one[1] for one in found], moment.today, *a_week_ago(connection, moment))
    lines = [one[0] for one in found]
    for line, change in zip(lines, changes, strict=True):
        line.change = change
    rows = [
        {"name": line.name, "asks": line.words, "shared": line.shared, **msgspec.structs.asdict(line.change)}
        for line in lines
        if line.change
    ]
    return page(request, "segments/index.html", Segments(moment, lines), rows=rows)


@get("/segments/{key:str}", sync_to_thread=True)
def who_is_in_it(request: Asked, key: FromPath[str]) -> Response[Any]:
    """One segment: how many, who came, who left."""
    limit = NAMED if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        moment, offered = as_of(connection), what_is_offered(connection)
        line, wish = next(
            (one for one in _all(connection, offered, language_of(request)) if one[0].key == key), (None, None)
        )
        if line is None or wish is None:
            raise NotFoundException
        week = a_week_ago(connection, moment)
        (line.change,) = how_they_changed(connection, [wish], moment.today, *week)
        came, left = who_came_and_left(connection, wish, moment.today, *week, limit)
        called = what_are_they_called(connection, [*came, *left])
    view = Segment(
        moment, line, [called[one] for one in came if one in called], [called[one] for one in left if one in called]
    )
    rows = [{"change": "came", **msgspec.structs.asdict(one)} for one in view.came]
    rows += [{"change": "left", **msgspec.structs.asdict(one)} for one in view.left]
    return page(request, "segments/segment.html", view, rows=rows)


def _all(connection: Connection[Any], offered: Offered, language: str) -> list[tuple[Line, Conditions]]:
    ready = [
        (Line(key, name, True, True, "", sentence(wish, offered, language), address(wish)), wish)
        for key, (name, wish) in READY.items()
    ]
    return ready + [
        (
            Line(
                str(one.segment),
                one.name,
                False,
                one.shared,
                one.by,
                sentence(one.wish, offered, language),
                address(one.wish, one.segment),
            ),
            one.wish,
        )
        for one in which_segments(connection)
    ]


def address(wish: Conditions, segment: UUID | None = None) -> str:
    """Where the list of members that fit stands."""
    return f"/members?{urlencode(wish.query() | ({'segment': str(segment)} if segment else {}))}"


ROUTES = [which_are_there, who_is_in_it]
