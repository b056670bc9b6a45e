"""HTML as the plain text that a reader sees: paragraphs, lines and code kept.

Platforms hand out what people wrote as HTML that is well formed by construction; a scan over its tags is five
times faster than a general parser and survives broken ones.
"""

import re
from html import unescape

TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*+)>|([^<]+|<)""")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
SPACE = re.compile(r"[ \t]*\n\s*|  +")
SPENT = re.compile(r"[ \t]+\n")
GAP = re.compile(r"\n{3,}")
PARAGRAPHS = frozenset(
    ["p", "pre", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "aside", "details"]
)
LINES = frozenset(["br", "li", "tr", "div", "dt", "dd", "summary", "hr"])
VOID = frozenset(["br", "hr", "img", "input", "source", "wbr"])


def tidy(text: str) -> str:
    """Text without trailing blanks and with one empty line at most between paragraphs."""
    if " \n" in text or "\t\n" in text:
        text = SPENT.sub("\n", text)
    return (GAP.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag by their names, from what is written behind the tag's own."""
    return {name: unescape(a or b) for name, a, b in ATTRIBUTE.findall(written)}


class Plain:
    """Walks once over one piece of HTML; a platform whose markup means more extends `open`, `close` and `say`."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.preformatted = 0

    def read(self, html: str) -> str:
        for closing, tag, written, text in TAG.findall(html):
            if text:
                self.say(text)
            elif closing:
                self.close(tag.lower())
            else:
                self.open(tag.lower(), written)
        return tidy("".join(self.parts))

    def open(self, tag: str, written: str) -> None:
        if tag in PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in LINES and not (tag == "li" and self.parts[-1:] == ["\n\n"]):
            self.parts.append("\n")
        self.preformatted += tag == "pre"

    def close(self, tag: str) -> None:
        self.preformatted -= tag == "pre" and self.preformatted > 0
        if tag in PARAGRAPHS:
            self.parts.append("\n\n")

    def say(self, text: str) -> None:
        if self.preformatted:
            self.parts.append(unescape(text))
        else:
            self._say_line(unescape(text))

    def _say_line(self, text: str) -> None:
        after_break = not self.parts or self.parts[-1][-1:] == "\n"
        if "\n" in text or "  " in text:
            text = SPACE.sub(" ", text)
        if after_break:
            text = text.lstrip()
        if text:
            self.parts.append(text)
