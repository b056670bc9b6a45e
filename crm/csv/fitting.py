"""Whether a document is a table at all: chats and lists have commas too, but no row of headings above rows as wide."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

from crm.csv.dates import is_date
from crm.csv.folding import fold
from crm.csv.headings import KNOWN
from crm.csv.meanings import PERSON
from crm.csv.people import ADDRESS, NAMED
from crm.csv.proposing import propose
from crm.errors import Refusal
from crm.reading import Glimpse
from crm.reading.packing import ZIP
from crm.reading.records import named, rows_in, under

LOOK = 60
"""Rows that are looked at."""

NO_TABLES = (b"{", b"[", b"<", b"")
EVEN = 0.9
"""So many of the rows are as wide as the headings."""

LONGEST = 60
"""Characters of a heading; more is a sentence."""


def fit(glimpse: Glimpse) -> int:
    """From 0 to 20, so that whoever knows a table better wins: 20 where it is told who it was."""
    head = glimpse.head
    if head.startswith(ZIP):
        return 15 if b"xl/" in head or b"[Content_Types].xml" in head else 0
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in NO_TABLES:
        return 0
    rows = first_rows(head)
    if len(rows) < 2 or not all(map(is_heading, rows[0])):
        return 0
    headings, wide = named(rows[0]), len(rows[0])
    even = sum(len(row) == wide for row in rows) >= EVEN * len(rows)
    if not even or sum(map(bool, headings)) < 2:
        return 12 if wide == 1 and even and KNOWN.get(fold(headings[0])) in PERSON else 0
    proposed = propose([heading for heading in headings if heading], [under(headings, row) for row in rows[1:]])
    return 20 if set(PERSON) & set(proposed.values()) else 10


def first_rows(head: bytes) -> list[Sequence[str]]:
    """The rows at the beginning of a table of text, without one that is cut off; none where it is no text."""
    stream = io.BufferedReader(io.BytesIO(head), 1 << 17)
    try:
        rows = [row for _, row in islice(rows_in(stream), LOOK)]
    except (Refusal, csv.Error):
        return []
    return rows if len(rows) == LOOK or len(head) < 1 << 16 else rows[:-1]


def is_heading(cell: str) -> bool:
    """Whether a cell could head a column: it is no date, number, address or sentence."""
    text = cell.strip()
    if len(text) > LONGEST or "\n" in text or ADDRESS.fullmatch(text) or NAMED.fullmatch(text) or is_date(text):
        return False
    return not text or any(map(str.isalpha, text))
