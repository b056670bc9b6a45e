"""Pairs that somebody found to be different people, for whoever wants to think again."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from projections.pairs import Apart, how_many_pairs, who_is_kept_apart
from web.page import Asked, kith, page, wanted, with_query
from web.pages.suggestions import BOUNDS, PAGE, WHOLE


class KeptApart(msgspec.Struct):
    """Pairs that are not proposed again, and how many there are to look at."""

    total: int
    pairs: list[Apart]
    older: str | None


@get("/suggestions/apart", sync_to_thread=True)
def who_is_not_the_same(request: Asked, before: FromQuery[int] = 0) -> Response[Any]:
    """Pairs that somebody found to be different people."""
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        pairs = who_is_kept_apart(kith(request).vault, connection, before or None, limit)
        total = sum(how_many_pairs(connection, list(BOUNDS.values())))
    older = with_query(request, before=pairs[-1].position) if len(pairs) == limit else None
    rows = [
        {"one": each.one.name, "other": each.other.name, "by": each.by, "at": each.at, "reason": each.reason}
        for each in pairs
    ]
    return page(request, "suggestions/apart.html", KeptApart(total, pairs, older), rows=rows)


ROUTES = [who_is_not_the_same]
