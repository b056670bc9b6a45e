"""Public archives (zulip-archive) keep of a message only its number, time, writer's name and words; the rest is where it lies.

Their folders are channels (`12-kiln-talk`) and their files topics, spelled as Zulip spells names in addresses.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from crm.reading import Row
from crm.zulip.shapes import Stream

INDEX = "stream_index.json"
TOPIC_FILE = re.compile(r"(?:^|/)(\d{1,18})-([^/]+)/([^/]+)\.json$")
BESIDE = re.compile(r"/(?:uploads|avatars|emoji|realm_icons)/|(?:^|/)(?:records|migration_status|attachment)\.json$")
ENDINGS = (".json", ".jsonl", ".ndjson")


class Spot(NamedTuple):
    """Where a file of an archive stands: the number and the name of its channel, and its topic."""

    stream: int
    name: str
    topic: str


class Entry(msgspec.Struct, gc=False):
    """A channel in the index of an archive."""

    id: int


class Index(msgspec.Struct, gc=False):
    """The index of an archive: its channels by their names."""

    streams: dict[str, Entry]


def spot_of(name: str) -> Spot | None:
    """Where a document stands in an archive, by its name; None if it is no file of an archive."""
    found = TOPIC_FILE.search(name)
    return Spot(int(found[1]), spelled(found[2]), spelled(found[3])) if found else None


def spelled(hashed: str) -> str:
    """A name from the way in which Zulip writes it in addresses; what no text may hold is left away."""
    return unquote(hashed.replace(".", "%")).replace("\0", "").encode("utf-8", "replace").decode()


def streams_in(row: Row) -> list[Stream] | None:
    """The channels that an index tells; None if the row is none."""
    try:
        index = msgspec.json.decode(row.raw, type=Index)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return [Stream(name, entry.id) for name, entry in index.streams.items()]


def is_readable(name: str, typed: Iterable[str], beside: re.Pattern[str] = BESIDE) -> bool:
    """Whether a document can hold something: pictures and files that people shared lie `beside` what is read."""
    inside = next((name.removeprefix(path) for path in typed if name.startswith(path)), name)
    return not inside or (inside.lower().endswith(ENDINGS) and not beside.search(inside)) or "." not in inside
