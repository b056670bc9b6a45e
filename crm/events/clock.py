"""Tables write dates as their makers like; the order of day and month, the clock and the zone are read as far as they are told."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from crm.activity import Precision
from crm.events.gathering import NO_ZONE
from crm.events.zones import shifted
from crm.moments import EARLIEST, LATEST

NO_ORDER = "which number is the day and which the month was guessed"
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
FEW_ZONES = {
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "ict": 7,
    "est": -5,
    "edt": -4,
    "pst": -8,
    "pdt": -7,
    "cet": 1,
    "cest": 2,
    "sgt": 8,
}
"""Abbreviations that mean one zone only, with its hours from UTC."""

CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?\b|\s*(SA|CH|sa|ch)\b)?")
YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
NUMBERS = re.compile(r"\b(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d\d)(?!\d)")
DAY_WORD = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -](?:of )?([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d\d)\b")
WORD_DAY = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
VIETNAMESE = re.compile(r"\b(\d{1,2}) (?:thg|tháng|Thg|Tháng) (\d{1,2}),? (?:năm )?(\d{4})\b")
OFFSET = re.compile(r"(UTC|GMT)?\s*([+-])(\d{1,2}):?(\d\d)?\)?$", re.IGNORECASE)
LETTERS = re.compile(r"\b([A-Za-z]{1,4})\)?$")


class Reading(NamedTuple):
    """A moment of a table: aware UTC, the day as its clock showed it, how well it is known, and what was guessed."""

    at: datetime
    day: str
    precision: Precision
    doubt: str


@lru_cache(maxsize=4096)
def read_moment(text: str, zone: tzinfo | None, day_first: bool) -> Reading:
    """A date, with a time or without; `zone` is that of the table, `day_first` its order. ValueError says what is wrong."""
    if text[4:5] == "-" and (iso := _iso(text, zone)):
        return iso
    text = " ".join(text.split())
    clock = CLOCK.search(text)
    before, rest = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    numbers, doubt = _day(before + " " + rest if clock else text, day_first or bool(clock and clock[5]))
    local = _local(numbers, clock)
    if local is None or not EARLIEST <= local.year < LATEST:
        raise ValueError(f"“{text[:40]}” is not a date that Kith can read, such as 2024-05-31 18:30")
    shown = f"{local:%Y-%m-%d}"
    if clock is None:
        return Reading(local, shown, "day", doubt)
    precision: Precision = "instant" if clock[3] else "minute"
    own = _own_zone(rest.strip(), sure=precision == "instant") or zone
    return Reading(shifted(local, own or UTC), shown, precision, doubt or ("" if own else NO_ZONE))


def _iso(text: str, zone: tzinfo | None) -> Reading | None:
    """The way that most platforms write; None where it only begins like it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not EARLIEST <= local.year < LATEST:
        return None
    if len(text) <= 10:
        return Reading(local.replace(tzinfo=UTC), f"{local:%Y-%m-%d}", "day", "")
    precision: Precision = "instant" if text[16:17] == ":" else "minute"
    if local.tzinfo:
        return Reading(local.astimezone(UTC), text[:10], precision, "")
    if zone:
        return Reading(shifted(local, zone), text[:10], precision, "")
    return Reading(local.replace(tzinfo=UTC), text[:10], precision, NO_ZONE)


def _day(text: str, day_first: bool) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month and day, and a doubt where their order had to be guessed."""
    if found := YEAR_FIRST.search(text):
        return (int(found[1]), int(found[2]), int(found[3])), ""
    if found := NUMBERS.search(text):
        return _ordered(int(found[1]), int(found[3]), _year(found[4]), day_first or found[2] == ".")
    if found := VIETNAMESE.search(text):
        return (int(found[3]), int(found[2]), int(found[1])), ""
    if (found := DAY_WORD.search(text)) and (month := _month(found[2])):
        return (_year(found[3]), month, int(found[1])), ""
    if (found := WORD_DAY.search(text)) and (month := _month(found[1])):
        return (int(found[3]), month, int(found[2])), ""
    return None, ""


def _ordered(first: int, second: int, year: int, day_first: bool) -> tuple[tuple[int, int, int], str]:
    if first > 12 or second > 12:
        return ((year, second, first) if first > 12 else (year, first, second)), ""
    guessed = "" if day_first or first == second else NO_ORDER
    return ((year, second, first) if day_first else (year, first, second)), guessed


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(word: str) -> int:
    return MONTHS.index(word[:3].lower()) + 1 if word[:3].lower() in MONTHS else 0


def _local(numbers: tuple[int, int, int] | None, clock: re.Match[str] | None) -> datetime | None:
    """What a clock on the wall shows, as if it were in UTC; None for what no calendar has."""
    if numbers is None:
        return None
    hour, minute, second = (int(clock[part] or 0) for part in (1, 2, 3)) if clock else (0, 0, 0)
    half = ((clock[4] or clock[5] or "").lower() if clock else "")[:1]
    if half in ("p", "c") and hour < 12:
        hour += 12
    elif half in ("a", "s") and hour == 12:
        hour = 0
    try:
        return datetime(*numbers, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None


def _own_zone(rest: str, *, sure: bool) -> tzinfo | None:
    """The zone that stands behind a time: +07:00, (GMT+7), UTC. After 9:00, -11:00 is an end, unless `sure` that it is not."""
    found = OFFSET.search(rest)
    if found and int(found[3]) < 15 and (found[1] or found[2] == "+" or sure):
        offset = timedelta(hours=int(found[3]), minutes=int(found[4] or 0) % 60)
        return timezone(-offset if found[2] == "-" else offset)
    word = LETTERS.search(rest)
    hours = FEW_ZONES.get(word[1].lower()) if word else None
    return None if hours is None else timezone(timedelta(hours=hours))
