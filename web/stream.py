"""How entries become a stream: days part it, neighbours in one thread share its title, long words are cut, pages follow on."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from crm.kinds import KINDS, phrases
from projections.entries import Entry
from projections.identities import Identity
from web.address import Cursor

LONGEST = 480
"""Letters of an entry that a stream shows before it offers the rest."""
ROWS = 6


class Said(NamedTuple):
    """A part of a sentence: a msgid and the people who stand in it, at most three, and how many more there are."""

    text: str
    whom: list[Identity]
    more: int


class Line(msgspec.Struct):
    """An entry in its stream. `day` is set where a day begins, `continues` where the thread is that of the line above.

    `repeats` tells that what it answers stands above already. `near` are those the page is about, who are named first.

    `side` tells whether the member whose page it is did it or received it; it is empty elsewhere.
    """

    entry: Entry
    side: str
    day: date | None
    continues: bool
    repeats: bool
    near: list[UUID]

    def said(self) -> list[Said]:
        """The sentence in parts; nobody is named twice in it."""
        named: set[UUID] = set()
        parts = []
        for text, indexes in phrases(self.entry.kind, [one.role for one in self.entry.touched]):
            whom = {
                one.member: one
                for one in (self.entry.touched[index].who for index in indexes)
                if one.member not in named
            }
            named |= whom.keys()
            if whom or not indexes:
                parts.append(_said(text, list(whom.values()), self.near))
        return parts

    def words(self) -> str:
        """What was written, cut where it grows long."""
        return cut(self.entry.text)

    def quoted(self) -> str:
        """The beginning of what was answered, where that helps to understand and does not stand above."""
        shown = (
            self.entry.quote
            and KINDS[self.entry.kind].family in ("talk", "help")
            and self.entry.text
            and not self.repeats
        )
        return cut(self.entry.quote.text, 240) if self.entry.quote and shown else ""

    def row(self) -> dict[str, Any]:
        """The entry as a line of a spreadsheet."""
        entry = self.entry
        plain = {
            name: getattr(entry, name) for name in ("id", "at", "kind", "own_kind", "source", "place", "thread_title")
        }
        touched = [f"{one.who.name} ({one.role})" for one in entry.touched]
        who = entry.who.name if entry.who else ""
        return {
            **plain,
            "side": self.side,
            "who": who,
            "touched": touched,
            "title": entry.title,
            "text": entry.text,
            "link": entry.link,
        }


def cut(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text, to the end of a word, with an ellipsis where something is missing."""
    rows = text.strip().split("\n")
    short = "\n".join(rows[:ROWS])
    if len(short) > longest:
        short = short[:longest].rsplit(maxsplit=1)[0]
    return short if short == text.strip() else f"{short.rstrip()}…"


def lines(
    entries: Sequence[Entry],
    member: UUID | None = None,
    *,
    after: Cursor | None = None,
    near: Sequence[UUID] = (),
    known: int = 0,
) -> list[Line]:
    """Entries as a stream, in the order given, on the page of `member` or of those who are `near`.

    `after` is where the page before ended, whose day is not begun again; `known` is the position of an entry that needs no quoting.
    """
    above, day, made = None, after.at.date() if after else None, []
    named_first = [member] if member else list(near)
    for entry in entries:
        begins = entry.at.date() != day
        day = entry.at.date()
        neighbour = above is not None and entry.thread is not None and entry.thread == above.thread
        repeats = entry.quote is not None and (entry.quote.position == known or _quoted_by(above, entry.quote.position))
        made.append(
            Line(entry, _side(entry, member), day if begins else None, neighbour and not begins, repeats, named_first)
        )
        above = entry
    return made


def end(entries: Sequence[Entry], asked: int) -> Cursor | None:
    """Where the next page goes on; None where this one was not full."""
    return Cursor(entries[-1].at, entries[-1].position) if len(entries) == asked else None


def _side(entry: Entry, member: UUID | None) -> str:
    if member is None:
        return ""
    return "did" if entry.who and entry.who.member == member else "received"


def _quoted_by(above: Entry | None, position: int) -> bool:
    """Whether the entry above is that at `position`, or answers it too."""
    return above is not None and (
        above.position == position or (above.quote is not None and above.quote.position == position)
    )


def _said(text: str, whom: list[Identity], near: list[UUID]) -> Said:
    first = sorted(whom, key=lambda one: one.member not in near)
    shown = first if len(first) <= 3 else first[:2]
    return Said(text, shown, len(first) - len(shown))
