"""What questions to the facts have in common: which acts are somebody's own doing, the year before a day, weights spelled in SQL."""

from collections.abc import Iterable, Mapping

PASSIVE = ("listed", "left", "awarded", "credited", "mentioned")
"""Kinds that happen to somebody: who stood on a list, earned a badge or was named did not come by for it."""


def among(words: Iterable[str]) -> str:
    """Words of ours as a list for `IN`."""
    return f"({', '.join(repr(word) for word in words)})"


def weighing(weights: Mapping[str, int], name: str = "weights") -> str:
    """The relation `weights(kind, weight)` for the beginning of a statement."""
    return f"{name}(kind, weight) AS (VALUES {', '.join(f'({kind!r}, {weight})' for kind, weight in weights.items())})"


OWN = f"kind NOT IN {among(PASSIVE)}"

YEAR = 365

THIS_YEAR = f"day > %(today)s::date - {YEAR}"
"""The 365 days that end with the day `today`."""
