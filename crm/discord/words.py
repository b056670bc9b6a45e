"""The words of a message as its readers saw them, and what was sent in place of words.

Exports hold them resolved (`@Mai`), or as Discord stores them (`<@123>`) if their maker wanted that.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import unquote

from crm.discord.shapes import Attachment, Embed, Message
from crm.plain import tidy

MARKUP = re.compile(r"<(?:@!?(\d+)|(@&)\d+|(#)\d+|a?(:\w+:)\d+|t:(-?\d{1,12})(?::\w)?)>")
CLIP = "\N{PAPERCLIP} "


def resolved(text: str, names: dict[str, str]) -> str:
    """Text with Discord's markup of people, roles, channels, emoji and times put into words; `names` are by id."""

    def spelled(found: re.Match[str]) -> str:
        person, role, channel, emoji, time = found.groups()
        if person:
            return f"@{names.get(person, 'unknown')}"
        if time:
            return moment_of(int(time)) or found[0]
        return emoji or ("@role" if role else "#channel" if channel else found[0])

    return MARKUP.sub(spelled, text) if "<" in text else text


def moment_of(seconds: int) -> str:
    """A time that Discord shows in each reader's own zone; "" where there is no such time."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def text_of(message: Message) -> str:
    """All that was said and sent along, in paragraphs. The preview of a link is not its sender's words; a bot's box is."""
    names = {str(one.id): one.nickname or one.name or "" for one in message.mentions or ()}
    parts = [resolved(message.content or "", names)]
    if sent_on := message.forwarded_message:
        quoted = [resolved(sent_on.content or "", {}), *files(sent_on.attachments or ())]
        parts.append("\n".join(f"> {line}" for part in quoted if part for line in part.split("\n")))
    parts += (f":{sticker.name}:" for sticker in message.stickers or () if sticker.name)
    parts += files(message.attachments or ())
    if message.author and message.author.is_bot:
        parts += (box(embed) for embed in message.embeds or ())
    return tidy("\n\n".join(part for part in parts if part))


def files(attachments: Iterable[Attachment]) -> list[str]:
    """A line for each file."""
    return [CLIP + (one.file_name or file_name(one.url or "")) for one in attachments]


def file_name(url: str) -> str:
    """The name of a file at the end of its address or path; Discord's addresses end with a signature that changes."""
    return unquote(url.partition("?")[0].replace("\\", "/").rpartition("/")[2]) or url


def box(embed: Embed) -> str:
    """What stands in the box of a bot."""
    fields = [f"{field.name or ''}: {field.value or ''}" for field in embed.fields or ()]
    return "\n".join(part for part in (embed.title, embed.description, *fields, embed.url) if part)
