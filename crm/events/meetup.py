"""Meetup tells its gatherings through two interfaces, an old one (REST) and the present one (GraphQL); both are kept in archives.

Numbers of people are counts and stay counts: only who is named becomes a person.
"""

from collections.abc import Iterator
from datetime import datetime

from crm.activity import Activity, Refused
from crm.events.gathering import Gathering, Part, told
from crm.events.meetup_alone import comment, words_of
from crm.events.meetup_people import HOST, answer_part, instant, place_of, who_is
from crm.events.meetup_shapes import Count, Event
from crm.reading import Row


def event(found: Event, row: Row, seen: datetime) -> Iterator[Activity | Refused]:
    """A gathering, its other hosts, everybody who answered and every comment that came with it. ValueError as `instant`."""
    start = instant(found.start)
    if start is None:
        raise ValueError(f"the gathering {found.id} has no date")
    edited, created = instant(found.updated), instant(found.created)
    hosts = sorted(filter(None, map(who_is, found.hosts)), key=lambda who: (len(who.uid), who.uid))
    changed = edited[0] if edited and edited != created else None
    gathering = Gathering(
        host=HOST,
        key=f"event:{found.id}",
        name=found.title or found.name or "",
        at=start[0],
        seen=seen,
        who=hosts[0] if hosts else None,
        place=place_of(found.group),
        text=text_of(found),
        link=found.link,
        revision=int(changed.timestamp()) if changed else 0,
        counts=counts(found),
        edited_at=changed,
        cancelled=(found.status or "").lower() in ("cancelled", "canceled"),
        doubt=start[1],
    )
    answers = [part for answer in found.answers if (part := answer_part(answer))]
    others = [Part(who=host, kind="hosted", own_kind="host") for host in hosts[1:]]
    yield from told(gathering, [*others, *answers], row.file, row.line)
    for said in found.talk:
        yield comment(said, gathering.key, gathering.place)


def text_of(found: Event) -> str:
    """The description as plain text; the old interface has it as HTML, sometimes as both."""
    return (found.plain_text_description or "").strip() or words_of(found.description or "")


def counts(found: Event) -> dict[str, int]:
    """How many registered, wait, and came, as far as it is told and not none."""
    answers = found.rsvps if isinstance(found.rsvps, Count) else Count()
    all_counts = {
        "registered": found.yes_rsvp_count or answers.yes_count or _number(found.going),
        "waiting": found.waitlist_count or answers.waitlist_count,
        "attended": found.manual_attendance_count,
    }
    return {what: number for what, number in all_counts.items() if number and number > 0}


def _number(going: Count | int | None) -> int | None:
    return going.total_count if isinstance(going, Count) else going
