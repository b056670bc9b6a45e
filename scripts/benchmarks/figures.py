"""Figures: medians over interleaved repetitions, so that whatever else the machine does falls on all sides alike."""

from collections.abc import Callable, Mapping
from statistics import median, quantiles
from time import perf_counter

import msgspec

Measure = Callable[[], float]


class Figure(msgspec.Struct):
    """One row of the table: what was measured against what, and the least or most (`at_most`) the ratio should be."""

    what: str
    value: float
    unit: str
    against: str = ""
    other: float | None = None
    ratio: float | None = None
    target: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target


def against(
    what: str, value: float, unit: str, other: tuple[str, float], target: float, *, at_most: bool = False
) -> Figure:
    """A figure beside the one that it is held against."""
    return Figure(what, value, unit, other[0], other[1], value / other[1], target, at_most)


def interleaved(measures: Mapping[str, Measure], repeat: int = 3) -> dict[str, float]:
    """The median of each measure, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(repeat):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: median(values) for name, values in taken.items()}


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    started = perf_counter()
    work()
    return perf_counter() - started


def percentile(values: list[float], percent: int) -> float:
    """A percentile, in the unit of the values."""
    return quantiles(values, n=100)[percent - 1]
