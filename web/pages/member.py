"""One member: the relationship timeline, the people they have to do with, the accounts they are known by."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from psycopg import Connection

from projections import days, entries, identities, members, relationships, timeline
from projections.identities import Identity, Name
from projections.members import Member
from projections.relationships import Tie
from projections.timeline import Filter, KindCount
from web.address import FARTHEST, read_id, read_offset
from web.choices import Choice, begun, choices, counted, last_day, part, sides
from web.page import Asked, is_partial, kith, page, wanted, with_query
from web.spans import by_day, by_month, months_before
from web.stream import Line, end, lines

PAGE, WHOLE = 30, 1000


class Close(msgspec.Struct):
    """Somebody a member has to do with."""

    who: Identity
    tie: Tie


class About(msgspec.Struct):
    """What stands at the head of each page about a member; `ties` is with how many others they had to do."""

    member: Member
    kinds: list[KindCount]
    ties: int

    def mostly(self) -> list[str]:
        """The one or two kinds that make up most of what they did."""
        done: Counter[str] = Counter()
        for each in self.kinds:
            done[each.kind] += each.did
        common = [kind for kind, n in done.most_common(2) if n]
        return common[:1] if len(common) == 2 and done[common[1]] * 4 < done[common[0]] else common

    def where(self) -> list[str]:
        """The sources on which they did something, or are known from."""
        return sorted({each.source for each in self.kinds if each.did}) or [self.member.source]


class Timeline(msgspec.Struct):
    """A member's timeline as filtered, newest first, and what stands beside it."""

    about: About
    wish: Filter
    other: Identity | None
    until_day: date | None
    lines: list[Line]
    kinds_here: list[Choice]
    sources_here: list[Choice]
    sides_here: list[Choice]
    older: str | None
    close: list[Close]
    acts_by_month: list[int]
    acts_by_day: list[tuple[date, int]]


class Relationships(msgspec.Struct):
    """Everybody a member had to do with, the closest first."""

    about: About
    close: list[Close]
    older: str | None


class Accounts(msgspec.Struct):
    """The accounts of a member, and the names each bore."""

    about: About
    names: list[Name]


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
) -> Response[Any]:
    """All that a member did and all that touched them, in one stream."""
    wish = Filter(
        **part(kind, source, since, until, before),
        side=side if side in ("did", "received") else "",
        other=read_id(other),
    )
    view = _timeline(request, member, wish)
    return page(request, "members/timeline.html", view, rows=[line.row() for line in view.lines])


@get("/members/{member:uuid}/relationships", sync_to_thread=True)
def who_is_close(request: Asked, member: FromPath[UUID], offset: FromQuery[str] = "") -> Response[Any]:
    """Everybody a member had to do with."""
    start = read_offset(offset)
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        about = _about(connection, member)
        close = _close(connection, member, limit, start)
    older = with_query(request, offset=start + limit) if start + limit < min(about.ties, FARTHEST) else None
    rows = [{"name": one.who.name, "source": one.who.source, **msgspec.structs.asdict(one.tie)} for one in close]
    return page(request, "members/relationships.html", Relationships(about, close, older), rows=rows)


@get("/members/{member:uuid}/accounts", sync_to_thread=True)
def which_accounts(request: Asked, member: FromPath[UUID]) -> Response[Any]:
    """By what accounts and names a member is known."""
    with kith(request).connection() as connection:
        view = Accounts(_about(connection, member), identities.which_names(kith(request).vault, connection, member))
    return page(request, "members/accounts.html", view, rows=view.names)


def _timeline(request: Asked, member: UUID, wish: Filter) -> Timeline:
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        about = _about(connection, member)
        rows = timeline.what_happened(connection, member, wish, limit)
        found = entries.which_entries(kith(request).vault, connection, [row.position for row in rows])
        called = identities.what_are_they_called(connection, [wish.other]) if wish.other else {}
        close = _close(connection, member, 6)
        last = about.member.last_at.date()
        active = {row["day"]: row["n"] for row in days.which_days(connection, member, months_before(last, 11))}
    goes_on, counts = end(found, limit), counted(about.kinds, wish)
    return Timeline(
        about=about,
        wish=wish,
        other=called.get(wish.other) if wish.other else None,
        until_day=last_day(wish),
        lines=lines(found, member, after=begun(wish) if is_partial(request) else None),
        kinds_here=choices(counts, "kind", wish),
        sources_here=choices(counts, "source", wish),
        sides_here=sides(about.kinds, wish),
        older=with_query(request, before=goes_on) if goes_on else None,
        close=close,
        acts_by_month=by_month(active, last),
        acts_by_day=by_day(active, last),
    )


def _about(connection: Connection[Any], member: UUID) -> About:
    known = members.who_is(connection, member)
    if known is None:
        raise NotFoundException
    return About(known, timeline.what_kinds(connection, member), relationships.how_many_ties(connection, member))


def _close(connection: Connection[Any], member: UUID, limit: int, offset: int = 0) -> list[Close]:
    ties = relationships.who_is_close(connection, member, datetime.now(UTC).date(), limit, offset=offset)
    called = identities.what_are_they_called(connection, [tie.other for tie in ties])
    return [Close(called[tie.other], tie) for tie in ties if tie.other in called]


ROUTES = [what_happened, who_is_close, which_accounts]
