"""What the columns of a table mean, remembered by its headings: who brings the same export each month says it once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from psycopg.types.json import Jsonb

from crm.csv.meanings import check, check_headings
from crm.installation import Installation
from crm.reading import Inputs, Record
from crm.reading.records import records_of

TABLES = "csv"
"""The source whose columns are mapped."""


def headings_of(inputs: Inputs) -> list[str]:
    """The headings of the first table there is; none where there is none."""
    for document in inputs.ahead(lambda _: True):
        for record in records_of(document):
            return list(record.cells) if isinstance(record, Record) else []
    return []


def remember(kith: Installation, headings: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Keep what these headings mean."""
    with kith.connection() as connection:
        connection.execute(
            """INSERT INTO column_mappings VALUES (%(headings)s, %(mapping)s, %(at)s)
            ON CONFLICT (headings) DO UPDATE SET mapping = excluded.mapping, at = excluded.at""",
            {"headings": list(headings), "mapping": Jsonb(dict(mapping)), "at": datetime.now(UTC)},
        )


def recall(kith: Installation, headings: Sequence[str]) -> dict[str, str]:
    """What these headings meant the last time; nothing where they are new."""
    with kith.connection() as connection:
        row = connection.execute(
            "SELECT mapping FROM column_mappings WHERE headings = %(headings)s", {"headings": list(headings)}
        ).fetchone()
    return dict(row["mapping"]) if row else {}


def settle(kith: Installation, source: str, inputs: Inputs) -> None:
    """Before a table is read: remember the meaning that was given, or recall the one given before."""
    if source != TABLES:
        return
    headings = headings_of(inputs)
    if inputs.mapping:
        check(inputs.mapping)
        check_headings(inputs.mapping, headings, "the table")
        remember(kith, headings, inputs.mapping)
    else:
        inputs.mapping = recall(kith, headings)
