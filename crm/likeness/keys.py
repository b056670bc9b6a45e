"""Keys: only accounts that share one are compared, so that a hundred thousand cost minutes and not hours."""

from crm.likeness.spelling import is_vietnamese, spelled
from crm.likeness.traits import Traits, handles_of

CROWD = 24
"""A key that more accounts share tells nobody apart, and is not followed."""

MANY = 1 << 20

PRIME = 9_154_123_990_053_713_833
"""No particular one; below 2 to the 63rd, so that a key fits a bigint."""


def key(kind: str, text: str) -> int:
    """A key as a positive number of 63 bits: the remainder of its text by a prime, which is all the hash that is needed here.

    Two texts with one key would only be compared in vain.
    """
    return int.from_bytes(f"{kind}\0{text}".encode("utf-8", "replace"), "big") % PRIME


def keys(known: Traits) -> set[int]:
    """The keys of an account; a machine has none."""
    if known.bot:
        return set()
    found = {key("handle", handle) for handle in handles_of(known) if len(handle) > 1}
    if known.address:
        found.add(key("address", known.address))
    if known.github:
        found.add(key("github", known.github))
    if words := [spelled(word).plains[0] for word in known.words]:
        found |= name_keys(known) | (_syllable_keys(words) if is_vietnamese(words) else _near_keys(words))
    return found


def name_keys(known: Traits) -> set[int]:
    """Of a full name: its words without marks in any order, also with letters spelt out (`Tim Ruehsen`)."""
    words = [spelled(word).plains for word in known.words]
    spellings = {" ".join(sorted(word[index] for word in words)) for index in (0, -1)}
    return {key("name", spelling) for spelling in spellings if spelling}


def _near_keys(words: list[str]) -> set[int]:
    """What names share that differ by a middle name, an initial, a short form or a typing error."""
    pairs = {(words[0], words[-1]), (words[0], words[1])}
    found = {key("near", f"{one} {other[0]}") for pair in pairs for one, other in (pair, pair[::-1]) if len(one) > 1}
    return found | {key("begin", " ".join(sorted((words[0][:4], words[-1][:4]))))}


def _syllable_keys(words: list[str]) -> set[int]:
    """What Vietnamese names share where the surname or the middle name is left out; parts of syllables tell nothing."""
    return {key("near", " ".join(sorted(pair))) for pair in ((words[0], words[-1]), (words[-2], words[-1]))}


def band(size: int) -> int:
    """How many accounts share a key, to the next power of two; `MANY` for a crowd. Scores change only where this does."""
    return MANY if size > CROWD else 1 << max(size - 1, 0).bit_length()
