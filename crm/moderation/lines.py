"""The lines of a moderation log's history: what each column says, and which line took the place of which."""

from difflib import SequenceMatcher
from heapq import nlargest

import msgspec

from crm.activity import Refused
from crm.csv.folding import fold
from crm.moderation.sentences import LONGEST, Said, read
from crm.reading import Record

ADDED, REMOVED = frozenset(["added", "add", "+", "them"]), frozenset(["removed", "remove", "deleted", "-", "xoa"])
COLUMNS = {
    "revision": ("revision", "commit", "rev", "version"),
    "time": ("committed at", "date", "time", "timestamp", "created at"),
    "moderator": ("moderator", "author", "committer", "editor", "actor"),
    "change": ("change", "diff", "operation"),
    "text": ("text", "line", "content"),
}
ALIKE = 0.85
"""Lines with so much in common are two wordings of one."""

NEAREST = 20
"""Lines taken out nearby that one is compared with word by word."""


class Line(msgspec.Struct, gc=False):
    """One change of the log."""

    record: Record
    cells: dict[str, str]
    said: Said
    key: str = ""


def is_history(headings: frozenset[str]) -> bool:
    """Whether a table with these headings, folded, is a history of lines."""
    return all(any(word in headings for word in COLUMNS[part]) for part in ("time", "change", "text"))


def cells_of(record: Record) -> dict[str, str]:
    """The cells of a row by what they mean, those missing empty."""
    found = {fold(heading): cell for heading, cell in record.cells.items()}
    return {part: next((found[word] for word in words if word in found), "") for part, words in COLUMNS.items()}


def revision_of(record: Record | Refused) -> str:
    if isinstance(record, Refused):
        return ""
    cells = cells_of(record)
    return cells["revision"] or cells["time"]


def plainly(change: str) -> str:
    return fold(change) or change


def is_removed(line: Line) -> bool:
    return plainly(line.cells["change"]) in REMOVED


def line_of(record: Record) -> Line:
    cells = cells_of(record)
    return Line(record, cells, read(cells["text"]))


def replaced_by(line: Line, gone: list[Line]) -> Line | None:
    """The line taken out in the same revision that this one says anew, if there is one."""
    members = set(line.said.members)
    if not members:
        return None
    if found := next((one for one in gone if members & set(one.said.members)), None):
        return found
    words = SequenceMatcher(None, "", line.cells["text"][:LONGEST], autojunk=False)
    for one in nlargest(NEAREST, gone, key=lambda one: -abs(one.record.line - line.record.line)):
        words.set_seq1(one.cells["text"][:LONGEST])
        if words.real_quick_ratio() >= ALIKE and words.quick_ratio() >= ALIKE and words.ratio() >= ALIKE:
            return one
    return None
