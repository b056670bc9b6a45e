"""Rows of care: whoever needs a word, whyever they do, with the last contact; asked for all at once for the page that shows them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.installation import Installation
from projections.entries import Entry, which_entries
from projections.identities import Identity, what_are_they_called
from projections.notices import Notice
from projections.owed import Owed
from projections.team import Contact, when_was_the_last_contact
from web.reasons import Reason
from web.stream import Line, lines


class Row(msgspec.Struct):
    """Somebody who needs a word. `line` is what waits for an answer or was noticed; `met` the last contact, where it was an interaction."""

    who: Identity
    why: Reason
    last: Contact | None
    met: Line | None
    line: Line | None
    colleague: Identity | None

    def plain(self) -> dict[str, Any]:
        """The row for a spreadsheet."""
        known = msgspec.structs.asdict(self.why)
        plain = {name: known[name] for name in known if name not in ("name", "habit", "colleague")}
        return {"name": self.who.name, **plain, "last_contact": self.last.at if self.last else None}


def rows_of(
    kith: Installation, connection: Connection[Any], found: Sequence[Reason], *, contacts: bool = True
) -> list[Row]:
    """A row for each, in their order; everybody is named and every act read in one question. Without `contacts` none is looked up."""
    last = when_was_the_last_contact(connection, list({one.member for one in found})) if contacts else {}
    acts = [one.position for one in found if isinstance(one, Owed | Notice) and one.position]
    met = [one.position for one in last.values() if not one.logged]
    read = {one.position: one for one in which_entries(kith.vault, connection, list({*acts, *met}))}
    colleagues = [one.colleague for one in found if isinstance(one, Owed) and one.colleague]
    called = what_are_they_called(connection, list({*(one.member for one in found), *colleagues}))
    return [_row(one, last.get(one.member), read, called) for one in found if one.member in called]


def _row(one: Reason, last: Contact | None, read: dict[int, Entry], called: dict[UUID, Identity]) -> Row:
    def line(position: int) -> Line | None:
        return lines([read[position]], one.member)[0] if position in read else None

    return Row(
        who=called[one.member],
        why=one,
        last=last,
        met=line(last.position) if last and not last.logged else None,
        line=line(one.position) if isinstance(one, Owed | Notice) else None,
        colleague=called.get(one.colleague) if isinstance(one, Owed) and one.colleague else None,
    )
