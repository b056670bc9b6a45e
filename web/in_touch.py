"""How it is with one member: whether a word is due, for the side of their page."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.installation import Installation
from projections.care import Rhythm, which_rhythm, who_is_watched
from projections.entries import which_entries
from projections.team import Contact, when_was_the_last_contact
from web.stream import Line, lines
from web.today import what_day


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
