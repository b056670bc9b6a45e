"""The cases of a Discord server as the bot Zeppelin exports them: numbered, with notes of moderators to each.

The export does not name the server, and numbers change when cases move to another, so a case is known by whom it is about,
the second in which it was opened, and its type.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from crm.activity import Activity, Refused
from crm.moderation.discord_people import HOST, of_id
from crm.moderation.keys import Keys
from crm.moderation.touching import touched
from crm.moderation.words import paragraphs
from crm.moments import moment
from crm.reading import Row, decode

TYPES = {1: "ban", 2: "unban", 3: "note", 4: "warn", 5: "kick", 6: "mute", 7: "unmute", 8: "deleted", 9: "softban"}
WITH_IT = timedelta(seconds=10)
"""A first note written within this time by who opened the case is the reason that was given with it."""


class Note(msgspec.Struct, gc=False):
    created_at: str
    mod_id: str | int | None = None
    mod_name: str | None = None
    body: str | None = None


class Case(msgspec.Struct, gc=False):
    """`mod` is who answers for the case, `pp` who typed the command for them."""

    case_number: int
    type: int
    created_at: str
    user_id: str | int | None = None
    user_name: str | None = None
    mod_id: str | int | None = None
    mod_name: str | None = None
    is_hidden: bool | int | None = None
    pp_id: str | int | None = None
    pp_name: str | None = None
    notes: list[Note] | None = None


class Cases(msgspec.Struct):
    cases: list[msgspec.Raw]


def read_cases(row: Row, keys: Keys) -> Iterator[Activity | Refused]:
    """Every case, and every later note to it."""
    cases = decode(row, Cases)
    if isinstance(cases, Refused):
        yield cases
        return
    for raw in cases.cases:
        one = Row(row.file, row.line, bytes(raw))
        case = decode(one, Case)
        if isinstance(case, Refused):
            yield case
            continue
        try:
            yield from told(case, keys)
        except ValueError as reason:
            yield one.refuse(f"case {case.case_number} can't be placed in time: {reason}")


def told(case: Case, keys: Keys) -> Iterator[Activity]:
    """The case, and its notes. ValueError where a time can't be."""
    at = moment(case.created_at)
    who, member = of_id(case.mod_id, case.mod_name or ""), of_id(case.user_id, case.user_name or "")
    own = TYPES.get(case.type, f"case type {case.type}")
    key = keys.make("zeppelin", str(case.user_id), f"{at:%Y%m%d%H%M%S}", own)
    notes = list(case.notes or ())
    first = notes.pop(0) if notes and given_with(case, notes[0], at) else None
    opening = Activity(
        source="moderation",
        host=HOST,
        key=key,
        kind="moderated",
        own_kind=own,
        at=at,
        who=who,
        whom=touched(who, (member, "moderated")),
        thread=key,
        title=f"Case {case.case_number}: {own}",
        text=paragraphs(
            (first.body if first else "", typed_by(case), "Hidden from the lists of cases." if case.is_hidden else "")
        ),
    )
    yield opening
    for note in notes:
        writer = of_id(note.mod_id, note.mod_name or "")
        yield Activity(
            source="moderation",
            host=HOST,
            key=keys.make("zeppelin-note", key, note.created_at, str(note.mod_id)),
            kind="moderated",
            own_kind="note",
            at=moment(note.created_at),
            who=writer,
            whom=touched(writer, (member, "moderated")),
            thread=key,
            parent=key,
            text=paragraphs((note.body,)),
        )


def given_with(case: Case, note: Note, at: datetime) -> bool:
    """Whether a note is the reason of its case."""
    return str(note.mod_id) == str(case.mod_id) and timedelta(0) <= moment(note.created_at) - at <= WITH_IT


def typed_by(case: Case) -> str:
    return f"Entered by {case.pp_name or case.pp_id}." if case.pp_id and str(case.pp_id) != str(case.mod_id) else ""
