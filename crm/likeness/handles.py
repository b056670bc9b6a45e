"""Handles: what two accounts may both be called in one word, and how much that tells."""

from collections.abc import Mapping
from typing import NamedTuple

from crm.likeness.keys import MANY, key
from crm.likeness.traits import Handle, Origin, Traits, handles_of
from crm.likeness.words import GENERIC, GIVEN

CHOSEN: dict[Origin, float] = {"login": 0.95, "nick": 0.94, "mailbox": 0.85, "joined": 0.95, "initials": 0.7}
"""What it tells that an account is called so; of two, their product counts."""

BY_LENGTH = {0: 0.0, 1: 0.1, 2: 0.2, 3: 0.4, 4: 0.6, 5: 0.92}
"""A short word is chosen by many; from six letters on it is one's own."""

NUMBERED = 0.95


class Shared(NamedTuple):
    """A handle that both may be called by; `made` where for one of them it is made of the full `name`."""

    sure: float
    shown: str
    made: bool
    name: str


def shared_handle(one: Traits, other: Traits, sizes: Mapping[int, int]) -> Shared | None:
    """The handle that tells most, if two accounts share any."""
    first, second = handles_of(one), handles_of(other)
    if first.keys().isdisjoint(second):
        return None
    both = {handle: (first[handle], second[handle]) for handle in first.keys() & second.keys()}
    if one.address and one.address == other.address:  # then its part before the @ says nothing more
        both = {handle: pair for handle, pair in both.items() if {each.origin for each in pair} != {"mailbox"}}
    found = [_shared(handle, *pair, sizes) for handle, pair in both.items()]
    return max((each for each in found if each and each.sure), default=None)


def _shared(handle: str, one: Handle, other: Handle, sizes: Mapping[int, int]) -> Shared | None:
    made = [each for each in (one, other) if each.origin in ("joined", "initials")]
    if len(made) > 1:
        return None  # two full names are compared as such
    given = other if one in made else one
    sure = CHOSEN[one.origin] * CHOSEN[other.origin] * _own(handle) * _rarity(sizes.get(key("handle", handle), MANY))
    return Shared(sure, given.shown, bool(made), made[0].shown if made else "")


def _own(handle: str) -> float:
    """How much of somebody's own a handle is, from 0 to 1."""
    letters = sum(not each.isdecimal() for each in handle)
    if handle in GENERIC:
        return 0.0
    if handle in GIVEN:
        return 0.5
    length = sum(2 if ord(each) > 0x2E80 else 1 for each in handle)  # a Chinese or Korean character is a syllable
    own = BY_LENGTH.get(length, 1.0)
    if not letters:
        return 0.4 if length < 8 else 0.9
    return max(own, NUMBERED) if letters < len(handle) and length > 4 else own


def _rarity(size: int) -> float:
    return {1: 1.0, 2: 1.0, 4: 1.0, 8: 0.95, 16: 0.8}.get(size, 0.5)
