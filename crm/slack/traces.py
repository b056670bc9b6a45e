"""What the bytes of an export tell by the way: whose workspace it is, its address, ids and former names of channels.

Looked for without parsing, as a whole export may have to be gone through for it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from crm.errors import Refusal
from crm.slack.folders import one_form

TEAM = re.compile(rb'"team(?:_id)?"\s*:\s*"([TE][A-Z0-9]{3,})"')
FILE = re.compile(rb"files\.slack\.com\\?/files-\w+\\?/(T[A-Z0-9]+)-")
DOMAIN = re.compile(rb'"permalink"\s*:\s*"https:\\?/\\?/([a-z0-9-]+)\.slack\.com\\?/')
MENTION = re.compile(rb"#(C[A-Z0-9]+)\|([^<>|\"\\]+)(?:>|\\u003[eE])")
RENAMED = re.compile(rb'"old_name"\s*:\s*"((?:[^"\\]|\\.)+)"')
CHUNK = 1 << 20
OVERLAP = 400


class Traces:
    """What was met so far; `renamed` are former names, each with the folder in whose history it stands."""

    def __init__(self) -> None:
        self.teams: Counter[str] = Counter()
        self.domains: Counter[str] = Counter()
        self.mentions: Counter[tuple[str, str]] = Counter()
        self.renamed: dict[str, str] = {}

    def look_for_workspace(self, raw: bytes) -> None:
        """Take in whose workspace a piece of a document is of."""
        self.teams.update(found.decode() for shape in (TEAM, FILE) for found in shape.findall(raw))
        self.domains.update(f"{found.decode()}.slack.com" for found in DOMAIN.findall(raw))

    def look_for_channels(self, raw: bytes, folder: str = "") -> None:
        """Take in ids and former names of channels; `folder` is the channel that the piece is of."""
        self.mentions.update((text_of(name), key.decode()) for key, name in MENTION.findall(raw))
        if folder:
            self.renamed |= {text_of(name): folder for name in RENAMED.findall(raw)}

    @property
    def team(self) -> str:
        """The workspace that most was written in; members of others take part in shared channels."""
        return likeliest(self.teams)

    @property
    def domain(self) -> str:
        return likeliest(self.domains)


def text_of(quoted: bytes) -> str:
    """A name that stands between the quotation marks of JSON; "" where it is broken."""
    try:
        return one_form(msgspec.json.decode(b'"' + quoted + b'"', type=str))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def likeliest(counts: Counter[str]) -> str:
    return min(counts, key=lambda each: (-counts[each], each), default="")


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a document, cut so that nothing short is cut in two."""
    tail = b""
    try:
        while chunk := stream.read(CHUNK):
            yield tail + chunk
            tail = chunk[-OVERLAP:]
    except Refusal:
        return
