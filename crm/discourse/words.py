"""What a person wrote in a post and whom they named, without what they quoted from others.

Discourse shows the source (`raw`) only to some readers, so the finished HTML (`cooked`) must serve too.
"""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from crm.plain import VOID, Plain, attributes, tidy

QUOTED_RAW = re.compile(r"\[quote\b[^\]]*\](?:(?!\[quote\b).)*?\[/quote\]", re.DOTALL | re.IGNORECASE)
LEFT_OUT = frozenset(["onebox", "meta", "quote-controls", "clicks", "lightbox-wrapper"])
"""Classes of what is not the writer's own: previews of links, captions of pictures, counts of clicks."""


class Quote(NamedTuple):
    """A passage taken from somebody: who, if it is told, and which post (topic and number, 0 if not told)."""

    username: str
    topic: int
    number: int


class Words(NamedTuple):
    """`mentions` are the logins that the writer named, `quotes` what was taken from others, in order."""

    text: str
    mentions: list[str]
    quotes: list[Quote]


def own_raw(raw: str) -> str:
    """The source of a post without its quotes, however deep they are nested."""
    while (shorter := QUOTED_RAW.sub("\n\n", raw)) != raw:
        raw = shorter
    return tidy(raw)


class _Reader(Plain):
    """Walks over one post's HTML. While `skipping` a tag, only its nesting and a quote's heading are read."""

    def __init__(self) -> None:
        super().__init__()
        self.mentions: list[str] = []
        self.quotes: list[Quote] = []
        self.skipping = ""
        self.depth = 0
        self.heading: list[str] | None = None

    def open(self, tag: str, written: str) -> None:
        if self.skipping:
            self.depth += tag == self.skipping
            if tag == "blockquote":
                self.end_heading()
            return
        super().open(tag, written)
        if written:
            self.open_with(tag, attributes(written))

    def open_with(self, tag: str, given: dict[str, str]) -> None:
        classes = given.get("class", "").split()
        if tag == "a" and "mention" in classes:
            self.mentions.append(unquote(given.get("href", "").rstrip("/").rpartition("/")[2]))
        elif tag == "img" and "emoji" in classes:
            self.parts.append(given.get("alt", ""))
        elif tag == "aside" and "quote" in classes:
            self.open_quote(given)
        elif not LEFT_OUT.isdisjoint(classes) and tag not in VOID:
            self.skipping, self.depth = tag, 1

    def open_quote(self, given: dict[str, str]) -> None:
        topic, number = (int(n) if n.isdecimal() else 0 for n in map(given.get, ("data-topic", "data-post"), ("", "")))
        self.quotes.append(Quote(given.get("data-username", ""), topic, number))
        self.skipping, self.depth, self.heading = "aside", 1, []

    def end_heading(self) -> None:
        """An old quote names its writer only in its heading, “name:”; without colon it links a topic."""
        if self.heading is None:
            return
        heading, quote = "".join(self.heading).strip(), self.quotes[-1]
        if not quote.username and heading.endswith(":"):
            self.quotes[-1] = quote._replace(username=heading[:-1].rstrip())
        elif not quote.username:
            self.quotes.pop()
        self.heading = None

    def close(self, tag: str) -> None:
        if not self.skipping:
            super().close(tag)
            return
        self.depth -= tag == self.skipping
        if self.depth == 0:
            self.end_heading()
            self.skipping = ""

    def say(self, text: str) -> None:
        if not self.skipping:
            super().say(text)
        elif self.heading is not None:
            self.heading.append(unescape(text))


def read_cooked(cooked: str) -> Words:
    """The writer's own words as plain text with paragraphs, lines and code kept, and whom they named."""
    reader = _Reader()
    text = reader.read(cooked)
    return Words(text, reader.mentions, reader.quotes)
