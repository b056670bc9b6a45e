"""Which forum does a document come from? Files seldom say, and the answer is part of every key.

Discourse puts its own host name into the address of every uploaded portrait and marks links to itself as
internal. A document with no such trace belongs to the forum of its file; a file with none to the only forum
of its folder.
"""

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname

import msgspec

from crm.activity import Refused
from crm.discourse.sheets import Sheet

PORTRAIT = re.compile(rb'"avatar_template"\s*:\s*"[^"]*?/user_avatar\\?/([^/"\\]+)')
INTERNAL = re.compile(rb'"url"\s*:\s*"(?:https?:)?(?:\\?/){2}([^/"\\]+)\\?/t\\?/[^{}]*?"internal"\s*:\s*true')
MENTION = re.compile(rb'class=\\"mention\\" href=\\"https?:(?:\\?/){2}([^/"\\]+)')
WAITING = 2_000
"""How many documents may wait for one that tells the address."""


class Addressed(msgspec.Struct):
    """A document that gives its own absolute address."""

    url: str = ""


ADDRESSED = msgspec.json.Decoder(Addressed)


def told_by(raw: bytes) -> str:
    """The host a document names itself, in small letters, or "". It may lack a dot, such as `localhost`."""
    for shape in (PORTRAIT, INTERNAL, MENTION):
        if found := shape.search(raw):
            return found[1].decode("ascii", "replace").lower()
    try:
        url = ADDRESSED.decode(raw).url
    except msgspec.MsgspecError:
        return ""
    found_url = re.match(r"https?://([^/]+)/", url)
    return found_url[1].lower() if found_url else ""


def _only(hosts: set[str]) -> str:
    return next(iter(hosts)) if len(hosts) == 1 else ""


class _Settling:
    """Holds back the documents without a trace until their file or folder has shown one."""

    def __init__(self) -> None:
        self.waiting: list[Sheet] = []
        self.file: str | None = None
        self.in_file: set[str] = set()
        self.in_folder: set[str] = set()

    def take(self, sheet: Sheet) -> Iterator[Sheet]:
        if sheet.row.file != self.file:
            yield from self.turn(sheet.row.file)
        if "." in sheet.host:
            self.in_file.add(sheet.host)
            self.in_folder.add(sheet.host)
            yield from self.release(sheet.host)
            yield sheet
        elif sheet.host:
            sheet.host = ""
            yield sheet
        elif self.in_file:
            sheet.host = _only(self.in_file)
            yield sheet
        else:
            self.waiting.append(sheet)
            if len(self.waiting) >= WAITING:
                yield from self.release(_only(self.in_folder))

    def turn(self, file: str) -> Iterator[Sheet]:
        """Go on to the next file: what waits gets the folder's address if there is one or the folder ends."""
        left = self.file is not None and dirname(self.file) != dirname(file)
        if left or self.in_folder:
            yield from self.release(_only(self.in_folder))
        if left:
            self.in_folder = set()
        self.file, self.in_file = file, set()

    def release(self, host: str) -> Iterator[Sheet]:
        for sheet in self.waiting:
            sheet.host = host
            yield sheet
        self.waiting = []


def settle(sheets: Iterable[Sheet | Refused], given: str) -> Iterator[Sheet | Refused]:
    """The same sheets with their `host` settled: as given, or as found; "" where it can't be told."""
    settling = _Settling()
    for sheet in sheets:
        if isinstance(sheet, Refused):
            yield sheet
        elif given:
            sheet.host = given
            yield sheet
        else:
            yield from settling.take(sheet)
    yield from settling.release(_only(settling.in_folder))
