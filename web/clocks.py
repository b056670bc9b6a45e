"""The two clocks of an address: `on`, the last day of what had happened, and `known`, the day by whose end it was known."""

from datetime import UTC, date, datetime, timedelta

import msgspec
from litestar.exceptions import ClientException

from projections.days import when_was_the_last_day
from projections.then import where_did_the_log_end
from web.address import read_day
from web.page import Asked, kith
from web.spans import midnight

YEAR, DAY = timedelta(days=365), timedelta(days=1)


class Clocks(msgspec.Struct):
    """As of when a page is: `day` is `on` or else today, `position` where the log ended with `known`, None for now.

    `since` to `last` is a year that ends with `day`, or with the last day of the data if that is earlier.
    """

    on: date | None
    known: date | None
    day: date
    since: date
    last: date
    position: int | None

    @property
    def until(self) -> datetime | None:
        """Up to when what had happened counts; None where only what was known is asked, or nothing."""
        return midnight(self.on + DAY) if self.on else None

    @property
    def are_set(self) -> bool:
        """Whether another day than now is asked for."""
        return bool(self.on or self.known)


def read_clocks(request: Asked, on: str = "", known: str = "") -> Clocks:
    """What an address says of them; 400 for a day that is none."""
    on_day, known_day = read_day(on), read_day(known)
    day = on_day or datetime.now(UTC).date()
    if known_day and known_day > datetime.now(UTC).date():
        raise ClientException(status_code=400)
    with kith(request).connection() as connection:
        newest = when_was_the_last_day(connection) or day
        position = where_did_the_log_end(connection, midnight(known_day + DAY)) if known_day else None
    last = min(newest, day)
    return Clocks(on_day, known_day, day, last - YEAR + DAY, last, position)
