"""The import of a made-up community, here or in a process of its own that tells how much memory it took at most."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from crm import importing
from crm.activity import Activity
from crm.installation import Installation
from crm.reading import Inputs
from crm.settings import Settings
from projections.engine import Engine
from scripts.benchmarks.community import acts
from scripts.benchmarks.figures import Figure, against
from scripts.benchmarks.place import Place

SMALL = 25_000
"""Acts of the smaller of two imports whose memory is compared."""


class Community:
    """A source that yields what was made up."""

    def __init__(self, made_up: Iterator[Activity]) -> None:
        self._made_up = made_up

    def read(self, _: Inputs) -> Iterator[Activity]:
        """All the acts."""
        return self._made_up


def filled(kith: Installation, number: int) -> float:
    """Import so many acts as an importer would; acts a second."""
    started = perf_counter()
    brought(kith, acts(number))
    return number / (perf_counter() - started)


def brought(kith: Installation, made_up: Iterator[Activity]) -> None:
    """Import these acts as an importer would."""
    with patch.object(importing, "find_source", return_value=Community(made_up)):
        importing.run(kith, "bench", Inputs(()), by="bench")


def memory(place: Place, events: int) -> list[Figure]:
    """Peak memory of an import and a rebuild, and of four times as much."""
    number = min(SMALL, events // 4)
    small, large = (_peak(place, size) for size in (number, 4 * number))
    what, other = f"peak memory of import and projections, {4 * number:,} acts", f"the same, {number:,} acts"
    return [against(what, large, "MB", (other, small), 1.5, at_most=True)]


def _peak(place: Place, number: int) -> float:
    with place.database() as conninfo:
        home = place.settings(conninfo).home
        command = [sys.executable, "-m", __name__, conninfo, str(home), str(number)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peak() -> float:
    """Most memory this program held so far, in MB; what `getrusage` tells begins with that of whoever started it."""
    held = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert held is not None
    return int(held[1]) / 1024


if __name__ == "__main__":
    with Installation(Settings(database_url=sys.argv[1], home=Path(sys.argv[2]))) as opened:
        filled(opened, int(sys.argv[3]))
        Engine(opened).catch_up()
    print(peak())
