"""Tables are read one by one, each under the mapping that was given or else the one that is proposed for it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from crm.activity import Activity, Refused
from crm.csv.acts import told
from crm.csv.meanings import PERSON, check, check_headings
from crm.csv.mixed import table_of
from crm.csv.proposing import propose
from crm.csv.table import Table
from crm.errors import Refusal
from crm.reading import Document, Inputs, Record

NOBODY = (
    "no column of this table says who it was; say which one is the name, the e-mail address or the user name (typed, for"
    " example: --map “{column}=name”). Its columns are {columns}"
)


def read_tables(inputs: Inputs) -> Iterator[Activity | Refused]:
    """What the rows of all tables tell. Refusal where the given mapping does not fit the first table."""
    if inputs.mapping:
        check(inputs.mapping)
    now, given = datetime.now(UTC), False
    for document in inputs.documents():
        sheet = table_of(document)
        mapping = _mapping(inputs, sheet.first, document, given=given) if sheet.first else {}
        given = given or bool(sheet.first)
        if sheet.first and not any(meaning in PERSON for meaning in mapping.values()):
            yield _nobody(sheet.first[0])
            continue
        table = Table(mapping, sheet.first, inputs.host)
        for record in sheet.records:
            yield record if isinstance(record, Refused) else told(record, table, now)


def _mapping(inputs: Inputs, rows: list[Record], document: Document, *, given: bool) -> Mapping[str, str]:
    """The mapping that was given, if this table has its columns (the first one must), else what is proposed."""
    headings = list(rows[0].cells)
    if inputs.mapping:
        try:
            check_headings(inputs.mapping, headings, document.name)
        except Refusal:
            if not given:
                raise
        else:
            return inputs.mapping
    return propose(headings, [row.cells for row in rows])


def _nobody(record: Record) -> Refused:
    headings = list(record.cells)
    columns = ", ".join(f"“{heading}”" for heading in headings)
    return Refused(record.file, 1, NOBODY.format(columns=columns[:600], column=headings[0] if headings else "…"))
