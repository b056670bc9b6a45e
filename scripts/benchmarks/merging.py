"""Two members of fifty thousand interactions each become one, and two again: how long until their page shows it."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.request import urlopen
from uuid import UUID

from crm.activity import Activity, Who, Whom
from crm.command import dispatch
from crm.merging import MergeMembers
from crm.undoing import Undo
from projections.engine import Engine
from scripts.benchmarks.community import START
from scripts.benchmarks.figures import Figure, against, seconds
from scripts.benchmarks.pages import served
from scripts.benchmarks.place import Place
from scripts.benchmarks.work import brought

EACH = 50_000
OTHERS = 500
"""People whom each of the two answers in turn."""
AIM = 1.0


def merges(place: Place, _: int) -> list[Figure]:
    """Seconds from the wish to the page that shows it, for a merge and for its undoing."""
    with place.kith() as kith:
        brought(kith, _acts())
        engine = Engine(kith)
        engine.catch_up()
        kept, gone = (kith.ids.make("identity", "bench", "bench.example", name) for name in ("kept", "gone"))
        with served(kith) as port:
            _shown(port, kept)
            merged: list[int] = []
            there = seconds(lambda: _until_shown(engine, port, kept, merged, MergeMembers(kept=kept, gone=gone)))
            back = seconds(lambda: _until_shown(engine, port, kept, merged, Undo(position=merged[0])))
    return [
        against(
            f"until a page shows {what} of 2 × {EACH:,} interactions", value, "s", ("the aim", AIM), 1, at_most=True
        )
        for what, value in (("a merge", there), ("its undoing", back))
    ]


def _until_shown(engine: Engine, port: int, member: UUID, positions: list[int], command: MergeMembers | Undo) -> None:
    positions.append(dispatch(engine.kith, command))
    engine.catch_up("members", "acts")
    _shown(port, member)


def _shown(port: int, member: UUID) -> None:
    with urlopen(f"http://127.0.0.1:{port}/members/{member}") as answer:
        answer.read()


def _acts() -> Iterator[Activity]:
    for each in range(2 * EACH):
        other = Who(str(each % OTHERS), f"person{each % OTHERS}", f"Person {each % OTHERS}")
        yield Activity(
            source="bench", host="bench.example", key=str(each), kind="replied", own_kind="post",
            at=START + timedelta(minutes=each), who=Who(("kept", "gone")[each % 2], "one"), whom=(Whom(other, "replied"),),
            thread=str(each // 10), text="Try it again, it works here.",
        )  # fmt: skip
