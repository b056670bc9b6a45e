"""Rows about people at a gathering, told as what each of them did: registered, came, held it, spoke."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crm.activity import Activity, Place, Refused
from crm.events.clock import Reading
from crm.events.gathering import Gathering, Part, folded, person, told
from crm.events.headings import plain
from crm.events.parts import moment_of, parts_of
from crm.events.sheet import Line
from crm.events.words import NO, YES, standing

NO_EVENT = (
    "The table does not tell which gathering it is about. Give its name with --host, such as --host “Spring meetup”, "
    "or add a column “Event name”."
)
NO_START = "when the gathering began is not told, so the first arrival was taken"
NO_DATE = "the date of the gathering is not told"
MOST = 50_000
"""People of a gathering that are held together; more are told in several goes."""


class Table:
    """One document. People are held until its end, as the same person may come again and earlier."""

    def __init__(self, file: str, host: str, seen: datetime) -> None:
        self.file, self.host, self.seen = file, host, seen
        self.gatherings: dict[str, Gathering] = {}
        self.parts: dict[tuple[str, str, str], Part] = {}
        self.lines: dict[str, int] = {}
        self.nameless = False

    def take(self, line: Line) -> Iterator[Activity | Refused]:
        """Hold what a row tells; yields only what cannot be read, and everything when there is too much to hold."""
        try:
            gathering = self.gathering(line)
            parts = list(parts_of(line)) if gathering else []
        except ValueError as reason:
            yield line.refuse(self.file, str(reason))
            return
        if gathering is None:
            if not self.nameless:
                yield line.refuse(self.file, NO_EVENT)
            self.nameless = True
            return
        for part in parts:
            self.hold(gathering.key, part)
        if len(self.parts) >= MOST:
            yield from self.tell()

    def hold(self, key: str, part: Part) -> None:
        """The earliest time counts, and a registration that was not cancelled."""
        known = self.parts.setdefault((key, part.who.uid, part.kind), part)
        if known is part:
            return
        if part.at and (known.at is None or part.at < known.at):
            known.at, known.precision, known.doubt = part.at, part.precision, part.doubt
        if standing(known.own_kind) in ("cancelled", "no-show", "declined") and part.own_kind == "registered":
            known.own_kind = part.own_kind

    def gathering(self, line: Line) -> Gathering | None:
        """The gathering that a row is about, by its id or name and its day; None where it is not told."""
        known = line.above | {found: cell for found, cell in line.cells.items() if cell}
        name, number = known.get("event", "").strip(), known.get("event id", "").replace(" ", "").replace("-", "")
        start = moment_of(line, known.get("start", ""))
        if not (name or number or self.host):
            return None
        key = f"event:{number or folded(name or self.host)}" + (f"/{start.day}" if start else "")
        if key not in self.gatherings:
            self.gatherings[key] = self.made(key, name or ("" if number else self.host), start, known)
            self.lines[key] = line.number
        return self.gatherings[key]

    def made(self, key: str, name: str, start: Reading | None, known: dict[str, str]) -> Gathering:
        group, organiser = known.get("group", ""), known.get("organiser", "")
        email = known.get("organiser email", "")
        named = person(name=organiser, email=email) if plain(organiser) not in YES | NO or email else None
        return Gathering(
            host=self.host,
            key=key,
            name=name,
            at=start.at if start else self.seen,
            seen=self.seen,
            precision=start.precision if start else "by",
            who=named,
            place=Place(folded(group), group) if group else None,
            doubt=start.doubt if start else NO_DATE,
        )

    def tell(self) -> Iterator[Activity | Refused]:
        """Everything that is held, gathering by gathering."""
        by_gathering: dict[str, list[Part]] = {key: [] for key in self.gatherings}
        for (key, _, _), part in self.parts.items():
            by_gathering[key].append(part)
        for key, gathering in self.gatherings.items():
            parts = [part for part in by_gathering[key] if not _is_organiser(part, gathering)]
            yield from told(_dated(gathering, parts), parts, self.file, self.lines[key])
        self.parts, self.gatherings, self.lines = {}, {}, {}


def _is_organiser(part: Part, gathering: Gathering) -> bool:
    """Whether a row only repeats who held it."""
    return part.kind == "hosted" and gathering.who is not None and part.who.uid == gathering.who.uid


def _dated(gathering: Gathering, parts: list[Part]) -> Gathering:
    """A gathering without a date is dated by the first who came, else it was not before the first who registered."""
    if gathering.precision != "by":
        return gathering
    arrivals = [part.at for part in parts if part.at and part.kind != "registered"]
    if arrivals:
        return msgspec.structs.replace(gathering, at=min(arrivals), precision="day", doubt=NO_START)
    signed = [part.at for part in parts if part.at]
    return msgspec.structs.replace(gathering, at=min(signed), precision="since") if signed else gathering
