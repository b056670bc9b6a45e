"""The messages of JSON exports in their order, each told a little later, when it is known what came of it."""

from collections import deque
from collections.abc import Iterator

from crm.activity import Activity, Refused
from crm.discord.acts import told
from crm.discord.cutter import Before, rows_of_channels
from crm.discord.room import NO_CHANNEL, Room, room_of
from crm.discord.shapes import Message
from crm.discord.talk import Said, Talk
from crm.reading import Document, Row, decode

LOOK_AHEAD = 1_000
"""Messages held back, so that a message is known to be answered, and what it answers where the newest come first."""


class Channels:
    """Reads document after document; what one file tells helps to understand the next."""

    def __init__(self, titles: dict[str, str]) -> None:
        self.talk = Talk(titles)
        self.held: deque[Said] = deque()

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """The acts of a document, those of its last messages only with the next one or by `rest`."""
        room: Room | Refused | None = None
        for row in rows_of_channels(document):
            if isinstance(row, Before):
                room = room_of(row)
                if isinstance(room, Refused):
                    yield room
            elif isinstance(row, Refused):
                yield row
            elif room is None:
                room = row.refuse(NO_CHANNEL)
                yield room
            elif isinstance(room, Room):
                message = decode(row, Message)
                yield from [message] if isinstance(message, Refused) else self.hear(row, room, message)

    def hear(self, row: Row, room: Room, message: Message) -> Iterator[Activity | Refused]:
        self.held.append(self.talk.hear(row, room, message))
        if len(self.held) > LOOK_AHEAD:
            yield from self.tell(self.held.popleft())

    def rest(self) -> Iterator[Activity | Refused]:
        """The acts of what is still held back."""
        while self.held:
            yield from self.tell(self.held.popleft())

    def tell(self, said: Said) -> Iterator[Activity | Refused]:
        try:
            yield from told(said, self.talk)
        except ValueError as reason:
            yield said.row.refuse(f"Message {said.key} can't be placed in time: {reason}.")
