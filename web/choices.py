"""The filters of a timeline as chips: what may be chosen, and how many entries each choice would leave."""

from collections import Counter
from typing import Literal

import msgspec

from projections.timeline import Filter, KindCount


class Choice(msgspec.Struct):
    """A filter that may be chosen: its word in the address, how many entries it leaves."""

    value: str
    n: int


def choices(counts: list[KindCount], field: Literal["kind", "source"], wish: Filter) -> list[Choice]:
    """The values of one filter, the commonest first, counted under the others that are chosen."""
    other: Literal["kind", "source"] = "source" if field == "kind" else "kind"
    found: Counter[str] = Counter()
    for each in counts:
        if getattr(wish, other) in ("", getattr(each, other)):
            found[getattr(each, field)] += _counted(each, wish.side)
    return [Choice(value, n) for value, n in found.most_common() if n or value == getattr(wish, field)]


def sides(counts: list[KindCount], wish: Filter) -> list[Choice]:
    """What they did and what they received, counted under the kind and source that are chosen."""
    fitting = [each for each in counts if wish.kind in ("", each.kind) and wish.source in ("", each.source)]
    return [Choice(side, sum(_counted(each, side) for each in fitting)) for side in ("did", "received")]


def _counted(each: KindCount, side: str) -> int:
    return {"did": each.did, "received": each.received}.get(side, each.did + each.received)
