"""The zone of a calendar is named in many ways: as the world names it, as Windows does, or by its own definition of it."""

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crm.activity import Precision
from crm.events.gathering import NO_ZONE
from crm.events.lines import Property, properties
from crm.moments import EARLIEST, LATEST

MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")
RULE = re.compile(rb"FREQ=(?!YEARLY)|INTERVAL=|BY(?:HOUR|MINUTE|SECOND)=", re.IGNORECASE)
"""A zone that changes by other rules than once a year is none, and working it out could take for ever."""

WRONG: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError)
"""What making a zone out of nonsense raises."""


@lru_cache(maxsize=1000)
def zone_named(name: str) -> tzinfo | None:
    """The zone of a name such as Asia/Ho_Chi_Minh, SE Asia Standard Time or /vendor/Asia/Ho_Chi_Minh."""
    for known in _spellings(name.strip().strip('"')):
        try:
            return ZoneInfo(known)
        except WRONG:
            continue
    return None


def _spellings(name: str) -> Iterator[str]:
    yield WINDOWS_TO_OLSON.get(name, name)
    parts = name.strip("/").split("/")
    yield from ("/".join(parts[-size:]) for size in (3, 2, 1) if size <= len(parts))


class Zones:
    """The zones of one calendar: `usual` is what the calendar says of itself, `own` what it defines."""

    def __init__(self) -> None:
        self.usual = ""
        self.own: dict[str, tzinfo] = {}

    def learn(self, raw: bytes) -> None:
        """Take up a definition, unless the name says it already or it is nonsense."""
        name = next((found.value for found in properties(raw).get("TZID", [])), "")
        if name in self.own or zone_named(name) or RULE.search(raw) or len(self.own) > 1000:
            return
        try:
            with warnings.catch_warnings(action="ignore"):
                parsed = Timezone.from_ical(
                    (b"BEGIN:VTIMEZONE\r\n" + raw + b"END:VTIMEZONE\r\n").decode("utf-8", "replace")
                )
                made = cast(Timezone, parsed).to_tz(lookup_tzid=False)
                made.utcoffset(datetime(2024, 1, 1))  # noqa: DTZ001, a zone is asked by local time
        except WRONG:
            return
        self.own[name] = made

    def moment(self, told: Property) -> tuple[datetime, Precision, str]:
        """A date or date with time as aware UTC, its precision, and a doubt. ValueError tells what is wrong."""
        found = MOMENT.match(told.value.strip())
        local = _local(found) if found else None
        if found is None or local is None:
            raise ValueError(f"“{told.value[:40]}” is not a date such as 20240531T183000Z")
        if found[4] is None:
            return local, "day", ""
        if found[7]:
            return local, "minute", ""
        name = told.parameters.get("TZID") or self.usual
        zone = self.own.get(name) or (zone_named(name) if name else None)
        if zone is None:
            return local, "minute", NO_ZONE if not name else "the zone of the time is unknown and was taken for UTC"
        return shifted(local, zone), "minute", ""


def _local(found: re.Match[str]) -> datetime | None:
    """What a clock on the wall shows, as if it were in UTC; None for what no calendar has."""
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    return local if EARLIEST <= year < LATEST else None


def shifted(local: datetime, zone: tzinfo) -> datetime:
    """A clock's time in a zone as aware UTC."""
    offset = local.replace(tzinfo=zone).utcoffset()
    return local.replace(tzinfo=UTC) - (offset or timedelta())
