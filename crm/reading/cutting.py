"""A list or a document of any length is cut into its values without parsing it, so that memory stays flat.

Only brackets and strings are looked at; whether a piece is JSON is for its reader to check.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST = 32 << 20
"""Bytes of the longest row that is read."""

SAMPLE = 2000
TOO_LONG = f"this row is longer than {LONGEST >> 20} MiB and was left out"
OUTSIDE = re.compile(rb'"[^"\\]*"|["{}\[\]]')
INSIDE = re.compile(rb'"|\\.', re.DOTALL)
QUOTE, BACKSLASH, OPEN_LIST = b'"\\['
OPENING = b"{["


class Piece(NamedTuple):
    """Bytes that may be a row, the line where they begin, and why they are none if that is already known."""

    line: int
    raw: bytes
    trouble: str = ""


def cut(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """The values that stand one after the other in the chunks; of a list that is not inside another, its elements."""
    cutter = Cutter()
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.end()


class Cutter:
    """`begin` is where the value being read starts (-1 between values), `edge` where the last one ended, `at` how far
    the buffer was looked at, `base` 1 inside a list whose elements are wanted.
    """

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.at = self.edge = self.counted = self.depth = self.base = 0
        self.begin, self.line, self.quoted = -1, 1, False
        self.sample = b""

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        self.buffer += chunk
        while (bracket := self.bracket()) is not None:
            yield from self.opened(bracket) if bracket in OPENING else self.closed()
        if len(self.buffer) - max(self.begin, self.edge) > LONGEST:
            yield from self.overflow()
        self.forget(max(self.begin, self.edge))

    def bracket(self) -> int | None:
        """The next bracket outside a string, or None when the buffer has no more."""
        while True:
            found = (INSIDE if self.quoted else OUTSIDE).search(self.buffer, self.at)
            if found is None:
                halved = self.quoted and self.at < len(self.buffer) and self.buffer[-1] == BACKSLASH
                self.at = len(self.buffer) - halved
                return None
            self.at, byte = found.end(), self.buffer[found.start()]
            if self.quoted:
                self.quoted = byte != QUOTE
            elif byte != QUOTE:
                return byte
            else:
                self.quoted = self.at - found.start() == 1

    def opened(self, bracket: int) -> Iterator[Piece]:
        if self.depth == self.base:
            yield from self.between(self.at - 1)
            if bracket == OPEN_LIST and not self.base:
                self.base, self.edge = 1, self.at
            else:
                self.begin = self.at - 1
        self.depth += 1

    def closed(self) -> Iterator[Piece]:
        self.depth -= 1
        if self.depth == self.base and self.begin >= 0:
            raw = self.sample or self.copied(self.begin, self.at)
            yield Piece(self.line_at(self.begin), raw, TOO_LONG if self.sample else "")
            self.begin, self.edge, self.sample = -1, self.at, b""
        elif self.depth < self.base:
            yield from self.between(self.at - 1)
            self.base, self.depth, self.edge = 0, 0, self.at

    def between(self, until: int) -> Iterator[Piece]:
        """What stands between two values, if it is anything but commas."""
        junk = self.copied(self.edge, until).strip(b" \t\r\n,\x1e")
        if junk:
            yield Piece(self.line_at(self.edge), junk[:SAMPLE], "this is neither an object nor a list of objects")

    def overflow(self) -> Iterator[Piece]:
        if self.begin < 0:
            yield Piece(self.line_at(self.edge), self.copied(self.edge, self.edge + SAMPLE), TOO_LONG)
            self.edge = self.at
        else:
            self.line_at(self.begin)
            self.sample = self.sample or self.copied(self.begin, self.begin + SAMPLE)
            self.buffer = self.buffer[: self.begin] + self.buffer[self.at :]  # `del` would keep the memory
            self.at = self.begin

    def end(self) -> Iterator[Piece]:
        if self.begin >= 0:
            raw = self.sample or self.copied(self.begin, self.begin + SAMPLE)
            yield Piece(self.line_at(self.begin), raw, "the document ends too early")
        else:
            yield from self.between(len(self.buffer))
            if self.base:
                yield Piece(self.line_at(len(self.buffer)), b"", "the list ends too early")

    def copied(self, start: int, end: int) -> bytes:
        with memoryview(self.buffer) as whole:  # a slice of the buffer itself would be a second copy
            return bytes(whole[start:end])

    def line_at(self, place: int) -> int:
        """The line of a place that is not before the last one asked for."""
        self.line += self.buffer.count(b"\n", self.counted, place)
        self.counted = max(place, self.counted)
        return self.line

    def forget(self, until: int) -> None:
        """Drop what was dealt with from the buffer."""
        self.line_at(until)
        del self.buffer[:until]
        self.at, self.edge, self.counted = self.at - until, max(0, self.edge - until), self.counted - until
        self.begin = max(-1, self.begin - until) if self.begin >= 0 else -1
