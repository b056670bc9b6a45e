"""Care: for whom it is time, who waits for an answer, who is turned to too often, who is being lost, who is watched."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery, URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.writing import WriteItem
from projections.identities import Identity, what_are_they_called
from projections.team import is_there_a_team
from web.care import Row, rows_of
from web.menu import Entry
from web.page import Asked, engine, kith, page, redirect, wanted
from web.problem import Problem
from web.reasons import LISTS
from web.today import Day, what_day

MENU = Entry(_("Care"), "/care", "hand-heart", 16)

SHOWN, WHOLE = 50, 1000


class Caring(msgspec.Struct):
    """One of the lists (`chosen`). `team` tells whether anybody is known as a colleague."""

    chosen: str
    day: Day
    team: bool
    rows: list[Row]
    limit: int


@get("/care", sync_to_thread=True)
def who_needs_a_word(request: Asked, tab: FromQuery[str] = "due") -> Response[Any]:
    """A list of people who need a word, each with the reason."""
    tab = tab if tab in LISTS else "due"
    limit = SHOWN if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        day = what_day(connection)
        rows = rows_of(kith(request), connection, LISTS[tab](connection, day.today, limit))
        view = Caring(tab, day, is_there_a_team(connection), rows[:limit], limit)
    return page(request, "care/index.html", view, rows=[row.plain() for row in view.rows])


class Written(msgspec.Struct):
    """A contact as a colleague writes it down. `next` is the page to go back to."""

    member: UUID
    kind: str = "call"
    text: str = ""
    day: str = ""
    next: str = "/care"


class Writing(msgspec.Struct):
    """The form for a contact, filled as it was sent."""

    who: Identity
    draft: Written
    problem: Problem | None = None


CONTACTS = ("call", "meeting", "message", "gift")


@get("/care/contact", sync_to_thread=True)
def what_contact(
    request: Asked, member: FromQuery[UUID], kind: FromQuery[str] = "call", next: FromQuery[str] = "/care"
) -> Response[Any]:
    """A form for a contact that happened elsewhere."""
    draft = Written(member, kind if kind in CONTACTS else "call", day=datetime.now(UTC).date().isoformat(), next=next)
    return page(request, "care/contact.html", Writing(who(request, member), draft))


@post("/care/contact", sync_to_thread=True)
def write_contact(request: Asked, data: URLEncodedBody[Written]) -> Response[Any]:
    """Write the contact down; it counts at once."""
    try:
        if data.kind not in CONTACTS:
            raise Refusal(_("Choose whether it was a call, a meeting, a message or a gift."))
        wish = WriteItem(member=data.member, kind=data.kind, text=data.text, day=_day(data.day))  # type: ignore[arg-type]
        return done(request, wish, data.next, _("The contact is written down."))
    except Refusal as refusal:
        problem = Problem.of(refusal)
        view = Writing(who(request, data.member), data, problem)
        return problem.mark(page(request, "care/contact.html", view))


def done(request: Asked, wish: Command, path: str, notice: str) -> Response[Any]:
    """Carry it out, let the pages know, and go on; it can be undone there."""
    position = dispatch(kith(request), wish)
    engine(request).catch_up("members", "acts")
    return redirect(path, notice, undo=position)


def who(request: Asked, member: UUID) -> Identity:
    """What to call a member; 404 for nobody."""
    with kith(request).connection() as connection:
        called = what_are_they_called(connection, [member])
    if member not in called:
        raise NotFoundException
    return called[member]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(_("Write the day as year, month and day, such as 2026-03-31.")) from None


ROUTES = [who_needs_a_word, what_contact, write_contact]
