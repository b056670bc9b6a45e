"""What hangs on a message beside its text: shared files, what apps write in boxes, and texts that are only boxes.

Previews of links are left out: they are not the writer's words.
"""

from typing import Any

import msgspec

from crm.slack.shapes import ABSENT, Attachment, File, Message

DEEPEST = 12


def full_text(message: Message) -> str:
    """All that a message says, still with Slack's marks."""
    text = message.text or ""
    if message.comment and message.comment.comment:
        text = message.comment.comment
    own = [boxed(one) for one in message.attachments or () if is_own(one, text)]
    if not text and not any(own) and message.blocks != ABSENT:
        text = blocks_text(message.blocks)
    files = [file_line(one, text) for one in (*(message.files or ()), message.file) if one is not None]
    return "\n".join(part for part in (text, *own, *files) if part)


def is_own(attachment: Attachment, text: str) -> bool:
    """Whether it is part of what was said, not the preview of a message or a link."""
    if attachment.is_msg_unfurl or attachment.is_share or attachment.from_url:
        return False
    return not (text and attachment.is_app_unfurl)


def boxed(attachment: Attachment) -> str:
    """An app's box: its heading, its text, its table; else the one line that stands for it."""
    title = attachment.title or ""
    if title and attachment.title_link:
        title = f"<{attachment.title_link}|{title}>"
    rows = [f"{field.title}: {field.value}" if field.title else str(field.value) for field in attachment.fields or ()]
    lines = [attachment.pretext, title, attachment.text, *rows]
    said = "\n".join(line for line in lines if line)
    if not said and attachment.blocks != ABSENT:
        said = blocks_text(attachment.blocks)
    return said or attachment.fallback or ""


def file_line(file: File, text: str) -> str:
    """A shared file as its name and address; nothing where it is gone, or where the text names it already."""
    name, address = file.title or file.name or "", file.permalink or file.url_private or ""
    if address and address in text:
        return ""
    return f"<{address}|{name}>" if address.startswith("http") and name else name or address


def blocks_text(blocks: msgspec.Raw) -> str:
    """The words in boxes of Slack's Block Kit, in their order."""
    try:
        found = msgspec.json.decode(blocks)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return said_in(found, DEEPEST).strip()


def said_in(part: Any, deep: int) -> str:
    if isinstance(part, list):
        return "".join(said_in(each, deep - 1) for each in part) if deep else ""
    if not isinstance(part, dict) or not deep:
        return ""
    kind, text = part.get("type"), part.get("text")
    if kind == "user" and isinstance(part.get("user_id"), str):
        return f"<@{part['user_id']}>"
    if kind == "emoji":
        return f":{part.get('name')}:"
    if kind == "link":
        return f"<{part.get('url')}|{escaped(text)}>" if isinstance(text, str) else f"<{part.get('url')}>"
    if isinstance(text, str):
        return text if kind == "mrkdwn" else escaped(text)
    inside = said_in([text, part.get("fields"), part.get("elements")], deep - 1)
    return inside + "\n" if inside and kind not in ("mrkdwn", "text") else inside


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
