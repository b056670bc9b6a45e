"""Mails written as HTML only: the text that a reader sees, with what is quoted marked as in plain mails.

What mail programs write between tags is rarely well formed and may be hostile, so nothing here looks twice at a letter.
"""

import re

from crm.plain import Plain, attributes, tidy

TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*)>|<[!?][^<>]*>|([^<]+|<)")
UNSEEN = (
    ("<!--", "-->"),
    ("<style", "</style>"),
    ("<script", "</script>"),
    ("<title", "</title>"),
    ("<head", "</head>"),
)
OPEN, CLOSE = "\ue000", "\ue001"
"""Marks of the beginning and the end of a quote; of letters that no text uses."""

LONGEST = 2 << 20
"""Letters of HTML that are read of one mail."""


class Page(Plain):
    """One mail's HTML. A link's address follows its words where these do not show it."""

    def __init__(self) -> None:
        super().__init__()
        self.link, self.since = "", 0

    def read(self, html: str) -> str:
        for closing, tag, written, text in TOKEN.findall(html):
            if text:
                self.say(text)
            elif closing:
                self.close(tag.lower())
            elif tag:
                self.open(tag.lower(), written)
        return tidy("".join(self.parts))

    def open(self, tag: str, written: str) -> None:
        super().open(tag, written)
        if tag == "blockquote":
            self.parts.append(OPEN + "\n")
        elif tag == "a":
            self.link, self.since = attributes(written).get("href", ""), len(self.parts)

    def close(self, tag: str) -> None:
        if tag == "a" and self.link:
            shown = "".join(self.parts[self.since :]).strip()
            if self.link.startswith(("http://", "https://")) and shown.rstrip("/") not in self.link:
                self.parts.append(f" <{self.link}>")
            self.link = ""
        elif tag == "blockquote":
            self.parts.append("\n" + CLOSE + "\n")
        super().close(tag)


def plain(html: str) -> str:
    """The page as text whose quoted lines begin with “> ”."""
    html = html[:LONGEST].replace(OPEN, "").replace(CLOSE, "")
    for begin, end in UNSEEN:
        html = without(html, begin, end)
    text = Page().read(html).replace("\xa0", " ")
    return tidy(quoted(text)) if OPEN in text else text


def without(html: str, begin: str, end: str) -> str:
    """The page without what stands between two tags, in any case of letters."""
    lower, parts, place = html.lower(), [], 0
    if len(lower) != len(html):  # a few letters grow when they are made small
        lower = html
    while (found := lower.find(begin, place)) >= 0 and (until := lower.find(end, found)) >= 0:
        if begin == "<head" and lower.startswith("<header", found):
            parts.append(html[place : found + 5])
            place = found + 5
            continue
        parts.append(html[place:found])
        place = until + len(end)
    return "".join([*parts, html[place:]])


def quoted(text: str) -> str:
    """Each line behind as many “>” as there are quotes around it."""
    depth, lines = 0, []
    for line in text.split("\n"):
        depth += line.count(OPEN)
        bare = line.replace(OPEN, "").replace(CLOSE, "")
        if bare.strip() or not depth:
            lines.append("> " * min(depth, 9) + bare)
        depth = max(depth - line.count(CLOSE), 0)
    return "\n".join(lines)
