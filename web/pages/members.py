"""Members: everybody who ever did something here, to be found by name and sorted by what they did."""

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from crm.kinds import _
from projections import days, identities, members
from projections.members import SORTS, Member, Wish
from web.address import FARTHEST, read_id, read_offset
from web.menu import Entry
from web.page import Asked, kith, page, wanted, with_query
from web.spans import midnight

MENU = Entry(_("Members"), "/members", "users", 12)

PAGE, WHOLE = 50, 10_000
"""Rows of a page, and of a file."""

SEEN = (30, 90, 365)


class Members(msgspec.Struct):
    """Members that fit what was asked. `count` stops at 10,000, `capped` says so; `newest` is the last day of the data."""

    wish: Wish
    count: int
    capped: bool
    newest: date | None
    members: list[Member]
    sources: list[str]
    older: str | None


@get("/members", sync_to_thread=True)
def which_members(
    request: Asked,
    q: FromQuery[str] = "",
    source: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    seen: FromQuery[str] = "",
    batch: FromQuery[str] = "",
    sort: FromQuery[str] = "acts",
    offset: FromQuery[str] = "",
) -> Response[Any]:
    """The list, its next rows, or what a search finds while it is typed."""
    wish = Wish(
        q.strip(),
        source,
        kind if kind in ("person", "bot") else "",
        _seen(seen),
        read_id(batch),
        sort if sort in SORTS else "acts",
    )
    start = read_offset(offset)
    view = _answer(request, wish, start)
    return page(request, "members/index.html", view, fragment="rows" if start else "results", rows=view.members)


def _seen(text: str) -> int:
    return int(text) if text in map(str, SEEN) else 0


def _answer(request: Asked, wish: Wish, start: int) -> Members:
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        newest = days.when_was_the_last_day(connection)
        since = midnight(newest - timedelta(days=wish.seen - 1)) if wish.seen and newest else None
        found = members.which_members(connection, wish, since, limit, start)
        count = start + len(found)
        if len(found) == limit or (start and not found):
            count = members.how_many_members(connection, wish, since, most=WHOLE + 1)
        sources = identities.which_sources(connection)
    goes_on = len(found) == limit and start + limit < FARTHEST
    older = with_query(request, offset=start + limit) if goes_on else None
    return Members(wish, min(count, WHOLE), count > WHOLE, newest, found, sources, older)


ROUTES = [which_members]
