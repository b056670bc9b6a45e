"""Slack tells almost everything as a message; its subtype says which messages are acts of another kind."""

from crm.slack.shapes import Message

IN_CHANNEL = {
    "join": "joined",
    "leave": "left",
    "topic": "edited",
    "purpose": "edited",
    "name": "edited",
    "archive": "moderated",
    "unarchive": "moderated",
    "posting_permissions": "moderated",
    "convert_to_private": "moderated",
    "convert_to_public": "moderated",
    "tab_added": "edited",
    "tab_removed": "edited",
    "tab_renamed": "edited",
    "canvas_updated": "edited",
}
"""What happens to a channel; the subtype says `channel_` before it, or `group_` where it was private once."""

OTHERS = {
    "pinned_item": "moderated",
    "unpinned_item": "moderated",
    "huddle_thread": "hosted",
    "bot_add": "did",
    "bot_remove": "did",
    "bot_enable": "did",
    "bot_disable": "did",
    "reminder_add": "did",
    "reminder_delete": "did",
    "sh_room_created": "did",
    "sh_room_shared": "did",
}
ACTS = {f"{room}_{word}": kind for room in ("channel", "group") for word, kind in IN_CHANNEL.items()} | OTHERS
WORDLESS = frozenset(["joined", "left", "hosted"])
"""Kinds whose sentence says all; what Slack writes there is the same sentence."""


def kind_of(message: Message) -> tuple[str, str]:
    """Kith's word and Slack's own. A subtype that nobody knows is speech, as most are, if there are words."""
    subtype = message.subtype or ""
    if subtype in ACTS:
        return ACTS[subtype], subtype
    return ("replied" if is_answer(message) else "posted"), subtype or "message"


def is_answer(message: Message) -> bool:
    """Whether a message answers the one that began its thread."""
    return bool(message.thread_ts) and message.thread_ts != message.ts


def is_speech(kind: str) -> bool:
    """Whether something was said, so that it begins a conversation or goes on with one."""
    return kind in ("posted", "replied")
