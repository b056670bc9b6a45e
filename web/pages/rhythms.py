"""Rhythms: how often to be in touch with a member, with everybody at a stage, with everybody who bears a tag; and whom to watch."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from crm.errors import Refusal
from crm.kinds import _
from crm.rhythms import SetRhythm, SetRhythmOf
from crm.watching import Watch
from projections.care import Rhythm, Scope, which_rhythm, which_scopes
from projections.identities import Identity
from web.page import Asked, kith, page
from web.pages.care import done, who
from web.problem import Problem


class Chosen(msgspec.Struct):
    """A rhythm as chosen: days, 0 for never, empty for none of their own. `seen` is the act that was shown."""

    days: str = ""
    seen: int | None = None
    next: str = "/care"


class Choosing(msgspec.Struct):
    """The form for a member's rhythm, where it was not taken: what stands beside what was chosen."""

    who: Identity
    rhythm: Rhythm
    draft: Chosen
    problem: Problem


@post("/members/{member:uuid}/rhythm", sync_to_thread=True)
def set_rhythm(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Chosen]) -> Response[Any]:
    """Say how often to be in touch with a member."""
    try:
        wish = SetRhythm(member=member, days=_days(data.days), seen=data.seen)
        return done(request, wish, data.next, _("The rhythm is set."))
    except Refusal as refusal:
        problem = Problem.of(refusal)
        with kith(request).connection() as connection:
            stands = which_rhythm(connection, member)
        view = Choosing(who(request, member), stands, data, problem)
        return problem.mark(page(request, "care/rhythm.html", view))


class Watching(msgspec.Struct):
    """Whether to watch; empty stops it."""

    on: str = ""
    next: str = "/care?tab=watched"


@post("/members/{member:uuid}/watch", sync_to_thread=True)
def watch(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Watching]) -> Response[Any]:
    """Watch a member, or stop it."""
    said = _("You will notice all that they do.") if data.on else _("They are not watched any more.")
    return done(request, Watch(member=member, on=bool(data.on)), data.next, said)


class Rhythms(msgspec.Struct):
    """Stages and tags with how often to be in touch."""

    scopes: list[Scope]
    problem: Problem | None = None


class Scoped(msgspec.Struct):
    """A rhythm for everybody at a stage or with a tag."""

    days: str = ""
    tag: str = ""
    stage: UUID | None = None


@get("/care/rhythms", sync_to_thread=True)
def which_rhythms(request: Asked) -> Response[Any]:
    """How often to be in touch, by stage and by tag."""
    return _rhythms(request)


@post("/care/rhythms", sync_to_thread=True)
def set_rhythm_of(request: Asked, data: URLEncodedBody[Scoped]) -> Response[Any]:
    """Set the rhythm of a stage or a tag."""
    try:
        wish = SetRhythmOf(days=_days(data.days), tag=data.tag, stage=data.stage)
        return done(request, wish, "/care/rhythms", _("The rhythm is set."))
    except Refusal as refusal:
        problem = Problem.of(refusal)
        return problem.mark(_rhythms(request, problem))


def _rhythms(request: Asked, problem: Problem | None = None) -> Response[Any]:
    with kith(request).connection() as connection:
        view = Rhythms(which_scopes(connection), problem)
    return page(request, "care/rhythms.html", view, rows=view.scopes)


def _days(text: str) -> int | None:
    if text and not (text.isdecimal() and len(text) < 6):
        raise Refusal(_("A rhythm is a number of days, from one to two years."))
    return int(text) if text else None


ROUTES = [set_rhythm, watch, which_rhythms, set_rhythm_of]
