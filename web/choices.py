"""The filters of a timeline: what an address says of them, and as chips how many entries each choice would leave."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from crm.kinds import KINDS
from projections.timeline import Filter, KindCount, Part
from web.address import Cursor, read_day
from web.spans import midnight


class Choice(msgspec.Struct):
    """A filter that may be chosen: its word in the address, how many entries it leaves; None where that is not known."""

    value: str
    n: int | None


class Counted(NamedTuple):
    """How many entries there are of a kind from a source."""

    kind: str
    source: str
    n: int


def part(kind: str, source: str, since: str, until: str, before: str) -> dict[str, Any]:
    """The fields of any timeline's filter as an address says them; 400 for a day or a place in the stream that is none."""
    cursor, first, last = Cursor.read(before), read_day(since), read_day(until)
    return {
        "kind": kind if kind in KINDS else "",
        "source": source,
        "since": midnight(first) if first else None,
        "until": midnight(last + timedelta(days=1)) if last else None,
        "before": cursor.at if cursor else None,
        "position": cursor.position if cursor else 0,
    }


def last_day(wish: Part) -> date | None:
    """The last day that is wanted; None where no end was set."""
    return (wish.until - timedelta(days=1)).date() if wish.until else None


def begun(wish: Part) -> Cursor | None:
    """Where the page before ended; None on the first."""
    return Cursor(wish.before, wish.position) if wish.before else None


def choices(
    counts: Iterable[Counted], field: Literal["kind", "source"], wish: Part, *, told: bool = True
) -> list[Choice]:
    """The values of one filter, the commonest first, counted under the others that are chosen; the numbers are `told` or not."""
    other: Literal["kind", "source"] = "source" if field == "kind" else "kind"
    found: Counter[str] = Counter()
    for each in counts:
        if getattr(wish, other) in ("", getattr(each, other)):
            found[getattr(each, field)] += each.n
    kept = [(value, n) for value, n in found.most_common() if n or value == getattr(wish, field)]
    return [Choice(value, n if told else None) for value, n in kept]


def counted(counts: list[KindCount], wish: Filter) -> list[Counted]:
    """What a member has in the timeline on the side that is chosen."""
    return [Counted(each.kind, each.source, _on(each, wish.side)) for each in counts]


def sides(counts: list[KindCount], wish: Filter) -> list[Choice]:
    """What they did and what they received, counted under the kind and source that are chosen."""
    fitting = [each for each in counts if wish.kind in ("", each.kind) and wish.source in ("", each.source)]
    return [Choice(side, sum(_on(each, side) for each in fitting)) for side in ("did", "received")]


def _on(each: KindCount, side: str) -> int:
    return {"did": each.did, "received": each.received}.get(side, each.did + each.received)
