"""Which day is taken for today: the newest day of the data where nothing came in for long."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from projections.days import when_was_the_last_day
from projections.team import what_day_is_it


class Day(msgspec.Struct):
    """The day that is taken for today. `newest` is the last on which anything happened, None in an empty Kith."""

    newest: date | None
    today: date

    @property
    def looks_back(self) -> bool:
        """Whether nothing came in for so long that the page looks back from the newest day."""
        return self.newest == self.today < datetime.now(UTC).date() - timedelta(days=7)


def what_day(connection: Connection[Any]) -> Day:
    """The day from which silence is counted."""
    newest = when_was_the_last_day(connection)
    return Day(newest, what_day_is_it(newest, datetime.now(UTC).date()))
