"""Rows as CSV that a spreadsheet opens rightly: UTF-8 with a mark, and no cell that would be taken for a formula."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

import msgspec

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(rows: Sequence[msgspec.Struct | dict[str, Any]]) -> str:
    """One line a row under a head of field names; nested structs are left out, lists joined."""
    plain = [row if isinstance(row, dict) else msgspec.structs.asdict(row) for row in rows]
    names = [name for name, value in plain[0].items() if not isinstance(value, msgspec.Struct)] if plain else []
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in plain)
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
