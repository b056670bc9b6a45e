"""Scores: who stands where by a formula on a day, for what, on which level, and how that was a month before."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from psycopg import Connection

from crm.kinds import _
from crm.scores import formulas
from crm.scores.formula import GROUPS, Weighted
from projections import placing
from projections.identities import Identity, what_are_they_called
from projections.levels import days_that_count, step, what_was_said, which_levels
from projections.points import MILLIONTHS
from projections.scores import Version
from projections.splits import what_is_it_for
from projections.standings import Counting, Standing, which_countings, who_stands_where
from web.address import FARTHEST, read_offset
from web.chosen import Chosen, chosen, read_version
from web.counting import at_one_moment, earlier_standings, standing_of
from web.menu import Entry
from web.page import Asked, kith, page, wanted, with_query
from web.which_day import WhichDay, which_day

MENU = Entry(_("Ambassadors"), "/scores", "award", 14)

PAGE, WHOLE = 50, 10_000

BEFORE = timedelta(days=30)
"""How long before ranks are compared with."""


class Row(msgspec.Struct):
    """A member in the list. `split` are their points by group; `moved` how many ranks they rose or, below 0, fell since `before`.

    `level` was said `by_hand` or is by points; `is_new` tells that they had no score then.
    """

    standing: Standing
    who: Identity | None
    level: str
    by_hand: bool
    split: dict[str, int]
    moved: int | None
    is_new: bool


class Many(msgspec.Struct):
    """How many members a level has; `points` is where it begins, None where that is not a number."""

    level: str
    n: int
    points: float | None


class Scores(msgspec.Struct):
    """A page of the list. `counted_at` is when it was counted, `before` the day that ranks are compared with, if that is counted."""

    chosen: Chosen
    formulas: dict[str, str]
    groups: dict[str, str]
    day: WhichDay
    counted_at: datetime
    before: date | None
    scored: int
    rows: list[Row]
    distribution: list[Many]
    older: str | None


@get("/scores", sync_to_thread=True)
def who_is_ahead(
    request: Asked,
    formula: FromQuery[str] = "advocacy",
    version: FromQuery[str] = "",
    on: FromQuery[str] = "",
    offset: FromQuery[str] = "",
) -> Response[Any]:
    """The members by their score, the highest first."""
    with kith(request).connection() as connection:
        asked, day = read_version(connection, formula, version), which_day(connection, on)
    view = _view(request, asked, day, read_offset(offset))
    answer = page(request, "scores/index.html", view, rows=[_line(row, view) for row in view.rows])
    return day.problem.mark(answer) if day.problem else answer


def _view(request: Asked, version: Version, day: WhichDay, start: int) -> Scores:
    limit = PAGE if wanted(request) == "html" else WHOLE
    settings, before = version.settings, day.today - BEFORE
    held = days_that_count(settings, day.today)[:-1] if settings and settings.ladder else []
    counted = standing_of(request, version, day.today)
    earlier_standings(request, version, [*held, before])
    with kith(request).connection() as connection, at_one_moment(connection):
        kept = which_countings(connection, version, [day.today, *held, before])
        now, then = kept.get(day.today, counted), kept.get(before)
        standings = who_stands_where(connection, now.counting, limit, start)
        levels = _levels(connection, version, standings, day.today, [kept.get(each) for each in held] + [now])
        scored = placing.how_many_are_scored(connection, now.counting)
        return Scores(
            chosen=chosen(connection, version),
            formulas={name: each.label for name, each in formulas().items()},
            groups=_groups(version),
            day=day,
            counted_at=now.at,
            before=before if then else None,
            scored=scored,
            rows=_rows(connection, version, standings, levels, day.today, then),
            distribution=_distribution(connection, version, now),
            older=with_query(request, offset=start + limit) if start + limit < min(scored, FARTHEST) else None,
        )


def _rows(
    connection: Connection[Any],
    version: Version,
    standings: list[Standing],
    levels: dict[UUID, str],
    day: date,
    before: Counting | None,
) -> list[Row]:
    ids = [one.member for one in standings]
    said = what_was_said(connection, version.formula.name, ids) if version.settings else {}
    split = what_is_it_for(connection, version, ids, day) if version.settings else {}
    then = placing.where_do_these_stand(connection, before.counting, ids) if before else {}
    called = what_are_they_called(connection, ids)
    return [
        Row(
            standing=one,
            who=called.get(one.member),
            level=said[one.member].level if one.member in said else levels.get(one.member, one.level),
            by_hand=one.member in said,
            split=split.get(one.member, {}),
            moved=then[one.member].rank - one.rank if one.member in then else None,
            is_new=before is not None and one.member not in then,
        )
        for one in standings
    ]


def _levels(
    connection: Connection[Any], version: Version, standings: list[Standing], day: date, kept: list[Counting | None]
) -> dict[UUID, str]:
    """The levels of these members by points: as they are kept where all days that count are, else counted."""
    settings, members = version.settings, [one.member for one in standings]
    if not settings or not settings.ladder or not members:
        return {}
    countings = [one.counting for one in kept if one]
    if len(countings) < len(kept):
        return which_levels(connection, version, members, day)
    most = placing.what_was_the_most(connection, countings, members)
    steps = {member: step(settings, [points]) for member, points in most.items()}
    return {member: settings.ladder[place].name for member, place in steps.items() if place is not None}


def _groups(version: Version) -> dict[str, str]:
    """What points of a formula are for, in order; nothing where all are for the same."""
    of = version.formula
    here = {rule.group for rule in of.rules} if isinstance(of, Weighted) else set()
    return {key: label for key, label in GROUPS.items() if key in here and len(here) > 1}


def _distribution(connection: Connection[Any], version: Version, now: Counting) -> list[Many]:
    """How many members there are on each level, the highest first."""
    settings, levels = version.settings, getattr(version.formula, "levels", {})
    if settings:
        reached = placing.how_many_reach(connection, now.counting, settings)
        return [Many(level.name, n, level.points) for level, n in zip(settings.ladder, reached, strict=True)][::-1]
    found = placing.how_many_are_called(connection, now.counting)
    return [Many(level, found.get(level, 0), None) for level in reversed(levels)]


def _line(row: Row, view: Scores) -> dict[str, Any]:
    """Somebody as a line of a spreadsheet."""
    told = {f"told_{key}": (row.standing.told or {}).get(key, "") for key in view.chosen.words}
    return {
        "rank": row.standing.rank,
        "name": row.who.name if row.who else "",
        "points": row.standing.points / MILLIONTHS,
        "level": row.level,
        "by_hand": row.by_hand,
        **{group: row.split.get(group, 0) / MILLIONTHS for group in view.groups},
        **told,
        "moved": row.moved,
        "member": str(row.standing.member),
    }


ROUTES = [who_is_ahead]
