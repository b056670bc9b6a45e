"""One table writes all its dates in one way, so whether 03/04 is in March or in April is decided for the whole column.

Its first rows decide. Where none of them does, the day comes first, as in Vietnam and most of the world, and each date
that could be read otherwise says that it is doubtful.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from crm.activity import Precision
from crm.csv.folding import fold
from crm.csv.moment import NO_ZONE, When
from crm.csv.numbers import numbered
from crm.moments import EARLIEST, LATEST

LONGEST = 60
"""Characters of the longest date."""

EITHER = "day and month could be the other way round; the day was taken to come first"

TIME = (
    r"(?P<hour>\d{1,2})(?::|[hH])(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[AaPp]\.?[Mm]\.?|SA|CH))?(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
NUMBERS = re.compile(r"(?P<a>\d{1,4})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})(?:(?:,?\s+|T)" + TIME + ")?")
TIME_FIRST = re.compile(TIME + r",?\s+(?P<date>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})")
DAY_MONTH = re.compile(
    r"(?:ngay )?(?P<day>\d{1,2}) (?P<month>(?:thang |thg )\d{1,2}|[a-z]{3,9}) (?:nam )?(?P<year>\d{4})"
)
MONTH_DAY = re.compile(r"(?P<month>[a-z]{3,9}) (?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<year>\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDED = re.compile(r"^(?P<date>.*?\d{4})(?:,?\s+(?:at\s+|lúc\s+)?" + TIME + ")?$")


class Dates:
    """Reads the dates of one column. `day_first` is None where its first rows did not tell."""

    def __init__(self, first: Iterable[str] = ()) -> None:
        self.day_first = day_first(first)

    def read(self, text: str) -> When:
        """A date as it stands in a cell. ValueError says what is wrong with it."""
        if not text:
            raise ValueError("there is no date")
        try:
            when = self._shaped(text) if len(text) <= LONGEST else None
        except (ValueError, OverflowError):
            when = None
        if when is None:
            raise ValueError(f"“{text[:40]}” is not a date{self._order()}")
        if not EARLIEST <= when.at.year < LATEST:
            raise ValueError(f"the year of “{text[:40]}” cannot be: it is not from {EARLIEST} to {LATEST - 1}")
        return when

    def _order(self) -> str:
        if self.day_first is None:
            return " such as 2024-05-31 or 31/05/2024"
        order = "day, month, year" if self.day_first else "month, day, year"
        return f"; the other dates of this column are written {order}"

    def _shaped(self, text: str) -> When | None:
        if (number := numbered(text)) is not None:
            return number
        if text[:4].isdecimal() and len(text) > 9 and (when := iso(text)):
            return when
        if found := NUMBERS.fullmatch(text):
            return self._numbers(found)
        if found := TIME_FIRST.fullmatch(text):
            return self._numbers(NUMBERS.fullmatch(found["date"]), found)
        return worded(text) or mailed(text)

    def _numbers(self, found: re.Match[str] | None, clock: re.Match[str] | None = None) -> When | None:
        if found is None:
            return None
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        if len(found["a"]) == 4:
            return timed(a, b, c, clock or found)
        first = self.day_first is not False
        day, month = (a, b) if first else (b, a)
        when = timed(full_year(found["c"]), month, day, clock or found)
        either = self.day_first is None and found["mark"] != "." and a <= 12 and b <= 12 and a != b
        return when._replace(doubt=EITHER) if either else when


def is_date(text: str) -> bool:
    """Whether a text is a date; short numbers are not, as any count could be one of Excel's days."""
    if not 8 <= len(text) <= LONGEST:
        return False
    try:
        Dates((text,)).read(text)
    except ValueError:
        return False
    return True


def day_first(cells: Iterable[str]) -> bool | None:
    """Whether the day comes before the month in `31/05/2024`, as soon as a cell tells; None where none does.

    Dates with points are written with the day first wherever they are written.
    """
    for cell in cells:
        found = TIME_FIRST.fullmatch(cell[:LONGEST])
        numbers = NUMBERS.fullmatch(found["date"] if found else cell[:LONGEST])
        if numbers is None or len(numbers["a"]) == 4:
            continue
        if numbers["mark"] == "." or int(numbers["a"]) > 12:
            return True
        if int(numbers["b"]) > 12:
            return False
    return None


def iso(text: str) -> When | None:
    """ISO 8601, also with a space before the zone or with UTC for it."""
    body = text[:-4] + "Z" if text.endswith(" UTC") else text
    try:
        at = datetime.fromisoformat(body)
    except ValueError:
        try:
            at = datetime.fromisoformat(body.replace(" +", "+").replace(" -", "-"))
        except ValueError:
            return None
    if len(text) == 10:
        return When(at.replace(tzinfo=UTC), "day")
    precision: Precision = "instant" if text.count(":", 0, 19) > 1 else "minute"
    return in_utc(at, precision)


def in_utc(at: datetime, precision: Precision) -> When:
    """The moment in UTC; without a zone it is taken to be there, which is doubtful."""
    return When(at.astimezone(UTC), precision) if at.tzinfo else When(at.replace(tzinfo=UTC), precision, NO_ZONE)


def timed(year: int, month: int, day: int, clock: re.Match[str]) -> When:
    """A date with the time of day that was found beside it, if any. ValueError where there is no such day or time."""
    if clock["hour"] is None:
        return When(datetime(year, month, day, tzinfo=UTC), "day")
    hour, half = int(clock["hour"]), (clock["half"] or "")[:1].upper()
    if half:
        hour = hour % 12 + (12 if half in "PC" else 0)
    at = datetime(year, month, day, hour, int(clock["minute"]), int(clock["second"] or 0), tzinfo=zone(clock["zone"]))
    return in_utc(at, "instant" if clock["second"] else "minute")


def zone(text: str | None) -> timezone | None:
    """`Z`, `UTC`, `+07:00` or `+0700`."""
    if not text or text[0] not in "+-":
        return UTC if text else None
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def full_year(digits: str) -> int:
    """A year of two digits is of the seventies at the earliest, as dates online are."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year >= 70 else 2000)


def worded(text: str) -> When | None:
    """`31 May 2024`, `May 31, 2024 1:05 PM`, `31 thg 5, 2024`, `ngày 31 tháng 5 năm 2024`; None where it is none of these."""
    whole = WORDED.match(text)
    if whole is None:
        return None
    date = fold(whole["date"])
    found = DAY_MONTH.fullmatch(date) or MONTH_DAY.fullmatch(date)
    if found is None:
        return None
    month = found["month"].rpartition(" ")[2]
    number = int(month) if month.isdecimal() else MONTHS.index(month[:3]) + 1
    return timed(int(found["year"]), number, int(found["day"]), whole)


def mailed(text: str) -> When | None:
    """A date as in the head of a mail (RFC 5322)."""
    if not text[:1].isalpha() or "," not in text[:6]:
        return None
    return in_utc(parsedate_to_datetime(text), "instant")
