"""Archive hours repeat an issue in each of its comments; told once in the same words is enough."""

from crm.activity import Activity

ROOM = 50_000
"""Openings remembered at least; twice as many at most, as hashes of 8 bytes."""


class Recent:
    def __init__(self) -> None:
        self.now: set[int] = set()
        self.before: set[int] = set()

    def repeats(self, activity: Activity) -> bool:
        """Whether this opening of a thread was told lately, with the same title, text and reactions."""
        if activity.parent or activity.key != activity.thread:
            return False
        reactions = tuple(activity.reactions.items())
        mark = hash((activity.key, activity.title, activity.text, activity.removed, reactions))
        if mark in self.now or mark in self.before:
            return True
        if len(self.now) >= ROOM:
            self.now, self.before = set(), self.now
        self.now.add(mark)
        return False
