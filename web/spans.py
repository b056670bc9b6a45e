"""Stretches of time as charts draw them: without gaps, and coarser where there would be too many bars."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from projections.relationships import Month

HEAT = 182
"""Days of a strip of half a year in whole weeks."""

BARS = 24
"""Months drawn one by one; longer stretches are drawn year by year."""


class Stretch(msgspec.Struct):
    """A month or a year of a relationship, as a pair of bars."""

    begins: date
    yearly: bool
    given: int
    received: int


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time.min, UTC)


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before that of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def by_month(days: dict[date, int], last: date) -> list[int]:
    """The sum of each of the twelve months that end with that of `last`."""
    months: Counter[date] = Counter()
    for day, n in days.items():
        months[day.replace(day=1)] += n
    return [months[months_before(last, ago)] for ago in range(11, -1, -1)]


def by_day(days: dict[date, int], last: date) -> list[tuple[date, int]]:
    """Each day of the half year that ends with `last`."""
    first = last - timedelta(days=HEAT - 1)
    return [(day := first + timedelta(days=n), days.get(day, 0)) for n in range(HEAT)]


def stretches(months: list[Month]) -> list[Stretch]:
    """Months without a gap from the first to the last, or years where they would be too many."""
    if not months:
        return []
    first, last = months[0].month, months[-1].month
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    yearly = span > BARS
    begins = [date(year, 1, 1) for year in range(first.year, last.year + 1)] if yearly else []
    begins = begins or [months_before(last, ago) for ago in range(span - 1, -1, -1)]
    found = {day: Stretch(day, yearly, 0, 0) for day in begins}
    for each in months:
        stretch = found[each.month.replace(month=1) if yearly else each.month]
        stretch.given += each.given
        stretch.received += each.received
    return list(found.values())
