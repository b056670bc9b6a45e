"""Scores of everybody as of a day under each formula, and two versions of one over twenty-four months."""

from datetime import date, timedelta
from functools import partial

from crm.installation import Installation
from crm.scores import formulas
from crm.scores.formula import Central, Weighted
from projections.comparing import count_both, how_do_they_compare, which_days
from projections.days import when_was_the_last_day
from projections.engine import Engine
from projections.scores import Version, which_version
from projections.standings import count
from scripts.benchmarks.figures import Figure, against, seconds
from scripts.benchmarks.place import Place
from scripts.benchmarks.work import filled

AIM, COMPARED = 2.0, 30.0
"""Seconds."""


def scores(place: Place, events: int) -> list[Figure]:
    """Seconds for all members under one formula, and for a comparison; measures of the network are told without an aim."""
    with place.kith() as kith:
        filled(kith, events)
        Engine(kith).catch_up()
        with kith.connection() as connection:
            today = when_was_the_last_day(connection)
            versions = [which_version(connection, name) for name in formulas()]
        assert today
        found = [_figure(version, seconds(partial(_counted, kith, version, today)), events) for version in versions]
        advocacy, love = (one for one in versions if isinstance(one.formula, Weighted))
        taken = seconds(partial(_compared, kith, advocacy, love, today))
        what = f"{advocacy.name} and {love.name} over 24 months, {events:,} acts"
        return [*found, against(what, taken, "s", ("the aim", COMPARED), 1, at_most=True)]


def _figure(version: Version, taken: float, events: int) -> Figure:
    what = f"{version.name} of all members, {events:,} acts"
    if isinstance(version.formula, Central):
        return Figure(what, taken, "s")
    return against(what, taken, "s", ("the aim", AIM), 1, at_most=True)


def _counted(kith: Installation, version: Version, day: date) -> None:
    head = Engine(kith).head()
    with kith.connection() as connection:
        count(connection, version, [day], head)


def _compared(kith: Installation, one: Version, two: Version, today: date) -> None:
    days = which_days(today - timedelta(days=730), today)
    counted = count_both(kith, one, two, days, Engine(kith).head())
    with kith.connection() as connection:
        how_do_they_compare(connection, one, two, days, counted)
