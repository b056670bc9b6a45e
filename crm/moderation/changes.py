"""A public moderation log and its history: a table of lines that were added to it or taken out of it, revision by revision.

Nothing is overwritten. A line taken out is an act of its own; one put in its place in the same revision, about the same
members or in nearly the same words (a typing mistake in a name), is a correction of it and no second sanction.
"""

from collections.abc import Iterator
from itertools import groupby, islice

from crm.activity import Activity, Refused, Role, Who
from crm.csv.dates import Dates
from crm.csv.moment import When
from crm.csv.people import BY_NAME
from crm.moderation.keys import Keys
from crm.moderation.lines import ADDED, Line, cells_of, is_removed, line_of, plainly, replaced_by, revision_of
from crm.moderation.touching import touched
from crm.reading import Record
from crm.recent import Recent

OF_THE_LOG = frozenset(["entry removed", "entry corrected", "note"])
"""Acts whose own time is told; a sanction is written down when it was given or later."""

MOST = 1_000
"""Lines of one revision that are compared with each other."""


class History:
    """The history in one table. `first` are the dates that decide how dates are written in it."""

    def __init__(self, host: str, first: list[Record]) -> None:
        self._host = host
        self._keys = Keys()
        self._lines: Recent[str, str] = Recent()
        self._dates = Dates(cells_of(record)["time"] for record in first)

    def read(self, records: Iterator[Record | Refused]) -> Iterator[Activity | Refused]:
        """Every change, those of one revision looked at together."""
        for _, group in groupby(records, key=revision_of):
            while together := list(islice(group, MOST)):
                yield from (one for one in together if isinstance(one, Refused))
                lines = [line_of(one) for one in together if isinstance(one, Record)]
                removed = [line for line in lines if is_removed(line)]
                for line in lines:
                    yield self._act(line, removed)

    def _act(self, line: Line, gone: list[Line]) -> Activity | Refused:
        cells, said = line.cells, line.said
        removed = is_removed(line)
        if not removed and plainly(cells["change"]) not in ADDED:
            return line.record.refuse(f"“{cells['change'][:40]}” is neither an added nor a removed line")
        try:
            when = self._dates.read(cells["time"])
        except ValueError as reason:
            return line.record.refuse(f"this change can't be placed in time: {reason}")
        replaced = None if removed else replaced_by(line, gone)
        line.key = self._keys.make("line", cells["revision"], when.at.isoformat(), cells["change"], cells["text"])
        original = self._lines.get(replaced.cells["text"] if replaced else cells["text"]) or ""
        if not removed:
            self._lines.put(cells["text"], original or line.key)
        same = replaced is not None and replaced.said.act == said.act  # else a ban took the place of a suspension
        own = "entry removed" if removed else "entry corrected" if same else said.act or "note"
        return self._told(line, own, original if removed or replaced else "", when)

    def _told(self, line: Line, own: str, original: str, when: When) -> Activity:
        who = named(line.cells["moderator"])
        reached: list[tuple[Who | None, Role]] = [(named(member), "moderated") for member in line.said.members]
        reached += ((named(other), "mentioned") for other in line.said.others)
        return Activity(
            source="moderation",
            host=self._host,
            key=line.key,
            kind="moderated",
            own_kind=own,
            at=when.at,
            precision=when.precision if own in OF_THE_LOG else "by",
            who=who,
            whom=touched(who, *reached),
            thread=original or line.key,
            parent=original,
            text=line.cells["text"],
            doubt=when.doubt or BY_NAME,
        )


def named(handle: str) -> Who | None:
    """Somebody known by a handle only."""
    return Who(f"name:{handle}", name=handle) if handle else None
