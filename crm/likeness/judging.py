"""Judging a pair of accounts: every reason for and against it, and what they come to."""

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

import msgspec

from crm.kinds import _
from crm.likeness.handles import Shared, shared_handle
from crm.likeness.keys import MANY, name_keys
from crm.likeness.names import Common, in_common
from crm.likeness.traits import Traits

LIKELY, POSSIBLE, LEAST = 0.8, 0.5, 0.3
"""From which confidence a pair is likely, is shown at all, is kept."""

SENTENCES = {
    "vouched": _("A file says that they are one person"),
    "address": _("Both use the same mail address"),
    "github": _("Both are {handle} on GitHub"),
    "handle": _("Both go by {handle}"),
    "made": _("The handle {handle} is made of the name {name}"),
    "name": _("Both are called {name}"),
    "marks": _("{one} and {other} are the same name, once without marks"),
    "near": _("{one} and {other} are almost the same name"),
    "domain": _("Both have an address at the same organisation"),
    "often": _("But many accounts are called so"),
    "differ": _("But they have different full names: {one} and {other}"),
    "clash": _("But the marks make them two names: {one} and {other}"),
    "place": _("But both are accounts at {host}, where one person seldom has two"),
}
"""By its code what a reason says; those that begin with “But” speak against it."""

SURE = {"vouched": 0.99, "address": 0.98, "github": 0.96, "domain": 0.4}
TWICE = 0.45
"""Two accounts at one place are no more than this, whatever they are called."""

WORDS = ((0.95, _("almost certainly")), (LIKELY, _("likely")), (POSSIBLE, _("perhaps")), (0.0, _("hardly")))


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code of SENTENCES, and the names it speaks of."""

    code: str
    values: dict[str, str] = {}

    @property
    def sentence(self) -> str:
        """What it says, to be translated and then filled with `values`."""
        return SENTENCES[self.code]


class Likeness(msgspec.Struct, frozen=True):
    """How sure it is that two accounts are one person's, from 0 to 1, and why."""

    confidence: float
    reasons: tuple[Reason, ...]


def how_sure(confidence: float) -> str:
    """A confidence in words, to be translated."""
    return next(words for least, words in WORDS if confidence >= least)


class _Part(NamedTuple):
    sure: float
    reason: Reason


def likeness(one: Traits, other: Traits, sizes: Mapping[int, int], *, vouched: bool = False) -> Likeness | None:
    """How likely two accounts are one person's; None where nothing says so. `sizes` are the bands of the keys they share."""
    if vouched:
        return Likeness(SURE["vouched"], (Reason("vouched"),))
    if one.bot or other.bot:
        return None
    names = in_common(one.words, other.words) if one.words and other.words else None
    exact, parts = _exact(one, other), _telling(one, other, names, sizes)
    if not exact and not parts:
        return None
    against = _against(one, other, names)
    sure = 1 - prod(1 - part.sure for part in (*exact, *parts))
    if not exact:
        sure *= prod(part.sure for part in against if part.reason.code != "place")
        sure = min(sure, TWICE) if any(part.reason.code == "place" for part in against) else sure
    reasons = (*(part.reason for part in (*exact, *parts, *against)), *_often(one, other, parts, sizes))
    return Likeness(round(sure, 3), reasons)


def _exact(one: Traits, other: Traits) -> list[_Part]:
    found = []
    if one.address and one.address == other.address:
        found.append(_Part(SURE["address"], Reason("address")))
    if one.github and one.github == other.github and not _same_place(one, other):
        found.append(_Part(SURE["github"], Reason("github", {"handle": one.login})))
    return found


def _telling(one: Traits, other: Traits, names: Common | None, sizes: Mapping[int, int]) -> list[_Part]:
    """What names and handles say, and the domain where these say something."""
    found = []
    if names and names.sure:
        code = "marks" if names.marks else "name" if names.exact else "near"
        values = {"name": one.name} if code == "name" else {"one": one.name, "other": other.name}
        rarity = _rarity(name_keys(one) | name_keys(other), sizes) if names.exact else 1.0
        found.append(_Part(names.sure * rarity, Reason(code, values)))
    handle = shared_handle(one, other, sizes)
    if handle and not (handle.made and found):
        found.append(_Part(handle.sure * (0.5 if found else 1.0), _said(handle)))
    if found and one.domain and one.domain == other.domain and one.address != other.address:
        found.append(_Part(SURE["domain"], Reason("domain")))
    return found


def _said(handle: Shared) -> Reason:
    return Reason(
        "made" if handle.made else "handle", {"handle": handle.shown} | ({"name": handle.name} if handle.made else {})
    )


def _against(one: Traits, other: Traits, names: Common | None) -> list[_Part]:
    found = []
    if names and not names.sure:
        values = {"one": one.name, "other": other.name}
        found.append(_Part(0.4 if names.clash else 0.6, Reason("clash" if names.clash else "differ", values)))
    if _same_place(one, other):
        found.append(_Part(1.0, Reason("place", {"host": one.host or one.source})))
    return found


def _same_place(one: Traits, other: Traits) -> bool:
    return one.registered and other.registered and (one.source, one.host) == (other.source, other.host)


def _rarity(shared: set[int], sizes: Mapping[int, int]) -> float:
    """What a name shared by so many accounts still tells. A key in no `sizes` is shared by a crowd."""
    size = min((sizes[each] for each in shared if each in sizes), default=MANY)
    return {1: 1.0, 2: 1.0, 4: 1.0, 8: 0.95, 16: 0.85, 32: 0.7}.get(size, 0.5)


def _often(one: Traits, other: Traits, parts: list[_Part], sizes: Mapping[int, int]) -> list[Reason]:
    named = any(part.reason.code in ("name", "marks") for part in parts)
    return [Reason("often")] if named and _rarity(name_keys(one) | name_keys(other), sizes) < 0.8 else []
