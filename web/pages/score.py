"""Why a member has a score: what it comes to, what will fade, what would lift it, and every act that counts. Levels by hand."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from psycopg import Connection

from crm.command import dispatch
from crm.errors import Conflict, Refusal
from crm.kinds import _
from crm.levels import SetLevel
from crm.scores.formula import Weighted
from projections import placing
from projections.points import MILLIONTHS
from projections.scores import Version
from projections.standings import Standing
from projections.why import Asking, what_it_comes_to
from web.about import About, about, elsewhere
from web.chosen import Chosen, chosen, read_version
from web.counting import standing_of
from web.earned import Earned, earned
from web.page import Asked, engine, kith, page, redirect, wanted, with_query
from web.problem import Problem, asked_again
from web.standing import Group, Level, Month, groups, how_it_was, level
from web.which_day import WhichDay, which_day

PAGE, WHOLE, MOST = 50, 100_000, 2000
"""Acts of a page, acts of a file, pages."""


class Draft(msgspec.Struct):
    """The form of a level: empty lets the points speak; `seen` is the act that stood when the page was opened."""

    formula: str = "advocacy"
    level: str = ""
    reason: str = ""
    seen: int | None = None


class Weighed(msgspec.Struct):
    """What points come to by rule and month, and the acts of one page that earned them.

    `points` is the sum of all groups, `later` what is left of it in thirty days; `entries` counts the acts of the rule that is
    chosen, or all.
    """

    points: int
    later: int
    entries: int
    groups: list[Group]
    months: list[Month]
    level: Level
    acts: list[Earned]
    rule: str
    page: int
    older: str | None


class Why(msgspec.Struct):
    """A member's score. Of a weighted formula it is opened up (`weighed`), else it is as it was counted (`standing`, None for none)."""

    about: About
    chosen: Chosen
    day: WhichDay
    weighed: Weighed | None
    standing: Standing | None
    draft: Draft
    problem: Problem | None = None


@get("/members/{member:uuid}/score/{formula:str}", sync_to_thread=True)
def why_is_it_so(
    request: Asked,
    member: FromPath[UUID],
    formula: FromPath[str],
    version: FromQuery[str] = "",
    on: FromQuery[str] = "",
    rule: FromQuery[str] = "",
) -> Response[Any]:
    """The score of a member with all that it comes of."""
    with kith(request).connection() as connection:
        asked = read_version(connection, formula, version)
    view = _view(request, asked, member, on, rule)
    if view.about.member.member != member:
        return elsewhere(request, view.about.member.member)
    rows = [one.row() for one in view.weighed.acts] if view.weighed else [_line(view)]
    answer = page(request, "scores/why.html", view, rows=rows)
    return view.day.problem.mark(answer) if view.day.problem else answer


@post("/members/{member:uuid}/level", sync_to_thread=True)
def set_level(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Draft]) -> Response[Any]:
    """Set a level by hand, or let the points speak again."""
    with kith(request).connection() as connection:
        asked = read_version(connection, data.formula, "")
    try:
        done = dispatch(
            kith(request),
            SetLevel(member=member, formula=data.formula, level=data.level or None, reason=data.reason, seen=data.seen),
        )
    except Refusal as refusal:
        view = _view(request, asked, member)
        seen = view.draft.seen if isinstance(refusal, Conflict) else data.seen
        view.draft = msgspec.structs.replace(data, seen=seen)
        return asked_again(request, "scores/why.html", view, refusal)
    engine(request).catch_up("members", "acts")
    notice = _("The level is set.") if data.level else _("The points speak for themselves again.")
    return redirect(f"/members/{member}/score/{data.formula}", notice, undo=done)


def _view(request: Asked, version: Version, member: UUID, on: str = "", rule: str = "") -> Why:
    with kith(request).connection() as connection:
        head, day = about(connection, member), which_day(connection, on)
        weighed = _weighed(request, connection, version, head, day, rule) if version.settings else None
        told = chosen(connection, version)
    standing = None if weighed else _standing(request, version, head, day)
    said = weighed.level.said if weighed else None
    draft = Draft(version.formula.name, said.level if said else "", "", said.position if said else 0)
    return Why(head, told, day, weighed, standing, draft)


def _weighed(
    request: Asked, connection: Connection[Any], version: Version, head: About, day: WhichDay, rule: str
) -> Weighed:
    assert isinstance(version.formula, Weighted)
    html, number = wanted(request) == "html", _page(request)
    limit = PAGE if html else WHOLE
    asking = Asking(version, head.member.member, head.accounts, day.today)
    sums = what_it_comes_to(connection, asking)
    known = rule if any(one.key == rule for one in version.formula.rules) else ""
    entries = sum(one.entries for one in sums if known in ("", one.rule.key))
    points = sum(one.points for one in sums)
    months, of_days = how_it_was(connection, asking, points)
    acts = earned(kith(request), connection, asking, known, limit, (number - 1) * PAGE if html else 0)
    goes_on = html and number * PAGE < entries and number < MOST
    return Weighed(
        points=points,
        later=sum(one.later for one in sums),
        entries=entries,
        groups=groups(sums),
        months=months,
        level=level(connection, asking, of_days),
        acts=acts,
        rule=known,
        page=number,
        older=with_query(request, page=number + 1) if goes_on else None,
    )


def _page(request: Asked) -> int:
    """Which page of the acts is asked for, from 1."""
    typed = str(request.query_params.get("page", ""))
    return min(max(int(typed), 1), MOST) if typed.isdecimal() and len(typed) < 9 else 1


def _standing(request: Asked, version: Version, head: About, day: WhichDay) -> Standing | None:
    """Where a member stands by a formula that is no sum of acts."""
    counting, member = standing_of(request, version, day.today), head.member.member
    with kith(request).connection() as connection:
        return placing.where_do_these_stand(connection, counting.counting, [member]).get(member)


def _line(view: Why) -> dict[str, Any]:
    """A score that is no sum of acts, as a line of a spreadsheet."""
    one = view.standing
    told = {key: (one.told or {}).get(key, "") if one else "" for key in view.chosen.words}
    value = one.points / MILLIONTHS if one else None
    return {"score": view.chosen.name, "value": value, "level": one.level if one else "", **told}


ROUTES = [why_is_it_so, set_level]
