"""One object of Savannah's JSON, told by the fields it has."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crm.activity import Activity, Refused
from crm.reading import Row, decode
from crm.savannah.acts import People, by_hook, contributed, gathered, listed, spoken
from crm.savannah.shapes import ABSENT, Contribution, Conversation, Event, Identity, Member, Probe

NO_SAVANNAH = "this is nothing of Savannah that Kith reads: identities, conversations, contributions, events, and its tables of members"


def read_row(row: Row, people: People, now: datetime) -> Iterator[Activity | Refused]:
    """What an object tells, or why it tells nothing."""
    try:
        yield from _read(row, people, now)
    except ValueError as reason:
        yield row.refuse(str(reason))


def identity_in(row: Row) -> Identity | None:
    """The identity that an object is; None where it is something else."""
    probe = decode(row, Probe)
    if isinstance(probe, Refused) or probe.username == ABSENT:
        return None
    found = decode(row, Identity)
    return None if isinstance(found, Refused) else found


def _read(row: Row, people: People, now: datetime) -> Iterator[Activity | Refused]:
    probe = decode(row, Probe)
    if isinstance(probe, Refused):
        yield probe
    elif probe.event != ABSENT and probe.data != ABSENT:
        yield _hook(msgspec.structs.replace(row, raw=bytes(probe.data)), people, now)
    elif probe.speaker != ABSENT:
        said = decode(row, Conversation)
        yield said if isinstance(said, Refused) else spoken(said, people)
    elif probe.author != ABSENT:
        given = decode(row, Contribution)
        yield given if isinstance(given, Refused) else contributed(given, people)
    elif probe.start_timestamp != ABSENT:
        event = decode(row, Event)
        yield from [event] if isinstance(event, Refused) else gathered(event, people)
    elif probe.username != ABSENT:
        someone = decode(row, Identity)
        yield someone if isinstance(someone, Refused) else listed(people.meet(someone), people.host, now)
    else:
        yield row.refuse(NO_SAVANNAH)


def _hook(row: Row, people: People, now: datetime) -> Activity | Refused:
    """The member in the body of a webhook; a change of level is none of Kith's."""
    member = decode(row, Member)
    return row.refuse(NO_SAVANNAH) if isinstance(member, Refused) else listed(by_hook(member), people.host, now)
