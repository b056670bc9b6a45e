"""Answers name only the number of what they answer; who wrote that is remembered for a while, in a fixed room of memory."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

ROOM = 100_000


class Recent(Generic[K, V]):
    """At least the last `ROOM` things, at most twice as many."""

    def __init__(self) -> None:
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def put(self, key: K, value: V) -> None:
        if len(self._young) >= ROOM:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def get(self, key: K) -> V | None:
        value = self._young.get(key)
        return self._old.get(key) if value is None else value
