"""Reports of attendance are seldom plain tables: the gathering stands above the people, and the people in several tables.

Every row comes out with what its columns mean, whatever stood above it.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crm.activity import Refused
from crm.errors import Refusal
from crm.events.headings import COMING, GATHERING, PERSON, SECTIONS, SIGNING_UP, TELLING, VIETNAMESE, meaning, plain
from crm.reading import Document
from crm.reading.cutting import SAMPLE
from crm.reading.records import rows_in

ABOVE = frozenset({*GATHERING, "zone", "organiser", "group"})
"""What may be told of the gathering above the people, one line each."""


class Line(NamedTuple):
    """A row of people: its cells by what they mean, what is told of the gathering above, and the role of its section."""

    number: int
    cells: dict[str, str]
    above: dict[str, str]
    role: str
    columns: frozenset[str]
    day_first: bool
    row: Sequence[str]

    def refuse(self, file: str, reason: str) -> Refused:
        """The row as one that could not be read."""
        return Refused(file, self.number, reason, "\t".join(self.row).encode("utf-8", "replace")[:SAMPLE])


class _Sheet:
    """What is known so far of the table: `columns` are the meanings of its columns once its headings were met."""

    def __init__(self) -> None:
        self.columns: list[str] = []
        self.known: frozenset[str] = frozenset()
        self.above: dict[str, str] = {}
        self.pending: list[str] = []
        self.role = ""
        self.day_first = False

    def take(self, number: int, row: Sequence[str]) -> Line | None:
        """Look at a row: a line of people, or something said of those below."""
        cells = [cell.strip() for cell in row]
        filled = [cell for cell in cells if cell]
        meanings = headings_in(cells) if self.may_be_headings(cells) else []
        if len(filled) == 1 and plain(filled[0]) in SECTIONS:
            self.role, self.columns = SECTIONS[plain(filled[0])], []
        elif PERSON.intersection(meanings) and not _is_above(meanings):
            self.begin(meanings, cells)
        elif meanings and _is_above(meanings):
            self.pending, self.columns = meanings, []
        elif self.pending:
            self.above |= {found: cell for found, cell in zip(self.pending, cells, strict=False) if found and cell}
            self.pending = []
        elif self.columns:
            by_meaning = dict.fromkeys(self.known, "") | _under(self.columns, cells)
            return Line(number, by_meaning, self.above, self.role, self.known, self.day_first, cells)
        elif len(filled) == 2 and (told := meaning(cells[0].rstrip(":"))) in ABOVE:
            self.above[told] = filled[1]
        return None

    def may_be_headings(self, cells: Sequence[str]) -> bool:
        """Below headings, only a row that has a heading where people are named can be headings once more, or a gathering's."""
        if not self.columns or any(meaning(cell) in GATHERING for cell in cells[:1]):
            return True
        under = zip(self.columns, cells, strict=False)
        return any(column in PERSON and cell and meaning(cell) in PERSON for column, cell in under)

    def begin(self, meanings: list[str], cells: list[str]) -> None:
        self.columns, self.known = meanings, frozenset(filter(None, meanings))
        self.day_first = any(VIETNAMESE.search(plain(cell)) for cell in cells)


def headings_in(cells: Sequence[str]) -> list[str]:
    """What each column means, if these are headings: two known at least, or a lone address; else nothing.

    In a row about both a gathering and people, the first of two names or addresses is that of whoever held it.
    """
    found = [meaning(cell) for cell in cells]
    known = [one for one in found if one]
    if len(known) < 2 and not (known == ["email"] and len([cell for cell in cells if cell]) == 1):
        return []
    for twice in ("name", "email"):
        if found.count(twice) > 1 and GATHERING.intersection(found):
            found[found.index(twice)] = {"name": "organiser", "email": "organiser email"}[twice]
    if _is_above(found):
        return ["organiser email" if one == "email" else one for one in found]
    return ["" if one == "event id" and plain(cell) == "id" else one for one, cell in zip(found, cells, strict=True)]


def _is_above(meanings: Iterable[str]) -> bool:
    """Whether headings are those of the gathering itself: no name of a person, nothing that a person did."""
    told = set(meanings)
    people = {"name", "first", "last", "registered", "attended", "arrived", "status", "role", "ticket"}
    return bool(told & {"event", "event id"}) and not told & people


def _under(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells by their meaning; where two mean the same, the first that is filled counts."""
    found: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell and column not in found:
            found[column] = cell
    return found


def lines_of(document: Document) -> Iterator[Line | Refused]:
    """The people in a table, then, if it could not be read to its end or holds none, the reason."""
    sheet, number, loose, people = _Sheet(), 0, False, False
    try:
        for number, row in rows_in(document.stream):
            loose = loose or (not people and not sheet.pending and not sheet.above and len(row) == 1)
            line = sheet.take(number, _by_tabs(row) if loose else row)
            if line is not None:
                yield line
            people = people or bool(sheet.columns)
    except (Refusal, csv.Error) as reason:
        yield Refused(document.name, number, str(reason))
    else:
        if not people:
            known = "a name or an address, and when people registered or came"
            yield Refused(document.name, number, f"no headings of attendees were found; expected are {known}")


def _by_tabs(row: Sequence[str]) -> Sequence[str]:
    """A row of a report whose first line is a title, so that its separator could not be told from it."""
    whole = ",".join(row)
    return whole.split("\t") if "\t" in whole else row


def certainty(row: Sequence[str]) -> int:
    """How surely a row is the headings of attendance, 0 to 90: people must be named, and what they did about a gathering."""
    cells = [cell.strip() for cell in _by_tabs(row)]
    columns = headings_in(cells)
    meanings = set(columns)
    if _is_above(meanings):
        return 60 if len(meanings & ABOVE) > 1 and "event id" in meanings else 0
    if not meanings & PERSON:
        return 0
    telling = sum(bool(column and TELLING.search(plain(cell))) for column, cell in zip(columns, cells, strict=True))
    signs = [
        "arrived" in meanings and bool(meanings & {"left", "minutes", "registered", "email"}),
        "attended" in meanings,
        bool(meanings & GATHERING) and bool(meanings & COMING or telling),
        bool(meanings & SIGNING_UP) and telling > 1,
        "hosting" in meanings,
    ]
    return (0, 70, 85, 88, 90, 90)[sum(signs)]
