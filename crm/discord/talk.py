"""Who answered whom, and where a conversation began: chats tell it by numbers of messages, and only a part is kept in mind.

In a channel everybody talks at once, so a conversation is what hangs together by answers: its thread is the first message
of the chain, if that is known. Messages that nobody answered are in no thread. A thread of Discord is one as a whole.
"""

from typing import NamedTuple

import msgspec

from crm.activity import Who
from crm.discord.kinds import SPEECH, named
from crm.discord.people import who
from crm.discord.room import Room
from crm.discord.shapes import Message
from crm.reading import Row
from crm.recent import Recent

ROOM = 100_000
"""Messages that are kept in mind at least; twice as many at most."""

LONGEST_CHAIN = 1_000
SOON = 60_000
"""Milliseconds after a thread was made in which its first message is the one that opened it."""


class Said(msgspec.Struct):
    """A message that was read, with what is needed of it more than once; `answers` is the key of a message or ""."""

    row: Row
    room: Room
    message: Message
    key: str
    kind: str
    who: Who | None
    answers: str


class Known(NamedTuple):
    """What is kept in mind of a message."""

    who: Who | None
    answers: str


class Talk:
    """What this run has met. `titles` are the names of the threads in its files, by their ids."""

    def __init__(self, titles: dict[str, str]) -> None:
        self.titles = titles
        self.messages: Recent[str, Known] = Recent(ROOM)
        self.answered: Recent[str, bool] = Recent(ROOM)
        self.roots: Recent[str, str] = Recent(ROOM)
        self.openers: Recent[str, str] = Recent(ROOM)

    def hear(self, row: Row, room: Room, message: Message) -> Said:
        """Keep in mind a message before it or what comes after it is told."""
        kind, key = named(message.type), str(message.id)
        said = Said(row, room, message, key, kind, who(message.author), answered_by(message, kind, room))
        if kind == "ThreadStarterMessage":
            room.begun = True
            return said
        self.messages.put(key, Known(said.who, said.answers))
        if said.answers:
            self.answered.put(said.answers, True)
        if room.thread and room.fresh:
            room.fresh = False
            if room.begun or abs(milliseconds(key) - milliseconds(room.thread)) < SOON:
                self.openers.put(room.thread, key)
        return said

    def opener(self, room: Room) -> str:
        """The key of the message that opened a thread of Discord, as far as it is known: its own number is the thread's."""
        return room.thread if self.messages.get(room.thread) else self.openers.get(room.thread) or ""

    def thread(self, said: Said) -> str:
        """The key of the conversation that a message is part of."""
        if said.room.thread:
            return said.room.thread
        if said.answers:
            return self.root(said.answers)
        return said.key if said.key in self.titles or self.answered.get(said.key) else ""

    def title(self, said: Said) -> str:
        """The name of the thread that a message opened."""
        if not said.room.thread:
            return self.titles.get(said.key, "")
        return said.room.title if said.key == self.opener(said.room) else ""

    def root(self, key: str) -> str:
        """The first message of a chain of answers; "" where the chain leads out of what is known."""
        place = key
        for _ in range(LONGEST_CHAIN):
            if found := self.roots.get(place):
                break
            known = self.messages.get(place)
            if known is None:
                return ""
            if not known.answers:
                found = place
                break
            place = known.answers
        if found:
            self.roots.put(key, found)
        return found or ""


def answered_by(message: Message, kind: str, room: Room) -> str:
    """The key of the message that this one answers; older exporters call an answer an ordinary message."""
    points = message.reference
    if points is None or not points.message_id or kind not in SPEECH or points.type == "Forward":
        return ""
    here = str(points.channel_id or room.channel) == room.channel
    return str(points.message_id) if here and str(points.message_id) != str(message.id) else ""


def milliseconds(snowflake: str) -> int:
    """The time in a snowflake, in milliseconds since 1970 (Discord API reference, “Snowflakes”)."""
    number = int(snowflake) if snowflake.isdecimal() and len(snowflake) < 21 else 0
    return (number >> 22) + 1_420_070_400_000
