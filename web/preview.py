"""The beginning of files as it would come in: who did what, when and where, and which rows are refused; nothing is stored."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import msgspec

from crm.activity import Activity, Refused, Who
from crm.errors import Refusal
from crm.installation import Installation
from crm.intake import Intake
from crm.kinds import phrases
from crm.members import Account
from crm.reading import Inputs
from crm.sources import source as find_source
from web.stream import cut

LOOKED_AT, SHOWN, REFUSED = 200, 20, 5
"""Rows that are read for a preview, and at most so many facts and refused rows of them that it shows."""


class Somebody(NamedTuple):
    """Who would become a member, by the id that the account would have."""

    identity: UUID
    name: str


class Fact(msgspec.Struct):
    """A row as it would stand in a timeline. `parts` are msgids of a sentence, each with the names that fill its `{whom}`.

    A refused row has a `reason`, and nothing but that and the place where it stands.
    """

    reason: str = ""
    file: str = ""
    line: int = 0
    kind: str = ""
    parts: list[tuple[str, list[str]]] = []
    who: Somebody | None = None
    at: datetime | None = None
    precision: str = ""
    place: str = ""
    title: str = ""
    text: str = ""
    doubt: str = ""


class Preview(msgspec.Struct):
    """The first facts, and of all that was looked at how much was refused and what had to be guessed, each sentence counted.

    `trouble` says why nothing could be read, or not on.
    """

    facts: list[Fact] = []
    looked: int = 0
    refused: int = 0
    doubts: dict[str, int] = {}
    trouble: str = ""


def preview(kith: Installation, source: str, inputs: Inputs) -> Preview:
    """The first rows, whatever they are; however long the files are, only so much is read."""
    found: list[Activity | Refused] = []
    trouble = ""
    try:
        found.extend(islice(find_source(source).read(inputs), LOOKED_AT))
    except Refusal as refusal:
        trouble = str(refusal)
    intake = Intake(kith.ids, UUID(int=0))
    judged = [intake.doubt(one) or one if isinstance(one, Activity) else one for one in found]
    refused = sum(isinstance(one, Refused) for one in judged)
    doubts = Counter(one.doubt for one in judged if isinstance(one, Activity) and one.doubt)
    return Preview([_fact(kith, one) for one in _mixed(judged)], len(judged), refused, dict(doubts), trouble)


def _mixed(judged: Sequence[Activity | Refused]) -> list[Activity | Refused]:
    """The first facts and the first refused rows, in the order in which the importer told them."""
    acts = [number for number, one in enumerate(judged) if isinstance(one, Activity)]
    refused = [number for number, one in enumerate(judged) if isinstance(one, Refused)]
    return [judged[number] for number in sorted([*acts[:SHOWN], *refused[:REFUSED]])]


def _fact(kith: Installation, one: Activity | Refused) -> Fact:
    if isinstance(one, Refused):
        return Fact(one.reason, one.file, one.line)
    names = [_called(whom.who) for whom in one.whom]
    said = phrases(one.kind, [whom.role for whom in one.whom])
    return Fact(
        kind=one.kind,
        parts=[(text, list(dict.fromkeys(names[index] for index in indexes))) for text, indexes in said],
        who=_somebody(kith, one, one.who) if one.who else None,
        at=one.at,
        precision=one.precision,
        place=one.place.name if one.place else "",
        title=one.title,
        text=cut(one.text, 240),
        doubt=one.doubt,
    )


def _somebody(kith: Installation, one: Activity, who: Who) -> Somebody:
    host = one.host if who.host is None else who.host
    return Somebody(kith.ids.make("identity", who.source or one.source, host, who.uid), _called(who))


def _called(who: Who) -> str:
    return Account(who.uid, who.login, who.name, who.email).display
