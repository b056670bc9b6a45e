"""Rows of care: whoever needs a word, whyever they do, with the last contact; asked for all at once for the page that shows them."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.installation import Installation
from projections.care import Due, Rhythm, which_rhythm, who_is_due, who_is_watched
from projections.days import when_was_the_last_day
from projections.entries import Entry, which_entries
from projections.habits import Habit, who_is_being_lost
from projections.identities import Identity, what_are_they_called
from projections.notices import Notice, what_is_to_notice
from projections.owed import PATIENCE, Owed, Pressed, who_is_contacted_too_often, who_is_owed_an_answer
from projections.team import Contact, what_day_is_it, when_was_the_last_contact
from web.spans import midnight
from web.stream import Line, lines

WAITING, OFTEN = timedelta(days=60), timedelta(days=90)
"""How far back is looked for what waits for an answer, and for who is turned to too often."""


class Watched(msgspec.Struct):
    """Somebody of whom everything is noticed."""

    member: UUID


Reason = Due | Owed | Pressed | Habit | Notice | Watched


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


class Day(msgspec.Struct):
    """The day that is taken for today. `newest` is the last on which anything happened, None in an empty Kith."""

    newest: date | None
    today: date

    @property
    def looks_back(self) -> bool:
        """Whether nothing came in for so long that the page looks back from the newest day."""
        return self.newest == self.today < datetime.now(UTC).date() - timedelta(days=7)


def what_day(connection: Connection[Any]) -> Day:
    """The day from which silence is counted."""
    newest = when_was_the_last_day(connection)
    return Day(newest, what_day_is_it(newest, datetime.now(UTC).date()))


def due(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """For whom it is time."""
    return who_is_due(connection, today, limit)


def owed(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who waits for an answer."""
    until = midnight(today - timedelta(days=PATIENCE - 1))
    return who_is_owed_an_answer(connection, midnight(today) - WAITING, until, limit)


def often(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who is turned to too often."""
    return who_is_contacted_too_often(connection, midnight(today) - OFTEN, midnight(today + timedelta(days=1)), limit)


def lost(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who is being lost."""
    return who_is_being_lost(connection, today, limit=limit)


def watched(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who is watched."""
    return [Watched(member) for member in who_is_watched(connection, limit)]


def noticed(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """What is worth a word."""
    return what_is_to_notice(connection, today, limit=limit)


LISTS: dict[str, Callable[[Connection[Any], date, int], Sequence[Reason]]] = {
    "due": due,
    "owed": owed,
    "often": often,
    "lost": lost,
    "watched": watched,
    "notices": noticed,
}
"""The lists of care by the name that stands in the URL."""


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


class Care(msgspec.Struct):
    """How it is with one member: the rhythm, whether they are watched, the last contact, and since when a word is due, if it is."""

    rhythm: Rhythm
    watched: bool
    last: Contact | None
    met: Line | None
    due_on: date | None
    overdue: int


def how_is_it_with(kith: Installation, connection: Connection[Any], member: UUID) -> Care:
    """What the page of a member shows of care; `overdue` is in days, 0 where nothing is due yet."""
    rhythm, last = which_rhythm(connection, member), when_was_the_last_contact(connection, [member]).get(member)
    read = which_entries(kith.vault, connection, [last.position]) if last and not last.logged else []
    today = what_day(connection).today
    due_on = (last.at.date() + timedelta(days=rhythm.days) if last else today) if rhythm.days else None
    return Care(
        rhythm=rhythm,
        watched=bool(who_is_watched(connection, 1, member)),
        last=last,
        met=lines(read, member)[0] if read else None,
        due_on=due_on,
        overdue=max(0, (today - due_on).days) if due_on else 0,
    )
