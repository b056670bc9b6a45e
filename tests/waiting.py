"""Waiting in tests for what another thread or process will have done, with an end to patience."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], seconds: float = 15) -> T:
    """The first true answer of the condition; AssertionError when none came in time."""
    deadline = monotonic() + seconds
    while not (answer := condition()):
        assert monotonic() < deadline, "it did not come true in time"
        Event().wait(0.005)
    return answer
