"""A message told as what somebody did, to whom and where, and each reaction of which it is known who gave it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crm.activity import Activity, Role, Who, Whom
from crm.discord.kinds import ACTS, NOBODYS, SENTENCES, SPEECH
from crm.discord.people import who
from crm.discord.shapes import Emoji, Message
from crm.discord.talk import Said, Talk, milliseconds
from crm.discord.words import text_of
from crm.moments import moment

SOURCE, HOST = "discord", "discord.com"
"""Discord's ids are unique everywhere, so all servers share one host."""

TOUCHING: dict[str, Role] = {"RecipientAdd": "invited", "RecipientRemove": "moderated"}


def told(said: Said, talk: Talk) -> Iterator[Activity]:
    """The message as an activity, and its reactions. ValueError where its time can't be."""
    if said.kind in NOBODYS:
        return
    message, room = said.message, said.room
    at = when(message)
    edited = moment(message.timestamp_edited) if message.timestamp_edited else None
    whom = touched(said, talk)
    act = Activity(
        source=SOURCE,
        host=HOST,
        key=said.key,
        kind=kind_of(said, talk, whom),
        own_kind=said.kind,
        at=at,
        who=None if said.kind == "AutoModerationAction" else said.who,
        whom=whom,
        place=room.place,
        thread=thread_of(said, talk),
        parent=parent_of(said, talk),
        title=talk.title(said),
        text="" if message.content in SENTENCES and said.kind not in SPEECH else text_of(message),
        link=f"{room.link}/{said.key}",
        revision=max(1, int((edited - at).total_seconds())) if edited else 0,
        reactions={called(one.emoji): one.count for one in message.reactions or () if one.count},
        edited_at=edited,
    )
    yield act
    if message.reactions:
        yield from reactions(act, said)


def when(message: Message) -> datetime:
    """When a message was written; its id tells it too."""
    if message.timestamp or not str(message.id).isdecimal():
        return moment(message.timestamp or "")
    return moment(datetime.fromtimestamp(milliseconds(str(message.id)) / 1000, UTC).isoformat())


def kind_of(said: Said, talk: Talk, whom: tuple[Whom, ...]) -> str:
    """Kith's word. Whoever leaves a thread by themselves has moderated nobody."""
    if said.kind not in SPEECH:
        kind = ACTS.get(said.kind, "did")
        return kind if whom or said.kind != "RecipientRemove" else "did"
    inside = said.room.thread and said.key != talk.opener(said.room)
    return "replied" if said.answers or inside or said.message.interaction else "posted"


def touched(said: Said, talk: Talk) -> tuple[Whom, ...]:
    """Everybody the message reaches, each once. Who is answered is also notified, which makes no mention of it."""
    reached: dict[str, Whom] = {}

    def reach(other: Who | None, role: Role) -> None:
        if other and other.uid not in reached and (said.who is None or other.uid != said.who.uid):
            reached[other.uid] = Whom(other, role)

    message = said.message
    if said.kind in SPEECH:
        reach(who(message.interaction.user) if message.interaction else answered(said, talk), "replied")
    elif said.kind == "AutoModerationAction" and said.who:
        return (Whom(said.who, "moderated"),)
    for other in message.mentions or ():
        reach(who(other), TOUCHING.get(said.kind, "mentioned"))
    return tuple(reached.values())


def answered(said: Said, talk: Talk) -> Who | None:
    """Whom a message answers: who wrote the message it names, or in a thread who opened it."""
    known = talk.messages.get(said.answers or talk.opener(said.room))
    return known.who if known else None


def thread_of(said: Said, talk: Talk) -> str:
    """A new thread is told of in the channel it hangs on, yet that act is its beginning."""
    if said.kind in SPEECH or said.room.thread:
        return talk.thread(said)
    points = said.message.reference
    return str(points.channel_id or "") if points and said.kind == "ThreadCreated" else ""


def parent_of(said: Said, talk: Talk) -> str:
    """What a message answers, or pins, or the opening of the thread it stands in."""
    points = said.message.reference
    if points and said.kind == "ChannelPinnedMessage":
        return str(points.message_id or "")
    opener = talk.opener(said.room) if said.room.thread and said.kind in SPEECH else ""
    return said.answers or (opener if opener != said.key else "")


def called(emoji: Emoji) -> str:
    return emoji.name or str(emoji.id or "")


def reactions(act: Activity, said: Said) -> Iterator[Activity]:
    """Each reaction with a name to it; its own time is not told, only that it was not before the message."""
    toward = (Whom(said.who, "reacted"),) if said.who else ()
    for reaction in said.message.reactions or ():
        emoji = reaction.emoji
        for fan in filter(None, map(who, reaction.users or ())):
            yield Activity(
                source=SOURCE,
                host=HOST,
                key=f"{act.key}:{emoji.id or emoji.name}:{fan.uid}",
                kind="reacted",
                own_kind="reaction",
                at=act.at,
                precision="since",
                who=fan,
                whom=toward if said.who and fan.uid != said.who.uid else (),
                place=act.place,
                thread=act.thread,
                parent=act.key,
                text=f":{emoji.name}:" if emoji.id else emoji.name or "",
                link=act.link,
            )
