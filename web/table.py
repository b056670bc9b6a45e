"""Rows as CSV that a spreadsheet opens rightly: UTF-8 with a mark, and no cell that would be taken for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

import msgspec

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


Row = msgspec.Struct | dict[str, Any]


def table(rows: Sequence[Row]) -> str:
    """One line a row under a head of field names; nested structs are left out, lists joined."""
    return "".join(stream([rows]))


def plainly(rows: Sequence[Row]) -> tuple[list[str], list[dict[str, Any]]]:
    """The names at the head of a table, those of the first row without nested structs, and each row by its names."""
    plain = [row if isinstance(row, dict) else msgspec.structs.asdict(row) for row in rows]
    return [name for name, value in (plain[0] if plain else {}).items() if not isinstance(value, msgspec.Struct)], plain


def stream(parts: Iterable[Sequence[Row]]) -> Iterator[str]:
    """The same, piece by piece, for tables too long to be held; the first row gives the head."""
    names: list[str] = []
    for rows in parts:
        heads, plain = plainly(rows)
        out = StringIO()
        writer = csv.writer(out)
        if not names and plain:
            names = heads
            out.write("\ufeff")
            writer.writerow(names)
        writer.writerows([_cell(row.get(name)) for name in names] for row in plain)
        yield out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
