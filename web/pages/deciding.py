"""Deciding about suggestions, one by one or many at once; what was decided is remembered."""

from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.exceptions import ClientException
from litestar.params import URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.merging import MergeMany, MergeMembers
from crm.parting import KeepApart, KeepApartMany
from web.page import Asked, engine, kith, page, redirect
from web.pages.suggestions import BOUNDS, what_is_suggested
from web.problem import Problem

NOTICES = {
    "merge": _("They are one member now."),
    "apart": _("They will not be proposed again."),
    "merge all": _("All that were ticked are merged."),
    "apart all": _("None of those that were ticked will be proposed again."),
}


class Decision(msgspec.Struct):
    """The form: the pairs that were ticked, and which button was pressed: that of one pair, or the one for all ticked."""

    pair: list[str] | str = []
    merge: str = ""
    apart: str = ""
    all: Literal["", "merge", "apart"] = ""
    seen: int | None = None
    sure: str = ""


@post("/suggestions", sync_to_thread=True)
def decide(request: Asked, data: URLEncodedBody[Decision]) -> Response[Any]:
    """Merge or keep apart one pair, or all that are ticked."""
    ticked = [data.pair] if isinstance(data.pair, str) else data.pair
    said, command = _decided(data, ticked)
    try:
        done = dispatch(kith(request), command)
    except Refusal as refusal:
        engine(request).catch_up("members", "acts")
        view = what_is_suggested(request, data.sure, 0)
        view.ticked, view.problem = ticked, Problem.of(refusal)
        return view.problem.mark(page(request, "suggestions/index.html", view))
    engine(request).catch_up("members", "acts")
    sure = f"?sure={data.sure}" if data.sure in BOUNDS else ""
    return redirect(f"/suggestions{sure}", NOTICES[said], undo=done)


def _decided(data: Decision, ticked: list[str]) -> tuple[str, Command]:
    """What was pressed: the key of its notice, and the command."""
    if data.merge:
        kept, gone = _ids(data.merge)
        return "merge", MergeMembers(kept=kept, gone=gone, seen=data.seen)
    if data.apart:
        one, other = _ids(data.apart)
        return "apart", KeepApart(one=one, other=other, seen=data.seen)
    pairs = tuple(_ids(each) for each in ticked if each)
    if data.all == "merge":
        return "merge all", MergeMany(pairs=pairs, seen=data.seen)
    if data.all == "apart":
        return "apart all", KeepApartMany(pairs=pairs, seen=data.seen)
    raise ClientException(status_code=400)


def _ids(text: str) -> tuple[UUID, UUID]:
    try:
        one, other = text.split(":")
        return UUID(one), UUID(other)
    except ValueError:
        raise ClientException(status_code=400) from None


ROUTES = [decide]
