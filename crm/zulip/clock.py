"""Zulip counts seconds in one place and writes ISO 8601 in another."""

from datetime import UTC, datetime

from crm.moments import EARLIEST, LATEST, moment

FIRST = datetime(EARLIEST, 1, 1, tzinfo=UTC).timestamp()
LAST = datetime(LATEST, 1, 1, tzinfo=UTC).timestamp()


def moment_of(told: float | str | None) -> datetime:
    """Seconds since 1970, or ISO 8601, as aware UTC. ValueError tells what is wrong."""
    if isinstance(told, str):
        return moment(told)
    if told is None:
        raise ValueError("there is no date")
    if not FIRST <= told < LAST:
        raise ValueError(f"“{told:.6g}” seconds after 1970 is no time at which something was written")
    return datetime.fromtimestamp(told, UTC)
