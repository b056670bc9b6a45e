"""Moments as bots and platforms write them where they are no ISO 8601: seconds since 1970, and inside Discord's ids."""

from datetime import UTC, datetime, timedelta

from crm.moments import EARLIEST, LATEST

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DISCORD = 1_420_070_400_000
"""Milliseconds of 2015-01-01, from which Discord counts."""


def of_seconds(seconds: float) -> datetime:
    """The moment so many seconds after 1970. ValueError where there can be none."""
    try:
        at = EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        raise ValueError(f"{str(seconds)[:40]} is no time in seconds since 1970") from None
    if not EARLIEST <= at.year < LATEST:
        raise ValueError(f"the year {at.year} cannot be: it is not from {EARLIEST} to {LATEST - 1}")
    return at


def of_snowflake(number: str) -> datetime:
    """When something on Discord was made, by its id. ValueError where it is none."""
    if not (number.isascii() and number.isdecimal() and len(number) <= 20):
        raise ValueError(f"“{number[:40]}” is no id of Discord")
    return of_seconds(((int(number) >> 22) + DISCORD) / 1000)


def day(at: datetime) -> str:
    """A moment in a sentence: to the minute, in UTC."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
