"""Organisations: who belongs to each, and how much their people do while they belong to it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from crm.kinds import _
from projections import organisations
from projections.organisations import Credit, Organisation
from web.clocks import Clocks, read_clocks
from web.menu import Entry
from web.page import Asked, kith, page
from web.problem import Problem

MENU = Entry(_("Organisations"), "/organisations", "building-2", 12)


class Naming(msgspec.Struct):
    """A form: what an organisation is called, and the domains of its mail, one a line."""

    name: str = ""
    domains: str = ""


class Line(msgspec.Struct):
    """An organisation in the list; `share` is the part of all acts of the year that its people did, 0 to 1."""

    organisation: UUID
    name: str
    domains: list[str]
    people: int
    ever: int
    lately: int
    acts: int
    share: float


class Organisations(msgspec.Struct):
    """The organisations, those whose people did most in the last year first. `draft` is what was typed."""

    clocks: Clocks
    lines: list[Line]
    draft: Naming
    problem: Problem | None = None


@get("/organisations", sync_to_thread=True)
def which_organisations(request: Asked, on: FromQuery[str] = "", known: FromQuery[str] = "") -> Response[Any]:
    """The organisations there are."""
    view = list_of(request, read_clocks(request, on, known), Naming())
    return page(request, "organisations/index.html", view, rows=view.lines)


def list_of(request: Asked, clocks: Clocks, draft: Naming, problem: Problem | None = None) -> Organisations:
    """The organisations as of then, with a draft of a name that was not taken."""
    with kith(request).connection() as connection:
        named = organisations.which_organisations(connection, clocks.position)
        credit = (
            organisations.how_much_is_theirs(connection, clocks.since, clocks.day, clocks.position) if named else {}
        )
        total = organisations.how_much_did_all_do(connection, clocks.since, clocks.day, clocks.position)
    lines = [line(one, credit.get(id) or Credit(id, 0, 0, 0, 0), total) for id, one in named.items()]
    return Organisations(clocks, sorted(lines, key=lambda one: (-one.lately, -one.acts)), draft, problem)


def line(one: Organisation, credit: Credit, total: int) -> Line:
    """An organisation as it stands in a list; `total` is what everybody did."""
    share = credit.lately / total if total else 0.0
    return Line(one.organisation, one.name, one.domains, credit.people, credit.ever, credit.lately, credit.acts, share)


ROUTES = [which_organisations]
