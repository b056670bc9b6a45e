"""Some products give the same things as JSON by their API and as tables by a button; one folder may hold both."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading import Document, Record, Row
from crm.reading.records import records_of
from crm.reading.rows import rows_of

FIRST = 300
"""Rows of a table that decide what its columns mean and how its dates are written."""


class Sheet(NamedTuple):
    """A table: its first records, and all of them with what was refused."""

    first: list[Record]
    records: Iterator[Record | Refused]


def opened(document: Document) -> Iterator[Row | Refused] | Sheet:
    """The rows of a document of JSON, or the table that it is. Refusal where it cannot be opened."""
    if document.stream.peek(512).lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):  # type: ignore[attr-defined]
        return rows_of(document)
    return table_of(document)


def table_of(document: Document) -> Sheet:
    """The table that a document is; without first records where there is no row."""
    records = records_of(document)
    first = list(islice(records, FIRST))
    return Sheet([one for one in first if isinstance(one, Record)], chain(first, records))


def refused(document: Document, reason: Refusal) -> Refused:
    """A document that cannot be opened."""
    return Refused(document.name, 0, str(reason))
