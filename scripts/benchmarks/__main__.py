"""Measures what Kith promises, side by side in one run on one server, and prints the table: `scripts/bench --help`."""

import argparse
import importlib.metadata
import json
import os
import platform
from collections.abc import Callable
from pathlib import Path

import msgspec

from scripts.benchmarks import appending, identity, importers, merging, pages, place, projecting, scoring, work
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.place import Place

MEASURES: dict[str, Callable[[Place, int], list[Figure]]] = {
    "bulk": appending.in_bulk,
    "command": appending.one_by_one,
    "rebuild": projecting.rebuilds,
    "wait": projecting.own_effect,
    "memory": work.memory,
    "importers": importers.importers,
    "pages": pages.pages,
    "identity": identity.identity,
    "merges": merging.merges,
    "scores": scoring.scores,
}


def main() -> None:
    """Measure what was asked for, tell as it comes, and write it down where asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="size of the community")
    parser.add_argument(
        "--only", default=",".join(MEASURES), help=f"some of {', '.join(MEASURES)}, with commas between"
    )
    parser.add_argument("--json", type=Path, help="a file to write the figures to as well")
    asked = parser.parse_args()
    if unknown := set(asked.only.split(",")) - set(MEASURES):
        parser.error(f"there is nothing called {', '.join(sorted(unknown))} to measure")
    figures: list[Figure] = []
    with place.opened() as where:
        facts = surroundings(where)
        print("  ".join(f"{name} {value}" for name, value in facts.items()), flush=True)
        for name in asked.only.split(","):
            for figure in MEASURES[name](where, asked.events):
                figures.append(figure)
                print(line(figure), flush=True)
    if asked.json:
        content = {"surroundings": facts, "events": asked.events, "figures": msgspec.to_builtins(figures)}
        asked.json.write_text(json.dumps(content, indent=2) + "\n")


def surroundings(where: Place) -> dict[str, str]:
    """What the figures depend on."""
    versions = {name: importlib.metadata.version(name) for name in ("eventsourcing", "psycopg")}
    return {"python": platform.python_version(), "cores": str(os.cpu_count()), **versions, **where.facts()}


def line(figure: Figure) -> str:
    """A row of the table, for people."""
    text = f"{figure.what}: {figure.value:,.1f} {figure.unit}"
    if figure.other is not None and figure.ratio is not None:
        held = {True: "ok", False: "MISSED", None: ""}[figure.holds]
        bound = "at most" if figure.at_most else "at least"
        text += (
            f" | {figure.against}: {figure.other:,.1f} | {figure.ratio:.2f} times ({bound} {figure.target:g}) {held}"
        )
    return f"{text} {figure.note}".rstrip()


if __name__ == "__main__":
    main()
