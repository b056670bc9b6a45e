"""What is known of a member and can be changed in place: stage, owner, side, fields, tags; each change can be undone."""

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
from crm.owners import SetOwner
from crm.profile import SetField
from crm.sides import SetSide
from crm.staging import SetStage
from crm.tags import GiveTag, TakeTag
from projections.items import DUE, Item, which_items
from projections.profile import Field, Profile, what_is_known
from web.about import About, about, elsewhere
from web.address import read_id
from web.page import Asked, engine, kith, page, redirect
from web.problem import Problem, asked_again


class Known(msgspec.Struct):
    """A member's profile, and what is still to be done for them, of which some may be late `today`."""

    about: About
    profile: Profile
    due: list[Item]
    today: date


class Editing(msgspec.Struct):
    """One field in a form. `draft` is what was written, `field` holds what stands; `seen` is the act that stands."""

    about: About
    profile: Profile
    field: Field
    draft: str | list[str]
    seen: int
    next: str
    problem: Problem | None = None


class Change(msgspec.Struct):
    """The form of one field: its new value, the act that stood when the form was opened, the page to go back to."""

    value: str | list[str] = ""
    seen: int | None = None
    next: str = ""


class Tagging(msgspec.Struct):
    """The form of a tag: given, or taken off if `gone`."""

    tag: str
    gone: bool = False
    next: str = ""


class Tagged(msgspec.Struct):
    """A tag that was refused, with the sentence why."""

    about: About
    profile: Profile
    draft: str
    problem: Problem | None = None


@get("/members/{member:uuid}/profile", sync_to_thread=True)
def what_do_we_know(request: Asked, member: FromPath[UUID]) -> Response[Any]:
    """All that is known of a member, each with who said it and when."""
    with kith(request).connection() as connection:
        head = about(connection, member)
        if head.member.member != member:
            return elsewhere(request, head.member.member)
        profile = what_is_known(kith(request).vault, connection, member, head.accounts)
        due = which_items(kith(request).vault, connection, member, DUE, done=False)
    rows = [
        {"field": one.label, "value": one.shown(), "by": one.by, "source": one.source, "at": one.at}
        for one in profile.everything()
    ]
    return page(request, "profile/profile.html", Known(head, profile, due, datetime.now(UTC).date()), rows=rows)


@get("/members/{member:uuid}/fields/{key:str}", sync_to_thread=True)
def edit(request: Asked, member: FromPath[UUID], key: FromPath[str], next: FromQuery[str] = "") -> Response[Any]:
    """One field in a form of its own."""
    view = _editing(request, member, key, Change(next=next))
    view.draft = view.field.value
    return page(request, "profile/field.html", view)


@post("/members/{member:uuid}/fields/{key:str}", sync_to_thread=True)
def change(request: Asked, member: FromPath[UUID], key: FromPath[str], data: URLEncodedBody[Change]) -> Response[Any]:
    """Keep what was written; where that cannot be, the form again, with what was written and why."""
    try:
        done = dispatch(kith(request), _wish(member, key, data))
    except Refusal as refusal:
        view = _editing(request, member, key, data)
        if not isinstance(refusal, Conflict):
            view.seen = data.seen or 0
        return asked_again(request, "profile/field.html", view, refusal)
    engine(request).catch_up("members", "acts")
    return redirect(data.next or f"/members/{member}", _("Kept."), undo=done)


@post("/members/{member:uuid}/tags", sync_to_thread=True)
def tag(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Tagging]) -> Response[Any]:
    """Give a tag, or take it off."""
    wish = TakeTag(member=member, tag=data.tag) if data.gone else GiveTag(member=member, tag=data.tag)
    try:
        done = dispatch(kith(request), wish)
    except Refusal as refusal:
        return _refused_tag(request, member, data, refusal)
    engine(request).catch_up("members", "acts")
    notice = _("The tag is taken off.") if data.gone else _("The tag is given.")
    return redirect(data.next or f"/members/{member}", notice, undo=done)


def _refused_tag(request: Asked, member: UUID, data: Tagging, refusal: Refusal) -> Response[Any]:
    with kith(request).connection() as connection:
        head = about(connection, member)
        profile = what_is_known(kith(request).vault, connection, head.member.member, head.accounts)
    return asked_again(request, "profile/tag.html", Tagged(head, profile, data.tag), refusal)


def _wish(member: UUID, key: str, data: Change) -> Command:
    """What a form asks for."""
    one = data.value if isinstance(data.value, str) else ",".join(data.value)
    if key == "stage":
        return SetStage(member=member, stage=read_id(one), seen=data.seen)
    if key == "owner":
        return SetOwner(member=member, owner=read_id(one), seen=data.seen)
    if key == "side":
        return SetSide(member=member, side=one, seen=data.seen)
    return SetField(member=member, field=key, value=data.value, seen=data.seen)


def _editing(request: Asked, member: UUID, key: str, data: Change) -> Editing:
    with kith(request).connection() as connection:
        head = about(connection, member)
        profile = what_is_known(kith(request).vault, connection, head.member.member, head.accounts)
    field = next((one for one in profile.everything() if one.key == key), None)
    if field is None:
        raise NotFoundException
    return Editing(head, profile, field, data.value, field.position, data.next)


ROUTES = [what_do_we_know, edit, change, tag]
