"""What Savannah's objects tell: messages, contributions, gatherings and who came, people in a list."""

from collections.abc import Iterator
from datetime import datetime

from crm.activity import Activity, Place, Who, Whom
from crm.bots import is_bot
from crm.csv.people import web
from crm.csv.wording import kind_of
from crm.moments import moment
from crm.savannah.shapes import Contribution, Conversation, Event, Identity, Member, Number

SOURCE = "savannah"
BOT = "bot"
"""A role of members in Savannah; the others are people."""

ROLES = {"talk": "spoke", "hosted": "hosted", "speaker": "spoke", "support": "answered", "answer": "answered"}
"""Types of contributions that Savannah makes itself, where they say more than that something was contributed."""


class People:
    """Who is behind a number of the source: Savannah names people elsewhere only by it."""

    def __init__(self, host: str) -> None:
        self.host = host
        self._known: dict[str, Who] = {}

    def meet(self, identity: Identity) -> Who:
        """Learn somebody."""
        uid, login, email = str(identity.origin_id), identity.username or "", (identity.email or "").lower()
        name = identity.name or ""
        who = Who(uid, login, name, email, web(identity.avatar or ""), is_bot(login, name, email))
        self._known[uid] = who
        return who

    def of(self, number: Number | None) -> Who | None:
        """Who that is; None where there is no number."""
        if number is None or number == "":
            return None
        return self._known.get(str(number)) or Who(str(number))


def listed(who: Who, host: str, now: datetime, since: datetime | None = None, doubt: str = "") -> Activity:
    """Somebody in a list, known to have been there by their first sign of life, or else by now."""
    return Activity(
        source=SOURCE,
        host=host,
        key=f"member:{who.uid}",
        kind="listed",
        own_kind="member",
        at=since or now,
        precision="by",
        who=who,
        doubt=doubt,
    )


def by_hook(member: Member) -> Who:
    """The account of a member as a webhook tells it."""
    name, email = member.name or "", (member.email or "").lower()
    bot = (member.role or "").lower() == BOT or is_bot("", name, email)
    return Who(f"member:{member.id}", "", name, email, "", bot)


def spoken(one: Conversation, people: People) -> Activity:
    """A message, to whoever took part in it. ValueError where its time is none."""
    who = people.of(one.speaker)
    others = {str(number): people.of(number) for number in one.participants or () if str(number) != str(one.speaker)}
    return Activity(
        source=SOURCE,
        host=people.host,
        key=f"conversation:{one.origin_id}",
        kind="posted",
        own_kind="conversation",
        at=moment(one.timestamp),
        who=who,
        whom=tuple(Whom(other, "mentioned") for other in others.values() if other),
        place=place(one.channel),
        text=(one.content or "").strip(),
        link=web(one.location or ""),
    )


def contributed(one: Contribution, people: People) -> Activity:
    """A contribution by its type. ValueError where its time is none."""
    own = one.contribution_type
    kind = ROLES.get(own.lower()) or kind_of(own)
    return Activity(
        source=SOURCE,
        host=people.host,
        key=f"contribution:{one.origin_id}",
        kind="contributed" if kind == "did" else kind,
        own_kind=own,
        at=moment(one.timestamp),
        who=people.of(one.author),
        place=place(one.channel),
        parent=f"conversation:{one.conversation}" if one.conversation else "",
        title=(one.title or "").strip(),
        link=web(one.location or ""),
    )


def gathered(one: Event, people: People) -> Iterator[Activity]:
    """A gathering, and everybody who came to it. ValueError where its time is none."""
    key, at, where = f"event:{one.origin_id}", moment(one.start_timestamp), place(one.channel)
    yield Activity(
        source=SOURCE,
        host=people.host,
        key=key,
        kind="hosted",
        own_kind="event",
        at=at,
        place=where,
        thread=key,
        title=one.title,
        text=(one.description or "").strip(),
        link=web(one.location or ""),
    )
    for number in dict.fromkeys(map(str, one.attendees or ())):
        yield Activity(
            source=SOURCE,
            host=people.host,
            key=f"attended:{one.origin_id}:{number}",
            kind="attended",
            own_kind="attendee",
            at=at,
            who=people.of(number),
            place=where,
            thread=key,
            parent=key,
        )


def place(channel: Number | None) -> Place | None:
    """A channel, by its number at the source: its name is not told."""
    return Place(str(channel), str(channel)) if channel is not None and channel != "" else None
