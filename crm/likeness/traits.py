"""Traits: of an account what it may be recognised by. Addresses are kept as digests, since only their equality is asked for."""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

import msgspec

from crm.likeness.spelling import full_name, spelled, without_marks
from crm.likeness.words import PROVIDERS, ROLES
from crm.members import Account
from crm.sources.git import NOREPLY

GITHUB = frozenset({"git", "github", "github-webhook"})
"""Sources whose logins are names on GitHub."""

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
NOWHERE = re.compile(
    r"localhost|.*\.(?:local|localdomain|lan|home|invalid|internal|test)|(?:.*\.)?example(?:\.\w+)?|[^.]*"
)
LISTS = re.compile(r"(?:lists?|groups|mailman)\..*|googlegroups\.com|(?:.*\.)?noreply\..*|reply\..*")
UNREGISTERED = re.compile(r"(?:name|masked|member):.*")
SEPARATORS = re.compile(r"[\W_]+")

Origin = Literal["login", "nick", "mailbox", "joined", "initials"]
"""Where a handle comes from: given as such, the only word of a name, before the @, or made of the words of a name."""


class Handle(NamedTuple):
    """What somebody may be called in one word; `shown` as people read it."""

    origin: Origin
    shown: str


class Traits(msgspec.Struct, frozen=True, array_like=True):
    """What an account is called. `address` and `domain` are digests, empty where they tell nobody from another.

    `github` is a login on GitHub. `registered` tells an account that its platform gave from a mere name or address in a
    signature, of which one person has many.
    """

    source: str
    host: str
    bot: bool = False
    registered: bool = True
    name: str = ""
    login: str = ""
    mailbox: str = ""
    github: str = ""
    address: str = ""
    domain: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a full name; none where the name is one word."""
        return full_name(self.name)


def traits(source: str, host: str, account: Account, *, bot: bool = False) -> Traits:
    """The traits of an account as its platform shows it."""
    address = (account.email or (account.uid if ADDRESS.fullmatch(account.uid) else "")).strip().casefold()
    noreply = NOREPLY.fullmatch(address)
    login = account.login or (noreply[1] if noreply else "")
    mailbox, _, domain = address.partition("@")
    telling = _is_telling(mailbox, domain)
    return Traits(
        source=source,
        host=host,
        bot=bot,
        registered=account.uid.casefold() != address and not UNREGISTERED.match(account.uid),
        name=account.name,
        login=login,
        mailbox="" if mailbox in ROLES or noreply else mailbox.partition("+")[0],
        github=without_marks(login) if source in GITHUB or noreply else "",
        address=_digest(address) if telling else "",
        domain=_digest(domain) if telling and domain not in PROVIDERS else "",
    )


def _is_telling(mailbox: str, domain: str) -> bool:
    """Whether one person reads what is sent there."""
    return bool(mailbox) and mailbox not in ROLES and not NOWHERE.fullmatch(domain) and not LISTS.fullmatch(domain)


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=1 << 13)
def handles_of(known: Traits) -> dict[str, Handle]:
    """What somebody may be called in one word, without separators and marks; the plainest origin of each."""
    found: dict[str, Handle] = {}
    given: list[tuple[Origin, str]] = [("login", known.login), ("nick", "" if known.words else known.name)]
    for origin, shown in (*given, ("mailbox", known.mailbox)):
        if handle := bare(shown):
            found.setdefault(handle, Handle(origin, shown))
    words = [spelled(word).plains[0] for word in known.words[:6]]
    if words:
        for handle in ("".join(words), words[-1] + "".join(words[:-1])):
            found.setdefault(handle, Handle("joined", known.name))
        for handle in _with_initials(words):
            found.setdefault(handle, Handle("initials", known.name))
    return found


def _with_initials(words: list[str]) -> set[str]:
    """One word and the initials of the others, in the orders of the West and of Vietnam (`jsmith`, `johns`, `dungnt`)."""
    first, last = words[0], words[-1]
    rest = "".join(word[0] for word in words[:-1])
    return {first[0] + last, first + last[0], last + rest, rest + last}


def bare(handle: str) -> str:
    """A handle as it is compared."""
    return SEPARATORS.sub("", without_marks(handle))
