"""A table is told by its headings, and read by the part that knows its kind."""

from collections.abc import Iterator
from itertools import chain, islice

from crm.activity import Activity, Refused
from crm.csv.folding import fold
from crm.moderation.blocks import NO_HOST, Lists, is_list
from crm.moderation.changes import History
from crm.moderation.discourse import HEADINGS, StaffLog
from crm.moderation.headings import moderates
from crm.moderation.keys import Keys
from crm.moderation.lines import is_history
from crm.moderation.tables import Sheet
from crm.reading import Document, Record
from crm.reading.records import records_of

FIRST = 300
"""Rows of a table that are looked at before its first is told."""

NO_TABLE = (
    "this table does not look like one of moderation: no column says who moderated or which sanction was given,"
    " to whom and when"
)


def is_table(headings: list[str]) -> int:
    """How surely (0 to 100) a table with these headings is one of moderation."""
    folded = frozenset(map(fold, headings))
    if is_list(folded) or set(headings) >= HEADINGS:
        return 95
    return 85 if is_history(folded) or moderates(folded) else 0


class Tables:
    """One run over tables. What block lists tell is told at the end, by `rest`."""

    def __init__(self, host: str, staff: StaffLog) -> None:
        self._host = host
        self._staff = staff
        self._lists = Lists(host)

    def rest(self) -> Iterator[Activity]:
        """What only comparing the block lists tells."""
        return self._lists.told()

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """What a table tells, but for block lists."""
        records = records_of(document)
        held = list(islice(records, FIRST))
        first = [one for one in held if isinstance(one, Record)]
        whole = chain(held, records)
        headings = frozenset(map(fold, first[0].cells)) if first else frozenset()
        if not first:
            yield from (one for one in whole if isinstance(one, Refused))
        elif is_list(headings):
            yield from self._list(document.name, first[0], whole)
        elif frozenset(first[0].cells) >= HEADINGS:
            keys = Keys()
            yield from (one if isinstance(one, Refused) else self._staff.of_table(one, keys) for one in whole)
        elif is_history(headings):
            yield from History(self._host, first).read(whole)
        elif moderates(headings):
            yield from Sheet(self._host, first).read(whole)
        else:
            yield first[0].refuse(NO_TABLE)

    def _list(self, name: str, first: Record, records: Iterator[Record | Refused]) -> Iterator[Refused]:
        if not self._host:
            yield first.refuse(NO_HOST)
            return
        self._lists.begin(name)
        for record in records:
            if isinstance(record, Refused):
                yield record
            elif trouble := self._lists.add(record.cells):
                yield record.refuse(trouble)
