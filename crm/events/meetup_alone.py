"""What Meetup also gives by itself: answers, comments and groups."""

from datetime import datetime

from crm.activity import Activity, Place
from crm.discourse.words import read_cooked
from crm.events.gathering import SOURCE, Gathering, taken
from crm.events.meetup_people import HOST, answer_part, instant, place_of, who_is
from crm.events.meetup_shapes import Answer, Comment, Group


def answer(found: Answer, seen: datetime) -> Activity | None:
    """An answer that stands alone and names its gathering; None where it names nobody or no gathering."""
    part = answer_part(found)
    if part is None or found.event is None:
        return None
    start = instant(found.event.start)
    gathering = Gathering(
        host=HOST,
        key=f"event:{found.event.id}",
        name="",
        at=start[0] if start else seen,
        seen=seen,
        precision="minute" if start else "by",
        place=place_of(found.group or found.event.group),
        link=found.event.link,
    )
    return taken(part, gathering)


def comment(found: Comment, thread: str, place: Place | None) -> Activity:
    """Something that was said about a gathering. ValueError as `instant`, or where it has no time."""
    created = instant(found.created)
    if created is None:
        raise ValueError(f"the comment {found.id} has no date")
    return Activity(
        source=SOURCE,
        host=HOST,
        key=f"comment:{found.id}",
        kind="replied",
        own_kind="comment",
        at=created[0],
        who=who_is(found.member),
        place=place,
        thread=thread,
        parent=f"comment:{found.in_reply_to}" if found.in_reply_to else thread,
        text=(found.comment or found.text or "").strip(),
        link=found.link or "",
        reactions={"like": found.like_count} if found.like_count else {},
        doubt=created[1],
    )


def group(found: Group) -> Activity | None:
    """A group as what somebody made; None where it is not told when."""
    founded = instant(found.founded_date or found.created)
    if founded is None:
        return None
    members = (
        found.members if isinstance(found.members, int) else found.memberships.total_count if found.memberships else 0
    )
    place = place_of(found)
    return Activity(
        source=SOURCE,
        host=HOST,
        key=f"group:{found.id or (place.key if place else '')}",
        kind="created",
        own_kind="group",
        at=founded[0],
        who=who_is(found.organizer),
        place=place,
        thread=f"group:{found.id or (place.key if place else '')}",
        title=found.name or "",
        text=words_of(found.description or ""),
        link=place.link if place else "",
        reactions={"members": members} if members else {},
        doubt=founded[1],
    )


def words_of(description: str) -> str:
    """A description as plain text; the old interface writes HTML."""
    return read_cooked(description).text if description.lstrip().startswith("<") else description.strip()
