"""Who stands in From: a name and an address, which archives hide in many ways.

“x at y.org” still tells the whole address. “x @end|ng |rom y@org” and “x...@y.org” do not: several addresses look the same
so, and only together with the name does such a rest stand for one person.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from crm.mail.encoded import header

ANGLE = re.compile(rb"^(.*)<([^<>]*)>[^<>]*$", re.DOTALL)
COMMENT = re.compile(rb"^\s*([^()]*?)\s*\((.*)\)\s*$", re.DOTALL)
LOCAL = r"[^\s@<>,;:()\[\]\"|\\]+"
DOMAIN = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*"
WHOLE = re.compile(rf"(?:mailto:)?({LOCAL}|\"[^\"@\s]+\")@({DOMAIN})\.?", re.IGNORECASE)
AT = r"(?:\s+(?:at|à|en|em|a|bei|på|tại|@)\s+|\s*[\[({<]\s*(?:at|a|@)\s*[\])}>]\s*)"
SPOKEN = re.compile(rf"({LOCAL}){AT}({DOMAIN})", re.IGNORECASE)
DOT = re.compile(r"\s*(?:[\[({]\s*(?:dot|punkt|chấm)\s*[\])}]|\s(?:dot|punkt)\s)\s*", re.IGNORECASE)
SHORTENED = re.compile(r"\.\.|…|\*\*|^x+@|hidden|protected|redacted|removed|undisclosed|obscured", re.IGNORECASE)
SHARED = re.compile(
    r"(?:no-?reply|do-?not-?reply|nobody|notifications?|anonymous|unknown|invalid)@|@(?:example\.\w+|localhost)$"
    r"|\.(?:invalid|local|localdomain)$",
    re.IGNORECASE,
)
"""Addresses that many people write from."""


class Mailbox(NamedTuple):
    """`address` is whole and in small letters, or empty; then `rest` is what is left of it."""

    name: str
    address: str
    rest: str = ""

    @property
    def is_of_one(self) -> bool:
        """Whether the address alone stands for one person."""
        return bool(self.address) and not SHARED.search(self.address)


def whole(written: str) -> str:
    """The address, if it is told to its last letter; else "". Hidden only by words (“at”, “dot”) it still is."""
    written = written.strip()
    found = WHOLE.fullmatch(written)
    if not found:
        found = SPOKEN.fullmatch(DOT.sub(".", written))
    if not found or SHORTENED.search(written):
        return ""
    return f"{found[1]}@{found[2]}".lower()


@lru_cache(maxsize=1_000)
def mailbox(raw: bytes) -> Mailbox:
    """The first mailbox of a header: “Name <address>”, “address (Name)”, “address”, or a name alone."""
    if found := ANGLE.match(raw.partition(b">,")[0] + b">" if b">," in raw else raw):
        name, written = found[1], found[2]
    elif found := COMMENT.match(raw):
        name, written = found[2], found[1]
    else:
        is_address = b"@" in raw or b" at " in raw or SHORTENED.search(raw.decode("latin-1"))
        name, written = (b"", raw) if is_address else (raw, b"")
    spec = header(written)
    address = whole(spec)
    called = named(header(name))
    if called and (whole(called) or called.casefold() == spec.casefold()):
        address, called = address or whole(called), ""
    return Mailbox(called, address, "" if address else spec.lower())


def named(text: str) -> str:
    """A name without the quotes and brackets around it, composed as Unicode wants it."""
    text = unicodedata.normalize("NFC", text).replace('\\"', '"').replace("\\", "").strip(" \t,;")
    while len(text) > 1 and text[0] + text[-1] in ('""', "''", "()", "“”", "‘’", "<>"):
        text = text[1:-1].strip()
    return text


@lru_cache(maxsize=5_000)
def addresses(raw: bytes) -> tuple[str, ...]:
    """Every whole address of a header with many."""
    return tuple(address for part in raw.split(b",") if (address := mailbox(part.strip()).address))
