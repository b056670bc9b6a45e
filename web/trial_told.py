"""What a comparison of two versions comes to in words: levels by name with how many stand on each, members by name with what changes."""

from typing import Any

import msgspec
from psycopg import Connection

from projections.comparing import Change, Comparison
from projections.identities import Identity, what_are_they_called
from projections.points import MILLIONTHS
from projections.scores import Version
from web.trying import Pair


class Step(msgspec.Struct):
    """A level by name, and how many members have it under either version; None where a version has no such level."""

    name: str
    one: int | None
    two: int | None


class Row(msgspec.Struct):
    """Somebody whose standing would change, with the names of their levels, empty for none."""

    who: Identity | None
    change: Change
    level_before: str
    level_after: str

    def line(self) -> dict[str, Any]:
        """The same for a file, in points."""
        one = self.change
        scores = {name: getattr(one, name) for name in ("first_before", "first_after", "before", "after")}
        return {
            "name": self.who.name if self.who else "",
            "member": one.member,
            **{name: None if score is None else score / MILLIONTHS for name, score in scores.items()},
            "rank_before": one.rank_before,
            "rank_after": one.rank_after,
            "level_before": self.level_before,
            "level_after": self.level_after,
        }


def rows_of(connection: Connection[Any], pair: Pair, found: Comparison) -> list[Row]:
    """Those for whom anything would change, by name."""
    changed = [one for one in found.changes if _differs(one)]
    called = what_are_they_called(connection, [one.member for one in changed])
    return [
        Row(called.get(one.member), one, _level(pair[0], one.step_before), _level(pair[1], one.step_after))
        for one in changed
    ]


def steps_of(pair: Pair, found: Comparison) -> list[Step]:
    """The levels of both versions from the highest down, those of the same name once; of two formulas those of the first before."""
    counts: dict[str, list[int | None]] = {}
    begins: dict[str, float] = {}
    for place, (version, many) in enumerate(zip(pair, (found.steps_one, found.steps_two), strict=True)):
        for level, n in zip(version.settings.ladder if version.settings else (), many, strict=True):
            counts.setdefault(level.name, [None, None])[place] = n
            begins[level.name] = level.points
    apart = pair[0].formula.name != pair[1].formula.name
    order = sorted(counts, key=lambda name: (apart and counts[name][0] is None, -begins[name]))
    return [Step(name, *counts[name]) for name in order]


def _differs(one: Change) -> bool:
    return (one.before, one.rank_before, one.step_before) != (one.after, one.rank_after, one.step_after)


def _level(version: Version, step: int | None) -> str:
    """The name of a step of the ladder."""
    return version.settings.ladder[step].name if version.settings and step is not None and step >= 0 else ""
