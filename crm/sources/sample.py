"""A community that never was, so that every page has something to show before a first import."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Refused
from crm.kinds import _
from crm.reading import Inputs
from crm.sample.community import activities

__all__ = ["HELP", "LABEL", "NAME", "activities", "read"]

NAME = "sample"
LABEL = _("Sample community")
HELP = _("An invented community of 400 people over two years. It reads no file.")
MAKES = ("Questions, answers, thanks, changes, reviews, stars and gatherings of people who never were.",)
CANNOT_KNOW = ("Anything about real people.",)


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """The two years that end today; `inputs` is not looked at."""
    yield from activities(datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0))
