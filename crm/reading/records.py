"""Tables as people save them: commas or semicolons, marks of byte order, headings twice, or a workbook instead of text.

One row is in memory at a time. A cell is always text; a date in a workbook becomes ISO 8601.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, cast

import msgspec

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading.cutting import SAMPLE
from crm.reading.packing import ZIP, Document
from crm.reading.quoting import UNCLOSED, rows_of_lines
from crm.reading.workbook import rows_of_workbook

SEPARATORS = ",;\t|"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)

VIETNAMESE = re.compile(rb"[aeiouyAEIOUY\xc2\xca\xd4\xc3\xd5\xdd\xe2\xea\xf4\xe3\xf5\xfd][\xcc\xd2\xde\xec\xf2]")
"""A vowel with a mark of tone behind it, as Vietnamese Windows (cp1258) writes it."""

HORNED = re.compile(rb"[\xd0\xf0\xdd\xfd]")
"""Đ or Ư in cp1258; no language that puts one of those marks behind a vowel in cp1252 has these letters."""

NOT_CLOSED = "a quotation mark is opened in this row and never closed"
NO_ROWS = "there are headings, but no rows below them"
TOO_MANY = (
    "this row has {cells} cells below {headings} headings; a text with a separator in it belongs in quotation marks"
)


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
    line, rows = 0, 0
    headings: list[str] | None = None
    try:
        for line, row in rows_in(document.stream):
            if headings is None:
                headings = named(row)
                if row is UNCLOSED:
                    raise Refusal(NOT_CLOSED)
            else:
                rows += 1
                yield below(headings, Record(document.name, line, {}), row)
    except (Refusal, csv.Error) as reason:
        yield Refused(document.name, line, str(reason))
    else:
        if not rows:
            yield Refused(document.name, line, NO_ROWS if headings else "the file is empty")


def below(headings: Sequence[str], record: Record, row: Sequence[str]) -> Record | Refused:
    """The record with the cells of its row, refused where the row does not fit below the headings."""
    if row is UNCLOSED:
        return record.refuse(NOT_CLOSED)
    cells = under(headings, row)
    full = msgspec.structs.replace(record, cells=cells)
    if len(row) > len(headings) and any(map(str.strip, row[len(headings) :])):
        return full.refuse(TOO_MANY.format(cells=len(row), headings=len(headings)))
    return full


def rows_in(stream: Any) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows that are not blank, each with its line, the headings first; `UNCLOSED` for one that cannot be told apart."""
    head = stream.peek(1 << 16)
    if head.startswith(ZIP):
        yield from rows_of_workbook(cast(BinaryIO, stream))
        return
    encoding = encoding_of(head)
    refuse_others(head, encoding)
    text = io.TextIOWrapper(stream, encoding, "replace", newline="")
    try:
        lines = (composed(line.replace("\0", "")) for line in text)
        for number, row in rows_of_lines(lines, separator(head.decode(encoding, "replace"))):
            if row is UNCLOSED or (any(map(str.strip, row)) and not (number == 1 and row[0].startswith("sep="))):
                yield number, row
    finally:
        with suppress(ValueError):  # closed already, where a table is left before its end
            text.detach()


def composed(line: str) -> str:
    """Letters and their marks as one, as everybody else writes them."""
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def refuse_others(head: bytes, encoding: str) -> None:
    """Refusal where the beginning shows what is no table of text."""
    if head.startswith(OLD_EXCEL):
        raise Refusal("this is a workbook of an old Excel (.xls); open it and save it as .xlsx or as CSV")
    if WEB_PAGE.match(head):
        raise Refusal("this is a web page or XML, not a table; open it in a spreadsheet and save it as .xlsx or as CSV")
    if b"\0" in head and encoding != "utf-16":
        raise Refusal("this is not text but a binary file; expected is a table as CSV or XLSX")


def encoding_of(head: bytes) -> str:
    """How the text is written: by its mark of byte order, else UTF-8 if it can be, else what Windows wrote, here or in Vietnam."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head.decode()
    except UnicodeDecodeError as failure:
        if failure.start < len(head) - 3:  # else it is only a letter cut in half by the end of what was looked at
            return "cp1258" if VIETNAMESE.search(head) and HORNED.search(head) else "cp1252"
    return "utf-8-sig"


def separator(head: str) -> str:
    """The separator that the first line has most of, outside quotes; a comma where there is none."""
    first = head.lstrip("\ufeff\r\n ").partition("\n")[0]
    if first.startswith("sep=") and len(first.rstrip()) == 5:  # as Excel is told
        return first[4]
    counts = Counter(letter for piece in first.split('"')[::2] for letter in piece if letter in SEPARATORS)
    return counts.most_common(1)[0][0] if counts else ","


def named(row: Iterable[str]) -> list[str]:
    """Headings, each once: a second “name” becomes “name (2)”; one without words keeps none."""
    found: list[str] = []
    for cell in row:
        heading, number = " ".join(cell.split()), 1
        once = heading
        while once and once in found:
            number += 1
            once = f"{heading} ({number})"
        found.append(once)
    return found


def under(headings: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """The cells by their headings, those missing at the end empty; cells beyond the headings have none and are dropped."""
    cells = {heading: cell.strip() for heading, cell in zip(headings, row, strict=False) if heading}
    return cells if len(row) >= len(headings) else {heading: "" for heading in headings if heading} | cells
