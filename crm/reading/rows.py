"""JSON is published as lines, as one list, or as one document over many lines; an importer should see rows and no more.

Only one row is ever in memory. What cannot be a row is a `Refused` with the place where it stands.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import msgspec

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading.cutting import LONGEST, SAMPLE, TOO_LONG, Piece, cut
from crm.reading.packing import Document

PATIENCE = 20
"""Rows at the start of a file that may be wrong before the file is taken for something other than JSON."""

BOM = b"\xef\xbb\xbf"
SUSPECT = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
HIGH, LOW = rb"u[dD][89abAB][0-9a-fA-F]{2}", rb"u[dD][c-fC-F][0-9a-fA-F]{2}"
ESCAPE = re.compile(rb"\\(?:" + HIGH + rb"\\" + LOW + rb"|(" + HIGH + rb"|" + LOW + rb"|u0000)|.)", re.DOTALL)
CONTROLS = bytes(max(byte, 32) for byte in range(256))
"""Makes spaces of control bytes; JSON has none in texts, but programs write them all the same."""

JOINED = re.compile(rb"[}\]]\s*[{\[]")


class Row(msgspec.Struct, frozen=True):
    """One JSON document: a line of a .jsonl file, an element of an array, or a whole .json file (line 1).

    `raw` is valid JSON in UTF-8, without NUL and without halves of surrogate pairs (U+FFFD stands for them).
    """

    file: str
    line: int
    raw: bytes

    def refuse(self, reason: str) -> Refused:
        """The row as one that could not be read; `reason` is one sentence in the words of its reader."""
        return Refused(self.file, self.line, reason, self.raw[:SAMPLE])


def rows_of(document: Document) -> Iterator[Row | Refused]:
    """The rows of a document, then, if it could not be read to its end, the reason."""
    line = 0
    try:
        for row in patient(row for piece in pieces(document.stream) for row in rows_in(document.name, piece)):
            line = row.line
            yield row
    except Refusal as reason:
        yield Refused(document.name, line, str(reason))
    else:
        if not line:
            yield Refused(document.name, 0, "the file is empty")


def patient(rows: Iterable[Row | Refused]) -> Iterator[Row | Refused]:
    """The same rows, unless the first of them are all wrong: then one `Refused` for the whole file."""
    held: list[Refused] = []
    rest = iter(rows)
    for row in rest:
        if isinstance(row, Row):
            yield from chain(held, (row,), rest)
            return
        held.append(row)
        if len(held) >= PATIENCE:
            break
    if len(held) > 1:
        reason = f"none of its first {len(held)} lines is valid JSON, so the file was left unread"
        held = [Refused(held[0].file, held[0].line, reason, held[0].raw)]
    yield from held


def pieces(stream: Any) -> Iterator[Piece]:
    """The stream cut where a row ends, by lines unless its beginning shows a list or one document over many lines."""
    head = stream.peek(1)
    if head.startswith(BOM):
        stream.read(len(BOM))
        head = head[len(BOM) :]
    start = head.lstrip()[:1]
    if b"\0" in head and start not in (b"{", b"["):
        raise Refusal(
            "this is not text but a binary file; expected is JSON, plain or packed as gz, bz2, xz, zip or tar"
        )
    first = b"" if start == b"[" else stream.readline(LONGEST + 1)
    if start == b"[" or first.rstrip().endswith((b"{", b"[", b",", b":")):
        return cut(chain((first,), iter(lambda: stream.read1(1 << 16), b"")))
    return lines(first, stream)


def lines(first: bytes, stream: Any) -> Iterator[Piece]:
    """Every line that is not blank; one that is too long is passed over without being held."""
    number, line = 1, first
    while line:
        if len(line) > LONGEST:
            yield Piece(number, line[:SAMPLE], TOO_LONG)
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 16)
        elif text := line.strip():
            yield Piece(number, text)
        number, line = number + 1, stream.readline(LONGEST + 1)


def rows_in(name: str, piece: Piece) -> Iterator[Row | Refused]:
    """The row that a piece is, or the several that stand on one line, or why it is none."""
    raw = piece.raw if piece.trouble else cleaned(piece.raw)
    trouble = piece.trouble or flaw(raw)
    if trouble and not piece.trouble and (raw := raw.translate(CONTROLS)) != piece.raw:
        trouble = flaw(raw)
    if not trouble:
        yield Row(name, piece.line, raw)
    elif not piece.trouble and JOINED.search(raw) and not any(part.trouble or flaw(part.raw) for part in cut((raw,))):
        yield from (Row(name, piece.line, part.raw) for part in cut((raw,)))
    else:
        yield Refused(name, piece.line, trouble, raw[:SAMPLE])


def flaw(raw: bytes) -> str:
    """Why bytes are not one JSON document, or nothing."""
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
    except msgspec.DecodeError as failure:
        return f"this is not valid JSON ({str(failure).removeprefix('JSON is malformed: ')})"
    except RecursionError:
        return "this is nested too deeply to be read"
    return ""


def cleaned(raw: bytes) -> bytes:
    """The same JSON with what no text in the log may hold replaced: escaped NUL, half surrogates, broken UTF-8."""
    if not raw.isascii():
        raw = raw.decode("utf-8", "replace").encode()
    if SUSPECT.search(raw):
        raw = ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], raw)
    return raw
