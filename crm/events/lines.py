"""A calendar may hold years of gatherings, so it is cut into its entries line by line, and only what is asked of an entry is read.

Facts of the format: RFC 5545, section 3.1 (folded lines, parameters) and 3.3.11 (escaped text); RFC 6868 (^ in parameters).
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

LONGEST = 4 << 20
"""Bytes of the longest entry that is read; attached files, which may be longer, are left out before."""

FOLD = re.compile(rb"\r*\n[ \t]")
NAME = re.compile(r"[A-Za-z0-9-]+")
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:])*+)')
ESCAPED = re.compile(r"\\([\\;,nN])")
CARET = re.compile(r"\^([n'^])")
CARETS = {"n": "\n", "'": '"', "^": "^"}


class Property(NamedTuple):
    """One line of an entry: its parameters by their names in capitals, and what stands behind the colon, still escaped."""

    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as text."""
        return unescaped(self.value)


Lines = dict[str, list[Property]]


class Component(NamedTuple):
    """An entry, a definition of a zone, or what stands before them and is true of the whole calendar.

    `raw` is empty where it was too long, `whole` tells whether its end was seen.
    """

    name: str
    line: int
    raw: bytes
    whole: bool = True


class _Open:
    """The component that is being read: its lines, without those of what stands inside it (alarms)."""

    def __init__(self, name: str, line: int) -> None:
        self.name, self.line, self.end = name, line, f"END:{name}".encode()
        self.depth = self.size = 0
        self.held: list[bytes] = []

    def take(self, line: bytes, word: bytes) -> None:
        self.depth += word.startswith(b"BEGIN:")
        if self.name == "VTIMEZONE" or not self.depth:
            self.size += len(line)
            if self.size <= LONGEST:
                self.held.append(line)
        self.depth -= word.startswith(b"END:")

    def closed(self, *, whole: bool = True) -> Component:
        raw = b"".join(self.held) if self.size <= LONGEST else b""
        return Component(self.name, self.line, raw, whole)


def components(stream: Any) -> Iterator[Component]:
    """VCALENDAR (what stands before the first entry), VTIMEZONE and VEVENT, in the order of the file."""
    now = _Open("VCALENDAR", 1)
    for number, line in _lines(stream):
        word = line[:40].strip().upper()
        if word in (b"BEGIN:VEVENT", b"BEGIN:VTIMEZONE", b"BEGIN:VCALENDAR"):
            if now.held or now.name == "VEVENT":
                yield now.closed(whole=now.name == "VCALENDAR")
            now = _Open(word[6:].decode(), number)
        elif word == now.end and not now.depth:
            yield now.closed()
            now = _Open("", number)
        else:
            now.take(line, word)
    if now.name:
        yield now.closed(whole=False)


def _lines(stream: Any) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, still folded; attached files and what is longer than an entry may be are left out."""
    number, dropped, open_end = 0, False, False
    while line := stream.readline(1 << 16):
        started = not open_end
        number += started
        if started and line[:1] not in (b" ", b"\t"):
            dropped = line[:6].upper() == b"ATTACH"
        open_end = not line.endswith(b"\n")
        if not dropped:
            yield number, line


def properties(raw: bytes) -> Lines:
    """The lines of an entry by their names in capitals; lines that follow no rule are passed over."""
    found: Lines = {}
    for line in FOLD.sub(b"", raw).decode("utf-8", "replace").replace("\0", "").split("\n"):
        named = NAME.match(line)
        if named is None:
            continue
        parameters: dict[str, str] = {}
        at = named.end()
        while parameter := PARAMETER.match(line, at):
            parameters[parameter[1].upper()] = _plain(parameter[2])
            at = parameter.end()
        if line[at : at + 1] != ":":
            at = line.find(":", at)
        if at > 0:
            found.setdefault(named[0].upper(), []).append(Property(parameters, line[at + 1 :].rstrip("\r")))
    return found


def _plain(value: str) -> str:
    value = value.replace('"', "")
    return CARET.sub(lambda found: CARETS[found[1]], value) if "^" in value else value


def unescaped(value: str) -> str:
    """Text as it was before it was written into a line."""
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value) if "\\" in value else value
