"""Conditions on members: what a list asks for, in the words that stand in its address. A segment keeps them under a name."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import msgspec

KINDS = ("person", "team", "bot")
SORTS = ("acts", "lately", "recent", "newest", "received", "name")
NONE = "none"
"""Asks for members who have no stage, or no owner."""

LONGEST_STRETCH = 3_660
MOST = 10**9
FIELD = {"field": "has", "least": "least", "most": "most"}
"""Of a field: what begins its name in an address, and which bound that is."""


class Bound(NamedTuple):
    """What a field must hold: `has` a text or choice, or lie between `least` and `most`; of those empty nothing is asked."""

    field: str
    has: str = ""
    least: str = ""
    most: str = ""


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """All must hold; empty means nothing is asked. Days count back from today, which is one of them.

    `q` are words in a name of any account, `acts` how much somebody did at least, in the last `within` days or ever; `quiet` asks
    for those who once did something, but nothing for so many days. `stage`, `owner`, `organisation`, `batch` are ids.
    """

    q: str = ""
    source: str = ""
    kind: str = ""
    seen: int = 0
    new: int = 0
    quiet: int = 0
    acts: int = 0
    within: int = 0
    tags: tuple[str, ...] = ()
    stage: str = ""
    owner: str = ""
    organisation: str = ""
    fields: tuple[Bound, ...] = ()
    watched: bool = False
    batch: str = ""
    sort: str = "acts"

    def query(self) -> dict[str, str]:
        """What an address says of them; `read` makes the same of it."""
        said = {name: str(value) for name, value in msgspec.structs.asdict(self).items() if value}
        for name in ("tags", "fields", "watched", "sort"):
            said.pop(name, None)
        said |= {"tag": ",".join(self.tags)} if self.tags else {}
        said |= {"watched": "1"} if self.watched else {}
        for bound in self.fields:
            said |= {f"{word}.{bound.field}": text for word, name in FIELD.items() if (text := getattr(bound, name))}
        return said | ({"sort": self.sort} if self.sort != "acts" else {})

    def asks(self) -> bool:
        """Whether anything is asked; an order alone is not."""
        return bool(set(self.query()) - {"sort"})


def read(query: Mapping[str, str]) -> Conditions:
    """The conditions in an address; what is unknown there, or makes no sense, asks nothing."""
    said = {name: value.replace("\0", "").strip() for name, value in query.items()}
    tags = " ".join(said.get("tag", "").lower().split()).split(",")
    acts, within = _number(said.get("acts", ""), MOST), _number(said.get("within", ""), LONGEST_STRETCH)
    return Conditions(
        q=said.get("q", "")[:100],
        source=said.get("source", "")[:100],
        kind=_one_of(said.get("kind", ""), KINDS),
        seen=_number(said.get("seen", ""), LONGEST_STRETCH),
        new=_number(said.get("new", ""), LONGEST_STRETCH),
        quiet=_number(said.get("quiet", ""), LONGEST_STRETCH),
        acts=max(acts, 1) if within else acts,
        within=within,
        tags=tuple(sorted({tag.strip() for tag in tags} - {""})),
        stage=_id(said.get("stage", "")),
        owner=_id(said.get("owner", "")),
        organisation=_id(said.get("organisation", "")),
        fields=_bounds(said),
        watched=bool(said.get("watched")),
        batch=_id(said.get("batch", "")),
        sort=_one_of(said.get("sort", ""), SORTS) or "acts",
    )


def _bounds(said: Mapping[str, str]) -> tuple[Bound, ...]:
    asked: dict[str, dict[str, str]] = {}
    for name, text in said.items():
        word, _, field = name.partition(".")
        if word in FIELD and field and text:
            asked.setdefault(field, {})[FIELD[word]] = text[:200]
    return tuple(Bound(field, **asked[field]) for field in sorted(asked))


def _one_of(text: str, known: tuple[str, ...]) -> str:
    return text if text in known else ""


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _id(text: str) -> str:
    try:
        return text if text in ("", NONE) else str(UUID(text))
    except ValueError:
        return ""
