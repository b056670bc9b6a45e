"""What one member is good at and on what, where, when and with whom, how it is with them, and what is at risk; on any day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from psycopg import Connection

from projections import risks, strengths
from projections.acts import which_traits
from projections.identities import Identity, what_are_they_called
from projections.items import Item, which_items
from projections.owed import Owed
from projections.risks import Asked as Turned
from projections.risks import Channel, Pace
from projections.strengths import Listener, Reach, Strengths, Where
from projections.topics import Topics, what_do_they_speak_on
from web.about import About, about, elsewhere
from web.clocks import DAY, YEAR, Clocks, read_clocks
from web.in_touch import Care, how_is_it_with
from web.page import Asked, kith, page
from web.reasons import owed
from web.spans import midnight
from web.today import what_day

PROMISES, WAITING = 5, 500


class Risk(msgspec.Struct):
    """Something to look at: `fading`, `overloaded` or `carries`. `href` leads to what it was counted from.

    `lately` and `usual` are acts in ninety days; `answered` is the part of what was asked that got an answer.
    """

    what: str
    href: str
    lately: int = 0
    usual: float = 0.0
    answered: float | None = None
    channel: Channel | None = None


class Hours(msgspec.Struct):
    """When they act: by weekday (Monday first) and hour how often, in `zone`; `known` is whether that is theirs."""

    zone: str
    known: bool
    counts: list[list[int]]

    @property
    def peak(self) -> tuple[int, int] | None:
        """The weekday and the hour with most; None where nothing was done."""
        most = max(map(max, self.counts))
        return next(((day, row.index(most)) for day, row in enumerate(self.counts) if most and most in row), None)


class Near(msgspec.Struct):
    """Somebody who responds to them, and how often."""

    who: Identity | None
    listener: Listener


class Bond(msgspec.Struct):
    """How it is between them and the team: care, days since the last contact, what waits for an answer, and open promises."""

    care: Care
    days: int | None
    owed: Owed | None
    promises: list[Item]


class Year(msgspec.Struct):
    """What is told of the year that ends with the last day on which they did something."""

    since: date
    until: date
    areas: Strengths
    topics: Topics
    where: list[Where]
    channels: list[Channel]
    hours: Hours
    reach: Reach
    near: list[Near]


class Portrait(msgspec.Struct):
    """All of it. `year` is None where they had done nothing by then, `bond` where another day than now is asked for."""

    about: About
    clocks: Clocks
    year: Year | None
    pace: Pace
    asked: Turned
    risks: list[Risk]
    bond: Bond | None


@get("/members/{member:uuid}/strengths", sync_to_thread=True)
def what_are_they_good_at(request: Asked, member: FromPath[UUID], on: FromQuery[str] = "") -> Response[Any]:
    """What a member is good at, whom they reach and what is at risk; now, or as it was on another day."""
    clocks = read_clocks(request, on)
    with kith(request).connection() as connection:
        head = about(connection, member)
        if head.member.member != member:
            return elsewhere(request, head.member.member)
        view = _portrait(request, connection, head, clocks)
    return page(request, "strengths/strengths.html", view, rows=_rows(view))


def _portrait(request: Asked, connection: Connection[Any], head: About, clocks: Clocks) -> Portrait:
    until = strengths.when_did_they_act_last(connection, head.accounts, clocks.last)
    pace = risks.how_much_lately(connection, head.accounts, clocks.last)
    asked = risks.how_much_is_asked(connection, head.accounts, midnight(clocks.last + DAY))
    return Portrait(
        about=head,
        clocks=clocks,
        year=_year(request, connection, head, until) if until else None,
        pace=pace,
        asked=asked,
        risks=_risks(head.member.member, clocks.last, pace, asked, _of_the_year(connection, head, clocks.last)),
        bond=None if clocks.are_set else _bond(request, connection, head.member.member),
    )


def _year(request: Asked, connection: Connection[Any], head: About, until: date) -> Year:
    since, accounts = until - YEAR + DAY, head.accounts
    span = (midnight(since), midnight(until + DAY))
    reach = strengths.whom_do_they_reach(connection, accounts, since, until)
    called = what_are_they_called(connection, [one.member for one in reach.loudest])
    return Year(
        since=since,
        until=until,
        areas=strengths.what_are_they_good_at(connection, accounts, since, until),
        topics=what_do_they_speak_on(kith(request).vault, connection, accounts, *span),
        where=strengths.where_are_they(connection, accounts, *span),
        channels=risks.where_do_they_answer(connection, accounts, *span),
        hours=_hours(connection, head, strengths.when_are_they_here(connection, accounts, *span)),
        reach=reach,
        near=[Near(called.get(one.member), one) for one in reach.loudest],
    )


def _of_the_year(connection: Connection[Any], head: About, day: date) -> list[Channel]:
    """Where they answer in the year that ends with a day: a place that somebody carried long ago is at no risk."""
    return risks.where_do_they_answer(connection, head.accounts, midnight(day - YEAR + DAY), midnight(day + DAY))


def _hours(connection: Connection[Any], head: About, quarters: Iterable[tuple[datetime, int]]) -> Hours:
    said = next((one.value for one in which_traits(connection, head.member.member, "field:zone")), "")
    theirs = _zone(said)
    zone = theirs or ZoneInfo("UTC")
    counts: Counter[tuple[int, int]] = Counter()
    for at, n in quarters:
        there = at.astimezone(zone)
        counts[there.weekday(), there.hour] += n
    return Hours(zone.key, theirs is not None, [[counts[day, hour] for hour in range(24)] for day in range(7)])


def _zone(name: str) -> ZoneInfo | None:
    """The time zone that a colleague wrote down; None for what is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _risks(member: UUID, day: date, pace: Pace, asked: Turned, channels: list[Channel]) -> list[Risk]:
    home, lately = f"/members/{member}", day - risks.LATELY + DAY
    found = []
    if pace.fades:
        since = lately - risks.BEFORE
        found.append(Risk("fading", f"{home}?side=did&since={since}&until={day}", pace.lately, pace.usual))
    if asked.pace.grows:
        href = f"{home}?side=received&since={lately}&until={day}"
        found.append(Risk("overloaded", href, asked.pace.lately, asked.pace.usual, asked.share))
    return found + [
        Risk("carries", f"/timeline?place={one.place}&since={day - YEAR + DAY}&until={day}", channel=one)
        for one in channels
        if one.is_carried
    ]


def _bond(request: Asked, connection: Connection[Any], member: UUID) -> Bond:
    care, today = how_is_it_with(kith(request), connection, member), what_day(connection).today
    waits = (one for one in owed(connection, today, WAITING) if isinstance(one, Owed) and one.member == member)
    return Bond(
        care=care,
        days=max(0, (today - care.last.at.date()).days) if care.last else None,
        owed=next(waits, None),
        promises=which_items(kith(request).vault, connection, member, ["promise"], done=False, limit=PROMISES),
    )


def _rows(view: Portrait) -> list[dict[str, Any]]:
    """The numbers as lines of a table: what it is about, its name, how much, which part, and what is usual."""
    lines: list[tuple[str, str, float, float | None, float | None]] = []
    if year := view.year:
        lines += [("area", one.area, one.days, one.share, one.usual) for one in year.areas.areas]
        lines += [("topic", one.word, one.theirs, one.theirs / year.topics.theirs, None) for one in year.topics.words]
        lines += [("where", one.name or one.source, one.acts, None, None) for one in year.where]
        lines += [("answers", one.name, one.answers, one.share, None) for one in year.channels]
        lines += [("reach", name, getattr(year.reach, name), None, None) for name in ("heard", "spoken", "newcomers")]
    for risk in view.risks:
        name, share = (risk.channel.name, risk.channel.share) if risk.channel else ("", risk.answered)
        lines.append((f"risk: {risk.what}", name, risk.lately, share, risk.usual or None))
    return [dict(zip(("what", "name", "n", "share", "usual"), line, strict=True)) for line in lines]


ROUTES = [what_are_they_good_at]
