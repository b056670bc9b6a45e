"""An export is one object whose list of messages may be hundreds of megabytes long; here it comes apart piece by piece.

The general cutter looks at each bracket. Most messages lie whole in what was read last, and there the beginning of the
next is found at a stroke, many times as fast; the general way is left for those that do not.
"""

import re
from collections.abc import Iterator
from typing import Any

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading import Document, Row
from crm.reading.cutting import OPEN_LIST, TOO_LONG, Cutter, Piece
from crm.reading.rows import BOM, flaw, rows_in

LIST = re.compile(rb'"messages"\s*:\s*\[\Z')
NAME_ROOM = 64
"""Bytes before a bracket in which the name of the list is looked for."""

START = re.compile(rb"[\s,]*+\{")
END = re.compile(rb'\}(?=\s*,\s*\{\s*"id"\s*:\s*"?\d+"?\s*,\s*"type"\s*:|\s*\]\s*,\s*"messageCount"\s*:)')
"""Where a message ends: before the next or the end of the list. No text looks so, as its quotation marks are escaped."""


class Before(Row, frozen=True):
    """What stands before the messages of a channel, as a document of its own without any."""


class Head(Piece):
    """The bytes of a `Before`."""


class Messages(Cutter):
    """Cuts the list `messages` of each object into its elements, and gives what came before it first.

    In that list `base` is 2; what comes behind it is a piece that begins with neither bracket.
    """

    def opened(self, bracket: int) -> Iterator[Piece]:
        if bracket != OPEN_LIST or self.depth != 1 or self.base or not self.named():
            yield from super().opened(bracket)
            return
        raw = self.sample or self.copied(self.begin, self.at) + b"]}"
        yield Head(self.line_at(self.begin), raw, TOO_LONG if self.sample else "")
        self.base = self.depth = 2
        self.begin, self.edge, self.sample = -1, self.at, b""
        yield from self.whole()

    def named(self) -> bool:
        return LIST.search(self.copied(max(self.begin, self.at - NAME_ROOM, 0), self.at)) is not None

    def closed(self) -> Iterator[Piece]:
        ending = self.base == self.depth == 2
        yield from super().closed()
        if ending:
            self.depth, self.begin = 1, self.at
        elif self.base == 2 and self.begin < 0:
            yield from self.whole()

    def whole(self) -> Iterator[Piece]:
        """The messages of which nothing is missing yet; a broken one among them does not cost the others."""
        while (start := START.match(self.buffer, self.edge)) and (end := END.search(self.buffer, start.end())):
            raw = self.copied(start.end() - 1, end.end())
            if b'"messages"' in raw and flaw(raw):  # the list ended in between, and another began
                return
            self.at = self.edge = end.end()
            yield Piece(self.line_at(start.end() - 1), raw)


def rows_of_channels(document: Document) -> Iterator[Row | Refused]:
    """For each channel in a document a `Before`, then its messages; then, if it does not end as it should, the reason."""
    line = 0
    try:
        for piece in pieces(document.stream):
            for row in rows_in(document.name, piece):
                line = row.line
                yield Before(row.file, row.line, row.raw) if is_head(piece, row) else row
    except Refusal as reason:
        yield Refused(document.name, line, str(reason))


def is_head(piece: Piece, row: Row | Refused) -> bool:
    return isinstance(piece, Head) and isinstance(row, Row)


def pieces(stream: Any) -> Iterator[Piece]:
    """The document in pieces, without what stands behind the messages."""
    if stream.peek(len(BOM)).startswith(BOM):
        stream.read(len(BOM))
    cutter = Messages()
    while chunk := stream.read1(1 << 18):
        yield from spoken(cutter.feed(chunk))
    yield from spoken(cutter.end())


def spoken(found: Iterator[Piece]) -> Iterator[Piece]:
    return (piece for piece in found if piece.trouble or piece.raw.startswith((b"{", b"[")))
