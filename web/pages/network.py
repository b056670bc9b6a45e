"""The network of the whole community: a picture of those with the greatest reach, and the same people in a table."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from projections.identities import Identity, what_are_they_called
from projections.influence import DRAWN, Network, Person
from projections.network import which_network
from web.day import Day, read_the_day
from web.drawing import Dot, Line, letter, lines, spread
from web.page import FILES, Asked, kith, page, wanted

WHOLE = 10_000


class Row(msgspec.Struct):
    """Somebody in the picture and in the table; `x`, `y` and `r` are the middle and the radius of their dot."""

    who: Identity
    person: Person
    letter: str
    x: float
    y: float
    r: float


class GroupRow(msgspec.Struct):
    """A group: its letter in the picture, how many people are in it, and those after whom it is called."""

    number: int
    letter: str
    people: int
    around: list[Identity]


class NetworkPage(msgspec.Struct):
    """A community on a day. `people` have a tie, `drawn` is how many lines there are of all `ties` among those who are shown."""

    day: Day
    people: int
    ties: int
    density: float
    among: int
    rows: list[Row]
    groups: list[GroupRow]
    lines: list[Line]
    explore: bool


@get("/network", sync_to_thread=True)
def who_stands_where(request: Asked, on: FromQuery[str] = "", explore: FromQuery[str] = "") -> Response[Any]:
    """The network as of a day."""
    many = WHOLE if wanted(request) in FILES else DRAWN
    with kith(request).connection() as connection:
        day = read_the_day(connection, on)
        network = which_network(connection, day.today)
        shown = network.people[:many]
        central = [who for group in network.groups for who in group.central]
        called = what_are_they_called(connection, [*(one.member for one in shown), *central])
    rows = [_line(called[one.member], one) for one in shown if one.member in called]
    view = _view(network, day, called, explore=explore == "1")
    return page(request, "network/network.html", view, rows=rows)


def _view(network: Network, day: Day, called: dict[UUID, Identity], *, explore: bool) -> NetworkPage:
    shown = [one for one in network.people[:DRAWN] if one.member in called]
    names = {one.member for one in shown}
    drawn = lines([one.member for one in shown], [tie for tie in network.drawn if {tie.one, tie.two} <= names])
    dots = spread([one.reach for one in shown], [one.group for one in shown], drawn)
    return NetworkPage(
        day=day,
        people=len(network.people),
        ties=network.ties,
        density=network.density,
        among=network.among,
        rows=[_row(called[one.member], one, dot) for one, dot in zip(shown, dots, strict=True)],
        groups=[
            GroupRow(
                group.number,
                letter(group.number),
                group.people,
                [called[who] for who in group.central if who in called],
            )
            for group in network.groups
        ],
        lines=drawn,
        explore=explore,
    )


def _row(who: Identity, person: Person, dot: Dot) -> Row:
    return Row(who, person, letter(person.group), *dot)


def _line(who: Identity, person: Person) -> dict[str, Any]:
    """Somebody as a line of a spreadsheet."""
    told = {name: round(getattr(person, name), 6) for name in ("degree", "betweenness", "pagerank")}
    return {
        "name": who.name,
        "words": ", ".join(person.words),
        "reach": round(person.reach, 2),
        "ties": person.ties,
        "heard_by": person.heard_by,
        "turns_to": person.turns_to,
        "group": letter(person.group),
        "reaches": person.reaches,
        **told,
        "member": str(person.member),
    }


ROUTES = [who_stands_where]
