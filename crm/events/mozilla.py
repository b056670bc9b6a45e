"""Two programmes of ambassadors, kept as Perceval items: events of Mozilla Reps, and reports of clubs typed in by hand."""

import re
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

import msgspec

from crm.activity import Activity, Place, Refused, Who
from crm.events.clock import read_moment
from crm.events.gathering import Gathering, folded, held, person
from crm.moments import moment
from crm.reading import Row

NUMBER = re.compile(r"\d{1,6}")
OWNER = re.compile(r"/users/(\d+)")
BY_NAME = "people are known by their names alone"
NO_COUNT = "how many came is told in words"


class Owner(msgspec.Struct, gc=False):
    url: str = msgspec.field(default="", name="_url")
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class Rep(msgspec.Struct, gc=False):
    """An event of Mozilla Reps."""

    name: str
    start: str
    remo_url: str
    description: str | None = None
    owner: Owner | None = None
    city: str | None = None
    country: str | None = None
    estimated_attendance: int | None = None


class Report(msgspec.Struct, gc=False):
    """A report of a club: rows of a form, so nothing but the time of sending it and the sender's name tells it from others."""

    club: str = msgspec.field(name="Club Name")
    date: str = msgspec.field(name="Date of Event")
    sent: str = msgspec.field(default="", name="Timestamp")
    name: str | None = msgspec.field(default=None, name="Your Name")
    handle: str | None = msgspec.field(default=None, name="Your Twitter Handle (Optional)")
    attendance: str | int | None = msgspec.field(default=None, name="Attendance")
    description: str | None = msgspec.field(default=None, name="Event Description")
    creations: str | None = msgspec.field(default=None, name="Event Creations")
    link: str | None = msgspec.field(default=None, name="Links to Blogpost (Optional)")
    club_link: str | None = msgspec.field(default=None, name="Club Link")


def rep_event(found: Rep, row: Row, seen: datetime) -> Activity | Refused:
    """An event with its owner, its town as the place and the attendance that was expected. ValueError as `moment`."""
    address = urlsplit(found.remo_url)
    host = (address.hostname or "reps.mozilla.org").lower()
    town = ", ".join(filter(None, (found.city, found.country)))
    gathering = Gathering(
        host=host,
        key=f"event:{address.path.strip('/').rpartition('/')[2] or folded(found.name)}",
        name=found.name,
        at=moment(found.start),
        seen=seen,
        who=_owner(found.owner, host) if found.owner else None,
        place=Place(folded(town), town) if town else None,
        text=(found.description or "").replace("\r\n", "\n").strip(),
        link=found.remo_url,
        counts={"expected": found.estimated_attendance} if found.estimated_attendance else {},
    )
    return held(gathering, row.file, row.line)


def _owner(owner: Owner, host: str) -> Who | None:
    number = OWNER.search(owner.url)
    name = " ".join(filter(None, (owner.first_name, owner.last_name)))
    login = owner.display_name or ""
    return (
        person(uid=number[1] if number else "", name=name, login=login, host=host) if number or name or login else None
    )


def club_event(found: Report, row: Row, seen: datetime, host: str) -> Activity | Refused:
    """A report as the gathering it is about. ValueError where its date cannot be."""
    date = read_moment(found.date, None, day_first=False)  # the form writes the month first
    name = " ".join((found.name or "").split())
    known = f"{found.sent}\n{folded(name)}" if found.sent else f"{found.date}\n{folded(found.club)}\n{folded(name)}"
    counts, vague = _attendance(str(found.attendance or ""))
    link = found.club_link if (found.club_link or "").startswith("http") else ""
    gathering = Gathering(
        host=host,
        key=f"report:{blake2b(known.encode('utf-8', 'replace'), digest_size=12).hexdigest()}",
        name=found.club,
        at=date.at,
        seen=seen,
        precision="day",
        own_kind="report",
        who=person(name=name, login=(found.handle or "").strip().lstrip("@")) if name else None,
        place=Place(folded(found.club), found.club, link or ""),
        text="\n\n".join(part.strip() for part in (found.description, found.creations) if part and part.strip()),
        link=found.link if (found.link or "").startswith("http") and found.link else "",
        counts=counts,
        doubt=NO_COUNT if vague else BY_NAME,
    )
    return held(gathering, row.file, row.line)


def _attendance(text: str) -> tuple[dict[str, int], bool]:
    """The number that somebody typed, and whether it was no plain number; of several numbers none is taken."""
    numbers = NUMBER.findall(text)
    counts = {"attended": int(numbers[0])} if len(numbers) == 1 and int(numbers[0]) else {}
    return counts, bool(text.strip()) and not text.strip().isdecimal()
