"""All that the team keeps about a member: notes, tasks, promises and contacts that were had, and a form for more."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody

from crm.command import dispatch
from crm.errors import Refusal
from projections.identities import Identity
from projections.items import DUE, KEPT, Item, which_items
from projections.profile import which_colleagues
from web.about import About, about, elsewhere
from web.address import read_offset
from web.page import Asked, kith, page, wanted, with_query
from web.problem import Problem, asked_again
from web.writing import SAID, Writing, back, wish_of

SHOWN, WHOLE = 50, 2000


class Items(msgspec.Struct):
    """All that the team keeps about a member: what is still to be done, what was told, what was done."""

    about: About
    due: list[Item]
    kept: list[Item]
    done: list[Item]
    team: list[Identity]
    today: date
    draft: Writing
    older: str | None = None
    problem: Problem | None = None


@get("/members/{member:uuid}/items", sync_to_thread=True)
def what_do_we_keep(
    request: Asked, member: FromPath[UUID], offset: FromQuery[str] = "", kind: FromQuery[str] = ""
) -> Response[Any]:
    """All that the team keeps about a member, and a form for more."""
    view = _items(request, member, read_offset(offset), Writing(kind=kind if kind in SAID else "note"))  # type: ignore[arg-type]
    if view.about.member.member != member:
        return elsewhere(request, view.about.member.member)
    rows = [_row(one) for one in (*view.due, *view.kept, *view.done)]
    return page(request, "items/items.html", view, rows=rows)


@post("/members/{member:uuid}/items", sync_to_thread=True)
def write(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Writing]) -> Response[Any]:
    """Write something down about a member."""
    try:
        done = dispatch(kith(request), wish_of(member, data, None))
    except Refusal as refusal:
        return asked_again(request, "items/items.html", _items(request, member, 0, data), refusal)
    return back(request, member, data.next, SAID[data.kind], done)


def _items(request: Asked, member: UUID, offset: int, draft: Writing) -> Items:
    limit = SHOWN if wanted(request) == "html" else WHOLE
    vault = kith(request).vault
    with kith(request).connection() as connection:
        head = about(connection, member)
        whose = head.member.member
        kept = which_items(vault, connection, whose, KEPT, limit=limit, offset=offset)
        view = Items(
            about=head,
            due=which_items(vault, connection, whose, DUE, done=False, limit=WHOLE),
            kept=kept,
            done=which_items(vault, connection, whose, DUE, done=True, limit=limit),
            team=which_colleagues(connection),
            today=datetime.now(UTC).date(),
            draft=draft,
        )
    view.older = with_query(request, offset=offset + limit) if len(kept) == limit else None
    return view


def _row(one: Item) -> dict[str, Any]:
    """An item as a line of a spreadsheet."""
    names = ("kind", "text", "day", "by", "at", "done_at", "done_by")
    return {**{name: getattr(one, name) for name in names}, "owner": one.owner.name if one.owner else ""}


ROUTES = [what_do_we_keep, write]
