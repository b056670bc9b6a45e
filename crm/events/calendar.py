"""Calendars (.ics) tell what was planned and who answered the invitation; who came is not in them."""

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

from crm.activity import Activity, Place, Refused
from crm.discourse.words import read_cooked
from crm.events.gathering import Gathering, told
from crm.events.invitations import attendee, parts
from crm.events.lines import Component, Lines, Property, components, properties
from crm.events.zones import Zones

NO_UID = "the entry has no id, so one was made of its date and title"
SERIES = "the gathering repeats; only the dates that stand in the calendar one by one were taken"
PRIVATE = "This entry of the calendar is marked as private, and Kith leaves those out."
TOO_LONG = "this entry of the calendar is longer than 4 MiB and was left out"
CUT_OFF = "this entry of the calendar is cut off"
HTML = re.compile(r"</?(?:p|br|b|a|ul|li|div|span|html|strong)\b[^>]*>", re.IGNORECASE)


class Calendar:
    """One file: what its beginning says of all its entries."""

    def __init__(self, file: str, host: str, seen: datetime) -> None:
        self.file, self.host, self.seen = file, host, seen
        self.zones = Zones()
        self.place: Place | None = None
        self.method = ""

    def read(self, stream: Any) -> Iterator[Activity | Refused]:
        for component in components(stream):
            if component.name == "VCALENDAR":
                self.begin(properties(component.raw))
            elif component.name == "VTIMEZONE":
                self.zones.learn(component.raw)
            elif not component.raw or not component.whole:
                reason = CUT_OFF if not component.whole else TOO_LONG
                yield Refused(self.file, component.line, reason, component.raw[:2000])
            else:
                yield from self.entry(component)

    def begin(self, lines: Lines) -> None:
        name, key = _text(lines, "X-WR-CALNAME") or _text(lines, "NAME"), _text(lines, "X-WR-RELCALID")
        self.place = Place(key or name, name or key) if name or key else None
        self.zones = Zones()
        self.zones.usual = _text(lines, "X-WR-TIMEZONE")
        self.method = _text(lines, "METHOD").upper()

    def entry(self, component: Component) -> Iterator[Activity | Refused]:
        """The gatherings of one entry, and the part that people have in each."""
        lines = properties(component.raw)
        if _text(lines, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
            yield Refused(self.file, component.line, PRIVATE)
            return
        try:
            gatherings = self.gatherings(lines)
        except ValueError as reason:
            yield Refused(self.file, component.line, str(reason), component.raw[:2000])
            return
        for gathering in gatherings:
            acts = told(gathering, parts(lines, gathering.who), self.file, component.line)
            yield from islice(
                acts, 1 if self.method == "REPLY" else 0, None
            )  # an answer tells nothing new of the gathering

    def gatherings(self, lines: Lines) -> list[Gathering]:
        """The dates of an entry: its own and those that it names besides. ValueError where it has none that can be."""
        start = lines["DTSTART"][0] if "DTSTART" in lines else Property({}, "")
        repeats = "RRULE" in lines or "RDATE" in lines
        first = self.gathering(lines, start, lines.get("RECURRENCE-ID", [start] if repeats else [None])[0])
        if "RECURRENCE-ID" in lines:
            return [first]
        if "RRULE" in lines:
            first.doubt = first.doubt or SERIES
        left_out = {self.zones.moment(one)[0] for one in _each(lines, "EXDATE")}
        found = [first, *(self.gathering(lines, one, one) for one in _each(lines, "RDATE"))]
        dates = {one.key: one for one in found if one.at not in left_out}
        return list(dates.values())

    def gathering(self, lines: Lines, start: Property, instance: Property | None) -> Gathering:
        at, precision, doubt = self.zones.moment(start)
        name = _text(lines, "SUMMARY").strip()
        uid = _text(lines, "UID").strip() or _made(start.value, name)
        edited, created = self.stamp(lines, "LAST-MODIFIED"), self.stamp(lines, "CREATED")
        sequence = _text(lines, "SEQUENCE").strip()
        status = _text(lines, "STATUS").upper()
        return Gathering(
            host=self.host,
            key=f"event:{uid}" + (f"/{self.zones.moment(instance)[0]:%Y%m%dT%H%MZ}" if instance else ""),
            name=name,
            at=at,
            seen=self.seen,
            precision=precision,
            own_kind="tentative" if status == "TENTATIVE" else "event",
            who=attendee(lines["ORGANIZER"][0]) if "ORGANIZER" in lines else None,
            place=self.place,
            text=written(_text(lines, "DESCRIPTION")),
            link=_text(lines, "URL").strip(),
            revision=int(sequence) if sequence.isdecimal() and len(sequence) < 9 else 0,
            edited_at=edited if edited and edited != created else None,
            cancelled=status == "CANCELLED" or self.method == "CANCEL",
            doubt=doubt or ("" if _text(lines, "UID").strip() else NO_UID),
        )

    def stamp(self, lines: Lines, name: str) -> datetime | None:
        """A stamp, where there is one that can be read and that is not from the future."""
        try:
            at = self.zones.moment(lines[name][0])[0]
        except (KeyError, ValueError):
            return None
        return at if at <= self.seen else None


def written(text: str) -> str:
    """A description as plain text; some calendars keep it as HTML."""
    return read_cooked(text).text if HTML.search(text) else text.strip()


def _text(lines: Lines, name: str) -> str:
    return lines[name][0].text if name in lines else ""


def _each(lines: Lines, name: str) -> Iterator[Property]:
    """Every date of a line that may hold several; periods count by their beginning."""
    for line in lines.get(name, []):
        yield from (Property(line.parameters, value.partition("/")[0]) for value in line.value.split(",") if value)


def _made(start: str, name: str) -> str:
    return blake2b(f"{start}\n{name}".encode("utf-8", "replace"), digest_size=12).hexdigest()
