"""Suggestions of who may be one person, with the reasons, the surest first."""

from itertools import chain
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from crm.kinds import _
from crm.likeness.judging import LIKELY, POSSIBLE
from projections.addresses import tell_apart
from projections.pairs import Pair, how_many_pairs, which_pairs_may_be_one, who_is_kept_apart
from web.address import FARTHEST, read_offset
from web.menu import Entry
from web.page import Asked, engine, kith, page, wanted, with_query
from web.problem import Problem

MENU = Entry(_("Who is who"), "/suggestions", "merge", 14)

PAGE, WHOLE = 25, 5_000

BOUNDS = {"almost": 0.95, "likely": LIKELY, "perhaps": POSSIBLE}
"""From which confidence a pair is shown under each word of the address, falling."""


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


@get("/suggestions", sync_to_thread=True)
def who_may_be_one(request: Asked, sure: FromQuery[str] = "", offset: FromQuery[str] = "") -> Response[Any]:
    """Pairs that nobody has decided about."""
    view = what_is_suggested(request, sure, read_offset(offset))
    return page(request, "suggestions/index.html", view, rows=[_row(pair) for pair in view.pairs])


def what_is_suggested(request: Asked, sure: str, start: int) -> Suggestions:
    """The pairs under a word of the address, from `start` on; all of them where it is none of `BOUNDS`."""
    limit, seen = PAGE if wanted(request) == "html" else WHOLE, engine(request).head()
    words = list(BOUNDS)
    chosen = sure if sure in BOUNDS else ""
    bounds = {"least": BOUNDS[chosen or words[-1]]}
    if chosen and chosen != words[0]:
        bounds["below"] = BOUNDS[words[words.index(chosen) - 1]]
    with kith(request).connection() as connection:
        counts = dict(zip(words, how_many_pairs(connection, list(BOUNDS.values())), strict=True))
        pairs = which_pairs_may_be_one(connection, limit, start, **bounds)
        tell_apart(kith(request).vault, connection, chain.from_iterable(pair.accounts for pair in pairs))
        apart = bool(who_is_kept_apart(kith(request).vault, connection, limit=1))
    total = counts[chosen] if chosen else sum(counts.values())
    older = with_query(request, offset=start + limit) if start + limit < min(total, FARTHEST) else None
    return Suggestions(chosen, counts, apart, pairs, older, seen)


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


ROUTES = [who_may_be_one]
