"""A mailbox is one long text in which only the look of a line tells where a mail begins.

Bodies hold lines that begin with “From ” too, so a line only counts with a date in it and a header below it. Where
`Content-Length` leads exactly to such a line or to the end, it is believed and what looks like mail before it is body.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from crm.reading.cutting import LONGEST

CHUNK = 1 << 18
MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?"
POSTMARK = re.compile(
    rb"From (?![0-9a-f]{40} Mon Sep 17 00:00:00 2001)([^\n]{0,400}?) *\b(" + DAY + rb" +(?:" + MONTH + rb" +\d{1,2}"
    rb"|\d{1,2} +" + MONTH + rb"(?: +\d{4})?) +\d{1,2}:\d\d[^\n]{0,60})\n(?=[!-9;-~]+[ \t]*:|>From )"
)
"""The address and the date of a line that begins a mail; a patch that git wrote has neither."""

LENGTH = re.compile(rb"\nContent-[Ll]ength:[ \t]*(\d{1,9})[ \t]*\r?(?=\n)")
ENOUGH = 1024
"""Bytes after “From ” that decide whether it begins a mail."""


class Piece(msgspec.Struct, gc=False):
    """One mail: the line where it begins, address and date of the line that begins it, and all bytes below that line."""

    line: int
    sender: bytes
    date: bytes
    raw: bytes
    cut: bool = False


class Cutter:
    """Looks at a stream in chunks. `begin` is where the mail being read starts, `seen` how far was looked for the next."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.buffer = bytearray(b"\n")
        self.begin, self.seen, self.line, self.ended = -1, 0, 0, False
        self.sample = b""

    def pieces(self) -> Iterator[Piece]:
        """Every mail of the stream; what stands before the first is passed over."""
        while not self.ended:
            chunk = self.stream.read(CHUNK)
            self.ended = not chunk
            self.buffer += chunk.replace(b"\r\n", b"\n") if b"\r" in chunk else chunk
            while (place := self.next_mail()) >= 0:
                if self.begin >= 0:
                    yield self.piece(place)
                self.line += self.buffer.count(b"\n", max(self.begin, 0), place)
                self.begin, self.seen = place, place + 5
            self.forget()
        if self.begin >= 0:
            yield self.piece(len(self.buffer))

    def next_mail(self) -> int:
        """Where the next mail begins, or -1 when the buffer does not tell yet."""
        while True:
            found = self.buffer.find(b"\nFrom ", max(self.seen - 1, 0)) + 1 or -1
            if found < 0 or (not self.ended and found + ENOUGH > len(self.buffer)):
                self.seen = max(found if found >= 0 else len(self.buffer) - 5, self.seen)
                return -1
            if POSTMARK.match(self.buffer, found):
                told = self.told_end(found)
                if told <= found:
                    return found
                if told > len(self.buffer) and not self.ended:
                    return -1
                found = told - 5
            self.seen = found + 5

    def told_end(self, found: int) -> int:
        """Where the mail ends by its own `Content-Length`, if a mail begins there; else the place that was found."""
        if self.begin < 0:
            return found
        head = self.buffer.find(b"\n\n", self.begin, found) + 2
        length = LENGTH.search(self.buffer, self.begin, head) if head > 1 else None
        if not length or not found - head < int(length[1]) < LONGEST:
            return found
        end = head + int(length[1])
        if end + ENOUGH > len(self.buffer) and not self.ended:
            return end + ENOUGH
        while self.buffer[end : end + 1] == b"\n":
            end += 1
        return end if end == len(self.buffer) or POSTMARK.match(self.buffer, end) else found

    def piece(self, end: int) -> Piece:
        with memoryview(self.buffer) as whole:
            raw = bytes(whole[self.begin : end])
        mark = POSTMARK.match(raw) or POSTMARK.match(self.sample)
        cut, self.sample = bool(self.sample), b""
        if mark is None:
            return Piece(self.line, b"", b"", raw, cut)
        return Piece(self.line, mark[1], mark[2], raw[mark.end() :], cut)

    def forget(self) -> None:
        """Drop what was told; of a mail that is longer than any, keep only its beginning."""
        done = self.begin if self.begin >= 0 else max(self.seen - 1, 0)
        if self.begin >= 0 and self.seen - self.begin > LONGEST:
            self.sample = self.sample or bytes(self.buffer[self.begin : self.begin + 2 * ENOUGH])
            self.line += self.buffer.count(b"\n", self.begin, self.seen - 1)
            done = self.seen - 1
        if self.begin < 0:
            self.line += self.buffer.count(b"\n", 0, done)
        del self.buffer[:done]
        self.seen -= done
        self.begin = 0 if self.begin >= 0 else -1


def begins_mailbox(head: bytes) -> bool:
    """Whether a text is a mailbox, by its first line that is not blank."""
    return POSTMARK.match(head.replace(b"\r\n", b"\n").lstrip(b"\n")) is not None
