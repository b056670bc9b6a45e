"""Whatever tells of a gathering, the same acts come of it: it was held, and people registered for it, came or spoke."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from crm.activity import Activity, Place, Precision, Refused, Who, Whom
from crm.bots import is_bot

SOURCE = "events"
BEING_THERE = ("attended", "spoke", "hosted")
"""What can only be done by being there."""

NO_ZONE = "the time has no zone and was taken for UTC"


class Gathering(msgspec.Struct, kw_only=True):
    """One meetup, call or conference, or one date of a series. `key` is the source's own; it names the thread as well.

    `at` is when it began, `counts` how many people it is said to have drawn, `seen` when the file is being read.
    """

    host: str
    key: str
    name: str
    at: datetime
    seen: datetime
    precision: Precision = "minute"
    own_kind: str = "event"
    who: Who | None = None
    place: Place | None = None
    text: str = ""
    link: str = ""
    revision: int = 0
    counts: dict[str, int] = {}
    edited_at: datetime | None = None
    cancelled: bool = False
    doubt: str = ""


class Part(msgspec.Struct, kw_only=True):
    """What one person had to do with a gathering. `at` is None where no time of its own is told."""

    who: Who
    kind: str
    own_kind: str
    at: datetime | None = None
    precision: Precision = "instant"
    revision: int = 0
    counts: dict[str, int] = {}
    edited_at: datetime | None = None
    doubt: str = ""


@lru_cache(maxsize=1 << 14)
def person(*, uid: str = "", name: str = "", email: str = "", login: str = "", avatar: str = "", host: str = "") -> Who:
    """An account known by its number, else by its address, else by its name alone.

    Addresses and names are of no platform, so they are the same account in every table and calendar.
    """
    known = uid or email.lower() or f"name:{folded(name or login)}"
    return Who(known, login, name, email, avatar, is_bot(login, name, email), host=host if uid else "")


def folded(name: str) -> str:
    """A name as it is compared: small letters and single spaces."""
    return " ".join(name.casefold().split())


def told(gathering: Gathering, parts: Iterable[Part], file: str, line: int) -> Iterator[Activity | Refused]:
    """The gathering and everybody's part in it. Nobody has come to what is cancelled or still to come."""
    yield held(gathering, file, line)
    took_place = gathering.at <= gathering.seen and not gathering.cancelled
    yield from (taken(part, gathering) for part in parts if took_place or part.at or part.kind not in BEING_THERE)


def held(gathering: Gathering, file: str, line: int) -> Activity | Refused:
    """That it was held; refused while it is still to come, as nobody can have held it yet."""
    if gathering.at > gathering.seen and not gathering.cancelled:
        day = f"{gathering.at:%Y-%m-%d}"
        name = f"“{gathering.name}”" if gathering.name else "A gathering"
        reason = f"{name} ({day}) is still to come; import this again after that day."
        return Refused(file, line, reason, gathering.name.encode()[:200])
    return Activity(
        source=SOURCE,
        host=gathering.host,
        key=gathering.key,
        kind="hosted",
        own_kind="cancelled" if gathering.cancelled else gathering.own_kind,
        at=min(gathering.at, gathering.seen),
        precision=gathering.precision if gathering.at <= gathering.seen else "by",
        who=gathering.who,
        place=gathering.place,
        thread=gathering.key,
        title=gathering.name,
        text=gathering.text,
        link=gathering.link,
        revision=gathering.revision,
        reactions=gathering.counts,
        edited_at=gathering.edited_at,
        removed=gathering.cancelled,
        doubt=gathering.doubt,
    )


def taken(part: Part, gathering: Gathering) -> Activity:
    """A person's part. Without a time of its own, coming is dated by the gathering, anything else not later than it."""
    at, precision = part.at, part.precision
    if at is None:
        known = gathering.at <= gathering.seen and gathering.precision != "by"
        at = min(gathering.at, gathering.seen)
        precision = "day" if known and part.kind in BEING_THERE else "by"
    invited = part.kind == "invited"
    return Activity(
        source=SOURCE,
        host=gathering.host,
        key=f"{gathering.key}/{part.who.uid}/{part.own_kind if part.kind == 'did' else part.kind}",
        kind=part.kind,
        own_kind=part.own_kind,
        at=at,
        precision=precision,
        who=gathering.who if invited else part.who,
        whom=(Whom(part.who, "invited"),) if invited else (),
        place=gathering.place,
        thread=gathering.key,
        parent=gathering.key,
        link=gathering.link,
        revision=part.revision,
        reactions=part.counts,
        edited_at=part.edited_at,
        doubt=part.doubt or gathering.doubt,
    )


def now() -> datetime:
    """When the file is being read, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
