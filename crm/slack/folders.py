"""Where a document stands in an export: in the workspace's own folder, or as one day in the folder of a channel.

An export may lie in a folder, in an archive, or in a folder in an archive; several may be read at once.
"""

import re
import unicodedata
from functools import lru_cache
from posixpath import basename, dirname, splitext
from typing import NamedTuple

DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
PEOPLE = frozenset(["users.json", "org_users.json"])
PRIVATE_ROOMS = {
    "groups.json": "a private channel",
    "dms.json": "a direct message",
    "mpims.json": "a direct message of several people",
}
ROOMS = frozenset(["channels.json", *PRIVATE_ROOMS])
LEFT_OUT = frozenset(
    [
        "canvas_in_the_conversation.json",
        "canvases.json",
        "content_flags.json",
        "file_conversations.json",
        "huddle_transcripts.json",
        "integration_logs.json",
        "lists.json",
    ]
)
"""Documents of an export in which nobody says anything to anybody."""

CANVASES = "canvases.json"
"""Left out as well, but full of addresses that tell how the workspace is called."""

READABLE = frozenset(["", ".json", ".jsonl", ".ndjson"])


class Paper(NamedTuple):
    """`root` is the folder of the export, `folder` that of the channel ("" outside of one), `base` the file's own name."""

    root: str
    folder: str
    base: str

    @property
    def readable(self) -> bool:
        """Whether it may be JSON at all: some programs put the shared files themselves beside the messages."""
        return splitext(self.base)[1].lower() in READABLE and self.base not in LEFT_OUT


def one_form(name: str) -> str:
    """A name as it is compared: archives and macOS write letters with marks in ways of their own, or as mojibake."""
    try:
        name = name.encode("cp437").decode()
    except UnicodeError:
        name = name.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", name)


@lru_cache(maxsize=64)
def paper_of(name: str) -> Paper:
    """The place of a document by its name, which begins with the name of the archive that it came in."""
    name = name.replace("\\", "/")
    above, base = dirname(name), basename(name)
    if DAY.fullmatch(base):
        folder = one_form(basename(above))
        return Paper(dirname(above), folder if folder.strip(".") else "", base)
    return Paper(above, "", base)
