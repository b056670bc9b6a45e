"""One day of a channel, read at once where nothing is wrong with it, else row by row."""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity, Refused
from crm.reading import Row, decode
from crm.reading.packing import Document
from crm.reading.rows import rows_of
from crm.slack.acts import note, told
from crm.slack.beside import with_message
from crm.slack.rooms import Room
from crm.slack.shapes import ABSENT, Message
from crm.slack.whole import whole
from crm.slack.workspace import Workspace

CHANGED, DELETED = frozenset(["message_changed", "message_replied"]), "message_deleted"
NO_MESSAGE = "This is not a message of Slack: it has no time (“ts”)."
DAY = msgspec.json.Decoder(list[Message])


def day(document: Document, room: Room, workspace: Workspace) -> Iterator[Activity | Refused]:
    """What a document with the messages of one channel tells."""
    raw, again = whole(document)
    acts = at_once(raw, room, workspace) if raw else None
    if acts is None:
        for row in rows_of(again):
            yield from [row] if isinstance(row, Refused) else by_row(row, room, workspace)
    else:
        for act, message in acts:
            yield act
            yield from with_message(act, message, workspace)


def at_once(raw: bytes, room: Room, workspace: Workspace) -> list[tuple[Activity, Message]] | None:
    """All messages of a day; None where one of them wants a closer look."""
    acts = []
    try:
        for message in DAY.decode(raw):
            if message.message != ABSENT or message.deleted_ts:
                return None
            act = told(message, room, workspace)
            note(act, message, workspace)
            acts.append((act, message))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return acts


def by_row(row: Row, room: Room, workspace: Workspace) -> Iterator[Activity | Refused]:
    """What one message tells, or why it can't be read."""
    message = message_of(row)
    if isinstance(message, Refused):
        yield message
        return
    try:
        act = told(message, room, workspace)
    except ValueError as reason:
        yield row.refuse(f"This message can't be placed in time: {reason}.")
        return
    note(act, message, workspace)
    yield act
    yield from with_message(act, message, workspace)


def message_of(row: Row) -> Message | Refused:
    """The message in a row, as it is now: the log of changes that some exports hold wraps it once more."""
    message = decode(row, Message)
    if isinstance(message, Refused):
        return row.refuse(NO_MESSAGE) if "“ts” is missing" in message.reason else message
    if message.subtype == DELETED and message.deleted_ts:
        return Message(message.deleted_ts, subtype="tombstone")
    if message.subtype in CHANGED and message.message != ABSENT:
        return decode(Row(row.file, row.line, bytes(message.message)), Message)
    return message
