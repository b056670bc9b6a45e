"""Answers name only the number of what they answer; who wrote that is remembered for a while, in a fixed room of memory."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A memory of at least the `room` last things; the older half goes when twice as many have come."""

    def __init__(self, room: int = 100_000) -> None:
        self.room = room
        self.young: dict[K, V] = {}
        self.old: dict[K, V] = {}

    def put(self, key: K, value: V) -> None:
        if len(self.young) >= self.room:
            self.old, self.young = self.young, {}
        self.young[key] = value

    def get(self, key: K) -> V | None:
        value = self.young.get(key)
        return self.old.get(key) if value is None else value
