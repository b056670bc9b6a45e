"""The dates of a table are written as its maker's computer liked them, by the version of the exporter: three families.

`07-Feb-19 07:35 PM` in the oldest, then by country (`7/2/2019 19:35`), then ISO 8601 with a zone.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from crm.csv.dates import MONTHS, Dates, full_year, iso
from crm.csv.moment import NO_ZONE, When

SWAPPED = "day and month could be the other way round"
KEPT = 1 << 14
HALVES = {"AM": 0, "PM": 12}


class Calendar:
    """Reads the dates of all tables of a run. `ahead` gives the dates of every table, from the first on.

    Whether 07/02 is in February is decided once for the run, by the first date anywhere that can only be read one way.
    """

    def __init__(self, ahead: Callable[[], Iterable[str]]) -> None:
        self._ahead = ahead
        self._read: dict[str, When] = {}
        self._countries: dict[bool, tuple[Dates, str]] = {}

    def read(self, text: str) -> When:
        """A date as it stands in a cell. ValueError says what is wrong with it."""
        known = self._read.get(text)
        if known is None:
            if len(self._read) > KEPT:
                self._read.clear()
            known = self._read[text] = (
                oldest(text) or (iso(text) if text[:4].isdecimal() else None) or self._country(text)
            )
        return known

    def _country(self, text: str) -> When:
        halves = any(map(str.isalpha, text))
        if halves not in self._countries:
            self._countries[halves] = self._decided(halves)
        dates, doubt = self._countries[halves]
        when = dates.read(text)
        return when._replace(doubt=f"{NO_ZONE}; {doubt}") if doubt else when

    def _decided(self, halves: bool) -> tuple[Dates, str]:
        """Where no date tells, those with AM and PM are of the United States, and others of the rest of the world."""
        dates = Dates(one for one in self._ahead() if any(map(str.isalpha, one)) is halves)
        if dates.day_first is not None:
            return dates, ""
        dates.day_first = not halves
        return dates, SWAPPED


def aged(text: str) -> bool:
    """Whether a date is written as by the exporters of before September 2022, when names still had numbers."""
    return len(text) == 18 and text[2:7:4] == "--" and text[16:] in HALVES


def oldest(text: str) -> When | None:
    """`07-Feb-19 07:35 PM`."""
    if not aged(text):
        return None
    try:
        month, hour = MONTHS.index(text[3:6].lower()) + 1, int(text[10:12]) % 12 + HALVES[text[16:]]
        at = datetime(full_year(text[7:9]), month, int(text[:2]), hour, int(text[13:15]), tzinfo=UTC)
    except ValueError:
        return None
    return When(at, "minute", NO_ZONE)
