"""Trying a version of a score out beside another: who would rise and fall, how many stand on each level, how restless levels are."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from psycopg import Connection

from crm.conditions import Conditions
from crm.errors import Refusal
from crm.formulas import which_version_counts, which_versions
from crm.kinds import _
from crm.scores import formulas
from crm.scores.formula import Formula
from crm.segments import READY
from projections.comparing import Comparison, how_do_they_compare, which_days
from projections.days import when_was_the_first_day
from projections.saved import which_segments
from projections.scores import Version, which_version
from projections.segments import Asked as Wanted
from projections.segments import which_ids_fit
from web.counting import at_one_moment
from web.formula_told import which_formula
from web.looking_back import as_of
from web.page import Asked, kith, page, wanted
from web.trial_told import Row, Step, rows_of, steps_of
from web.trying import MOMENT, Pair, Progress, see_to_it, what_is_kept
from web.which_day import which_day

SHOWN, WHOLE = 50, 10_000
"""Members on a page, and in a file."""

SPAN = timedelta(days=730)
EVERYBODY = 1_000_000

WHILE = 60
"""Seconds for which a file waits for what is counted."""


class Named(msgspec.Struct):
    """A version as it is told: `value` is how it is typed, `label` a msgid."""

    value: str
    formula: str
    label: str
    number: int


class Segment(msgspec.Struct):
    """A segment that can be chosen; `name` is a msgid where every Kith has it."""

    key: str
    name: str
    ready: bool


class Trial(msgspec.Struct):
    """What is tried, and what came of it. `errors` are told at the fields `one`, `two`, `from`, `to` and `list` of the form.

    `comparison` is None until both versions are counted (`progress` tells how far that is), with its changes told in `rows`.
    `counted_at` is when the oldest part of it was counted. `can_adopt` is whether `two` does not count yet.
    """

    name: str
    label: str
    one: Named
    two: Named
    choices: list[Named]
    lists: list[Segment]
    among: str
    typed: dict[str, str]
    errors: dict[str, str]
    can_adopt: bool = False
    progress: Progress | None = None
    comparison: Comparison | None = None
    counted_at: datetime | None = None
    steps: list[Step] = []
    rows: list[Row] = []


class _Wish(NamedTuple):
    pair: Pair
    since: date
    until: date
    among: list[UUID] | None


@get("/scores/formulas/{name:str}/try", sync_to_thread=True)
def try_out(request: Asked, name: FromPath[str]) -> Response[Any]:
    """Two versions side by side from a day to another, among all members or those of a segment."""
    of = which_formula(name)
    with kith(request).connection() as connection:
        view, wish = _read(connection, of, request.query_params)
    if wish:
        _compare(request, view, wish)
    answer = page(request, "formulas/try.html", view, fragment="live", rows=[row.line() for row in view.rows])
    answer.status_code = 422 if view.errors else 200
    return answer


def _compare(request: Asked, view: Trial, wish: _Wish) -> None:
    """Fill in what is counted; a page is answered at once, a file when all is there."""
    pair, days, is_page = wish.pair, which_days(wish.since, wish.until), wanted(request) == "html"
    view.progress = see_to_it(request, pair, days, MOMENT if is_page else WHILE)
    with kith(request).connection() as connection, at_one_moment(connection):
        kept = what_is_kept(connection, pair, days)
        if countings := kept.countings(days):
            limit = SHOWN if is_page else WHOLE
            found = how_do_they_compare(connection, *pair, days, countings, wish.among, limit)
            view.rows, view.steps = rows_of(connection, pair, found), steps_of(pair, found)
            view.comparison = msgspec.structs.replace(found, changes=[])
            view.counted_at = min(one.at for one in kept.all)


def _read(connection: Connection[Any], of: Formula, query: Mapping[str, str]) -> tuple[Trial, _Wish | None]:
    """What an address asks for: the form, and the wish if it is one."""
    counts, newest = which_version_counts(connection, of), max(which_versions(connection, of))
    asked = {field: query.get(field, "") for field in ("one", "two", "from", "to", "list")}
    typed = asked | {"one": asked["one"] or f"{of.name}@{counts}", "two": asked["two"] or f"{of.name}@{newest}"}
    segment = asked["list"]
    errors: dict[str, str] = {}
    pair = (_version(connection, of, "one", typed, errors), _version(connection, of, "two", typed, errors))
    since, until = _days(connection, typed, errors)
    lists = _segments(connection)
    if segment and segment not in lists:
        errors["list"] = _("This segment was removed. Choose another one.")
    first, second = (_named(version.formula, version.number) for version in pair)
    view = Trial(
        name=of.name,
        label=of.label,
        one=first,
        two=second,
        choices=_choices(connection),
        lists=[known for known, _fits in lists.values()],
        among=segment,
        typed=typed,
        errors=errors,
        can_adopt=second.number != which_version_counts(connection, pair[1].formula),
    )
    if errors or since is None or first.value == second.value:
        return view, None
    among = _among(connection, lists[segment][1]) if segment else None
    return view, _Wish(pair, since, until, among)


def _version(
    connection: Connection[Any], of: Formula, field: str, typed: dict[str, str], errors: dict[str, str]
) -> Version:
    try:
        return which_version(connection, typed[field])
    except Refusal as refusal:
        errors[field] = str(refusal)
        return which_version(connection, of.name)


def _days(connection: Connection[Any], typed: dict[str, str], errors: dict[str, str]) -> tuple[date | None, date]:
    """From when to when; two years up to the newest day where nothing is said, and no beginning in an empty Kith."""
    begin, end = which_day(connection, typed["from"]), which_day(connection, typed["to"])
    errors |= {field: day.problem.sentence for field, day in (("from", begin), ("to", end)) if day.problem}
    first = when_was_the_first_day(connection)
    known = begin.on or (max(first, end.today - SPAN) if first else None)
    if begin.on and not errors and begin.on >= end.today:
        errors["from"] = _("Begin before the end.")
    typed["from"], typed["to"] = typed["from"] or str(known or ""), typed["to"] or str(end.today)
    return known, end.today


def _named(of: Formula, number: int) -> Named:
    return Named(f"{of.name}@{number}", of.name, of.label, number)


def _choices(connection: Connection[Any]) -> list[Named]:
    return [_named(of, number) for of in formulas().values() for number in which_versions(connection, of)]


def _segments(connection: Connection[Any]) -> dict[str, tuple[Segment, Conditions]]:
    ready = {key: (Segment(key, name, True), wish) for key, (name, wish) in READY.items()}
    saved = {
        str(one.segment): (Segment(str(one.segment), one.name, False), one.wish) for one in which_segments(connection)
    }
    return ready | saved


def _among(connection: Connection[Any], wish: Conditions) -> list[UUID]:
    return which_ids_fit(connection, Wanted(wish, as_of(connection).today), EVERYBODY)


ROUTES = [try_out]
