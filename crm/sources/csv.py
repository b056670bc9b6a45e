"""A table of members or of activities (CSV, TSV or XLSX) from anywhere, once it is said what its columns mean."""

from collections.abc import Iterator

from crm.activity import Activity, Refused
from crm.csv.fitting import fit
from crm.csv.reading import read_tables
from crm.kinds import _
from crm.reading import Glimpse, Inputs

NAME = "csv"
LABEL = _("Table of members or activities")
HELP = _(
    "CSV, TSV or XLSX with a row of headings. What the columns mean is proposed; --map “COLUMN=MEANING” says it."
    " Give each table that numbers its rows from 1 a --host of its own."
)
MAKES = (
    "A row of a table of members becomes an arrival on its date of joining, or an entry in a list where there is no date.",
    "A row of a table of activities becomes what its word says: posted, replied, attended, …; other words count as “did”.",
    "A row without such a word becomes a message if it has a text, a reply if it also names what or whom it answers.",
    "The other person of a row becomes the one who was answered, thanked, invited, …, as its word says.",
    "A member is known by their own number if there is one, else by e-mail address, else by user name, else by display name.",
    "A row without a number of its own is told apart by who, when and what; rows that say the same are counted.",
)
CANNOT_KNOW = (
    "Whether two people of the same display name are one person.",
    "The zone of a time that has none: it is taken for UTC.",
    "Which of 03/04 is the month, if no date among the first 300 rows tells: the day is taken to come first.",
    "Whether a row was changed since the last import, unless rows have numbers of their own.",
)


def fits(glimpse: Glimpse) -> int:
    """Low, as every source that knows its own tables should come first."""
    return fit(glimpse)


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every row of every table."""
    yield from read_tables(inputs)
