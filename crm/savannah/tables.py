"""Savannah's CSV files: its lists of members and of contributors, with the days on which it first saw them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from crm.activity import Activity, Refused
from crm.csv.folding import fold
from crm.csv.mixed import Sheet
from crm.csv.people import BY_NAME, person
from crm.csv.table import Table
from crm.reading import Record
from crm.savannah.acts import BOT, listed

MEMBERS = frozenset({"member", "first seen", "last seen", "activity count"})
CONTRIBUTORS = frozenset({"member", "first contrib", "last contrib", "contrib count"})
COLUMNS = {"member": "name", "email": "email", "first seen": "joined", "first contrib": "joined"}


def is_list(headings: Sequence[str]) -> bool:
    """Whether these head one of Savannah's lists."""
    words = {fold(heading) for heading in headings}
    return words >= MEMBERS or words >= CONTRIBUTORS


def read_list(sheet: Sheet, host: str, now: datetime) -> Iterator[Activity | Refused]:
    """Everybody in a list."""
    headings = list(sheet.first[0].cells)
    table = Table({heading: COLUMNS.get(fold(heading), "") for heading in headings}, sheet.first)
    role = next((heading for heading in headings if fold(heading) == "role"), "")
    for record in sheet.records:
        yield record if isinstance(record, Refused) else _entry(record, table, role, host, now)


def _entry(record: Record, table: Table, role: str, host: str, now: datetime) -> Activity | Refused:
    cells = table.by_meaning(record)
    who = person(cells | ({"bot": "yes"} if record.cells.get(role, "").lower() == BOT else {}))
    if who is None:
        return record.refuse("nobody is named in this row")
    try:
        first = table.dates.read(cells["joined"]).at if "joined" in cells else None
    except ValueError as reason:
        return record.refuse(str(reason))
    return listed(who, host, now, first, BY_NAME if who.uid.startswith("name:") else "")
