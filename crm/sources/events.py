"""Meetups, calls and conferences: who held them, who registered, who came, who spoke."""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader, BytesIO

from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.events.attendees import Table
from crm.events.calendar import Calendar
from crm.events.documents import Documents
from crm.events.gathering import SOURCE, now
from crm.events.sheet import certainty, lines_of
from crm.kinds import _
from crm.reading import Document, Glimpse, Inputs
from crm.reading.records import rows_in
from crm.reading.rows import rows_of

NAME = SOURCE
LABEL = _("Gatherings")
HELP = _(
    "Calendars (.ics), tables of attendees (CSV, XLSX: Eventbrite, Luma, Meetup, Zoom, Teams, Google Forms), and Meetup's JSON; "
    "give the gathering's name with --host where a table does not tell it."
)
MAKES = (
    "A gathering becomes a thread that its organiser opened by holding it, with its name and description.",
    "A registration, an answer “yes” or “maybe” and a place on a waiting list become a registration for that gathering.",
    "A check-in, a time of joining or a mark of attendance becomes an attendance; whoever joined twice attended once, the first time.",
    "A host, organiser or chair held the gathering too; a speaker or panelist gave a talk in it.",
    "Whoever cancelled or did not show up has registered only; the source’s own word says which.",
    "An invitation that was not answered is something the organiser did; an answer “no” is kept as such and is no registration.",
    "Numbers of people without names are kept as counts on the gathering; nobody is made up for them.",
    "A comment on Meetup becomes a reply in the gathering’s thread, and a group becomes a place that was founded.",
    "A cancelled gathering is kept as removed.",
)
CANNOT_KNOW = (
    "Who came to a gathering of a calendar: it tells only who accepted.",
    "The dates of a repeating entry, other than its first and those that stand in the calendar one by one.",
    "Gatherings still to come: nobody has held them yet, so only the registrations are taken.",
    "When somebody answered an invitation in a calendar: it was not later than the gathering.",
    "The gathering of a table that does not name it, and its date where there is no such column.",
    "The zone of times in most tables: they are taken for UTC, and counted as doubtful.",
    "Whether people known only by a name are one person: they are, where the names are the same.",
)
CALENDAR = re.compile(r"\s*BEGIN:VCALENDAR\b", re.IGNORECASE)
JSON = re.compile(
    r'"backend_name"\s*:\s*"(?:ReMo|MozillaClub|Meetup)"'
    r'|"(?:eventUrl|link)"\s*:\s*"https?:\\?/\\?/(?:www\.)?meetup\.com\\?/'
    r'|"(?:proJoinDate|yes_rsvp_count|event_context)"\s*:|"urlname"\s*:[^}]*"(?:foundedDate|join_mode)"\s*:'
)


def fits(glimpse: Glimpse) -> int:
    """Sure of calendars and of what names Meetup; of a table only where its headings tell of attendance."""
    text = glimpse.text
    if CALENDAR.match(text):
        return 97
    if text.lstrip()[:1] in ("{", "["):
        return 92 if JSON.search(text) else 0
    try:
        rows = [row for _, row in rows_in(BufferedReader(BytesIO(glimpse.head)))] if "\0" not in text[:4] else []
    except (Refusal, ValueError, LookupError, OSError):
        return 0
    return max((certainty(row) for row in rows[:12]), default=0)


def read(inputs: Inputs) -> Iterator[Activity | Refused]:
    """Every document by what it is: a calendar, JSON, or else a table."""
    seen = now()
    documents = Documents(inputs.host, seen)
    for document in inputs.documents():
        try:
            head = document.stream.peek(1 << 16)  # type: ignore[attr-defined]
        except Refusal as reason:
            yield Refused(document.name, 0, str(reason))
            continue
        text = Glimpse(document.name, head[:400]).text.lstrip()
        if CALENDAR.match(text):
            yield from calendar(document, inputs.host, seen)
        elif text[:1] in ("{", "["):
            for row in rows_of(document):
                yield from [row] if isinstance(row, Refused) else documents.read(row)
        else:
            yield from table(document, inputs.host, seen)


def calendar(document: Document, host: str, seen: datetime) -> Iterator[Activity | Refused]:
    """The entries of a calendar, as far as it can be read."""
    try:
        yield from Calendar(document.name, host, seen).read(document.stream)
    except Refusal as reason:
        yield Refused(document.name, 0, str(reason))


def table(document: Document, host: str, seen: datetime) -> Iterator[Activity | Refused]:
    """The people of a table, and the gatherings they were at."""
    held = Table(document.name, host, seen)
    for line in lines_of(document):
        yield from [line] if isinstance(line, Refused) else held.take(line)
    yield from held.tell()
