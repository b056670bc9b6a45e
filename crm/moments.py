"""Every source writes its dates in its own way of ISO 8601; the log knows aware UTC only, and no date that cannot be."""

from datetime import UTC, datetime

EARLIEST, LATEST = 1970, 2100
"""Years in which somebody can have done something online, with room; the zero dates of programs fall outside."""


def moment(text: str) -> datetime:
    """An ISO 8601 date and time as aware UTC; without an offset it is taken to be UTC. ValueError tells what is wrong."""
    if not text.strip():
        raise ValueError("there is no date")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a date such as 2024-05-31T18:30:00+07:00") from None
    if not EARLIEST <= read.year < LATEST:
        raise ValueError(f"the year of “{text[:40]}” cannot be: it is not from {EARLIEST} to {LATEST - 1}")
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
