"""One message told as what somebody did, to whom and where, with the reactions to it and what happened to its topic."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from crm.activity import Activity, Role, Who, Whom
from crm.zulip.clock import moment_of
from crm.zulip.moves import history_of, moved
from crm.zulip.people import NAMELESS
from crm.zulip.realm import Realm, Room, link_of, plain, thread_of
from crm.zulip.rendered import read_rendered
from crm.zulip.shapes import Edit, Message, Reaction
from crm.zulip.words import Named, Words
from crm.zulip.written import read_written

TAKEN_BACK = "(deleted)"
"""What Zulip puts in the place of a message whose writer emptied it."""

NOTHING = Words("", [], [])


def told(message: Message, room: Room, realm: Realm) -> Iterator[Activity]:
    """The message, its reactions, and what was done to its topic. ValueError if its moment can't be."""
    sent = message.date_sent if message.date_sent is not None else message.timestamp
    history = history_of(message)
    topic = message.subject or message.topic or ""
    thread = thread_of(room, topic)
    removed = message.content == TAKEN_BACK or message.content == f"<p>{TAKEN_BACK}</p>"
    words = NOTHING if removed else words_of(message, realm.host)
    opens = realm.topics.get(thread) is None
    writer = realm.people.writer(message)
    act = Activity(
        source="zulip",
        host=realm.host,
        key=str(message.id),
        kind="posted" if opens else "replied",
        own_kind="message",
        at=moment_of(sent),
        who=writer,
        whom=touched(writer, words, realm),
        place=room.place,
        thread=thread,
        parent=next((quote.message for quote in words.quotes if quote.message), ""),
        title=plain(topic) if opens else "",
        text=words.text,
        link=link_of(room, topic, message.id),
        revision=int(moment_of(message.last_edit).timestamp()) if message.last_edit else 0,
        edited_at=edited(message, history),
        removed=removed,
        doubt=NAMELESS if writer and writer.uid.startswith("name:") else "",
    )
    realm.topics.put(thread, True)
    yield act
    yield from reacted(act, message, realm)
    if history:
        yield from moved(message, history, room, realm)


def words_of(message: Message, host: str) -> Words:
    """The words, told from Markdown where it is told what they are written in, or by how they begin."""
    if message.content_type:
        written = message.content_type != "text/html"
    else:
        written = message.date_sent is not None or not message.content.startswith("<")
    return read_written(message.content, host) if written else read_rendered(message.content, host)


def edited(message: Message, history: list[Edit]) -> datetime | None:
    """When the words were last changed; where the history is kept, moves of the topic are told from that."""
    changes = [edit.timestamp for edit in history if edit.prev_content is not None]
    last = max((one for one in changes if one), default=None) if history else message.last_edit
    return moment_of(last) if last else None


def touched(writer: Who | None, words: Words, realm: Realm) -> tuple[Whom, ...]:
    """Everybody the message reaches, each once in each role, its writer left out; quoting is Zulip's way of answering."""
    reached: list[tuple[Who, Role]] = []
    for who in known((quote.whose for quote in words.quotes), realm):
        reached += ((who, "replied"), (who, "quoted"))
    reached += ((who, "mentioned") for who in known(words.mentions, realm))
    own = writer.uid if writer else ""
    met = {(who.uid, role): Whom(who, role) for who, role in reached if who.uid != own}
    return tuple(met.values())


def known(people: Iterable[Named], realm: Realm) -> Iterator[Who]:
    """Those of whom it is certain which account they are."""
    for uid, name in people:
        who = realm.people.of(uid, name) if uid is not None else realm.people.by_name(name)
        if who is not None:
            yield who


def reacted(act: Activity, message: Message, realm: Realm) -> Iterator[Activity]:
    """That people put an emoji under the message; not when, only that it was not before it was written."""
    given = dict.fromkeys([*realm.reactions.of(message.id), *map(giver, message.reactions or ())])
    for uid, emoji in given:
        if uid is None:
            continue
        who = realm.people.of(uid)
        yield Activity(
            source=act.source,
            host=act.host,
            key=f"{act.key}:reaction:{emoji}:{uid}",
            kind="reacted",
            own_kind="reaction",
            at=act.at,
            precision="since",
            who=who,
            whom=(Whom(act.who, "reacted"),) if act.who and act.who.uid != who.uid else (),
            place=act.place,
            thread=act.thread,
            parent=act.key,
            text=f":{emoji}:",
            link=act.link,
        )


def giver(reaction: Reaction) -> tuple[int | None, str]:
    """Who gave it, by the number that old and new versions of the API keep in different places."""
    user = reaction.user
    inside = None if user is None else user.id if user.id is not None else user.user_id
    return (inside if reaction.user_id is None else reaction.user_id), reaction.emoji_name
