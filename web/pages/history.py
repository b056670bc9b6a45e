"""The history of a member: every act of the team about them, from old to new as of then, undone or not, each with its undo."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from projections.history import what_changed
from web.about import About, about, elsewhere
from web.page import Asked, kith, page, wanted, with_query
from web.teamlines import TeamLine
from web.telling import team_lines

SHOWN, WHOLE = 50, 2000


class History(msgspec.Struct):
    """What the team did about a member, the newest first."""

    about: About
    lines: list[TeamLine]
    older: str | None


@get("/members/{member:uuid}/history", sync_to_thread=True)
def what_did_we_do(request: Asked, member: FromPath[UUID], before: FromQuery[str] = "") -> Response[Any]:
    """Every act about a member."""
    limit = SHOWN if wanted(request) == "html" else WHOLE
    start = int(before) if before.isdecimal() and len(before) < 19 else 0
    with kith(request).connection() as connection:
        head = about(connection, member)
        if head.member.member != member:
            return elsewhere(request, head.member.member)
        found = what_changed(connection, head.accounts, position=start, limit=limit, as_recorded=True)
        lines = team_lines(kith(request).vault, connection, found)
    day = None
    for line in lines:
        begins, day = line.done.recorded_at.date() != day, line.done.recorded_at.date()
        line.day = day if begins else None
    older = with_query(request, before=found[-1].position) if len(found) == limit else None
    return page(request, "profile/history.html", History(head, lines, older), rows=[line.change() for line in lines])


ROUTES = [what_did_we_do]
