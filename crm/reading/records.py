"""Tables as people save them: commas or semicolons, marks of byte order, headings twice, or a workbook instead of text.

One row is in memory at a time. A cell is always text; a date in a workbook becomes ISO 8601.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, cast

import msgspec

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading.cutting import SAMPLE
from crm.reading.packing import ZIP, Document
from crm.reading.workbook import rows_of_workbook

SEPARATORS = ",;\t|"
LONGEST_CELL = 8 << 20
csv.field_size_limit(LONGEST_CELL)


class Record(msgspec.Struct, frozen=True, gc=False):
    """A row of a table under its headings, spaces around cells taken away. `line` is where it begins in the file."""

    file: str
    line: int
    cells: dict[str, str]

    def refuse(self, reason: str) -> Refused:
        """The row as one that could not be read; `reason` is one sentence in the words of its reader."""
        return Refused(self.file, self.line, reason, "\t".join(self.cells.values()).encode("utf-8", "replace")[:SAMPLE])


def records_of(document: Document) -> Iterator[Record | Refused]:
    """The rows below the headings, then, if the table could not be read to its end, the reason."""
    line = 0
    try:
        rows = rows_in(document.stream)
        headings: list[str] | None = None
        for line, row in rows:
            if headings is None:
                headings = named(row)
            elif cells := under(headings, row):
                yield Record(document.name, line, cells)
        if headings is None:
            yield Refused(document.name, 0, "the file is empty")
    except (Refusal, csv.Error) as reason:
        yield Refused(document.name, line, str(reason))


def rows_in(stream: Any) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that are not blank, each with its line, the headings first."""
    head = stream.peek(1 << 16)
    if head.startswith(ZIP):
        yield from rows_of_workbook(cast(BinaryIO, stream))
        return
    encoding = encoding_of(head)
    if b"\0" in head and not encoding.startswith("utf-16"):
        raise Refusal("this is not text but a binary file; expected is a table as CSV or XLSX")
    text = io.TextIOWrapper(stream, encoding, "replace", newline="")
    reader = csv.reader((row.replace("\0", "") for row in text), delimiter=separator(head.decode(encoding, "replace")))
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            yield before + 1, row
        before = reader.line_num
    text.detach()


def encoding_of(head: bytes) -> str:
    """How the text is written: by its mark of byte order, else UTF-8 if it can be, else what Windows wrote in the West."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode()
    except UnicodeDecodeError as failure:
        if failure.start < len(head) - 3:  # else it is only a letter cut in half by the end of what was looked at
            return "cp1252"
    return "utf-8-sig"


def separator(head: str) -> str:
    """The separator that the first line has most of, outside quotes; a comma where there is none."""
    first = head.lstrip("\ufeff\r\n ").partition("\n")[0]
    counts = Counter(letter for piece in first.split('"')[::2] for letter in piece if letter in SEPARATORS)
    return counts.most_common(1)[0][0] if counts else ","


def named(row: Iterable[str]) -> list[str]:
    """Headings, each once: a second “name” becomes “name (2)”; one without words keeps none."""
    met: Counter[str] = Counter()
    found = []
    for cell in row:
        heading = " ".join(cell.split())
        met[heading] += 1
        found.append(f"{heading} ({met[heading]})" if heading and met[heading] > 1 else heading)
    return found


def under(headings: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """The cells by their headings, those missing at the end empty; cells beyond the headings have none and are dropped."""
    cells = {heading: "" for heading in headings if heading}
    cells |= {heading: cell.strip() for heading, cell in zip(headings, row, strict=False) if heading}
    return cells
