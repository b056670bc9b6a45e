"""Dates are exported as numbers too: seconds since 1970, days as Excel counts them, or a date without its hyphens.

Each has a range of its own, so that the number itself tells which it is.
"""

from datetime import UTC, datetime, timedelta

from crm.csv.moment import NO_ZONE, When

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXCEL = datetime(1899, 12, 30, tzinfo=UTC)
"""Day 0 of Excel, for days after February 1900."""

DAY_SERIALS = range(25_569, 73_051)
"""1970 to 2099 as Excel counts days."""

UNITS = ((1e10, 1), (1e13, 1_000), (1e16, 1_000_000), (1e19, 1_000_000_000))
"""Numbers below the first count the second of it in a second: seconds, milliseconds, microseconds, nanoseconds."""

FIRST_SECOND = 10_000_000
"""Less than this since 1970 (April of that year) is taken for no date."""


def numbered(text: str) -> When | None:
    """The moment that a number stands for; None where it is no number that could be a date."""
    whole = text.isdecimal()
    if not (whole or text.replace(".", "", 1).isdecimal()) or len(text) > 30:
        return None
    number = float(text)
    if whole and len(text) in {8, 14} and (written := _digits(text)):
        return written
    if DAY_SERIALS.start <= number < DAY_SERIALS.stop:
        at = EXCEL + timedelta(seconds=round(number * 86_400))
        return When(at, "day") if number.is_integer() else When(at, "instant", NO_ZONE)
    for above, unit in UNITS:
        if FIRST_SECOND <= number < above:
            return When(EPOCH + timedelta(microseconds=round(number * 1_000_000 / unit)), "instant")
    return None


def _digits(text: str) -> When | None:
    """`20240531` and `20240531183000`."""
    try:
        at = datetime.strptime(text, "%Y%m%d" if len(text) == 8 else "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return When(at, "day") if len(text) == 8 else When(at, "instant", NO_ZONE)
