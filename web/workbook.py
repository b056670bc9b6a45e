"""Rows as a workbook (XLSX): moments are moments there, and text stays text, whatever it begins with."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from web.table import Row, plainly

LONGEST = 32_767
"""Letters that a cell can hold."""


def workbook(rows: Sequence[Row]) -> bytes:
    """One sheet, a row each under a head of field names; moments in UTC."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kith")
    sheet.freeze_panes = "A2"
    names, plain = plainly(rows)
    sheet.append([_cell(sheet, name) for name in names])
    for row in plain:
        sheet.append([_cell(sheet, row.get(name)) for name in names])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float):
        return value
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.data_type = "s"  # else a text that begins with “=” would be a formula
    return cell
