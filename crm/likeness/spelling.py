"""Spelling: each word of a name in two forms, with its marks and without, since marks tell people apart as letters do.

`Hoàng` and `Hoảng` are two names and `Hoang` may be either; `Hòa` and `Hoà` are one, written by two rules of where a tone stands.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from crm.likeness.words import CALLED, GIVEN, SURNAMES_VI

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
STROKES = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "ð": "d", "þ": "th"})
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How German and the Nordic languages write a letter where a keyboard lacks it."""

ASIDE = re.compile(r"\([^()]*\)|[“\"][^”\"]*[”\"]")
APOSTROPHES = re.compile(r"['’`´]")
PARTED = re.compile(r"[\W_]+")
NEAR = 0.92
"""Jaro-Winkler similarity from which two long words may be one, misspelled."""


class Word(NamedTuple):
    """A word of a name: `kept` with its marks (tones moved behind), `plains` without them, one or two spellings."""

    kept: str
    plains: tuple[str, ...]

    @property
    def marked(self) -> bool:
        """Whether it has any mark to tell it by."""
        return self.kept != self.plains[0]


class Agreement(Enum):
    """How two words of names compare."""

    SAME = "same"
    UNMARKED = "unmarked"
    CALLED = "called"
    NEAR = "near"
    SHORT = "short"
    INITIAL = "initial"
    CLASH = "clash"
    NONE = "none"


@lru_cache(maxsize=1 << 14)
def full_name(name: str) -> tuple[str, ...]:
    """The words of a name that has several with spaces between; none otherwise, `first.last` is a handle."""
    words = words_of(name)
    return words if len(words) > 1 and len(ASIDE.sub(" ", name).split()) > 1 else ()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, marks kept; what stands in brackets or quotes is left out."""
    if "@" in name:
        return ()
    text = unicodedata.normalize("NFC", ASIDE.sub(" ", name)).casefold()
    return tuple(word for word in PARTED.split(APOSTROPHES.sub("", text)) if word)


@lru_cache(maxsize=1 << 15)
def spelled(word: str) -> Word:
    """A word of `words_of` in its forms."""
    if word.isascii():
        return Word(word, (word,))
    parts = unicodedata.normalize("NFD", word)
    tones = sorted(part for part in parts if part in TONES)
    rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
    plain, out = without_marks(word), without_marks(word.translate(SPELT_OUT))
    return Word(rest + "".join(tones), (plain,) if plain == out else (plain, out))


def without_marks(text: str) -> str:
    """Small letters without marks and strokes."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.casefold().translate(STROKES))
    return "".join(part for part in parts if not unicodedata.combining(part))


def is_vietnamese(words: Sequence[str]) -> bool:
    """Whether a name is likely Vietnamese: its first or last word is one of the few surnames."""
    return len(words) > 1 and any(spelled(word).plains[0] in SURNAMES_VI for word in (words[0], words[-1]))


@lru_cache(maxsize=1 << 15)
def agreement(one: str, other: str, *, syllables: bool = False) -> Agreement:
    """How two words compare; between `syllables`, as in Vietnamese names, one letter more or less is another word."""
    first, second = spelled(one), spelled(other)
    if first.kept == second.kept:
        return Agreement.SAME
    if not set(first.plains).isdisjoint(second.plains):
        return Agreement.CLASH if first.marked and second.marked else Agreement.UNMARKED
    short, long = sorted((first.plains[0], second.plains[0]), key=len)
    if not short.isalpha() or not long.startswith(short[0]):
        return Agreement.NONE
    if len(short) == 1:
        return Agreement.INITIAL
    if any({short, long} <= group for group in CALLED):
        return Agreement.CALLED
    if syllables or {short, long} <= GIVEN:
        return Agreement.NONE
    if len(short) >= 6 and JaroWinkler.normalized_similarity(short, long) >= NEAR:
        return Agreement.NEAR
    return Agreement.SHORT if len(short) >= 3 and long.startswith(short) else Agreement.NONE
