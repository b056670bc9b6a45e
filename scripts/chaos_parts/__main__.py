"""Kills -9 the importer, the server and PostgreSQL at random instants, and checks that nothing was lost or counted twice."""

import argparse
import os
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event

from crm import embedded
from crm.installation import Installation
from crm.settings import Settings
from projections.engine import Engine
from projections.rebuild import rebuild
from scripts.chaos_parts import community
from scripts.chaos_parts.processes import Home, Server

VICTIMS = ("importer", "postgres", "server")
COUNTED = ("interactions", "identities", "members", "refused")


def main() -> None:
    """Kill, start again, import again, check; at the end compare with a Kith in which nothing was killed."""
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often something is killed")
    parser.add_argument("--seed", type=int, default=1, help="which instants and victims")
    parser.add_argument("--lines", type=int, default=30_000, help="comments imported each time")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="kith-chaos-") as folder:
        place = Path(folder)
        files = [place / f"part{part}.jsonl" for part in range(asked.times)]
        for part, file in enumerate(files):
            community.write(file, part, asked.lines)
        try:
            expected, seconds = calm(Home(place / "calm"), files)
            found = stormy(Home(place / "storm"), files, Random(asked.seed), seconds / asked.times)
        finally:
            for home in (place / "calm", place / "storm"):
                embedded.remove(home)
    if found != expected:
        raise SystemExit(f"Not what a calm import gives: {found} instead of {expected}.")
    print(f"Complete and once, after {asked.times} kills: {found}.")


def calm(home: Home, files: list[Path]) -> tuple[dict[str, object], float]:
    """What there is to import, and how long it takes."""
    home.run("import", "github", str(files[0]))  # so that the first start of the database is not counted
    started = time.monotonic()
    for file in files[1:] or files:
        home.run("import", "github", str(file))
    seconds = time.monotonic() - started
    print(f"Calm: {len(files)} imports, {seconds / len(files):.1f} s each.", flush=True)
    return counted(home), seconds


def stormy(home: Home, files: list[Path], random: Random, longest: float) -> dict[str, object]:
    """The same with a kill in each import, which is then run again."""
    home.run("stats")
    server = Server(home)
    try:
        for number, file in enumerate(files, 1):
            victim, after = random.choice(VICTIMS), random.uniform(0, longest * 1.1)
            importer = home.start("import", "github", str(file))
            Event().wait(after)
            {"importer": importer.kill, "server": server.kill, "postgres": home.kill_postgres}[victim]()
            importer.communicate(timeout=600)
            told = imported_again(home, file)
            if victim == "server":
                server = Server(home)
            server.must_answer()
            print(f"{number}: {victim} killed after {after:.2f} s; {told}", flush=True)
    finally:
        server.kill()
    rebuilt_the_same(home)
    return counted(home)


def imported_again(home: Home, file: Path) -> str:
    """What the second run of an import found; the end of all if it does not add up or the log is broken."""
    again, head = home.run("import", "github", str(file)), home.run("verify")
    if again["recorded"] + again["known"] != again["read"] or not head["intact"]:
        raise SystemExit(f"This does not add up: {again}, {head}.")
    return f"again: {again['recorded']} new, {again['known']} known; {head['events']} events, intact."


def rebuilt_the_same(home: Home) -> None:
    """Each projection, rebuilt, holds the rows that it held; `Differs` otherwise."""
    with Installation(Settings(home=home.folder)) as kith:
        engine = Engine(kith)
        engine.catch_up()
        for projection in engine.projections.values():
            rebuild(engine, projection, asked=True)
    print(f"Rebuilt, and the same: {', '.join(engine.projections)}.")


def counted(home: Home) -> dict[str, object]:
    """What `crm stats` says that does not depend on how often was tried."""
    stats = home.run("stats")
    return {name: stats[name] for name in COUNTED if name in stats}


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[2])
    main()
