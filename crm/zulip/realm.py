"""One organisation, as far as this run knows it: its people, its channels, its addresses, the topics that were met.

A topic is a name and no more. Marking it as resolved puts a tick before the name, and case makes no difference to Zulip;
so the conversation is its channel and that name without either, and stays one when it is resolved.
"""

from functools import lru_cache
from urllib.parse import quote

import msgspec

from crm.activity import Place
from crm.recent import Recent
from crm.zulip.people import People
from crm.zulip.reactions import Reactions
from crm.zulip.shapes import ABSENT, Message, Recipient, Stream

TOPICS = 100_000
TICK = "✔ "
TO_CHANNEL, PRIVATE_TYPES = 2, (1, 3)

PRIVATE = "This is a direct message, and Kith leaves those out."
NO_CHANNEL = (
    "In which channel this was written can't be told, so it might be private. Import it together with the realm.json (or "
    "user.json) of the same export."
)


class Room(msgspec.Struct, frozen=True, gc=False):
    """A channel. `key` is its number, or `name:` and its name where only that is told."""

    key: str
    place: Place
    private: bool = False


class Realm:
    """`host` is the address under which the organisation is found; numbers are unique only there."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.people = People()
        self.reactions = Reactions()
        self.streams: dict[int, Stream] = {}
        self.numbers: dict[str, int] = {}
        self.recipients: dict[int, int] = {}
        self.knows_recipients = False
        self.topics: Recent[str, bool] = Recent(TOPICS)
        self.moves: Recent[str, bool] = Recent(TOPICS)
        self._rooms: dict[str, Room] = {}

    def add_stream(self, stream: Stream) -> None:
        number = stream.id if stream.id is not None else stream.stream_id
        if number is None:
            return
        self.streams[number] = stream
        self.numbers[stream.name] = number
        recipient = stream.recipient if stream.recipient is not None else stream.recipient_id
        if recipient is not None:
            self.recipients[recipient] = number

    def add_recipient(self, recipient: Recipient) -> None:
        self.knows_recipients = True
        if recipient.type == TO_CHANNEL and recipient.type_id is not None:
            self.recipients[recipient.id] = recipient.type_id

    def room_of(self, message: Message) -> Room | str:
        """The channel of a message, or why there is none that may be read."""
        told = bytes(message.display_recipient)
        name = msgspec.json.decode(told, type=str) if told.startswith(b'"') else ""
        if told.startswith(b"[") or message.type in ("private", "direct"):
            return PRIVATE
        if message.stream_id is not None:
            return self.room(message.stream_id, name)
        if message.recipient is not None and message.recipient in self.recipients:
            return self.room(self.recipients[message.recipient], name)
        if name:
            return self.room(self.numbers.get(name), name)
        return PRIVATE if self.knows_recipients and message.recipient is not None else NO_CHANNEL

    def room(self, number: int | None, name: str = "") -> Room:
        """The channel of a number; one in no list is public, as it was shown to whoever asked."""
        key = str(number) if number is not None else f"name:{name}"
        room = self._rooms.get(key)
        if room is None:
            stream = self.streams.get(number) if number is not None else None
            name = (stream and stream.name) or name or key
            where = f"{key}-{hashed(name.replace(' ', '-'))}" if number is not None else hashed(name)
            place = Place(key, f"#{name}", f"https://{self.host}/#narrow/stream/{where}")
            room = self._rooms[key] = Room(key, place, bool(stream and stream.invite_only))
        return room


def is_resolved(topic: str) -> bool:
    return topic.startswith(TICK)


def plain(topic: str) -> str:
    """The name of a topic without the tick."""
    return topic.removeprefix(TICK).strip()


def thread_of(room: Room, topic: str) -> str:
    """The key of a conversation."""
    return f"{room.key}:{plain(topic).casefold()}"


def link_of(room: Room, topic: str, message: int) -> str:
    """The address at which a message is found for ever, whatever becomes of its topic."""
    return f"{room.place.link}/topic/{hashed(topic)}/near/{message}"


@lru_cache(maxsize=1024)
def hashed(name: str) -> str:
    """A name as Zulip writes it in addresses: with dots for the signs of percent."""
    return quote(name, safe="").replace(".", "%2E").replace("%", ".")


def is_absent(raw: msgspec.Raw) -> bool:
    return raw == ABSENT or bytes(raw) == b"null"
