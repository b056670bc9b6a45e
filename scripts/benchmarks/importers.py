"""Importers over real exports where there are any: rows a second end to end, and whether memory stays flat.

Each export is imported as it is and ten times over, see `importing_tenfold`; both are written anew, packed alike.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.reading import Inputs
from crm.settings import Settings
from crm.sources import source
from scripts.benchmarks.figures import Figure, against
from scripts.benchmarks.importing_tenfold import larger
from scripts.benchmarks.place import Place
from scripts.benchmarks.work import peak

DATA = Path(__file__).parents[2] / "../shared/data"

EXPORTS = {
    "git": "git/curl.gitlog.jsonl.gz",
    "github": "github/bitcoin-core-gui-pulls.jsonl.xz",
    "discourse": "discourse/urho3d-forum-topics.jsonl.xz",
    "slack": "slack/r-contributors-slack-export.zip.xz",
    "discord": "discord/komodo-server-a.dce-csv.tar.xz",
    "mail": "mailing-lists/r-devel-2003.pipermail.tar.xz",
    "stackexchange": "stackexchange/bicycles.meta.stackexchange.com.tar.xz",
    "csv": "networks/soc-sign-bitcoinotc.csv.xz",
    "events": "events/rladies-meetup-events-2019.json.xz",
}
MOST = 40_000
"""Rows of an export that are read, and a tenth of those that are read of what is ten times as large."""

COLUMNS = {"FROM_NODE": "uid", "TO_NODE": "whom_uid", "TIME_SINCE_EPOCH": "time"}
"""What the columns of the table mean."""


def importers(place: Place, _: int) -> list[Figure]:
    """Of each source the rate of an import ten times as large as a real export, and its peak of memory against the export's."""
    if not DATA.exists():
        return [Figure("importers", 0, "rows/s", note="not measured: there are no real exports on this machine")]
    figures = []
    for name, path in EXPORTS.items():
        _few, _short, little = _measured(place, name, larger(name, DATA / path, 1, place.folder), MOST)
        rows, seconds, most = _measured(place, name, larger(name, DATA / path, 10, place.folder), 10 * MOST)
        what = f"import of {rows:,} rows, {name}"
        figures.append(Figure(what, rows / seconds, "rows/s"))
        figures.append(against(f"peak memory, {what}", most, "MB", ("the export itself", little), 1.2, at_most=True))
    return figures


def _measured(place: Place, name: str, path: Path, rows: int) -> tuple[int, float, float]:
    """Rows, seconds and the peak in MB of an import of so many rows, in a process of its own; the file is gone then."""
    with place.database() as conninfo:
        home = place.settings(conninfo).home
        command = [sys.executable, "-m", __name__, conninfo, str(home), name, str(path), str(rows)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    path.unlink()
    return answer["rows"], answer["seconds"], answer["peak"]


class Part:
    """The first rows of what a source reads."""

    def __init__(self, name: str, rows: int) -> None:
        self._source, self._rows = source(name), rows

    def read(self, inputs: Inputs) -> Iterator[Activity | Refused]:
        """So many of them."""
        return islice(self._source.read(inputs), self._rows)


def _main(conninfo: str, home: str, name: str, path: str, rows: str) -> None:
    with Installation(Settings(database_url=conninfo, home=Path(home))) as kith:
        started = perf_counter()
        with patch.object(importing, "find_source", return_value=Part(name, int(rows))):
            host = "" if name in ("git", "github") else "bench.example"
            done = importing.run(kith, name, Inputs((path,), host, COLUMNS if name == "csv" else None))
        print(json.dumps({"rows": done.read, "seconds": perf_counter() - started, "peak": peak()}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
