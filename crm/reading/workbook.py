"""Workbooks (XLSX), read row by row; what a cell shows as a date or a number becomes text as a table would hold it."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from openpyxl import load_workbook

from crm.errors import Refusal
from crm.reading.layers import BROKEN

WRONG: tuple[type[Exception], ...] = (*BROKEN, KeyError)
"""What opening something raises that only looks like a workbook."""

SPOOL = 16 << 20
"""Bytes that are held in memory before a workbook that cannot seek goes to a temporary file."""


def rows_of_workbook(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that are not blank, each with its number."""
    with tempfile.SpooledTemporaryFile(SPOOL) as aside:
        shutil.copyfileobj(stream, aside)
        try:
            workbook = load_workbook(aside, read_only=True, data_only=True)
        except WRONG as failure:
            raise Refusal("this workbook cannot be opened; save it again as .xlsx or as CSV") from failure
        sheet = workbook.worksheets[0] if workbook.worksheets else None
        for number, row in enumerate(sheet.iter_rows(values_only=True) if sheet else (), 1):
            cells = [as_text(cell) for cell in row]
            if any(cells):
                yield number, cells
        workbook.close()


def as_text(cell: Any) -> str:
    """What stands in a cell: whole numbers without a point, dates as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
