"""Suggestions of who may be one person: with the reasons, decided one by one or many at once, and remembered."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import ClientException
from litestar.params import FromQuery, URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.likeness.judging import LIKELY, POSSIBLE
from crm.merging import KeepApart, KeepApartMany, MergeMany, MergeMembers
from projections.pairs import Apart, Pair, how_many_pairs, which_pairs_may_be_one, who_is_kept_apart
from web.address import FARTHEST, read_offset
from web.menu import Entry
from web.page import Asked, engine, kith, page, redirect, wanted, with_query
from web.problem import Problem

MENU = Entry(_("Who is who"), "/suggestions", "merge", 14)

PAGE, WHOLE = 25, 5_000

BOUNDS = {"almost": 0.95, "likely": LIKELY, "perhaps": POSSIBLE}
"""From which confidence a pair is shown under each word of the address, falling."""

NOTICES = {
    "merge": _("They are one member now."),
    "apart": _("They will not be proposed again."),
    "merge all": _("All that were ticked are merged."),
    "apart all": _("None of those that were ticked will be proposed again."),
}


class Suggestions(msgspec.Struct):
    """Pairs as filtered, the surest first; `counts` is how many there are by the words of the address."""

    sure: str
    counts: dict[str, int]
    apart: bool
    pairs: list[Pair]
    older: str | None
    seen: int
    ticked: list[str] = []
    problem: Problem | None = None


class KeptApart(msgspec.Struct):
    """Pairs that are not proposed again, and how many there are to look at."""

    total: int
    pairs: list[Apart]
    older: str | None


class Decision(msgspec.Struct):
    """The form: the pairs that were ticked, and which button was pressed: that of one pair, or the one for all ticked."""

    pair: list[str] | str = []
    merge: str = ""
    apart: str = ""
    all: Literal["", "merge", "apart"] = ""
    seen: int | None = None
    sure: str = ""


@get("/suggestions", sync_to_thread=True)
def who_may_be_one(request: Asked, sure: FromQuery[str] = "", offset: FromQuery[str] = "") -> Response[Any]:
    """Pairs that nobody has decided about."""
    view = _view(request, sure, read_offset(offset))
    return page(request, "suggestions/index.html", view, rows=[_row(pair) for pair in view.pairs])


@post("/suggestions", sync_to_thread=True)
def decide(request: Asked, data: URLEncodedBody[Decision]) -> Response[Any]:
    """Merge or keep apart one pair, or all that are ticked."""
    ticked = [data.pair] if isinstance(data.pair, str) else data.pair
    said, command = _decided(data, ticked)
    try:
        done = dispatch(kith(request), command)
    except Refusal as refusal:
        engine(request).catch_up("members", "acts")
        view = _view(request, data.sure, 0)
        view.ticked, view.problem = ticked, Problem.of(refusal)
        return view.problem.mark(page(request, "suggestions/index.html", view))
    engine(request).catch_up("members", "acts")
    back = f"/suggestions?sure={data.sure}" if data.sure in BOUNDS else "/suggestions"
    return redirect(back, NOTICES[said], undo=done)


@get("/suggestions/apart", sync_to_thread=True)
def who_is_not_the_same(request: Asked, before: FromQuery[int] = 0) -> Response[Any]:
    """Pairs that somebody found to be different people."""
    limit = PAGE if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        pairs = who_is_kept_apart(kith(request).vault, connection, before or None, limit)
        total = sum(how_many_pairs(connection, list(BOUNDS.values())))
    older = with_query(request, before=pairs[-1].position) if len(pairs) == limit else None
    rows = [
        {"one": each.one.name, "other": each.other.name, "by": each.by, "at": each.at, "reason": each.reason}
        for each in pairs
    ]
    return page(request, "suggestions/apart.html", KeptApart(total, pairs, older), rows=rows)


def _decided(data: Decision, ticked: Sequence[str]) -> tuple[str, Command]:
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
    one, _, other = text.partition(":")
    try:
        return UUID(one), UUID(other)
    except ValueError:
        raise ClientException(status_code=400) from None


def _view(request: Asked, sure: str, start: int) -> Suggestions:
    limit, seen = PAGE if wanted(request) == "html" else WHOLE, engine(request).head()
    words = list(BOUNDS)
    chosen = sure if sure in BOUNDS else ""
    bounds = {"least": BOUNDS[chosen or words[-1]]}
    if chosen and chosen != words[0]:
        bounds["below"] = BOUNDS[words[words.index(chosen) - 1]]
    with kith(request).connection() as connection:
        counts = dict(zip(words, how_many_pairs(connection, list(BOUNDS.values())), strict=True))
        pairs = which_pairs_may_be_one(connection, limit, start, **bounds)
        apart = bool(who_is_kept_apart(kith(request).vault, connection, limit=1))
    total = counts[chosen] if chosen else sum(counts.values())
    return Suggestions(
        sure=chosen,
        counts=counts,
        apart=apart,
        pairs=pairs,
        older=with_query(request, offset=start + limit) if start + limit < min(total, FARTHEST) else None,
        seen=seen,
    )


def _row(pair: Pair) -> dict[str, Any]:
    row: dict[str, Any] = {"confidence": pair.likeness.confidence}
    for side, half in (("one", pair.one), ("other", pair.other)):
        account = half.account
        row |= {
            f"{side}_member": half.member.member,
            f"{side}_name": account.name,
            f"{side}_account": account.login,
            f"{side}_source": account.source,
            f"{side}_host": account.host,
        }
    return row | {"reasons": "; ".join(each.sentence.format(**each.values) for each in pair.likeness.reasons)}


ROUTES = [who_may_be_one, decide, who_is_not_the_same]
