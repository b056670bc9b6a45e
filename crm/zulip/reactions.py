"""Reactions stand in a table far from their messages; a few bytes for each are held until the message comes.

A million of them take 24 MB so, where objects would take ten times as much.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from crm.zulip.shapes import ReactionRow

MOST = (1 << 63) - 1


class Reactions:
    """Put in all of them first; they are set in order when the first one is asked for."""

    def __init__(self) -> None:
        self.messages, self.people, self.emoji = array("q"), array("q"), array("l")
        self.names: dict[str, int] = {}
        self.called: list[str] = []
        self.sorted = True

    def add(self, row: ReactionRow) -> None:
        """Take in a reaction. ValueError where a number is none of Zulip's."""
        if not (0 <= row.message <= MOST and 0 <= row.user_profile <= MOST):
            raise ValueError("the number of its message or member is none that Zulip gives")
        number = self.names.setdefault(row.emoji_name, len(self.called))
        if number == len(self.called):
            self.called.append(row.emoji_name)
        self.sorted = self.sorted and (not self.messages or self.messages[-1] <= row.message)
        self.messages.append(row.message)
        self.people.append(row.user_profile)
        self.emoji.append(number)

    def of(self, message: int) -> Iterator[tuple[int, str]]:
        """Who gave which reaction to a message."""
        if not self.sorted:
            self.sort()
        at = bisect_left(self.messages, message)
        while at < len(self.messages) and self.messages[at] == message:
            yield self.people[at], self.called[self.emoji[at]]
            at += 1

    def sort(self) -> None:
        order = sorted(range(len(self.messages)), key=self.messages.__getitem__)
        self.messages, self.people, self.emoji = (
            array(column.typecode, map(column.__getitem__, order))
            for column in (self.messages, self.people, self.emoji)
        )
        self.sorted = True
