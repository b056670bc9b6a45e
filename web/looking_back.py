"""As of: which day a list counts back from, and the tables as they were on the day that its address names."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from projections import days
from projections.then import Moment, Then, then, where_did_the_log_end
from web.spans import midnight

QUIET = timedelta(days=7)
"""After so long without an entry days count back from the newest one."""


class AsOf(msgspec.Struct):
    """`today` is the day that days count back from. `on` asks what had happened by that day, `known` what was known by that day.

    `newest` is the last day of the data, None in an empty Kith; `looks_back` says that `today` is that day.
    """

    today: date
    newest: date | None
    looks_back: bool
    on: date | None = None
    known: date | None = None


def as_of(connection: Connection[Any], on: date | None = None, known: date | None = None) -> AsOf:
    """The day to count back from: the one that is asked for, else today, or the last one on which anything happened."""
    newest, now = days.when_was_the_last_day(connection), datetime.now(UTC).date()
    day = min(one for one in (on, known, now) if one)
    looks_back = not on and newest is not None and newest < day - QUIET
    return AsOf(newest if newest and looks_back else day, newest, looks_back, on, known)


def tables(connection: Connection[Any], moment: AsOf) -> Then | None:
    """The tables as they were; None where no day is asked for."""
    if not moment.on and not moment.known:
        return None
    until = midnight(moment.on + timedelta(days=1)) if moment.on else None
    asked = Moment(until=until, said_until=until)
    if moment.known:
        end = where_did_the_log_end(connection, midnight(moment.known + timedelta(days=1)))
        asked = msgspec.structs.replace(asked, known=end, said=end, whom=end)
    return then(connection, asked)


def a_week_ago(connection: Connection[Any], moment: AsOf) -> tuple[date, Then]:
    """The tables of a week before `today`. What the team says it says by today's calendar, however old the data are."""
    day = moment.today - timedelta(days=7)
    said = where_did_the_log_end(connection, datetime.now(UTC) - timedelta(days=7))
    return day, then(connection, Moment(until=midnight(day + timedelta(days=1)), said=said))
