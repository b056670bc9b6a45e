"""The timeline of the whole community: whatever anybody did, on whichever platform, in one stream."""

from datetime import date
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from psycopg import Connection

from crm.kinds import _
from projections import happenings, places
from projections.entries import which_entries
from projections.happenings import Busy, Total, Wish
from projections.places import PlaceRow
from web.address import read_id
from web.choices import Choice, Counted, begun, choices, last_day, part
from web.menu import Entry
from web.page import Asked, is_partial, kith, page, wanted, with_query
from web.stream import Line, end, lines

MENU = Entry(_("Timeline"), "/timeline", "history", 11)

PAGE, WHOLE = 30, 1000


class Stream(msgspec.Struct):
    """What happened, as filtered, newest first. `acts` is how much there is at all, `bots` how much of what fits bots did."""

    wish: Wish
    place: PlaceRow | None
    until_day: date | None
    lines: list[Line]
    kinds_here: list[Choice]
    sources_here: list[Choice]
    places_here: list[Busy]
    acts: int
    bots: int
    older: str | None


@get("/timeline", sync_to_thread=True)
def what_happened_here(
    request: Asked,
    kind: FromQuery[str] = "",
    source: FromQuery[str] = "",
    place: FromQuery[str] = "",
    who: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Response[Any]:
    """All that happened, in one stream; the acts of bots only when they are asked for."""
    wish = Wish(
        **part(kind, source, since, until, before),
        place=read_id(place),
        who=who if who in ("all", "bots") else "people",
    )
    with kith(request).connection() as connection:
        view = _stream(request, connection, wish)
    return page(request, "timeline/index.html", view, rows=[line.row() for line in view.lines])


def _stream(request: Asked, connection: Connection[Any], wish: Wish) -> Stream:
    limit = PAGE if wanted(request) == "html" else WHOLE
    found = which_entries(kith(request).vault, connection, happenings.what_happened_here(connection, wish, limit))
    there = happenings.what_kinds_are_there(connection)
    fitting = [each for each in there if wish.kind in ("", each.kind) and wish.source in ("", each.source)]
    counts = [Counted(each.kind, each.source, _of(each, wish.who)) for each in there]
    known = places.what_are_places_called(connection, [wish.place]) if wish.place else {}
    countable = not (wish.place or wish.since or wish.until)
    goes_on = end(found, limit)
    return Stream(
        wish=wish,
        place=known.get(wish.place) if wish.place else None,
        until_day=last_day(wish),
        lines=lines(found, after=begun(wish) if is_partial(request) else None),
        kinds_here=choices(counts, "kind", wish, told=countable),
        sources_here=choices(counts, "source", wish, told=countable),
        places_here=happenings.which_places_are_busy(connection),
        acts=sum(each.acts for each in there),
        bots=sum(each.bots for each in fitting),
        older=with_query(request, before=goes_on) if goes_on else None,
    )


def _of(total: Total, who: str) -> int:
    return {"people": total.acts - total.bots, "bots": total.bots}.get(who, total.acts)


ROUTES = [what_happened_here]
