"""The acts that earned a score, each as a sentence with where it stands in the log, with whom, and what is left of its worth."""

from typing import Any

import msgspec
from psycopg import Connection

from crm.installation import Installation
from crm.scores.formula import Rule
from projections import why
from projections.entries import which_entries
from projections.identities import Identity, what_are_they_called
from projections.points import MILLIONTHS
from projections.why import Asking
from web.stream import Line, lines


class Earned(msgspec.Struct):
    """An act that counts. `line` is None where the log does not tell of it any more, `whom` where it was about nobody.

    `left` is the part of its worth that has not faded, from 0 to 1.
    """

    entry: why.Entry
    rule: Rule
    left: float
    whom: Identity | None
    line: Line | None

    def row(self) -> dict[str, Any]:
        """The act as a line of a spreadsheet."""
        told = self.line.entry if self.line else None
        return {
            "day": self.entry.day,
            "rule": self.rule.key,
            "with": self.whom.name if self.whom else "",
            "kind": told.kind if told else "",
            "thread": (told.title or told.thread_title) if told else "",
            "weight": self.entry.weight,
            "age": self.entry.age,
            "left": round(self.left, 6),
            "points": self.entry.points / MILLIONTHS,
            "interaction": told.id if told else "",
        }


def earned(
    kith: Installation, connection: Connection[Any], asking: Asking, rule: str, limit: int, offset: int
) -> list[Earned]:
    """The acts that earned points, those worth most first; of one rule or of all."""
    found = why.what_earned_it(connection, asking, rule, limit, offset)
    told = which_entries(kith.vault, connection, list({one.position for one in found if one.position}))
    known = {one.position: lines([one], asking.member)[0] for one in told}
    called = what_are_they_called(connection, [one.other for one in found if one.other])
    rules = {one.key: one for one in asking.formula.rules}
    return [
        Earned(
            entry=one,
            rule=rules[one.rule],
            left=one.points / (one.weight * MILLIONTHS) if one.weight else 0,
            whom=called.get(one.other) if one.other else None,
            line=known.get(one.position) if one.position else None,
        )
        for one in found
    ]
