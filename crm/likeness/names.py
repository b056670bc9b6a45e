"""Full names: how much two have in common, word by word, in any order."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from crm.likeness.spelling import Agreement, agreement, is_vietnamese, spelled
from crm.likeness.words import COMMON_SURNAMES, MIDDLE_VI, SURNAMES_VI

GRADES = {
    Agreement.SAME: 1.0,
    Agreement.UNMARKED: 0.95,
    Agreement.CALLED: 0.75,
    Agreement.NEAR: 0.6,
    Agreement.SHORT: 0.6,
    Agreement.INITIAL: 0.4,
}
ORDER = {how: number for number, how in enumerate(Agreement)}
"""The better agreement first; that marks clash counts before that nothing agrees."""

BARE = 0.7
"""What a Vietnamese name still weighs once it was written without marks: `Dung` is Dung, Dũng or Dụng."""

SURE = 0.92
"""No two names are more than this: people share names."""

CLEAR, SPAN = 0.6, 1.2
"""What names have in common begins to count above CLEAR, and counts in full SPAN further on; an ordinary word weighs 1."""


class Common(NamedTuple):
    """How sure two names make that they are one person's; `exact` with all words the same; `clash` where marks speak against it."""

    sure: float
    exact: bool = False
    marks: bool = False
    clash: bool = False


class Match(NamedTuple):
    """A word of each name, and how they agree."""

    one: str
    other: str
    how: Agreement


def in_common(one: tuple[str, ...], other: tuple[str, ...]) -> Common:
    """Compare two full names (two words or more each)."""
    short, long = sorted((one, other), key=len)
    if len(_plains(short) & _plains(long)) < len(set(short)) - 1:
        return Common(0.0)  # at most one word may agree but loosely
    vietnamese = is_vietnamese(short) or is_vietnamese(long)
    matches, left = _matched(short, long, vietnamese=vietnamese)
    kinds = [match.how for match in matches]
    if Agreement.CLASH in kinds:
        return Common(0.0, clash=True)
    loose = [match for match in matches if match.how not in (Agreement.SAME, Agreement.UNMARKED)]
    if len(loose) > 1 or not all(_holds(match, short, long, left) for match in loose):
        return Common(0.0)
    surname = _surname(short) if vietnamese else ""
    weight = sum(_weight(match, surname) * GRADES[match.how] for match in matches)
    weight *= BARE if vietnamese and not (_has_marks(short) and _has_marks(long)) else 1.0
    rest = (0.8 if vietnamese else 0.9) ** len(left)
    sure = SURE * rest * min(max((weight - CLEAR) / SPAN, 0.0), 1.0)
    exact = not left and not loose
    return Common(sure, exact, exact and Agreement.UNMARKED in kinds)


@lru_cache(maxsize=1 << 14)
def _plains(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain for word in words for plain in spelled(word).plains)


def _matched(short: Sequence[str], long: Sequence[str], *, vietnamese: bool) -> tuple[list[Match], list[str]]:
    """Each word of the shorter name with the one that it agrees with best, and the words of the longer that are left."""
    left, rest, found = list(long), [], []
    for word in short:
        if word in left:
            left.remove(word)
            found.append(Match(word, word, Agreement.SAME))
        else:
            rest.append(word)
    for word in sorted(rest, key=len, reverse=True):
        agreed = [(agreement(word, each, syllables=vietnamese), each) for each in left]
        how, best = min(agreed, key=lambda pair: ORDER[pair[0]])
        left.remove(best)
        found.append(Match(word, best, how))
    return found, left


def _holds(match: Match, short: Sequence[str], long: Sequence[str], left: Sequence[str]) -> bool:
    """Whether a loose agreement says anything: a short form stands first, and an initial is that of no other word."""
    if match.how is Agreement.SHORT:
        return match.one == short[0] and match.other == long[0]
    if match.how is Agreement.INITIAL:
        return not any(len(word) > 1 for word in left)
    return match.how is not Agreement.NONE


def _surname(words: Sequence[str]) -> str:
    """Of a Vietnamese name the surname: it stands first, or last where the name is written as in the West."""
    return words[0] if spelled(words[0]).plains[0] in SURNAMES_VI else words[-1]


def _has_marks(words: Sequence[str]) -> bool:
    return any(spelled(word).marked for word in words)


def _weight(match: Match, surname: str) -> float:
    """What a word tells: an initial little, what half a country is called not much."""
    plain = min((spelled(word).plains[0] for word in (match.one, match.other)), key=len)
    if match.one == surname or plain in MIDDLE_VI:
        return 0.3
    if plain in COMMON_SURNAMES:
        return 0.7
    return {1: 1.0 if ord(plain[0]) > 0x2E80 else 0.6, 2: 0.8}.get(len(plain), 1.0)
