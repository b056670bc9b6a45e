"""A table of a dump is one element a row, up to 100 GB of them: read as a stream, and mended where a row is broken.

Dumps hold references to characters that XML forbids (people paste anything), and one such letter must not cost the rest
of the file. Document types with their entities, the usual way to attack a reader of XML, were refused before: see `tables`.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.parsers import expat

import msgspec

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading import Document

CHUNK = 1 << 16
UNBROKEN = 1 << 20
"""Bytes without an end of line that are held back until one comes."""

LONGEST = 32 << 20
PATIENCE = 20
"""Broken rows at the start of a file, before any good one, after which it is left unread."""

SAMPLE = 2000
INVALID_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
"""What the parser says of a < inside a value that never ended: a good row may begin just there."""

CONTROLS = bytes(byte if byte >= 32 or byte in b"\t\n\r" else 32 for byte in range(256))
FORBIDDEN = re.compile(
    rb"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[efEF])|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)
EARLY = "the file ends too early; the rows before its end were read"


class Row(NamedTuple):
    """The attributes of a row. `line` is where it stands in the file."""

    file: str
    line: int
    cells: dict[str, str]

    def refuse(self, reason: str) -> Refused:
        """The row as one that could not be read; `reason` is one sentence in the words of its reader."""
        return Refused(self.file, self.line, reason, msgspec.json.encode(self.cells)[:SAMPLE])


def rows_of(document: Document, table: str) -> Iterator[Row | Refused]:
    """The rows of a table, then, if it could not be read to its end, the reason."""
    reader = _Reader(document.name, table)
    try:
        for chunk in _chunks(document.stream):
            yield from reader.feed(chunk)
        yield from reader.end()
    except Refusal as reason:
        yield Refused(document.name, reader.line, str(reason))
    finally:
        reader.let_go()


def _chunks(stream: Any) -> Iterator[bytes]:
    """The stream, cut behind ends of lines where it has some, without what XML forbids."""
    held = b""
    while part := stream.read1(CHUNK):
        held += part
        cut = held.rfind(b"\n") + 1 or (len(held) if len(held) > UNBROKEN else 0)
        if cut:
            yield FORBIDDEN.sub(b"&#xFFFD;", held[:cut].translate(CONTROLS))
            held = held[cut:]
    if held:
        yield FORBIDDEN.sub(b"&#xFFFD;", held.translate(CONTROLS))


class _Reader:
    """Feeds the parser; where it stumbles, a fresh one goes on with the next row.

    `above` is how many lines of the file the parser has not seen, `fed` how many bytes it has.
    """

    def __init__(self, name: str, table: str) -> None:
        self.name, self.table = name, table
        self.found: list[Row | Refused] = []
        self.line = self.above = self.fed = self.lines = self.since = self.broken = 0
        self.met = False
        self.parser = self._parser()

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")  # whatever the file says of itself: dumps are all in UTF-8
        parser.StartElementHandler = self._element
        return parser

    def _element(self, name: str, cells: dict[str, str]) -> None:
        if name == "row":
            self.line = self.above + self.parser.CurrentLineNumber
            self.found.append(Row(self.name, self.line, cells))
            self.since, self.met = 0, True

    def feed(self, chunk: bytes) -> Iterator[Row | Refused]:
        self.since += len(chunk)
        rest = chunk
        while rest:
            try:
                self.parser.Parse(rest, False)
            except expat.ExpatError as failure:
                rest = self._resume(chunk, rest, failure)
            else:
                self.fed += len(rest)
                rest = b""
            yield from self.found
            self.found.clear()
        self.lines += chunk.count(b"\n")
        if self.since > LONGEST:
            raise Refusal(f"a row is longer than {LONGEST >> 20} MiB; the rest of the file was left unread")

    def _resume(self, chunk: bytes, rest: bytes, failure: expat.ExpatError) -> bytes:
        """What follows the row at fault, with a parser that is ready for it."""
        at = len(chunk) - len(rest) + max(self.parser.ErrorByteIndex - self.fed, 0)
        self.line = self.above + failure.lineno
        begin = max(chunk.rfind(b"<row", 0, at), 0)
        reason = f"this row is not valid XML ({expat.ErrorString(failure.code)})"
        self.found.append(Refused(self.name, self.line, reason, chunk[begin : begin + SAMPLE]))
        self.broken += 1
        if self.broken >= PATIENCE and not self.met:
            raise Refusal(f"its first {PATIENCE} rows are not valid XML, so the file was left unread")
        untold = failure.code == INVALID_TOKEN and at > len(chunk) - len(rest)
        following = chunk.find(b"<row", at if untold else at + 1)
        following = len(chunk) if following < 0 else following
        self.let_go()
        self.parser, self.above = self._parser(), self.lines + chunk.count(b"\n", 0, following)
        opening = f"<{self.table}>".encode()
        self.parser.Parse(opening, False)
        self.fed = len(opening)
        return chunk[following:]

    def let_go(self) -> None:
        """Part the parser from its handler: as a cycle both would stay, with their buffers, until somebody looks for cycles."""
        self.parser.StartElementHandler = None

    def end(self) -> Iterator[Row | Refused]:
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError:
            yield Refused(self.name, self.line, EARLY)
