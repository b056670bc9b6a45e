"""The columns of a table as somebody is asked about them: how each is headed, what stands in it, what it seems to mean."""

from itertools import islice

import msgspec

from crm.csv.proposing import propose
from crm.errors import Refusal
from crm.installation import Installation
from crm.mappings import TABLES, recall
from crm.reading import Inputs, Record
from crm.reading.records import records_of
from crm.uploads import Upload, inputs_of

ROWS, SAMPLES = 100, 3
"""Rows that are looked at for a proposal, and filled cells that are shown of a column."""


class Column(msgspec.Struct):
    """A column; `meaning` is a word of `crm.csv.meanings`, "" where it is left out."""

    heading: str
    samples: list[str]
    meaning: str


def columns_of(kith: Installation, upload: Upload) -> list[Column]:
    """The columns of the first table with what was said of them: for these files, for earlier ones, or else what is likely.

    None where the files are no tables.
    """
    rows = _first_rows(inputs_of(kith, upload)) if upload.source == TABLES else []
    if not rows:
        return []
    headings = list(rows[0])
    meanings = upload.mapping or recall(kith, headings) or propose(headings, rows)
    return [
        Column(heading, [cell[:80] for row in rows if (cell := row[heading])][:SAMPLES], meanings.get(heading, ""))
        for heading in headings
    ]


def mapping_of(columns: list[Column]) -> dict[str, str]:
    """What each column means, by its heading."""
    return {column.heading: column.meaning for column in columns}


def _first_rows(inputs: Inputs) -> list[dict[str, str]]:
    try:
        for document in inputs.ahead(lambda _: True):
            found = (one.cells for one in records_of(document) if isinstance(one, Record))
            if rows := list(islice(found, ROWS)):
                return rows
    except Refusal:  # the preview says why they cannot be read
        return []
    return []
