"""How far a long command is: a bar that moves where somebody watches, a line every few seconds where a file does."""

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from crm.cli.shell import printable, say

EVERY = 3.0
"""Seconds between two plain lines."""


class Meter:
    """Shows one thing at a time on stderr; `tell` may be called as often as there is something to tell."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
        )
        self._bar = Progress(*columns, console=console, transient=True) if console.is_terminal else None
        self._what = ""
        self._started = self._said = monotonic()

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def tell(self, what: str, done: int, total: int, words: str = "") -> None:
        """`what` is being done, `done` of `total` (0: nobody knows) are through; `words` say the same for people."""
        if what != self._what:
            self._begin(what)
        if self._bar:
            self._bar.update(
                self._bar.task_ids[0], description=printable(f"{what}: {words}"), completed=done, total=total or None
            )
        elif monotonic() - self._said > EVERY:
            self._said = monotonic()
            say(f"{what}: {words}{self._left(done, total)}")

    def events(self, what: str, done: int, total: int) -> None:
        """Like `tell`, where what is counted are events."""
        self.tell(what, done, total, f"{done:,} of {total:,} events")

    def _begin(self, what: str) -> None:
        self._what, self._started = what, monotonic()
        if self._bar:
            for task in self._bar.task_ids:
                self._bar.remove_task(task)
            self._bar.add_task(what, total=None)

    def _left(self, done: int, total: int) -> str:
        if not 0 < done < total:
            return ""
        return f", about {(monotonic() - self._started) * (total - done) / done:,.0f} s left"
