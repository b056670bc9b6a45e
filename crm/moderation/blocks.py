"""Which servers a Mastodon server keeps out: lists as its administrators export and publish them, one or many of them.

A list has no dates. Its file's name often has one, and two lists with dates tell what was added, changed and removed between
them. Each server is a thread of its own; no person is touched. All lists of a run are of one server, the one of --host.
"""

import re
from array import array
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import blake2b

from crm.activity import Activity, Place
from crm.csv.folding import fold
from crm.moderation.words import paragraphs

DATE = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
FLAGS = {
    "reject media": "Media rejected.",
    "reject reports": "Reports rejected.",
    "obfuscate": "Name hidden in public.",
}
TRUE = frozenset({"true", "1", "yes", "t"})
NO_HOST = "A list of blocked servers does not tell whose list it is. Give its server with --host social.example.org."
PLACE = Place("domain-blocks", "Blocked servers")

State = tuple[str, str, str]
"""Severity, public comment and flags of a block."""


def is_list(headings: frozenset[str]) -> bool:
    """Whether a table with these headings, folded, is such a list."""
    return {"domain", "severity"} <= headings


def date_in(name: str) -> date | None:
    """The date in the name of a file, if there is one; folders are not looked at."""
    for found in DATE.finditer(name.rpartition("/")[2]):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            continue
    return None


class Lists:
    """All lists of one run. Held is a number for each server and list, nothing else of them."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._dates: list[date | None] = []
        self._numbers: dict[State, int] = {("", "", ""): 0}
        self._blocks: dict[str, array[int]] = {}
        self._now = datetime.now(UTC).replace(microsecond=0)

    def begin(self, name: str) -> None:
        """A new list begins, in the file of this name."""
        self._dates.append(date_in(name))

    def add(self, cells: Mapping[str, str]) -> str:
        """Take in a row of the list; why it can't be, or ""."""
        row = {fold(heading): cell for heading, cell in cells.items()}
        domain = row.get("domain", "").lower()
        if not domain or " " in domain or len(domain) > 255:
            return "this row names no server"
        flags = " ".join(sentence for flag, sentence in FLAGS.items() if row.get(flag, "").lower() in TRUE)
        state = (row.get("severity", "").lower() or "suspend", row.get("public comment", ""), flags)
        states = self._blocks.setdefault(domain, array("I"))
        states.extend([0] * (len(self._dates) - len(states)))
        states[-1] = self._numbers.setdefault(state, len(self._numbers))
        return ""

    def told(self) -> Iterator[Activity]:
        """What was added, changed and removed from list to list, in the order of their dates."""
        states = list(self._numbers)
        equals: dict[tuple[str, int], int] = {}
        standing: dict[str, int] = {}
        dated = sorted((day, at) for at, day in enumerate(self._dates) if day)
        undated = [(None, at) for at, day in enumerate(self._dates) if day is None]
        for day, at in (*dated, *undated):
            for domain, numbers in self._blocks.items():
                number, before = numbers[at] if at < len(numbers) else 0, standing.get(domain, 0)
                if number == before or (day is None and (number == 0 or (domain, number) in equals)):
                    continue
                standing[domain] = number
                equals[domain, number] = equals.get((domain, number), 0) + 1
                yield self._act(domain, states[before], states[number], equals[domain, number], day)

    def _act(self, domain: str, before: State, state: State, time: int, day: date | None) -> Activity:
        severity, comment, flags = state
        rest = (
            blake2b(f"{comment}\x1f{flags}".encode("utf-8", "replace"), digest_size=6).hexdigest()
            if comment + flags
            else ""
        )
        key = ":".join(filter(None, ("block", domain, severity or "removed", rest)))
        return Activity(
            source="moderation",
            host=self._host,
            key=key if time == 1 else f"{key}:{time}",
            kind="moderated",
            own_kind=worded(before, state),
            at=datetime(day.year, day.month, day.day, tzinfo=UTC) if day else self._now,
            precision="by",
            place=PLACE,
            thread=f"domain:{domain}",
            title=domain if before[0] == "" and state[0] and time == 1 else "",
            text=paragraphs((comment, flags, was(before))),
        )


def worded(before: State, state: State) -> str:
    """What was done to a server between two lists."""
    if not state[0]:
        return "domain unblock"
    return "domain block changed" if before[0] == state[0] else f"domain {state[0]}"


def was(before: State) -> str:
    severity, comment, flags = before
    return (
        " ".join(filter(None, (f"Was {severity} before{f', “{comment}”' if comment else ''}.", flags)))
        if severity
        else ""
    )
