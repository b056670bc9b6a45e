"""A message as Zulip shows it, in HTML: its own words as plain text, and whom it names and quotes."""

from html import unescape
from urllib.parse import urljoin

from crm.plain import VOID, Plain, attributes
from crm.zulip.words import Named, Quote, Words
from crm.zulip.written import NEAR

LEFT_OUT = frozenset(
    ["message_inline_image", "message_inline_video", "message_embed", "youtube-video", "katex-html", "twitter-image"]
)
"""Classes of what is not the writer's own: previews of what a link leads to, and a formula drawn a second time."""


class _Reader(Plain):
    """Walks over one message. `said` is who was named silently at the beginning of the paragraph that is being read."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.base = f"https://{host}/"
        self.mentions: list[Named] = []
        self.quotes: list[Quote] = []
        self.skipping = ""
        self.depth = self.start = 0
        self.said: Named | None = None
        self.near = self.uid = self.href = ""
        self.silent = False
        self.inside: list[str] | None = None

    def open(self, tag: str, written: str) -> None:
        if self.skipping:
            self.depth += tag == self.skipping
        elif tag == "blockquote":
            self.open_quote()
        else:
            if tag == "p":
                self.start, self.said, self.near = len(self.parts), None, ""
            super().open(tag, written)
            if written:
                self.open_with(tag, attributes(written))

    def open_with(self, tag: str, given: dict[str, str]) -> None:
        classes = given.get("class", "").split()
        if "user-mention" in classes:
            self.inside, self.uid, self.silent = [], given.get("data-user-id", ""), "silent" in classes
        elif tag == "a" and given.get("href"):
            self.inside, self.href = [], given["href"]
            found = NEAR.search(self.href)
            self.near = found[1] if found else self.near
        elif tag == "img" and "emoji" in classes:
            self.say(given.get("alt", ""))
        elif not LEFT_OUT.isdisjoint(classes) and tag not in VOID:
            self.skipping, self.depth = tag, 1

    def open_quote(self) -> None:
        """What the paragraph before it says of whose words these are is not part of the text."""
        self.skipping, self.depth = "blockquote", 1
        if self.said is not None:
            self.quotes.append(Quote(self.said, self.near))
            self.mentions.remove(self.said)
            del self.parts[self.start :]
            self.said = None
        self.parts.append("\n\n")

    def close(self, tag: str) -> None:
        if self.skipping:
            self.depth -= tag == self.skipping
            self.skipping = self.skipping if self.depth else ""
        elif self.inside is not None and (tag == "a" if self.href else tag == "span"):
            text, self.inside = unescape("".join(self.inside)).strip(), None
            if self.href:
                self.close_link(text)
            else:
                self.close_mention(text)
        else:
            super().close(tag)

    def close_link(self, text: str) -> None:
        address, self.href = urljoin_or(self.base, self.href), ""
        self._say_line(f"{text} ({address})" if text and text not in address else address)

    def close_mention(self, text: str) -> None:
        named = Named(int(self.uid) if self.uid.isdecimal() and len(self.uid) < 19 else None, text.removeprefix("@"))
        if self.uid != "*":
            self.mentions.append(named)
            if self.silent and not "".join(self.parts[self.start :]).strip():
                self.said = named
        self._say_line(f"@{named.name}")

    def say(self, text: str) -> None:
        if self.skipping:
            return
        if self.inside is not None:
            self.inside.append(text)
        else:
            super().say(text)


def urljoin_or(base: str, href: str) -> str:
    """The whole address; as it stands where it is none."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def read_rendered(html: str, host: str) -> Words:
    """The writer's own words; links that begin with a slash are below `host`."""
    reader = _Reader(host)
    text = reader.read(html)
    return Words(text, reader.mentions, reader.quotes)
