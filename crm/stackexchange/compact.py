"""Tens of millions of posts and people must be found by their numbers in little memory: arrays instead of objects."""

from array import array
from bisect import bisect_right


class Index:
    """Which entry of a table has a number: 4 bytes each, and 4 more only where the file was not in the order of its ids."""

    def __init__(self) -> None:
        self.ids = array("i")
        self.order: array[int] | None = None
        self.sorted = True

    def add(self, number: int) -> None:
        self.sorted = self.sorted and (not self.ids or self.ids[-1] <= number)
        self.ids.append(number)

    def settle(self) -> None:
        """Make ready for looking up, once all were added."""
        if not self.sorted:
            self.order = array("i", sorted(range(len(self.ids)), key=self.ids.__getitem__))
            self.ids = array("i", (self.ids[entry] for entry in self.order))

    def find(self, number: int) -> int:
        """The entry of that number, the last where there are several; -1 where there is none."""
        place = bisect_right(self.ids, number) - 1
        if place < 0 or self.ids[place] != number:
            return -1
        return self.entry(place)

    def entry(self, place: int) -> int:
        """The entry that stands at a place in the order of the numbers."""
        return self.order[place] if self.order else place
