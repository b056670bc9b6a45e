"""Groups of accounts, each called by one of its own."""

from collections.abc import Iterable
from uuid import UUID


class Grouping:
    """Which group each account is in, by the account that the group is called by; at first each is alone."""

    def __init__(self, handles: Iterable[UUID]) -> None:
        self.of = {handle: handle for handle in handles}
        self._groups = {handle: {handle} for handle in self.of}

    def merge(self, kept: UUID, gone: UUID) -> None:
        """Let the groups of the two be one, called as the first is."""
        into, out = self.of[kept], self.of[gone]
        if into != out:
            moved = self._groups.pop(out)
            self._groups[into] |= moved
            self.of.update(dict.fromkeys(moved, into))

    def part(self, handle: UUID) -> None:
        """Let an account stand alone. If its group was called by it, the least of the rest gives the name now."""
        called = self.of[handle]
        rest = self._groups[called] - {handle}
        if not rest:
            return
        label = min(rest) if called == handle else called
        self._groups[handle] = {handle}
        self._groups[label] = rest
        self.of.update(dict.fromkeys(rest, label))
        self.of[handle] = handle
