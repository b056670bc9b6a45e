"""A table does not say of which channel it is; the exporter writes that into the file's name, and people into the folder's.

`Server - Category - channel [123].csv` is the exporter's own way, with a range of dates and a part behind it if there is one.
"""

import re
from functools import lru_cache
from posixpath import basename, dirname

from crm.activity import Place

EXTENSION = re.compile(r"(?:\.(?:csv|txt|gz|bz2|xz|zip|tar|tgz))+$", re.IGNORECASE)
PART = re.compile(r"(?:^| )\[?part ?\d*\]?$", re.IGNORECASE)
RANGE = re.compile(r" \((?:(?:after|before) )?\d{4}-\d\d-\d\d(?: to \d{4}-\d\d-\d\d)?\)$")
NUMBER = re.compile(r"(?:^|[ _-]+)\(?\d{1,4}\)?$")
OWN = re.compile(r"(?P<names>.+?) ?\[(?P<id>\d{15,20})\]$")
SERVERLESS = "Direct Messages"
GUESSED = "the channel was told by the name of the file or of its folder"


def stem_of(name: str) -> str:
    """The name of a file without its ending, its range of dates and which part it is."""
    stem = EXTENSION.sub("", basename(name.replace("\\", "/")))
    return RANGE.sub("", PART.sub("", stem))


def series_of(name: str) -> str:
    """What the parts of one export have in common: their folder, and their name but for a number at its end; a name without letters says
    nothing."""
    stem = stem_of(name)
    return f"{dirname(name)}/{NUMBER.sub('', stem) if any(map(str.isalpha, stem)) else ''}"


def is_private(name: str) -> bool:
    """Whether the exporter named the file as it names those of private conversations."""
    found = OWN.fullmatch(stem_of(name))
    return found is not None and found["names"].partition(" - ")[0] == SERVERLESS


@lru_cache(1024)
def place_of(name: str) -> tuple[Place | None, str]:
    """The channel by the name of its file, and what had to be guessed. A name without letters says nothing; its folder's may."""
    stem = stem_of(name)
    if found := OWN.fullmatch(stem):
        return Place(found["id"], found["names"].rpartition(" - ")[2]), ""
    folder = dirname(name.replace("\\", "/"))
    called = stem if any(map(str.isalpha, stem)) else "" if EXTENSION.search(folder) else basename(folder)
    return (Place(f"name:{called.casefold()}", called), GUESSED) if called else (None, "")
