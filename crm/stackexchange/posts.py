"""Which post belongs to whom and to which question: comments, votes and history name posts by number only.

So the posts are read ahead, 17 bytes kept of each: a gigabyte for the 60 million of Stack Overflow, a few megabytes for
a usual site.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from crm.stackexchange.cells import number, number_or, time
from crm.stackexchange.compact import Index

NOBODY, FIRST_NAME = 0, -(1 << 31)
"""Owners are kept as numbers: users by their own, names without an account counted up from `FIRST_NAME`."""

NOT_ACCEPTED, ACCEPTED, TOLD = 0, 1, 2


class Post(NamedTuple):
    """What is kept of a post; `thread` is its question's number, its own for a question. `owner` as above,
    `seconds` is when it was written, in UTC since 1970."""

    number: int
    owner: int
    thread: int
    seconds: int


class Posts:
    """The posts of one site."""

    def __init__(self) -> None:
        self.index = Index()
        self.owners, self.threads, self.times = array("i"), array("i"), array("I")
        self.choices = array("i")
        self.accepted = bytearray()
        self.names: dict[str, int] = {}
        self.called: list[str] = []

    def add(self, cells: dict[str, str]) -> None:
        """Keep a row of Posts. ValueError where it cannot be a post."""
        own, at = number(cells, "Id"), time(cells, "CreationDate")
        owner = number_or(cells, "OwnerUserId", NOBODY) or self._named(cells.get("OwnerDisplayName", "").strip())
        thread, chosen = number_or(cells, "ParentId", own), number_or(cells, "AcceptedAnswerId", 0)
        self.index.add(own)
        self.owners.append(owner)
        self.threads.append(thread)
        self.times.append(int(at.timestamp()))
        if chosen:
            self.choices.append(chosen)

    def _named(self, name: str) -> int:
        if not name:
            return NOBODY
        if name not in self.names:
            self.names[name] = FIRST_NAME + len(self.called)
            self.called.append(name)
        return self.names[name]

    def name(self, owner: int) -> str:
        """The name behind an owner that has no account; "" for a user."""
        return self.called[owner - FIRST_NAME] if owner < FIRST_NAME + len(self.called) else ""

    def settle(self) -> None:
        """Make ready for looking up, once all were added."""
        self.index.settle()
        self.accepted = bytearray(len(self.owners))
        for chosen in self.choices:
            if (entry := self.index.find(chosen)) >= 0:
                self.accepted[entry] = ACCEPTED

    def get(self, own: int) -> Post | None:
        """The post of that number, if the dump has it."""
        entry = self.index.find(own)
        return self._at(own, entry) if entry >= 0 else None

    def _at(self, own: int, entry: int) -> Post:
        return Post(own, self.owners[entry], self.threads[entry], self.times[entry])

    def tell_accepted(self, own: int) -> bool:
        """Note that an answer's acceptance is told now; False where it was told before."""
        entry = self.index.find(own)
        first = entry < 0 or self.accepted[entry] != TOLD
        if entry >= 0:
            self.accepted[entry] = TOLD
        return first

    def untold(self) -> Iterator[Post]:
        """The accepted answers whose acceptance no vote has told."""
        for place, own in enumerate(self.index.ids):
            entry = self.index.entry(place)
            if self.accepted[entry] == ACCEPTED:
                yield self._at(own, entry)
