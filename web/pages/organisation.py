"""One organisation: its people, what they did while they belonged to it, and who came and went."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from psycopg import Connection

from projections import affiliations, organisations
from projections.affiliations import Affiliation
from projections.identities import Identity, what_are_they_called
from projections.organisations import Busy, Credit, Organisation, Period, Turn
from web.address import FARTHEST, read_offset
from web.clocks import Clocks, read_clocks
from web.page import Asked, kith, page, wanted, with_query
from web.pages.organisations import Naming, line
from web.problem import Problem
from web.spans import months_before

PAGE, WHOLE = 50, 10_000


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
    view = one_of(request, organisation, read_clocks(request, on, known), read_offset(offset), by == "year")
    rows = [{"name": one.who.name if one.who else "", **msgspec.structs.asdict(one.time)} for one in view.people]
    return page(request, "organisations/organisation.html", view, rows=rows)


def one_of(request: Asked, organisation: UUID, clocks: Clocks, start: int = 0, yearly: bool = False) -> OneOrganisation:
    """An organisation as of then, its people from `start` on. 404 where it is not known."""
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
    share = line(named, credit.get(organisation) or Credit(organisation, 0, 0, 0, 0), total).share
    goes_on = len(people) == limit and start + limit < FARTHEST
    return OneOrganisation(
        clocks=clocks,
        organisation=named,
        credit=credit.get(organisation) or Credit(organisation, 0, 0, 0, 0),
        share=share,
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


ROUTES = [what_is_it]
