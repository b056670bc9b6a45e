"""The attributes of a row as numbers and times, with a sentence where one is missing or is something else."""

from datetime import datetime

from crm.moments import moment

LARGEST = (1 << 31) - 1
"""Ids are 32 bits wide at the source, and so they are kept."""


def number(cells: dict[str, str], name: str) -> int:
    """A whole number that must be told. ValueError says what is wrong with it."""
    written = cells.get(name)
    if not written:
        raise ValueError(f"the attribute “{name}” is missing")
    try:
        if -LARGEST <= (found := int(written)) <= LARGEST:
            return found
    except ValueError:  # said below, like a number that is too large
        pass
    raise ValueError(f"the attribute “{name}” should be a whole number but is “{written[:40]}”")


def number_or(cells: dict[str, str], name: str, otherwise: int) -> int:
    """A whole number if the row tells it."""
    return number(cells, name) if cells.get(name) else otherwise


def time(cells: dict[str, str], name: str) -> datetime:
    """A date and time; the dump's are UTC by definition and say no zone. ValueError says what is wrong with it."""
    return moment(cells.get(name, ""))
