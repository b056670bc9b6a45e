"""Organisations: who belongs to each, and how much their people do while they belong to it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from psycopg import Connection

from crm.command import dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.organisations import NameOrganisation
from projections import affiliations, organisations
from projections.affiliations import Affiliation
from projections.identities import Identity, what_are_they_called
from projections.organisations import Busy, Credit, Organisation, Period, Turn
from web.address import FARTHEST, read_offset
from web.clocks import Clocks, read_clocks
from web.menu import Entry
from web.page import Asked, engine, kith, page, redirect, wanted, with_query
from web.problem import Problem
from web.spans import months_before

MENU = Entry(_("Organisations"), "/organisations", "building-2", 12)

PAGE, WHOLE = 50, 10_000


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


class Person(msgspec.Struct):
    """Somebody who belongs or belonged."""

    who: Identity | None
    time: Affiliation


class Change(msgspec.Struct):
    """Somebody came or went."""

    who: Identity | None
    turn: Turn


class OneOrganisation(msgspec.Struct):
    """An organisation. `periods` are the last twelve months or (`yearly`) years of the data, without gaps."""

    clocks: Clocks
    organisation: Organisation
    credit: Credit
    share: float
    people: list[Person]
    older: str | None
    periods: list[Period]
    yearly: bool
    busy: list[Busy]
    turns: list[Change]
    draft: Naming
    problem: Problem | None = None


@get("/organisations", sync_to_thread=True)
def which_organisations(request: Asked, on: FromQuery[str] = "", known: FromQuery[str] = "") -> Response[Any]:
    """The organisations there are."""
    view = _list(request, read_clocks(request, on, known), Naming())
    return page(request, "organisations/index.html", view, rows=view.lines)


@post("/organisations", sync_to_thread=True)
def name_organisation(request: Asked, data: URLEncodedBody[Naming]) -> Response[Any]:
    """Make an organisation known."""
    try:
        position = dispatch(kith(request), _command(data))
    except Refusal as refusal:
        problem = Problem.of(refusal)
        return problem.mark(
            page(request, "organisations/index.html", _list(request, read_clocks(request), data, problem))
        )
    engine(request).catch_up("acts")
    return redirect("/organisations", _("The organisation was added."), undo=position)


@get("/organisations/{organisation:uuid}", sync_to_thread=True)
def what_is_it(
    request: Asked,
    organisation: FromPath[UUID],
    on: FromQuery[str] = "",
    known: FromQuery[str] = "",
    by: FromQuery[str] = "",
    offset: FromQuery[str] = "",
) -> Response[Any]:
    """An organisation, its people and what they did."""
    view = _one(request, organisation, read_clocks(request, on, known), read_offset(offset), by == "year")
    rows = [{"name": one.who.name if one.who else "", **msgspec.structs.asdict(one.time)} for one in view.people]
    return page(request, "organisations/organisation.html", view, rows=rows)


@post("/organisations/{organisation:uuid}", sync_to_thread=True)
def rename(request: Asked, organisation: FromPath[UUID], data: URLEncodedBody[Naming]) -> Response[Any]:
    """Change what an organisation is called."""
    try:
        position = dispatch(kith(request), _command(data, organisation))
    except Refusal as refusal:
        view = _one(request, organisation, read_clocks(request))
        view.draft, view.problem = data, Problem.of(refusal)
        return view.problem.mark(page(request, "organisations/organisation.html", view))
    engine(request).catch_up("acts")
    return redirect(f"/organisations/{organisation}", _("The organisation was changed."), undo=position)


@post("/organisations/{organisation:uuid}/removal", sync_to_thread=True)
def remove(request: Asked, organisation: FromPath[UUID]) -> Response[Any]:
    """Take an organisation off the list; who belonged to it comes back with it when that is undone."""
    with kith(request).connection() as connection:
        known = organisations.which_organisations(connection).get(organisation)
    if known is None:
        raise NotFoundException
    position = dispatch(kith(request), NameOrganisation(name=known.name, organisation=organisation, kept=False))
    engine(request).catch_up("acts")
    return redirect("/organisations", _("The organisation was taken off the list."), undo=position)


def _command(data: Naming, organisation: UUID | None = None) -> NameOrganisation:
    return NameOrganisation(name=data.name, domains=tuple(data.domains.splitlines()), organisation=organisation)


def _list(request: Asked, clocks: Clocks, draft: Naming, problem: Problem | None = None) -> Organisations:
    with kith(request).connection() as connection:
        named = organisations.which_organisations(connection, clocks.position)
        credit = (
            organisations.how_much_is_theirs(connection, clocks.since, clocks.day, clocks.position) if named else {}
        )
        total = organisations.how_much_did_all_do(connection, clocks.since, clocks.day, clocks.position)
    lines = [_line(one, credit.get(id) or Credit(id, 0, 0, 0, 0), total) for id, one in named.items()]
    return Organisations(clocks, sorted(lines, key=lambda one: (-one.lately, -one.acts)), draft, problem)


def _line(one: Organisation, credit: Credit, total: int) -> Line:
    share = credit.lately / total if total else 0.0
    return Line(one.organisation, one.name, one.domains, credit.people, credit.ever, credit.lately, credit.acts, share)


def _one(request: Asked, organisation: UUID, clocks: Clocks, start: int = 0, yearly: bool = False) -> OneOrganisation:
    limit = PAGE if wanted(request) == "html" else WHOLE
    asked = (organisation, clocks.day, clocks.position)
    with kith(request).connection() as connection:
        named = organisations.which_organisations(connection, clocks.position).get(organisation)
        if named is None:
            raise NotFoundException
        credit = organisations.how_much_is_theirs(connection, clocks.since, clocks.day, clocks.position, [organisation])
        total = organisations.how_much_did_all_do(connection, clocks.since, clocks.day, clocks.position)
        people = affiliations.who_belongs(connection, *asked, limit, start)
        turns = organisations.who_came_and_went(connection, *asked)
        busy = organisations.where_did_they_act(connection, *asked)
        periods = _periods(connection, organisation, clocks, yearly)
        called = what_are_they_called(connection, [*(one.member for one in people), *(one.member for one in turns)])
    line = _line(named, credit.get(organisation) or Credit(organisation, 0, 0, 0, 0), total)
    goes_on = len(people) == limit and start + limit < FARTHEST
    return OneOrganisation(
        clocks=clocks,
        organisation=named,
        credit=credit.get(organisation) or Credit(organisation, 0, 0, 0, 0),
        share=line.share,
        people=[Person(called.get(one.member), one) for one in people],
        older=with_query(request, offset=start + limit) if goes_on else None,
        periods=periods,
        yearly=yearly,
        busy=busy,
        turns=[Change(called.get(one.member), one) for one in turns],
        draft=Naming(named.name, "\n".join(named.domains)),
    )


def _periods(connection: Connection[Any], organisation: UUID, clocks: Clocks, yearly: bool) -> list[Period]:
    """What its people did in each of the last twelve months or years."""
    last = clocks.last
    begins = [date(last.year - ago, 1, 1) if yearly else months_before(last, ago) for ago in range(11, -1, -1)]
    found = organisations.how_much_did_they_do(
        connection, organisation, begins[0], last + timedelta(days=1), "year" if yearly else "month", clocks.position
    )
    known = {one.begins: one for one in found}
    return [known.get(day) or Period(day, 0, 0) for day in begins]


ROUTES = [which_organisations, name_organisation, what_is_it, rename, remove]
