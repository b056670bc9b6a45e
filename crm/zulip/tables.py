"""An export is objects whose lists are tables, one of them far longer than all others; here they come apart row by row.

Most rows lie whole in what was read last, and a row is then found at a stroke; rows of tables that nobody wants are
passed over at a stroke, too. The general way of cutting, bracket by bracket, is left for rows that are broken or cut in two.
"""

import re
from collections.abc import Iterator
from typing import Any

from crm.activity import Refused
from crm.discord.cutter import Head, Messages
from crm.errors import Refusal
from crm.reading import Document, Row
from crm.reading.cutting import Piece
from crm.reading.rows import BOM, rows_in

LIST = re.compile(rb'"(\w+)"\s*:\s*\[\Z')
NAME_ROOM = 96
"""Bytes before a bracket in which the name of the list is looked for."""

TABLE = re.compile(
    r"(?:zerver|analytics|social|confirmation|otp|two|phonenumber)_\w+|messages|members|streams|subscriptions"
)
STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
FLAT = rb'\{[^{}"]*+(?:' + STRING + rb'[^{}"]*+)*+\}'
NESTED = rb'\{[^{}"]*+(?:(?:' + STRING + rb"|" + FLAT + rb')[^{}"]*+)*+\}'
OBJECT = rb'\{[^{}"]*+(?:(?:' + STRING + rb"|" + NESTED + rb')[^{}"]*+)*+\}'
ROW = re.compile(rb"[\s,]*+(" + OBJECT + rb")", re.DOTALL)
"""An object with others in it up to two deep, which is how deep a message goes (its reactions, and who gave them)."""

ROWS = re.compile(rb"(?:[\s,]*+" + OBJECT + rb")++", re.DOTALL)


class Tables(Messages):
    """Cuts every list that is a table into its rows; `table` is the name of the one that is being cut, or nothing."""

    def __init__(self, wanted: frozenset[str]) -> None:
        super().__init__()
        self.wanted = wanted
        self.table = ""

    def named(self) -> bool:
        found = LIST.search(self.copied(max(self.begin, self.at - NAME_ROOM, 0), self.at))
        name = found[1].decode() if found else ""
        if not TABLE.fullmatch(name):
            return False
        self.table = name
        return True

    def whole(self) -> Iterator[Piece]:
        if self.table in self.wanted:
            while row := ROW.match(self.buffer, self.edge):
                self.at = self.edge = row.end()
                yield Piece(self.line_at(row.start(1)), row[1])
        elif rows := ROWS.match(self.buffer, self.edge):
            self.at = self.edge = rows.end()


def rows_of_tables(document: Document, wanted: frozenset[str]) -> Iterator[tuple[str, Row | Refused]]:
    """The rows of the wanted tables with the name of theirs, and what is in no table at all under the name “”."""
    line = 0
    try:
        for table, piece in pieces(document.stream, wanted):
            for row in rows_in(document.name, piece):
                line = row.line
                yield table, row
    except Refusal as reason:
        yield "", Refused(document.name, line, str(reason))


def pieces(stream: Any, wanted: frozenset[str]) -> Iterator[tuple[str, Piece]]:
    if stream.peek(len(BOM)).startswith(BOM):
        stream.read(len(BOM))
    cutter = Tables(wanted)
    while chunk := stream.read1(1 << 18):
        yield from spoken(cutter, cutter.feed(chunk))
    yield from spoken(cutter, cutter.end())


def spoken(cutter: Tables, found: Iterator[Piece]) -> Iterator[tuple[str, Piece]]:
    """Without what stands around the tables and what is in those that nobody wants."""
    for piece in found:
        table = cutter.table if cutter.base == 2 else ""
        if isinstance(piece, Head) or (table and table not in cutter.wanted):
            continue
        if piece.trouble or piece.raw.startswith((b"{", b"[")):
            yield table, piece
