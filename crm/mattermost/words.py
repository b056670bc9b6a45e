"""What a post says: Markdown as it was typed, with links as people read them, and what was sent along by its name."""

import re
from collections.abc import Iterable

from crm.mattermost.shapes import Box
from crm.plain import tidy

CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"(`+[^`]*`+)|!?\[([^\]\n]*)\]\(\s*([^)\s]+)[^)\n]*\)")
MENTION = re.compile(r"(?<![\w@/.-])@([a-z0-9][a-z0-9._-]{0,63})", re.IGNORECASE)
TO_ALL = frozenset(["all", "channel", "here"])
CLIP = "\N{PAPERCLIP} "


def text_of(message: str, boxes: Iterable[Box], files: Iterable[str]) -> str:
    """All that was said and sent along, in paragraphs."""
    said = [message, *map(boxed, boxes), *(CLIP + name for name in files if name)]
    text = "\n\n".join(part for part in said if part)
    return tidy(LINK.sub(linked, text) if "](" in text else text)


def linked(found: re.Match[str]) -> str:
    code, label, url = found.groups()
    return code or (f"{label} ({url})" if label and label != url else url)


def boxed(box: Box) -> str:
    """An integration's box: its heading and its text, else the one line that stands for it."""
    title = f"[{box.title}]({box.title_link})" if box.title and box.title_link else box.title
    return "\n".join(part for part in (box.pretext, title, box.text) if part) or box.fallback or ""


def mentioned(message: str) -> list[str]:
    """The usernames that the writer named, in lower case, each once; a full stop behind a name may belong to it or not."""
    if "@" not in message:
        return []
    found = MENTION.findall(CODE.sub(" ", message) if "`" in message else message)
    return [name for name in dict.fromkeys(map(str.lower, found)) if name not in TO_ALL]
