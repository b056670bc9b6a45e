"""A message as it was typed, in Zulip's Markdown: its own words as plain text, and whom it names and quotes.

“Quote and reply” writes `@_**Name|id** [said](link to the message):` and a block of code in the language “quote”.
"""

import re

from crm.plain import tidy
from crm.zulip.words import Named, Quote, Words

FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*(\w*)")
SAID = re.compile(r"[ \t]*@(?P<silent>_?)\*\*(?P<name>[^*|\n]*)(?:\|(?P<uid>\d{1,18}))?\*\*(?P<rest>.*)")
NEAR = re.compile(r"/(?:near|with)/(\d+)")
MARK = re.compile(
    r"(?P<code>`+[^`]*`+|~~~[^~]*~~~)"
    r"|@_?\*\*(?P<name>[^*|\n]*)(?:\|(?P<uid>\d{1,18}))?\*\*"
    r"|@_?\*(?P<group>[^*\n]+)\*"
    r"|#\*\*(?P<channel>[^*\n]+)\*\*"
    r"|!?\[(?P<label>[^\]\n]*)\]\((?P<url>[^)\s]+)\)"
    r"|<time:(?P<time>[^>\n]+)>"
)
TO_ALL = frozenset(["all", "everyone", "stream", "channel", "topic"])


def read_written(raw: str, host: str) -> Words:
    """The writer's own words; links that begin with a slash are below `host`."""
    raw, quotes = unquoted(raw) if "```" in raw or "~~~" in raw or ">" in raw else (raw, [])
    mentions: list[Named] = []

    def shown(found: re.Match[str]) -> str:
        if (name := found["name"]) is not None:
            if found["uid"] or name not in TO_ALL:
                mentions.append(named(found))
            return f"@{name or 'unknown'}"
        if found["group"] or found["channel"] or found["time"]:
            channel = (found["channel"] or "").partition("@")[0].replace(">", " > ")
            return f"@{found['group']}" if found["group"] else f"#{channel}" if channel else found["time"]
        return found["code"] or linked(found["label"], found["url"], host)

    return Words(tidy(MARK.sub(shown, raw)), mentions, quotes)


def named(found: re.Match[str]) -> Named:
    return Named(int(found["uid"]) if found["uid"] else None, found["name"].strip())


def linked(label: str, url: str, host: str) -> str:
    """A link as its words and its address; the address alone where the words are but a part of it."""
    address = f"https://{host}{url}" if url.startswith("/") else url
    return f"{label} ({address})" if label and label not in address else address


def unquoted(raw: str) -> tuple[str, list[Quote]]:
    """The text without what it quotes, and whose words those were."""
    kept: list[str] = []
    quotes: list[Quote] = []
    quoting = code = ""
    for line in raw.split("\n"):
        fence = FENCE.match(line)
        if quoting or code:
            if code:
                kept.append(line)
            if line.strip() == (quoting or code):
                quoting = code = ""
        elif fence and fence[2] == "quote":
            quoting = fence[1]
            quotes += attributed(kept)
        elif line.startswith(">"):
            quotes += attributed(kept)
        else:
            code = fence[1] if fence else ""
            kept.append(line)
    return "\n".join(kept), quotes


def attributed(kept: list[str]) -> list[Quote]:
    """Whose words follow, told by the line before them, which is then no longer part of the text."""
    said = SAID.fullmatch(kept[-1]) if kept else None
    near = NEAR.search(said["rest"]) if said else None
    if said is None or not (near or said["silent"]):
        return []
    kept.pop()
    return [Quote(named(said), near[1] if near else "")]
