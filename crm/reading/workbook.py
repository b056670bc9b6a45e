"""Workbooks (XLSX), read row by row; what a cell shows as a date or a number becomes text as a table would hold it."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, cast

from openpyxl import load_workbook

from crm.errors import Refusal
from crm.reading.layers import BROKEN

WRONG: tuple[type[Exception], ...] = (*BROKEN, LookupError, TypeError, AttributeError, SyntaxError, ArithmeticError)
"""What reading something raises that only looks like a workbook, or was one before a part of it broke."""

MOST_ROWS = 1 << 20
"""Rows of a sheet of Excel; a higher number is a broken one."""

SPOOL = 16 << 20
"""Bytes that are held in memory before a workbook that cannot seek goes to a temporary file."""


def rows_of_workbook(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that are not blank, each with its number. Refusal where it cannot be read (on)."""
    with tempfile.SpooledTemporaryFile(SPOOL) as aside:
        shutil.copyfileobj(stream, aside)
        try:
            for number, row in enumerate(rows_of_sheet(cast(BinaryIO, aside)), 1):
                cells = [as_text(cell) for cell in row]
                if any(cells):
                    yield number, cells
                if number >= MOST_ROWS:
                    return
        except WRONG as failure:
            raise Refusal("this workbook cannot be read; save it again as .xlsx or as CSV") from failure


def rows_of_sheet(file: BinaryIO) -> Iterator[tuple[Any, ...]]:
    """The rows of the first sheet, as wide as they are and not as the sheet claims to be."""
    workbook = quietly(lambda: load_workbook(file, read_only=True, data_only=True))
    try:
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        yield from iter(lambda: quietly(lambda: next(rows, None)), None)
    finally:
        workbook.close()


def quietly(read: Callable[[], Any]) -> Any:
    """What is read, without what the library has to say about styles and rules of the workbook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read()


def as_text(cell: Any) -> str:
    """What stands in a cell: whole numbers without a point, dates as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        near = (cell + timedelta(milliseconds=1)).replace(
            microsecond=0
        )  # Excel keeps days as fractions, some digits short
        return near.date().isoformat() if near.time() == time() else near.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).replace("\0", "").strip()
