"""How the threads of a server are called stands only in their own files, but the message that opened one in another."""

from contextlib import suppress

from crm.discord.cutter import Before, Head, Messages
from crm.discord.room import Room, room_of
from crm.errors import Refusal
from crm.reading import Document, Inputs

BEGINNING = 1 << 16


def titles_in(inputs: Inputs) -> dict[str, str]:
    """The names of all threads by their ids, from the first bytes of each file."""
    found = (room_ahead(document) for document in inputs.ahead(lambda name: not name.lower().endswith(".csv")))
    return {room.thread: room.title for room in found if room and room.thread}


def room_ahead(document: Document) -> Room | None:
    """The room of which a document tells at its beginning, if it does."""
    head = b""
    with suppress(Refusal):
        head = document.stream.read(BEGINNING)
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    first = next(iter(Messages().feed(head)), None)
    room = room_of(Before(document.name, 1, first.raw)) if isinstance(first, Head) and not first.trouble else None
    return room if isinstance(room, Room) else None
