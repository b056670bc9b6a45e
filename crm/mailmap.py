"""A project's `.mailmap` says which signatures in its history are one person's. Nobody knows better, so Kith believes it first.

Only that accounts belong together is written down, by their ids; names and addresses stay in the file.
"""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple
from uuid import UUID

from crm.activity import Refused
from crm.command import Command
from crm.event import Aggregate, TeamCreated
from crm.installation import Installation
from crm.kinds import _
from crm.sources.git import NAME as GIT
from crm.sources.git import folded
from crm.store import EVENTS

LINE = re.compile(r"([^<>#]*)<([^<>]+)>(?:([^<>#]*)<([^<>]+)>)?\s*(?:#.*)?")
NO_ADDRESS = (
    "Not a line of a mailmap: it has no address in <angle brackets>, or more than two. Put a # before a comment."
)
NOTHING_SAID = (
    "This line names one address and nobody. Write the person’s name before it, or a second address behind it."
)


class Signature(NamedTuple):
    """Who signs a commit. Without a name, whoever signs with the address."""

    name: str
    address: str


class Alias(NamedTuple):
    """A line: who signs like `other` is `proper`."""

    proper: Signature
    other: Signature


class Vouched(TeamCreated, frozen=True, kw_only=True):
    """A file says that these accounts are one person's. `origin` is what kind of file."""

    TOPIC: ClassVar[str] = "identity.vouched"
    SENTENCE: ClassVar[str] = _("A {origin} file said that some accounts are one person’s")
    ICON: ClassVar[str] = "users"

    handles: tuple[UUID, ...]
    origin: str


class Vouching(Aggregate):
    """One thing that a file said. Its id is made of what it says, so that reading the file again adds nothing."""

    TOPIC = "vouching"

    def __init__(self, handles: tuple[UUID, ...], origin: str) -> None:
        self.handles = handles
        self.origin = origin

    @classmethod
    def say(cls, id: UUID, handles: tuple[UUID, ...], origin: str) -> "Vouching":
        """That these accounts are one person's."""
        return cls._create(Vouched, id=id, handles=handles, origin=origin)


class VouchFor(Command, frozen=True, kw_only=True):
    """Believe a mailmap. `groups` are what `groups_in` found; `host` is where its commits were imported from.

    Accounts that no import brought are left out, and an address that the file gives to several people tells of nobody.
    """

    IN_TURN: ClassVar[bool] = True

    groups: tuple[tuple[Signature, ...], ...]
    host: str = ""

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        wanted = [
            {kith.ids.make("identity", GIT, self.host, address) for address in addresses}
            for addresses in _unshared(self.groups)
        ]
        here = _which_are_here(kith, set().union(*wanted))
        said = {tuple(sorted(group & here)) for group in wanted if len(group & here) > 1}
        made = {kith.ids.make("vouching", "mailmap", self.host, " ".join(map(str, group))): group for group in said}
        known = _which_are_here(kith, set(made))
        return [Vouching.say(id, group, "mailmap") for id, group in sorted(made.items()) if id not in known]


def _unshared(groups: Iterable[tuple[Signature, ...]]) -> list[set[str]]:
    """The addresses of each group that stand in no other."""
    addresses = [{signature.address for signature in group} for group in groups]
    shared, seen = set[str](), set[str]()
    for group in addresses:
        shared |= group & seen
        seen |= group
    return [group - shared for group in addresses]


def _which_are_here(kith: Installation, streams: set[UUID]) -> set[UUID]:
    with kith.connection() as connection:
        rows = connection.execute(
            f"SELECT originator_id FROM {EVENTS} WHERE originator_id = ANY(%(streams)s) AND originator_version = 1",
            {"streams": sorted(streams)},
        ).fetchall()
    return {row["originator_id"] for row in rows}


def aliases_in(lines: Iterable[str], file: str = ".mailmap") -> Iterator[Alias | Refused]:
    """What the lines of a mailmap say, in any of git's four forms; a line that says nothing is refused with its number."""
    for number, line in enumerate(lines, 1):
        text = line.strip().lstrip("\ufeff")
        if not text or text.startswith("#"):
            continue
        found = LINE.fullmatch(text)
        reason = NO_ADDRESS if found is None else "" if found[1].strip() or found[4] else NOTHING_SAID
        if found is None or reason:
            yield Refused(file, number, reason, text.encode()[:2000])
        else:
            yield _alias(*found.groups(default=""))


def _alias(name: str, proper: str, other_name: str, other: str) -> Alias:
    return Alias(_signature(name, proper), _signature(other_name, other or proper))


def _signature(name: str, address: str) -> Signature:
    return Signature(folded(name), address.strip().lower())


def groups_in(aliases: Iterable[Alias]) -> tuple[tuple[Signature, ...], ...]:
    """The signatures of each person, in order: the proper address, every other one, each with a name only where it depends on it."""
    groups: dict[Signature, set[Signature]] = {}
    for proper, other in aliases:
        first, second = Signature("", proper.address), other
        joined = groups.get(first, {first}) | groups.get(second, {second})
        groups.update(dict.fromkeys(joined, joined))
    distinct = {id(group): group for group in groups.values()}
    return tuple(sorted(tuple(sorted(group)) for group in distinct.values()))
