"""Everybody whom one member has to do with."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from web.about import About, about, elsewhere
from web.address import FARTHEST, read_offset
from web.close import Close, who_is_close_to
from web.page import Asked, kith, page, wanted, with_query
from web.pages.member import PAGE, WHOLE


class Relationships(msgspec.Struct):
    """Everybody a member had to do with, the closest first."""

    about: About
    close: list[Close]
    older: str | None


@get("/members/{member:uuid}/relationships", sync_to_thread=True)
def who_is_close(request: Asked, member: FromPath[UUID], offset: FromQuery[str] = "") -> Response[Any]:
    """Everybody a member had to do with."""
    start = read_offset(offset)
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        head = about(connection, member)
        if head.member.member != member:
            return elsewhere(request, head.member.member)
        close = who_is_close_to(connection, head.accounts, limit, start)
    older = with_query(request, offset=start + limit) if start + limit < min(head.ties, FARTHEST) else None
    rows = [{"name": one.who.name, "source": one.who.source, **msgspec.structs.asdict(one.tie)} for one in close]
    return page(request, "members/relationships.html", Relationships(head, close, older), rows=rows)


ROUTES = [who_is_close]
