"""What a cell tells of a moment, whichever way it is written."""

from datetime import datetime
from typing import NamedTuple

from crm.activity import Precision

NO_ZONE = "the time has no zone and was taken for UTC"


class When(NamedTuple):
    """A moment in UTC, how well it is known, and what had to be guessed."""

    at: datetime
    precision: Precision
    doubt: str = ""
