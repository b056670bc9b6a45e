"""One of the things that the team keeps about a member, in a form of its own: read, written anew, removed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Conflict, Refusal
from crm.kinds import _
from crm.writing import RemoveItem
from projections.identities import Identity
from projections.items import Item, which_item
from projections.profile import which_colleagues
from web.about import About, about
from web.page import Asked, kith, page
from web.problem import Problem, asked_again
from web.writing import SAID, Writing, back, draft_of, wish_of


class OneItem(msgspec.Struct):
    """An item to be changed. `item` is what stands, None where it was removed meanwhile; `draft` is what the form holds."""

    about: About
    id: UUID
    item: Item | None
    team: list[Identity]
    today: date
    draft: Writing
    problem: Problem | None = None


@get("/members/{member:uuid}/items/{item:uuid}", sync_to_thread=True)
def read(request: Asked, member: FromPath[UUID], item: FromPath[UUID], next: FromQuery[str] = "") -> Response[Any]:
    """One item in a form of its own."""
    view = _one(request, member, item, None)
    if view.item is None:
        raise NotFoundException
    view.draft.next = next
    return page(request, "items/item.html", view)


@post("/members/{member:uuid}/items/{item:uuid}", sync_to_thread=True)
def rewrite(
    request: Asked, member: FromPath[UUID], item: FromPath[UUID], data: URLEncodedBody[Writing]
) -> Response[Any]:
    """Write an item anew."""
    return _changed(request, member, item, lambda: wish_of(member, data, item), data)


@post("/members/{member:uuid}/items/{item:uuid}/removal", sync_to_thread=True)
def remove(
    request: Asked, member: FromPath[UUID], item: FromPath[UUID], data: URLEncodedBody[Writing]
) -> Response[Any]:
    """Take an item away."""
    wish = RemoveItem(member=member, kind=data.kind, item=item, seen=data.seen)
    return _changed(request, member, item, lambda: wish, data, gone=True)


def _changed(
    request: Asked, member: UUID, item: UUID, wish: Callable[[], Command], data: Writing, gone: bool = False
) -> Response[Any]:
    """Do it and go back; where that cannot be, the form again with the draft and why."""
    try:
        done = dispatch(kith(request), wish())
    except Refusal as refusal:
        view = _one(request, member, item, None if gone else data)
        if isinstance(refusal, Conflict):
            view.draft.seen = refusal.position
        return asked_again(request, "items/item.html", view, refusal)
    return back(
        request, member, data.next, _("It is removed; the history keeps it.") if gone else SAID[data.kind], done
    )


def _one(request: Asked, member: UUID, item: UUID, draft: Writing | None) -> OneItem:
    with kith(request).connection() as connection:
        head = about(connection, member)
        found = which_item(kith(request).vault, connection, head.member.member, item)
        team = which_colleagues(connection)
    return OneItem(head, item, found, team, datetime.now(UTC).date(), draft or draft_of(found))


ROUTES = [read, rewrite, remove]
