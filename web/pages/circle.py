"""A member's circle: whom they are tied to, who listens, who of these know each other, and the audience they have elsewhere."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody

from crm.audience import PLATFORMS, ObserveAudience
from crm.command import dispatch
from crm.errors import Refusal
from crm.kinds import _
from projections.audience import Figure, which_figures
from projections.circle import Neighbour, which_circle
from projections.identities import Identity, what_are_they_called
from web.about import About, about, elsewhere
from web.day import Day, read_the_day
from web.drawing import Dot, Line, letter, lines, ringed, weight
from web.page import Asked, engine, kith, page, redirect
from web.problem import Problem, asked_again

MUTUAL = 300
"""Ties between the neighbours that are drawn."""

FIGURE = re.compile(r"-?(\d{1,3}([ .,\u00a0]\d{3}){1,9}|\d{1,30})")
"""Digits, or digits in groups of three as platforms write them."""


class Draft(msgspec.Struct):
    """The form of a figure: what was typed."""

    platform: str = ""
    figure: str = ""
    day: str = ""
    link: str = ""


class Near(msgspec.Struct):
    """Somebody in the circle, in the picture and in the table; `x`, `y` and `r` are the middle and the radius of their dot."""

    who: Identity
    tie: Neighbour
    letter: str
    weight: int
    x: float
    y: float
    r: float


class CirclePage(msgspec.Struct):
    """A member's circle on a day, its figures as those of `projections.circle.Circle`.

    `far` is how far the picture reaches from the member in its middle; `figures` are those of the audience elsewhere.
    """

    about: About
    day: Day
    reach: float
    ties: int
    heard_by: int
    turns_to: int
    beyond: int
    rows: list[Near]
    lines: list[Line]
    far: int
    figures: list[Figure]
    platforms: tuple[str, ...]
    draft: Draft
    problem: Problem | None = None


@get("/members/{member:uuid}/circle", sync_to_thread=True)
def who_is_around(request: Asked, member: FromPath[UUID], on: FromQuery[str] = "") -> Response[Any]:
    """The circle of a member as of a day."""
    view = _view(request, member, on, Draft(day=datetime.now(UTC).date().isoformat()))
    if view.about.member.member != member:
        return elsewhere(request, view.about.member.member)
    return page(request, "network/circle.html", view, rows=[_line(one) for one in view.rows])


@post("/members/{member:uuid}/circle", sync_to_thread=True)
def observe(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Draft]) -> Response[Any]:
    """Write down how many people follow a member somewhere."""
    try:
        position = dispatch(kith(request), _command(member, data))
    except Refusal as refusal:
        return asked_again(request, "network/circle.html", _view(request, member, "", data), refusal)
    engine(request).catch_up("members", "acts")
    return redirect(f"/members/{member}/circle", _("The figure is written down."), undo=position)


def _command(member: UUID, draft: Draft) -> ObserveAudience:
    typed = draft.figure.strip()
    if not FIGURE.fullmatch(typed):
        raise Refusal(_("Write the figure in digits, such as 12400."))
    digits = int(re.sub(r"[ .,\u00a0]", "", typed))
    try:
        day = date.fromisoformat(draft.day)
    except ValueError:
        raise Refusal(_("This is no day. Write it as 2024-05-31.")) from None
    return ObserveAudience(member=member, platform=draft.platform, figure=digits, day=day, link=draft.link)


def _view(request: Asked, member: UUID, on: str, draft: Draft) -> CirclePage:
    with kith(request).connection() as connection:
        head = about(connection, member)
        day = read_the_day(connection, on)
        circle = which_circle(connection, head.member.member, head.accounts, day.today)
        called = what_are_they_called(connection, [one.member for one in circle.neighbours])
        figures = which_figures(connection, head.member.member, day.on or date.max)
    near = [one for one in circle.neighbours if one.member in called]
    dots, far = ringed([one.group for one in near])
    mutual = [tie for tie in circle.mutual if tie.one in called and tie.two in called]
    return CirclePage(
        about=head,
        day=day,
        reach=circle.reach,
        ties=circle.ties,
        heard_by=circle.heard_by,
        turns_to=circle.turns_to,
        beyond=circle.beyond,
        rows=[_near(called[one.member], one, dot) for one, dot in zip(near, dots, strict=True)],
        lines=lines([one.member for one in near], mutual[:MUTUAL]),
        far=far,
        figures=figures,
        platforms=PLATFORMS,
        draft=draft,
    )


def _near(who: Identity, tie: Neighbour, dot: Dot) -> Near:
    return Near(who, tie, letter(tie.group), weight(tie.strength), *dot)


def _line(one: Near) -> dict[str, Any]:
    """Somebody of the circle as a line of a spreadsheet."""
    told = {name: round(getattr(one.tie, name), 2) for name in ("strength", "given", "received")}
    return {"name": one.who.name, **told, "knows": one.tie.knows, "group": one.letter, "member": str(one.who.member)}


ROUTES = [who_is_around, observe]
