"""A file ten times as large is the real export and nine more of it, in which everybody and everything has another number or name.

So each copy brings acts of its own, and people of its own (but in a workspace of Slack, which has one list of members), and
an importer has ten times as much to tell apart. It is a file that the importer reads like any other.
"""

import gzip
import re
import tarfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import msgspec

from crm.reading import Document, Inputs

NOTHING = rb"(?!)()()"
"""An expression with two groups that is found nowhere."""


class Way(msgspec.Struct, frozen=True):
    """How another community is made of an export. Both expressions have two groups: what stays, and what is made another.

    What `numbers` finds grows by `step` a copy; what `names` finds is led by the copy's number.
    """

    names: bytes = NOTHING
    numbers: bytes = NOTHING
    step: int = 10**11

    def copied(self, content: bytes, copy: int) -> bytes:
        """The same of another community; of the first, which has the number 0, as it is."""
        if not copy:
            return content
        led = re.sub(self.names, rb"\g<1>%d\g<2>" % copy, content)
        return re.sub(self.numbers, lambda found: b"%s%d" % (found[1], int(found[2]) + copy * self.step), led)


WAYS = {
    "git": Way(names=rb'(")([0-9a-f]{7})[0-9a-f](?=[0-9a-f]{32}")|(?<="email":")'),
    "github": Way(numbers=rb'("(?:[a-z_]+_)?id":)(\d+)', names=rb"(bitcoin-core/gui)()"),
    "discourse": Way(
        numbers=rb'("(?:topic_|user_)?id":|data-topic=\\")(\d+)',
        names=rb'("username":"|data-username=\\"|href=\\"/u/)()',
    ),
    "csv": Way(numbers=rb"(^|,)(\d+)(?=,-?\d+,)"),
    "discord": Way(numbers=rb'(?m)(^")(\d{17,19})(?="[;,])'),
    "mail": Way(names=rb"(?m)(^From:? |<(?=[^<>@\s]+@))()"),
    "stackexchange": Way(
        numbers=rb'( (?:Id|PostId|RelatedPostId|ParentId|AcceptedAnswerId|(?:[A-Z]\w+)?UserId)=")(\d+)',
        names=rb'( RevisionGUID=")()',
        step=10**8,
    ),
    "slack": Way(numbers=rb'(")(\d{10})(?=\.\d{6}")', step=3),  # more days of the same members
    "events": Way(numbers=rb'("id": "|/events/)(\d+)'),
}


LINES = frozenset({"git", "github", "discourse", "csv"})
"""Sources whose export is one text of lines; that of the others is one archive of files."""


def larger(name: str, export: Path, times: int, folder: Path) -> Path:
    """Write an export so many times over into one packed file in a folder."""
    made = folder / f"{name}-{times}.gz"
    if name in LINES:
        with gzip.open(made, "wb", compresslevel=1) as text:
            for document, copy in _copies(export, times):
                text.writelines(_copied(document.stream, WAYS[name], copy))
        return made
    with tarfile.open(made, "w:gz", compresslevel=1) as archive:
        for document, copy in _copies(export, times):
            for content in _copied([document.stream.read()], WAYS[name], copy):
                member = tarfile.TarInfo(document.name.removeprefix(f"{export}/").replace(str(export), export.stem))
                member.size = len(content)
                archive.addfile(member, BytesIO(content))
    return made


def _copies(export: Path, times: int) -> Iterator[tuple[Document, int]]:
    """Every file of the export, then every file for its first copy, and so on."""
    for copy in range(times):
        for document in Inputs((str(export),)).documents():
            yield document, copy


def _copied(parts: Iterable[bytes], way: Way, copy: int) -> Iterator[bytes]:
    """The parts of a file for a copy, without those that would say the same again: headings, lists of people."""
    for part in parts:
        copied = way.copied(part, copy)
        if copy == 0 or copied != part:
            yield copied
