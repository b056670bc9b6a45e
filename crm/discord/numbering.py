"""Tables of messages have no ids, and the same message stands in many of them; its key is made of what does not change.

The rule: who, the minute, a hash of the words without the names mentioned in them (people rename themselves), and the
attachments' own numbers; then a running number among equal ones of that minute. An export cut into files of, say, 100
messages cuts through minutes, so its files count on in the minutes they begin and end with. Another export, in another
folder or under another name, counts anew: what both hold has the same key.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import msgspec

from crm.activity import Refused
from crm.csv.moment import When
from crm.discord.naming import series_of
from crm.reading import Record

NAMES = re.compile(r"<?@\S*")
SENT = re.compile(r"/attachments/\d+/(\d+)/")


class Line(msgspec.Struct, gc=False):
    """A row with its date. `base` is its key but for the number."""

    record: Record
    when: When
    minute: str
    base: str


def line_of(record: Record, when: When) -> Line:
    """A row made ready for its number. The account is its id, or its name in tables without ids."""
    cells = record.cells
    words = cells["Content"]
    if "@" in words:
        words = NAMES.sub("@", words)
    if files := cells.get("Attachments", ""):
        words = "\0".join((words, *SENT.findall(files)))
    digest = blake2b(words.encode("utf-8", "replace"), digest_size=9).hexdigest()
    minute = when.at.isoformat()[:16]
    return Line(record, when, minute, f"{cells.get('AuthorID') or cells['Author']}:{minute}:{digest}")


class Numbering:
    """Numbers the rows of all tables of a run."""

    def __init__(self) -> None:
        self._edges: dict[str, Counter[str]] = {}

    def keyed(self, name: str, lines: Iterable[Line | Refused]) -> Iterator[tuple[str, Line] | Refused]:
        """The rows of the table of that name with their keys, held back until their minute is over."""
        edge = self._edges.setdefault(series_of(name), Counter())
        minute: list[Line] = []
        met: Counter[str] = edge
        for line in lines:
            if isinstance(line, Refused):
                yield line
                continue
            if minute and minute[0].minute != line.minute:
                yield from numbered(minute, met)
                minute, met = [], Counter()
            minute.append(line)
        yield from numbered(minute, edge)


def numbered(lines: Iterable[Line], met: Counter[str]) -> Iterator[tuple[str, Line]]:
    """The rows of a minute, each with its number among its equals, which are counted on in `met`."""
    for line in lines:
        met[line.base] += 1
        yield f"{line.base}:{met[line.base]}", line
