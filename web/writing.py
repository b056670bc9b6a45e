"""The form of whatever the team keeps about a member: what it holds, what it asks for, and what is said when it is kept."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from crm.errors import Refusal
from crm.items import Kind
from crm.kinds import _
from crm.writing import WriteItem
from projections.items import Item
from web.address import read_id
from web.page import Asked, engine, redirect

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


def wish_of(member: UUID, data: Writing, item: UUID | None) -> WriteItem:
    """What a form asks for. Refusal for a day that is none."""
    try:
        day = date.fromisoformat(data.day) if data.day else None
    except ValueError:
        raise Refusal(_("This is no day. Write it as 2024-05-31.")) from None
    seen = data.seen if item else None
    owner = read_id(data.owner)
    return WriteItem(member=member, kind=data.kind, text=data.text, day=day, owner=owner, item=item, seen=seen)


def draft_of(item: Item | None) -> Writing:
    """A form that holds what stands."""
    if item is None:
        return Writing()
    day, owner = item.day.isoformat() if item.day else "", str(item.owner_id or "")
    return Writing(kind=item.kind, text=item.text, day=day, owner=owner, seen=item.position)  # type: ignore[arg-type]


def back(request: Asked, member: UUID, next: str, notice: str, done: int) -> Response[Any]:
    """On to where the form came from, once what was done at this position can be read there."""
    engine(request).catch_up("members", "acts")
    return redirect(next or f"/members/{member}", notice, undo=done)
