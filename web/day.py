"""As of which day a page about the whole past stands: the one that its address names, else that of the newest entry."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from projections.days import when_was_the_last_day
from web.address import read_day


class Day(msgspec.Struct):
    """`today` is the day; `on` the one that was asked for, if any; `newest` the last of the data, None in an empty Kith."""

    today: date
    on: date | None
    newest: date | None


def read_the_day(connection: Connection[Any], on: str) -> Day:
    """What an address says; 400 for a day that is none. A day to come is today."""
    asked, newest, now = read_day(on), when_was_the_last_day(connection), datetime.now(UTC).date()
    return Day(min(asked, now) if asked else newest or now, asked, newest)
