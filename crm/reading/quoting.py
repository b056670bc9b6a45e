"""One quotation mark that is never closed would swallow the rest of a table; here it costs the row in which it stands."""

import csv
from collections.abc import Iterable, Iterator, Sequence

LONGEST_CELL = 8 << 20
csv.field_size_limit(LONGEST_CELL)

UNCLOSED: Sequence[str] = ()
"""What stands for a row in which a quotation mark is opened and not closed."""


class Lines:
    """The lines of a table; those of the row that is being read are remembered, so that they can be read again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self.of_row: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        self.of_row.append(line)
        return line

    def again(self) -> None:
        """Read all but the first line of this row once more, as rows of their own."""
        self._again += reversed(self.of_row[1:])
        self.number -= len(self.of_row) - 1


def rows_of_lines(lines: Iterable[str], separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows, each with the line on which it begins; `UNCLOSED` for one whose quotation mark is not closed.

    A mark that is closed in the middle of a later row was not meant to be closed there.
    """
    source = Lines(lines)
    reader = csv.reader(source, delimiter=separator, strict=True)
    while True:
        source.of_row.clear()
        begin = source.number + 1
        try:
            row: Sequence[str] = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = roughly(source.of_row, separator)
            source.again()
            reader = csv.reader(source, delimiter=separator, strict=True)
        yield begin, row


def roughly(lines: Sequence[str], separator: str) -> Sequence[str]:
    """A row with marks where none belong, read as well as it can be if it is one line that closes what it opens."""
    if len(lines) > 1 or lines[0].count('"') % 2:
        return UNCLOSED
    try:
        return next(csv.reader(lines, delimiter=separator))
    except csv.Error:  # longer than any cell can be
        return UNCLOSED
