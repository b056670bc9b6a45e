"""One table under one mapping: what is decided for all its rows, once, so that a row is read without asking again."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from crm.activity import Who
from crm.csv.dates import Dates
from crm.csv.folding import fold
from crm.csv.meanings import of_activity
from crm.csv.people import NOBODY
from crm.reading import Record
from crm.recent import Recent

Cells = Mapping[str, str]

EQUALS = 50_000
"""Rows without numbers that are remembered at least, to be counted where they say the same."""


class Seen(NamedTuple):
    """A row that was read: who it was, the conversation, and a hash of what it said."""

    who: Who | None
    thread: str
    mark: int


class Table:
    """`mapping` gives the meaning of each heading; `first` are the rows that decide how dates are written."""

    def __init__(
        self, mapping: Mapping[str, str], first: Sequence[Record], host: str = "", source: str = "csv"
    ) -> None:
        self.source, self.host = source, host
        self.columns = [(heading, meaning) for heading, meaning in mapping.items() if meaning]
        self.has = {meaning for _, meaning in self.columns}
        self.has_whom = any(meaning.startswith("whom_") for meaning in self.has)
        self.of_activities = any(map(of_activity, self.has))
        self.ids = next((fold(heading) for heading, meaning in self.columns if meaning == "key"), "")
        family = next((fold(heading) for heading, meaning in self.columns if meaning == "last_name"), "")
        self.family_first = family.split(" ")[0] == "ho"  # “Họ” and “Tên”: Vietnamese names begin with the family
        self.dates = Dates(self.date_in(self.by_meaning(record)) for record in first)
        self.seen: Recent[str, Seen] = Recent()
        self.equals: Recent[bytes, int] = Recent(EQUALS)

    def by_meaning(self, record: Record) -> dict[str, str]:
        """The cells of a row that are filled, by what they mean; what programs write where there is nothing counts as empty."""
        cells = record.cells
        return {meaning: cell for heading, meaning in self.columns if (cell := cells.get(heading, "")) not in NOBODY}

    def number(self, cell: str) -> str:
        """The key of the activity with this number, if rows have one: tables number alike, so the column's heading is part of it."""
        return f"{self.ids}:{cell}" if cell and self.ids else ""

    def date_in(self, cells: Cells) -> str:
        """The date of a row as it stands, with the time of day where that has a column of its own."""
        date = cells.get("time" if self.of_activities else "joined", "")
        clock = cells.get("clock", "")
        return f"{date} {clock}" if date and clock else date
