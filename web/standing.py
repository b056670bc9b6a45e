"""How a member's points stand: what they come to by group, how they were by month, which level they reach and what it takes to rise."""

from datetime import date
from math import ceil
from typing import Any

import msgspec
from psycopg import Connection

from crm.scores.formula import GROUPS, Rule
from projections import why
from projections.levels import Said, days_that_count, month_ends, step, what_was_said
from projections.points import MILLIONTHS
from projections.why import Asking, Sum

MONTHS = 24


class Group(msgspec.Struct):
    """What points are for, a msgid, with the rules that earned some."""

    name: str
    label: str
    points: int
    sums: list[Sum]


class Month(msgspec.Struct):
    """The end of a month, or the day itself, and the points then."""

    day: date
    points: int


class Lift(msgspec.Struct):
    """How many acts under a rule would lead to the next level, if all were done on the day; more than `cap` do not count on one day."""

    rule: Rule
    acts: int
    cap: int
    days: int


class Level(msgspec.Struct):
    """The level of a member: `name` is what counts, `by_points` what it would be without a colleague's word (`said`).

    `held` tells that the points of the day alone no longer reach it. `upper` is the next step, `missing` what it takes in points.
    """

    name: str
    by_points: str
    held: bool
    said: Said | None
    upper: str
    missing: int
    lifts: list[Lift]


def groups(sums: list[Sum]) -> list[Group]:
    """The sums of the rules by group, in the order in which groups are shown."""
    found = {key: [one for one in sums if one.rule.group == key] for key in GROUPS}
    return [Group(key, GROUPS[key], sum(one.points for one in some), some) for key, some in found.items() if some]


def how_it_was(connection: Connection[Any], asking: Asking, today: int) -> tuple[list[Month], list[int]]:
    """The points at the month ends of two years and on the day itself; and those of the days that decide on the level."""
    assert asking.version.settings
    ends = month_ends(asking.today, MONTHS)
    deciding = days_that_count(asking.version.settings, asking.today)[:-1]
    known = why.how_it_was(connection, asking, sorted({*ends, *deciding})) | {asking.today: today}
    return [Month(day, known[day]) for day in (*ends, asking.today)], [known[day] for day in (*deciding, asking.today)]


def level(connection: Connection[Any], asking: Asking, points: list[int]) -> Level:
    """The level from the points of the days that count, the last of which is the day itself."""
    settings = asking.version.settings
    assert settings
    said = what_was_said(connection, asking.formula.name, [asking.member]).get(asking.member)
    reached, now = step(settings, points), step(settings, points[-1:])
    by_points = settings.ladder[reached].name if reached is not None else ""
    upper = settings.ladder[(-1 if reached is None else reached) + 1 :][:1]
    missing = max(0, round(upper[0].points * MILLIONTHS) - points[-1]) if upper else 0
    return Level(
        name=said.level if said else by_points,
        by_points=by_points,
        held=reached != now,
        said=said,
        upper=upper[0].name if upper else "",
        missing=missing,
        lifts=_lifts(asking, missing) if missing else [],
    )


def _lifts(asking: Asking, missing: int) -> list[Lift]:
    """What would earn so many points, by rule, those that take the fewest acts first."""
    assert asking.version.settings
    earnings = asking.version.settings.earnings
    found = []
    for rule in asking.formula.rules:
        earning = earnings[rule.key]
        if earning.weight > 0:
            acts = ceil(missing / (earning.weight * MILLIONTHS))
            found.append(Lift(rule, acts, earning.cap, ceil(acts / earning.cap) if earning.cap else 1))
    return sorted(found, key=lambda one: one.acts)
