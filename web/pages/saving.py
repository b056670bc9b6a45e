"""Saving a filter as a segment, changing one, removing one."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody

from crm import conditions
from crm.command import dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.segments import RemoveSegment, SaveSegment
from projections.offered import what_is_offered
from projections.saved import Saved, which_segments
from projections.segments import Asked as Wanted
from projections.segments import how_many_fit
from web.address import read_id
from web.looking_back import as_of
from web.page import Asked, engine, kith, page, redirect
from web.pages.segments import WHOLE, address
from web.problem import Problem
from web.saying import language_of, sentence


class Draft(msgspec.Struct):
    """The form: a name, whether all of the team see it, and whether it is to be a `new` one rather than the one that was opened."""

    name: str = ""
    shared: str = ""
    new: str = ""


class Saving(msgspec.Struct):
    """A filter that is to be saved: in words, how many it holds now, the segment that it came from."""

    words: str
    count: int
    draft: Draft
    back: str
    address: str
    segment: Saved | None
    problem: Problem | None = None


@get("/segments/new", sync_to_thread=True)
def what_to_save(request: Asked, segment: FromQuery[str] = "") -> Response[Any]:
    """The filter that is to be saved, and the form for its name."""
    return page(request, "segments/saving.html", _saving(request, segment))


@post("/segments/new", sync_to_thread=True)
def save(request: Asked, data: URLEncodedBody[Draft], segment: FromQuery[str] = "") -> Response[Any]:
    """Keep the filter in the address under a name."""
    query = dict(parse_qsl(request.url.query))
    known = None if data.new else read_id(segment)
    try:
        done = dispatch(
            kith(request), SaveSegment(name=data.name, query=query, shared=bool(data.shared), segment=known)
        )
    except Refusal as refusal:
        view = _saving(request, segment)
        view.draft, view.problem = data, Problem.of(refusal)
        return view.problem.mark(page(request, "segments/saving.html", view))
    engine(request).catch_up("acts")
    return redirect("/segments", _("The segment is saved."), undo=done)


@post("/segments/{segment:uuid}/removal", sync_to_thread=True)
def remove(request: Asked, segment: FromPath[UUID]) -> Response[Any]:
    """Let it be listed no more."""
    try:
        done = dispatch(kith(request), RemoveSegment(segment=segment))
    except Refusal as refusal:
        return redirect("/segments", str(refusal))
    engine(request).catch_up("acts")
    return redirect("/segments", _("The segment is removed."), undo=done)


def _saving(request: Asked, segment: str) -> Saving:
    wish = conditions.read(dict(parse_qsl(request.url.query)))
    with kith(request).connection() as connection:
        moment, offered = as_of(connection), what_is_offered(connection)
        count = how_many_fit(connection, Wanted(wish, moment.today), WHOLE + 1)
        id = read_id(segment)
        known = next((one for one in which_segments(connection) if one.segment == id), None)
    draft = Draft(known.name, "1" if known.shared else "") if known else Draft(shared="1")
    here = address(wish, known.segment if known else None)
    words = sentence(wish, offered, language_of(request))
    return Saving(words, count, draft, here, here.replace("/members?", "/segments/new?"), known)


ROUTES = [what_to_save, save, remove]
