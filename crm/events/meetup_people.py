"""Members, groups, times and answers, as both interfaces of Meetup write them."""

from datetime import UTC, datetime

from crm.activity import Place, Who
from crm.events.gathering import NO_ZONE, Part, person
from crm.events.meetup_shapes import Answer, Group, Member
from crm.moments import EARLIEST, LATEST, moment

HOST = "meetup.com"
ANSWERS = {
    "yes": "rsvp.yes",
    "attended": "rsvp.yes",
    "waitlist": "rsvp.waitlist",
    "yes pending payment": "rsvp.pending",
}
ANSWERS |= {"no": "declined", "noshow": "no-show", "no show": "no-show"}


def instant(value: str | float | None) -> tuple[datetime, str] | None:
    """A time as either interface writes it, milliseconds or ISO 8601, and a doubt. ValueError says what is wrong."""
    if not value:
        return None
    if isinstance(value, str):
        at = moment(value)
        return at, "" if value.endswith("Z") or "+" in value or "-" in value[10:] else NO_ZONE
    try:
        at = datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        at = datetime(1, 1, 1, tzinfo=UTC)
    if not EARLIEST <= at.year < LATEST:
        raise ValueError(f"{value} is no time in milliseconds since 1970")
    return at, ""


def who_is(member: Member | None) -> Who | None:
    """A member by the platform's number; None where none is told."""
    if member is None or not (member.number or member.name):
        return None
    picture = member.photo or member.member_photo
    avatar = (picture.highres_link or picture.photo_link or picture.source or "") if picture else ""
    return person(uid=member.number, name=member.name or "", email=member.email or "", avatar=avatar, host=HOST)


def place_of(group: Group | None) -> Place | None:
    """The group; its name in addresses is the key, as that is the only thing both interfaces always tell."""
    if group is None or not (group.urlname or group.id):
        return None
    urlname = (group.urlname or "").lower()
    link = f"https://www.meetup.com/{urlname}/" if urlname else ""
    return Place(urlname or str(group.id), group.name or urlname, link)


def answer_part(answer: Answer) -> Part | None:
    """What a member answered; None where the member is not told."""
    who = who_is(answer.member)
    word = (answer.response or answer.status or "yes").lower().replace("_", " ")
    own_kind = ANSWERS.get(word, f"rsvp.{word}")
    if who is None:
        return None
    created, edited = instant(answer.created), instant(answer.updated)
    changed = edited[0] if edited and created and edited[0] > created[0] else None
    return Part(
        who=who,
        kind="did" if own_kind == "declined" else "registered",
        own_kind=own_kind,
        at=created[0] if created else None,
        revision=int(changed.timestamp()) if changed else 0,
        counts={"guests": answer.guests} if answer.guests else {},
        edited_at=changed,
        doubt=created[1] if created else "",
    )
