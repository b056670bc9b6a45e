"""One member: all that happened between them and others, in one stream, and what is known of them beside it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from psycopg import Connection

from projections import days, identities
from projections.affiliations import Affiliation, which_affiliations
from projections.identities import Identity
from projections.items import DUE, Item, which_items
from projections.organisations import Organisation, which_organisations
from projections.past import on_which_days
from projections.profile import Profile, what_is_known
from projections.timeline import Filter
from web.about import About, about, elsewhere
from web.address import Cursor, read_id
from web.choices import Choice, choices, counted, last_day, part, sides
from web.clocks import Clocks, read_clocks
from web.close import Close, who_is_close_to
from web.in_touch import Care, how_is_it_with
from web.interleaving import place
from web.member_stream import member_stream, within
from web.page import Asked, kith, page, wanted, with_query
from web.spans import by_day, by_month, months_before
from web.stream import Line
from web.teamlines import TeamLine
from web.then import Then, as_then, differences, then
from web.writing import Writing

PAGE, WHOLE = 30, 1000

DUE_SHOWN = 8


class Timeline(msgspec.Struct):
    """A member's timeline as filtered, newest first, and what stands beside it; `draft` is the form for a note, empty yet."""

    about: About
    clocks: Clocks
    then: Then | None
    wish: Filter
    other: Identity | None
    until_day: date | None
    lines: list[Line | TeamLine]
    accounts: list[Identity]
    profile: Profile
    due: list[Item]
    care: Care | None
    affiliations: list[Affiliation]
    organisations: dict[UUID, Organisation]
    today: date
    draft: Writing
    kinds_here: list[Choice]
    sources_here: list[Choice]
    sides_here: list[Choice]
    older: str | None
    close: list[Close]
    acts_by_month: list[int]
    acts_by_day: list[tuple[date, int]]


@get("/members/{member:uuid}", sync_to_thread=True)
def what_happened(
    request: Asked,
    member: FromPath[UUID],
    kind: FromQuery[str] = "",
    source: FromQuery[str] = "",
    side: FromQuery[str] = "",
    other: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    before: FromQuery[str] = "",
    on: FromQuery[str] = "",
    known: FromQuery[str] = "",
) -> Response[Any]:
    """All that a member did and all that touched them, in one stream; now, or as it was on another day."""
    clocks = read_clocks(request, on, known)
    wish = Filter(
        **part(kind, source, since, until, before),
        side=side if side in ("did", "received", "team") else "",
        other=read_id(other),
    )
    with kith(request).connection() as connection:
        head = about(connection, member)
        if head.member.member != member:
            return elsewhere(request, head.member.member)
        view = _timeline(request, connection, head, wish, clocks)
    return page(request, "members/timeline.html", view, rows=[line.row() for line in view.lines])


def _timeline(request: Asked, connection: Connection[Any], now: About, wish: Filter, clocks: Clocks) -> Timeline:
    limit, vault = PAGE if wanted(request) == "html" else WHOLE, kith(request).vault
    past = then(connection, now, clocks) if clocks.are_set else None
    head = msgspec.structs.replace(as_then(now, past.past), score=None) if past else now
    member, last = head.member, head.member.last_at.date()
    called = identities.what_are_they_called(connection, [*head.accounts, *([wish.other] if wish.other else [])])
    other = called.get(wish.other) if wish.other else None
    wish = msgspec.structs.replace(wish, other=other.member if other else wish.other)
    stream = member_stream(request, connection, head, within(wish, clocks), limit)
    goes_on, counts = Cursor(*place(stream[-1])) if len(stream) == limit else None, counted(head.kinds, wish)
    profile = what_is_known(vault, connection, member.member, head.accounts, clocks.position, clocks.until)
    if past:
        known = what_is_known(vault, connection, member.member, now.accounts)
        past.changed = differences(now, known, past.past, profile)
    active = _active(connection, head, months_before(last, 11), clocks)
    return Timeline(
        about=head,
        clocks=clocks,
        then=past,
        wish=wish,
        other=other,
        until_day=last_day(wish),
        lines=stream,
        accounts=[called[each] for each in head.accounts if each in called],
        profile=profile,
        due=[] if past else which_items(vault, connection, member.member, DUE, done=False, limit=DUE_SHOWN),
        care=None if past else how_is_it_with(kith(request), connection, member.member),
        affiliations=which_affiliations(connection, member.member, clocks.day, clocks.position),
        organisations=which_organisations(connection, clocks.position),
        today=datetime.now(UTC).date(),
        draft=Writing(),
        kinds_here=choices(counts, "kind", wish),
        sources_here=choices(counts, "source", wish),
        sides_here=sides(head.kinds, wish),
        older=with_query(request, before=goes_on) if goes_on else None,
        close=[] if past else who_is_close_to(connection, head.accounts, 6),
        acts_by_month=by_month(active, last),
        acts_by_day=by_day(active, last),
    )


def _active(connection: Connection[Any], head: About, since: date, clocks: Clocks) -> dict[date, int]:
    """How much they did on each day since then."""
    if clocks.are_set:
        return on_which_days(connection, head.accounts, since, clocks.position, clocks.until)
    return {row["day"]: row["n"] for row in days.which_days(connection, head.accounts, since)}


ROUTES = [what_happened]
