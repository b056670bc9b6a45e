"""The day of a score: the one that the address asks for, else that of the newest entry; one that cannot be is told at its field."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from crm.kinds import _
from projections.days import when_was_the_first_day, when_was_the_last_day
from web.problem import Problem


class WhichDay(msgspec.Struct):
    """`today` is the day; `on` the one that was asked for, if any, and `typed` as it was typed.

    `newest` is the last day of the data, None in an empty Kith; `problem` tells why what was typed is not shown.
    """

    today: date
    on: date | None
    newest: date | None
    typed: str
    problem: Problem | None


def which_day(connection: Connection[Any], typed: str) -> WhichDay:
    """What an address asks for by `?on=`."""
    first, newest = when_was_the_first_day(connection), when_was_the_last_day(connection)
    now = datetime.now(UTC).date()
    sentence, asked = _read(typed, first, now)
    problem = Problem(sentence, "on") if sentence else None
    return WhichDay(asked or newest or now, asked, newest, typed, problem)


def _read(typed: str, first: date | None, now: date) -> tuple[str, date | None]:
    """Why a day is not shown, or the day; neither where none is typed."""
    if not typed:
        return "", None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return _("This is no day. Write it as 2024-05-31."), None
    if day > now:
        return _("This day is still to come. Choose one up to today."), None
    if first is None or day < first:
        return _("Nothing had happened yet on that day. Choose a later one."), None
    return "", day
