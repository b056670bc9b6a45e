"""The rows of CSV exports told as acts: less is known of them than of JSON, above all who answered whom.

Whoever is mentioned by a name that only one account of the run has, so far, was meant by it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from crm.activity import Activity, Refused, Who, Whom
from crm.discord.acts import HOST, SOURCE
from crm.discord.dates import Calendar, aged
from crm.discord.kinds import ACTS, SENTENCES
from crm.discord.naming import is_private, place_of
from crm.discord.numbering import Line, Numbering, line_of
from crm.discord.people import author
from crm.discord.room import PRIVATE
from crm.discord.words import CLIP, file_name, resolved
from crm.plain import tidy
from crm.reading import Document, Record
from crm.reading.records import NO_ROWS, records_of
from crm.recent import Recent

NOT_EXPORTED = (
    "This is no export of DiscordChatExporter as JSON or CSV. Export the channel once more in one of these formats."
)
NOTHING = "the file is empty"
NO_IDS = "the account was told by its name only"
REACTION = re.compile(r"([^,]+?) \((\d{1,9})\)")
MENTION = re.compile(r"@([^\s@]+(?: [^\s@]+){0,3})")
PEOPLE = 50_000


class Tables:
    """Reads table after table. `ahead` gives the dates of all tables before they are read."""

    def __init__(self, ahead: Callable[[], Iterable[str]]) -> None:
        self._calendar = Calendar(ahead)
        self._numbering = Numbering()
        self._people: Recent[str, Who] = Recent(PEOPLE)
        self._shared: set[str] = set()

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """The acts of a table; a file without any rows, as of a day on which nobody said anything, has none."""
        rows = records_of(document)
        for row in rows:
            if isinstance(row, Refused):
                yield from () if row.reason in (NO_ROWS, NOTHING) else (row,)
            elif reason := unfit(document.name, row):
                yield row.refuse(reason)
                return
            else:
                yield from self._acts(document.name, chain((row,), rows))

    def _acts(self, name: str, rows: Iterable[Record | Refused]) -> Iterator[Activity | Refused]:
        for found in self._numbering.keyed(name, map(self._dated, rows)):
            yield found if isinstance(found, Refused) else self._act(name, *found)

    def _dated(self, row: Record | Refused) -> Line | Refused:
        if isinstance(row, Refused):
            return row
        try:
            return line_of(row, self._calendar.read(row.cells["Date"]))
        except ValueError as reason:
            return row.refuse(f"This message can't be placed in time: {reason}.")

    def _act(self, name: str, key: str, line: Line) -> Activity:
        cells, when = line.record.cells, line.when
        place, guessed = place_of(name)
        uid = cells.get("AuthorID", "")
        who = author(uid, cells["Author"], aged(cells["Date"]))
        if who:
            self._meet(who)
        content = cells["Content"]
        own_kind = SENTENCES.get(content, "Default")
        reactions = cells.get("Reactions", "")
        return Activity(
            source=SOURCE,
            host=HOST,
            key=key,
            kind=ACTS.get(own_kind, "posted"),
            own_kind=own_kind,
            at=when.at,
            precision=when.precision,
            who=who,
            whom=self._mentioned(content, who) if "@" in content else (),
            place=place,
            text="" if own_kind != "Default" else text_of(content, cells.get("Attachments", "")),
            reactions=totals(reactions) if reactions else {},
            doubt="; ".join(filter(None, (when.doubt, guessed, "" if uid else NO_IDS))),
        )

    def _meet(self, who: Who) -> None:
        called = who.name.casefold()
        known = self._people.get(called)
        if known is None:
            self._people.put(called, who)
        elif known.uid != who.uid:
            self._shared.add(called)

    def _mentioned(self, content: str, writer: Who | None) -> tuple[Whom, ...]:
        met = (self._called(words) for words in MENTION.findall(content))
        found = {who.uid: Whom(who, "mentioned") for who in met if who and (writer is None or who.uid != writer.uid)}
        return tuple(found.values())

    def _called(self, words: str) -> Who | None:
        """The account whose name these words begin with, the longest name first."""
        while words:
            for name in (words.casefold(), words.casefold().rstrip(".,;:!?…)’'\"")):
                if (who := self._people.get(name)) and name not in self._shared:
                    return who
            words = words.rpartition(" ")[0]
        return None


def unfit(name: str, row: Record) -> str:
    """Why a table is left out, if it is."""
    if not {"Author", "Date", "Content"} <= row.cells.keys():
        return NOT_EXPORTED
    return PRIVATE if is_private(name) else ""


def totals(reactions: str) -> dict[str, int]:
    """`👍 (2),troll (1)` as counts; two emoji of the same name are counted together."""
    found: Counter[str] = Counter()
    for emoji, count in REACTION.findall(reactions):
        found[emoji] += int(count)
    return dict(found)


def text_of(content: str, attachments: str) -> str:
    """The words, and a line for each file that was sent along."""
    files = [CLIP + file_name(url.strip()) for url in attachments.split(",") if url.strip()]
    return tidy("\n\n".join((resolved(content, {}), *files)))
