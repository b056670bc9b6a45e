"""What the team keeps about a member: notes, tasks, promises, and contacts that were had; written, changed, done, removed."""

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
from crm.items import FinishItem, Kind, RemoveItem, WriteItem
from crm.kinds import _
from projections.identities import Identity
from projections.items import DUE, KEPT, Item, which_item, which_items
from projections.profile import which_colleagues
from web.about import About, about, elsewhere
from web.address import read_id, read_offset
from web.page import Asked, engine, html, kith, page, redirect, wanted, with_query
from web.problem import Problem

SHOWN, WHOLE = 50, 2000

SAID: dict[str, str] = {
    "note": _("The note is kept."),
    "task": _("The task is kept."),
    "promise": _("The promise is kept in mind."),
    "call": _("The call is written down."),
    "meeting": _("The meeting is written down."),
    "message": _("The message is written down."),
    "gift": _("The gift is written down."),
}


class Writing(msgspec.Struct):
    """The form of an item: day and owner may be empty; `seen` is the writing that was on the page."""

    kind: Kind = "note"
    text: str = ""
    day: str = ""
    owner: str = ""
    seen: int | None = None
    next: str = ""


class Finishing(msgspec.Struct):
    """The form that says whether something is done."""

    kind: Kind
    done: bool = True
    next: str = ""


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


class OneItem(msgspec.Struct):
    """An item to be changed. `item` is what stands, None where it was removed meanwhile; `draft` is what the form holds."""

    about: About
    id: UUID
    item: Item | None
    team: list[Identity]
    today: date
    draft: Writing
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
        done = dispatch(kith(request), _wish(member, data, None))
    except Refusal as refusal:
        view = _items(request, member, 0, data)
        view.problem = Problem.of(refusal)
        return view.problem.mark(_shown(request, "items/items.html", view))
    return _back(request, member, data.next, SAID[data.kind], done)


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
    return _changed(request, member, item, lambda: _wish(member, data, item), data)


@post("/members/{member:uuid}/items/{item:uuid}/removal", sync_to_thread=True)
def remove(
    request: Asked, member: FromPath[UUID], item: FromPath[UUID], data: URLEncodedBody[Writing]
) -> Response[Any]:
    """Take an item away."""
    wish = RemoveItem(member=member, kind=data.kind, item=item, seen=data.seen)
    return _changed(request, member, item, lambda: wish, data, gone=True)


@post("/members/{member:uuid}/items/{item:uuid}/done", sync_to_thread=True)
def finish(
    request: Asked, member: FromPath[UUID], item: FromPath[UUID], data: URLEncodedBody[Finishing]
) -> Response[Any]:
    """Say that something is done, or not after all."""
    kind = data.kind if data.kind in DUE else "task"
    wish = FinishItem(member=member, kind="task" if kind == "task" else "promise", item=item, done=data.done)
    notice = _("Done.") if data.done else _("It is to be done again.")
    try:
        done = dispatch(kith(request), wish)
    except Refusal as refusal:
        return redirect(data.next or f"/members/{member}", str(refusal))
    return _back(request, member, data.next, notice, done)


def _wish(member: UUID, data: Writing, item: UUID | None) -> WriteItem:
    """What a form asks for. Refusal for a day that is none."""
    try:
        day = date.fromisoformat(data.day) if data.day else None
    except ValueError:
        raise Refusal(_("This is no day. Write it as 2024-05-31.")) from None
    seen = data.seen if item else None
    owner = read_id(data.owner)
    return WriteItem(member=member, kind=data.kind, text=data.text, day=day, owner=owner, item=item, seen=seen)


def _changed(
    request: Asked, member: UUID, item: UUID, wish: Callable[[], Command], data: Writing, gone: bool = False
) -> Response[Any]:
    """Do it and go back; where that cannot be, the form again with the draft and why."""
    try:
        done = dispatch(kith(request), wish())
    except Refusal as refusal:
        view = _one(request, member, item, None if gone else data)
        view.problem = Problem.of(refusal)
        if isinstance(refusal, Conflict):
            view.draft.seen = refusal.position
        return view.problem.mark(_shown(request, "items/item.html", view))
    return _back(
        request, member, data.next, _("It is removed; the history keeps it.") if gone else SAID[data.kind], done
    )


def _back(request: Asked, member: UUID, next: str, notice: str, done: int) -> Response[Any]:
    engine(request).catch_up("members", "acts")
    return redirect(next or f"/members/{member}", notice, undo=done)


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


def _one(request: Asked, member: UUID, item: UUID, draft: Writing | None) -> OneItem:
    with kith(request).connection() as connection:
        head = about(connection, member)
        found = which_item(kith(request).vault, connection, head.member.member, item)
        team = which_colleagues(connection)
    return OneItem(head, item, found, team, datetime.now(UTC).date(), draft or _draft(found))


def _draft(item: Item | None) -> Writing:
    """A form that holds what stands."""
    if item is None:
        return Writing()
    day, owner = item.day.isoformat() if item.day else "", str(item.owner_id or "")
    return Writing(kind=item.kind, text=item.text, day=day, owner=owner, seen=item.position)  # type: ignore[arg-type]


def _shown(request: Asked, template: str, view: msgspec.Struct) -> Response[str]:
    return html(request, template, {**msgspec.structs.asdict(view), "view": view})


def _row(one: Item) -> dict[str, Any]:
    """An item as a line of a spreadsheet."""
    names = ("kind", "text", "day", "by", "at", "done_at", "done_by")
    return {**{name: getattr(one, name) for name in names}, "owner": one.owner.name if one.owner else ""}


ROUTES = [what_do_we_keep, write, read, rewrite, remove, finish]
