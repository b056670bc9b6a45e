"""Today: what came in, who is new, who was most active, which conversations go on. The first page of the morning."""

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import Response, get

from projections import days, members, threads
from projections.identities import Identity, what_are_they_called
from web.menu import Entry
from web.page import Asked, kith, page

def _(text: str) -> str: return text
MENU = Entry(_("Today"), "/", "sun", 10)


class Today(msgspec.Struct):
    day: date | None
    newest: list[members.Member]


@get("/", sync_to_thread=True)
def today(request: Asked) -> Response[Any]:
    """The day at a glance."""
    with kith(request).connection() as connection:
        last = days.when_was_the_last_day(connection)
        view = Today(last, members.which_members(connection, members.Wish(sort="newest"), limit=8))
    return page(request, "today/index.html", view, rows=view.newest)


ROUTES = [today]
