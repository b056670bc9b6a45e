"""Members: everybody who ever did something here, to be found, narrowed down, sorted, seen as they were, changed together."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromQuery
from psycopg import Connection

from crm import conditions
from crm.conditions import Bound, Conditions
from crm.fields import BUILT_IN
from crm.kinds import _
from projections.offered import Field, Marks, Offered, what_is_offered, which_marks
from projections.saved import Saved, which_segments
from projections.segments import Asked as Wanted
from projections.segments import Found, how_many_fit, which_and_how_many_fit
from web.address import FARTHEST, read_day, read_id, read_offset
from web.looking_back import AsOf, as_of, tables
from web.menu import Entry
from web.page import Asked, kith, page, redirect, wanted, with_query
from web.problem import Problem
from web.saying import Part, language_of, parts

MENU = Entry(_("Members"), "/members", "users", 12)

PAGE, WHOLE = 50, 10_000
"""Rows of a page, and of a file."""


class Members(msgspec.Struct):
    """Members that fit. `count` stops at 10,000, `capped` says so.

    `marks` are what the team says of them; in a list as it was, what it said, and `marks_now` what it says.
    """

    wish: Conditions
    parts: list[Part]
    as_of: AsOf
    count: int
    capped: bool
    members: list[Found]
    marks: dict[UUID, Marks]
    marks_now: dict[UUID, Marks]
    offered: Offered
    segment: Saved | None
    older: str | None
    ticked: list[str] = []
    draft: dict[str, str] = {}
    problem: Problem | None = None

    def back(self) -> bool:
        """Whether this is the list as it was."""
        return bool(self.as_of.on or self.as_of.known)

    def kept(self, *without: str) -> dict[str, str]:
        """What the address says, but for these parameters."""
        days = {"on": self.as_of.on, "known": self.as_of.known, "segment": self.segment and self.segment.segment}
        said = self.wish.query() | {name: str(value) for name, value in days.items() if value}
        return {name: value for name, value in said.items() if name not in without}

    def askable(self) -> list[Field]:
        """The fields that may be asked for: those that every Kith has, but for the name, which is searched, and the team's own."""
        built_in = [Field(key, name, "text", []) for key, name in BUILT_IN.items() if key not in ("name", "birthday")]
        return built_in + self.offered.fields

    def bound(self, field: str) -> Bound:
        """What is asked of a field."""
        return next((one for one in self.wish.fields if one.field == field), Bound(field))


@get("/members", sync_to_thread=True)
def which_members(
    request: Asked,
    on: FromQuery[str] = "",
    known: FromQuery[str] = "",
    segment: FromQuery[str] = "",
    offset: FromQuery[str] = "",
) -> Response[Any]:
    """The list, its next rows, or what a search finds while it is typed; all else in the address are conditions."""
    if wanted(request) == "html" and any(
        not value for _, value in parse_qsl(request.url.query, keep_blank_values=True)
    ):
        return redirect(with_query(request))
    start = read_offset(offset)
    view = listed(request, on, known, segment, start)
    fragment = "rows" if start else "results"
    return page(request, "members/index.html", view, fragment=fragment, rows=_rows(view))


def listed(request: Asked, on: str = "", known: str = "", segment: str = "", start: int = 0) -> Members:
    """The list that the address of this request asks for."""
    limit = PAGE if wanted(request) == "html" else WHOLE
    said = dict(parse_qsl(request.url.query))
    read_id(said.get("batch", ""))  # an import that is none would silently be everybody
    with kith(request).connection() as connection:
        moment = as_of(connection, read_day(on), read_day(known))
        asked = Wanted(conditions.read(said), moment.today, tables(connection, moment))
        found, total = which_and_how_many_fit(connection, asked, limit, start)
        count = start + len(found) if total is None else total
        if total is None and (len(found) == limit or (start and not found)):
            count = how_many_fit(connection, asked, WHOLE + 1)
        offered, ids = what_is_offered(connection), [one.member for one in found]
        goes_on = len(found) == limit and start + limit < FARTHEST
        return Members(
            wish=asked.wish,
            parts=parts(asked.wish, offered, language_of(request)),
            as_of=moment,
            count=min(count, WHOLE),
            capped=count > WHOLE,
            members=found,
            marks=which_marks(connection, ids, asked.then),
            marks_now=which_marks(connection, ids) if asked.then else {},
            offered=offered,
            segment=_segment(connection, read_id(segment)),
            older=with_query(request, offset=start + limit) if goes_on else None,
        )


def _segment(connection: Connection[Any], segment: UUID | None) -> Saved | None:
    return next((one for one in which_segments(connection) if one.segment == segment), None) if segment else None


def _rows(view: Members) -> list[dict[str, Any]]:
    """The list as a file has it: what the team says in words."""
    rows = []
    for one in view.members:
        marks = view.marks[one.member]
        named = {"stage": view.offered.called(marks.stage), "owner": view.offered.called(marks.owner)}
        then = {} if view.back() else {"acts_now": None}
        row = msgspec.structs.asdict(one) | {"tags": marks.tags} | named
        rows.append({name: value for name, value in row.items() if name not in then})
    return rows


ROUTES = [which_members]
