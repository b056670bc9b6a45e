"""What an address says beside its path: a place in a stream, a day, a person, a row to go on from.

A place in a stream is a moment and a position, so that an older page never moves. What says nothing is answered with 400.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from litestar.exceptions import ClientException

FARTHEST = 10_000
"""The row after which somebody must narrow down a list instead of paging on."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(NamedTuple):
    """A place in a stream."""

    at: datetime
    position: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.position}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The place an address names; None for an empty one."""
        if not text:
            return None
        micros, _, position = text.partition(".")
        try:
            cursor = cls(_EPOCH + timedelta(microseconds=int(micros)), int(position))
        except (ValueError, OverflowError):
            raise ClientException(status_code=400) from None
        if not 0 <= cursor.position < 2**63:
            raise ClientException(status_code=400)
        return cursor


def read_day(text: str) -> date | None:
    """A day an address names; None for an empty one."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ClientException(status_code=400) from None
    if not 1970 <= day.year < 2200:
        raise ClientException(status_code=400)
    return day


def read_id(text: str) -> UUID | None:
    """Somebody an address names; None for nobody."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ClientException(status_code=400) from None


def read_offset(text: str) -> int:
    """How many rows stood on the pages before; 0 for what is no number."""
    return min(int(text), FARTHEST) if text.isdecimal() and len(text) < 9 else 0
