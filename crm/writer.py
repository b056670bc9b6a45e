"""Live appends that wait at the same time share one transaction: with many at once that is the difference of a group commit.

There is no thread for it. Whoever comes to append while nobody is at it appends for all who wait; the others find it done.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import NamedTuple

from eventsourcing.persistence import RecordConflictError

from crm.append import Entry

GATHERED = 500
"""At most so many waiting appends share a transaction."""


class _Waiting(NamedTuple):
    entries: Sequence[Entry]
    answer: Future[list[int]]


class Writer:
    """Appends what the threads of a process decide. `append` is called with all entries and answers with the last position."""

    def __init__(self, append: Callable[[Sequence[Entry]], int]) -> None:
        self._append = append
        self._waiting: deque[_Waiting] = deque()
        self._writing = Lock()

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """The positions of these entries once they are durable; raises what the database said of them alone."""
        mine = _Waiting(entries, Future())
        self._waiting.append(mine)
        with self._writing:
            while not mine.answer.done():
                self._write([self._waiting.popleft() for _ in range(min(len(self._waiting), GATHERED))])
        return mine.answer.result()

    def _write(self, gathered: Sequence[_Waiting]) -> None:
        try:
            position = self._append([entry for waiting in gathered for entry in waiting.entries])
        except RecordConflictError as error:
            if len(gathered) == 1:
                gathered[0].answer.set_exception(error)
            for waiting in gathered if len(gathered) > 1 else ():
                self._write([waiting])
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to those who wait
            for waiting in gathered:
                waiting.answer.set_exception(error)
        else:
            self._answer(gathered, position)

    def _answer(self, gathered: Sequence[_Waiting], last: int) -> None:
        first = last + 1 - sum(len(waiting.entries) for waiting in gathered)
        for waiting in gathered:
            waiting.answer.set_result(list(range(first, first + len(waiting.entries))))
            first += len(waiting.entries)
