"""Relationships: who has most to do with whom, and all that ever passed between two members."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from psycopg import Connection

from crm.kinds import _
from projections import days, entries, identities, meetings, members, relationships
from projections.identities import Identity
from projections.meetings import Way
from projections.members import Member, Wish
from projections.relationships import Tie
from web.address import Cursor, read_id
from web.menu import Entry
from web.page import Asked, is_partial, kith, page, redirect, wanted, with_query
from web.spans import Stretch, months_before, stretches
from web.stream import Line, end, lines

MENU = Entry(_("Relationships"), "/relationships", "git-compare", 13)

PAGE, WHOLE, OFFERED, PAIRS = 30, 1000, 6, 50


class PairRow(msgspec.Struct):
    """Two people with much between them."""

    one: Identity
    other: Identity
    n: int
    last_at: datetime


class Relationships(msgspec.Struct):
    """The strongest pairs of the last `months`, and the two who are being chosen: what was typed, who fits."""

    months: int
    since: date | None
    one: str
    other: str
    ones: list[Member]
    others: list[Member]
    pairs: list[PairRow]


class Pair(msgspec.Struct):
    """What passed between two members, seen from the first. `ends` are the first and the last entry."""

    one: Member
    other: Member
    tie: Tie | None
    given: list[Way]
    received: list[Way]
    bars: list[Stretch]
    ends: list[Line]
    lines: list[Line]
    older: str | None


@get("/relationships", sync_to_thread=True)
def which_pairs(
    request: Asked,
    one: FromQuery[str] = "",
    other: FromQuery[str] = "",
    a: FromQuery[str] = "",
    b: FromQuery[str] = "",
    months: FromQuery[str] = "3",
) -> Response[Any]:
    """The strongest pairs lately, and a way to choose any two."""
    first, second = read_id(a), read_id(b)
    if first and second and first != second:
        return redirect(f"/relationships/{first}/{second}")
    span = 12 if months == "12" else 3
    with kith(request).connection() as connection:
        newest = days.when_was_the_last_day(connection)
        since = months_before(newest, span - 1) if newest else None
        found = relationships.which_pairs(connection, since, newest, PAIRS) if newest and since else []
        called = identities.what_are_they_called(
            connection, [who for pair in found for who in (pair.member, pair.other)]
        )
        fits = [members.which_members(connection, Wish(q=q), limit=OFFERED) if q.strip() else [] for q in (one, other)]
    known = [pair for pair in found if pair.member in called and pair.other in called]
    rows = [
        PairRow(called[pair.member], called[pair.other], pair.given + pair.received, pair.last_at) for pair in known
    ]
    view = Relationships(span, since, one.strip(), other.strip(), fits[0], fits[1], rows)
    plain = [{"one": row.one.name, "other": row.other.name, "n": row.n, "last_at": row.last_at} for row in rows]
    return page(request, "relationships/index.html", view, rows=plain)


@get("/relationships/{one:uuid}/{other:uuid}", sync_to_thread=True)
def what_passed(
    request: Asked, one: FromPath[UUID], other: FromPath[UUID], before: FromQuery[str] = ""
) -> Response[Any]:
    """Everything between two members."""
    with kith(request).connection() as connection:
        both = [members.who_is(connection, who) for who in (one, other)]
        if one == other or both[0] is None or both[1] is None:
            raise NotFoundException
        if both[0].member == both[1].member:
            return redirect(f"/members/{both[0].member}")
        if (both[0].member, both[1].member) != (one, other):
            return redirect(f"/relationships/{both[0].member}/{both[1].member}")
        view = _pair(request, connection, both[0], both[1], Cursor.read(before))
    return page(request, "relationships/pair.html", view, rows=[line.row() for line in view.lines])


def _pair(request: Asked, connection: Connection[Any], one: Member, other: Member, cursor: Cursor | None) -> Pair:
    limit = PAGE if wanted(request) == "html" else WHOLE
    two = [members.which_identities(connection, who.member) for who in (one, other)]
    ties = relationships.who_is_close(connection, two[0], datetime.now(UTC).date(), others=two[1])
    ways = meetings.what_passed(connection, *two)
    months = relationships.which_months(connection, *two)
    ends = meetings.which_meetings_are_first_and_last(connection, *two)
    after = (cursor.at, cursor.position) if cursor else (None, 0)
    met = meetings.where_did_they_meet(connection, two[0], two[1], limit, *after)
    shown = entries.which_entries(kith(request).vault, connection, list({*ends, *met}))
    read = {entry.position: entry for entry in shown}
    found = [read[position] for position in met if position in read]
    goes_on = end(found, limit)
    return Pair(
        one=one,
        other=other,
        tie=ties[0] if ties else None,
        given=[way for way in ways if way.given],
        received=[way for way in ways if not way.given],
        bars=stretches(months),
        ends=lines([read[position] for position in ends if position in read], near=(one.member, other.member)),
        lines=lines(found, after=cursor if is_partial(request) else None, near=(one.member, other.member)),
        older=with_query(request, before=goes_on) if goes_on else None,
    )


ROUTES = [which_pairs, what_passed]
