"""Topics are renamed, resolved and moved; Zulip keeps that only in the history of each message that went along.

Told once for each topic: what makes it the same act in every export is where the topic was, under which name, and when.
"""

from collections.abc import Iterator

import msgspec

from crm.activity import Activity
from crm.reading.rows import cleaned
from crm.zulip.clock import moment_of
from crm.zulip.realm import Realm, Room, is_absent, is_resolved, link_of, plain, thread_of
from crm.zulip.shapes import Edit, Message

EDITS = msgspec.json.Decoder(list[Edit])


def history_of(message: Message) -> list[Edit]:
    """What was changed, the newest first; the export keeps it as JSON within a text. What can't be read is no history."""
    raw = bytes(message.edit_history)
    if is_absent(message.edit_history):
        return []
    try:
        return EDITS.decode(cleaned(msgspec.json.decode(raw, type=str).encode()) if raw.startswith(b'"') else raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return []


def moved(message: Message, history: list[Edit], room: Room, realm: Realm) -> Iterator[Activity]:
    """What people did to the topic that the message stands in, and that nobody told yet."""
    topic, stream = message.subject or message.topic or "", room.key
    for edit in history:
        if edit.former is None and edit.prev_stream is None:
            continue
        before = topic if edit.former is None else edit.former
        left = stream if edit.prev_stream is None else str(edit.prev_stream)
        key = f"moved:{left}:{before}:{edit.timestamp or 0:.0f}"
        if edit.timestamp is not None and not realm.moves.get(key):
            realm.moves.put(key, True)
            yield change(key, before, topic, left != stream, edit, message, room, realm)
        topic, stream = before, left


def change(
    key: str, before: str, after: str, elsewhere: bool, edit: Edit, message: Message, room: Room, realm: Realm
) -> Activity:
    kind, own_kind = "edited", "topic.moved" if elsewhere else "topic.renamed"
    if is_resolved(before) != is_resolved(after) and plain(before) == plain(after) and not elsewhere:
        kind, own_kind = ("closed", "topic.resolved") if is_resolved(after) else ("reopened", "topic.unresolved")
    now = message.subject or message.topic or ""
    return Activity(
        source="zulip",
        host=realm.host,
        key=key,
        kind=kind,
        own_kind=own_kind,
        at=moment_of(edit.timestamp),
        who=realm.people.of(edit.user_id) if edit.user_id is not None else None,
        place=room.place,
        thread=thread_of(room, now),
        text=after if kind == "edited" and before != after else "",
        link=link_of(room, now, message.id),
    )
