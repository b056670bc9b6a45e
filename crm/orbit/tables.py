"""Orbit's CSV files: the list of members that it exports, and activities in the columns that its import asks for.

They are read as any table is, with what their columns mean known beforehand.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from crm.activity import Activity, Refused
from crm.csv.acts import told
from crm.csv.folding import fold
from crm.csv.people import person
from crm.csv.table import Table
from crm.orbit.acts import listed
from crm.orbit.members import HOST
from crm.orbit.words import kind_by_key
from crm.reading import Record

MEMBERS = {"id": "uid", "name": "name", "email": "email", "slug": "login", "github": "login", "avatar url": "avatar"}
ACTIVITIES = {
    "id": "key", "key": "key", "activity key": "key", "activity type": "kind", "activity type key": "kind", "type": "kind",
    "title": "title", "description": "text", "body": "text", "link": "link", "activity link": "link", "occurred at": "time",
    "occurred": "time", "member id": "uid", "member slug": "login", "slug": "login", "member name": "name", "member": "name", "name": "name",
    "email": "email", "member email": "email", "github": "login", "twitter": "login", "linkedin": "login", "discord": "login",
    "username": "login",
}  # fmt: skip
"""Columns by their folded headings; where two mean the same, the one that stands first here counts."""


def is_members(headings: Sequence[str]) -> bool:
    """Whether these head Orbit's list of members."""
    return {"orbit level", "love"} <= {fold(heading) for heading in headings}


def is_activities(headings: Sequence[str]) -> bool:
    """Whether these head a table of activities of Orbit's."""
    words = {fold(heading) for heading in headings}
    typed = words & {"activity type", "activity type key"}
    return (
        bool(typed)
        and bool(words & {"occurred at", "title"})
        and bool(words & {"member id", "member slug", "email", "github", "twitter"})
    )


def mapping_of(headings: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """What the columns mean, each meaning once."""
    by_word = {fold(heading): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    for word, meaning in known.items():
        if word in by_word and meaning not in found.values():
            found[by_word[word]] = meaning
    return found


def read_members(
    records: Iterator[Record | Refused], first: Sequence[Record], now: datetime
) -> Iterator[Activity | Refused]:
    """Every member, in the list by their first activity."""
    headings = list(first[0].cells)
    table = Table(mapping_of(headings, MEMBERS), first)
    since = next((heading for heading in headings if fold(heading) == "first activity occurred at"), "")
    for record in records:
        if isinstance(record, Refused):
            yield record
            continue
        who = person(table.by_meaning(record))
        try:
            when = record.cells.get(since, "")
            at = table.dates.read(when).at.isoformat() if when else ""
            yield listed(who, now, at) if who else record.refuse("nobody is named in this row")
        except ValueError as reason:
            yield record.refuse(str(reason))


def read_activities(
    records: Iterator[Record | Refused], first: Sequence[Record], now: datetime
) -> Iterator[Activity | Refused]:
    """Every activity, with Orbit's words for what happened."""
    table = Table(mapping_of(list(first[0].cells), ACTIVITIES), first, HOST, "orbit")
    for record in records:
        found = record if isinstance(record, Refused) else told(record, table, now)
        if isinstance(found, Activity):
            found = msgspec.structs.replace(found, kind=kind_by_key(found.own_kind))
        yield found
