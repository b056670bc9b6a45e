"""What a row says that one person did, from columns that each platform fills in its own way."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from crm.activity import Who
from crm.events.clock import Reading, read_moment
from crm.events.gathering import Part, person
from crm.events.headings import COMING, SIGNING_UP, plain
from crm.events.sheet import Line
from crm.events.words import NO, YES, part_of, standing
from crm.events.zones import zone_named

NOBODY = "the row names nobody: it has neither a name nor an address"
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
PROFILE = re.compile(r"https?://(?:www\.)?([a-z0-9.-]+)/", re.IGNORECASE)


class Told(NamedTuple):
    """What a cell says of an act: that it was done, that it was not, or neither; and when."""

    done: bool | None
    when: Reading | None = None


def parts_of(line: Line) -> Iterator[Part]:
    """Everything that a row tells of its person. ValueError says what cannot be read, or that it names nobody."""
    who = who_of(line)
    registered, came = cell_of(line, "registered"), came_of(line)
    status = standing(line.cells.get("status", "")) or ("no-show" if came.done is False else "")
    role = role_of(line)
    if status in ("invited", "declined") and not came.done:
        yield _part(who, "invited" if status == "invited" else "did", status, registered)
        return
    signed_up = (bool(line.columns & SIGNING_UP) and not line.role) or not line.columns & COMING
    if registered.done or signed_up or not (came.done or role):
        yield _part(who, "registered", status if status not in ("", "attended") else "registered", registered)
    if role and status not in ("no-show", "cancelled", "denied"):
        yield _part(who, role, role, came)
    elif came.done:
        yield _part(who, "attended", "attended", came)


def _part(who: Who, kind: str, own_kind: str, told: Told) -> Part:
    if told.when is None:
        return Part(who=who, kind=kind, own_kind=own_kind)
    return Part(
        who=who, kind=kind, own_kind=own_kind, at=told.when.at, precision=told.when.precision, doubt=told.when.doubt
    )


def came_of(line: Line) -> Told:
    """Whether the person came: a time of arrival says so, then a mark, then the status."""
    arrived, marked = cell_of(line, "arrived"), cell_of(line, "attended")
    if arrived.done or marked.done:
        return arrived if arrived.when else marked if marked.done else arrived
    if standing(line.cells.get("status", "")) == "attended":
        return Told(done=True)
    return Told(done=False if line.cells.get("attended") and marked.done is False else None)


def cell_of(line: Line, column: str) -> Told:
    """A cell that holds a time, or a word for yes or no. ValueError where it is neither."""
    cell = line.cells.get(column, "")
    if not cell or (cell[0].isdecimal() and len(cell) > 5):  # seldom a word, and there are very many of these
        return Told(done=bool(cell), when=moment_of(line, cell))
    word = plain(cell)
    if word in YES:
        return Told(done=True)
    if word in NO or standing(cell) in ("cancelled", "declined", "denied", "waiting"):
        return Told(done=False)
    return Told(done=True, when=moment_of(line, cell))


def moment_of(line: Line, text: str) -> Reading | None:
    """A cell as a moment in the table's zone; None where it is empty. ValueError where it is no date."""
    if not text.strip("-– "):
        return None
    zone = line.cells.get("zone") or line.above.get("zone") or ""
    return read_moment(text, zone_named(zone) if zone else None, line.day_first)


def role_of(line: Line) -> str:
    """Hosted or spoke, by the role, the mark of a host, the kind of ticket, or where the row stands."""
    marked = "hosted" if plain(line.cells.get("hosting", "") or line.cells.get("organiser", "")) in YES else ""
    return part_of(line.cells.get("role", "")) or marked or part_of(line.cells.get("ticket", "")) or part_of(line.role)


def who_of(line: Line) -> Who:
    """The person of a row: by the platform's own number where a profile is linked, else by address, else by name."""
    cells = line.cells
    name = cells.get("name") or " ".join(filter(None, (cells.get("first"), cells.get("last"))))
    if not cells.get("name") and line.day_first:
        name = " ".join(filter(None, (cells.get("last"), cells.get("first"))))
    address = ADDRESS.search(cells.get("email", ""))
    profile = PROFILE.match(cells.get("profile", ""))
    number = cells.get("uid", "").rpartition(" ")[2] if profile else ""
    if not (name or address or number):
        raise ValueError(NOBODY)
    return person(
        uid=number, name=name, email=address[0] if address else "", host=profile[1].lower() if profile else ""
    )
