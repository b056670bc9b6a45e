"""Projecting: rebuilds against the library's runner, and how long a click waits for its own effect."""

from itertools import count
from statistics import median
from time import perf_counter

import msgspec

from crm.imports import Import
from crm.installation import Installation
from projections.engine import Engine
from scripts.benchmarks import library
from scripts.benchmarks.appending import prepared, save
from scripts.benchmarks.figures import Figure, against, interleaved, seconds
from scripts.benchmarks.place import Place
from scripts.benchmarks.work import filled

RUNNER = 3_000
"""Events for the library's runner."""

CLICKS = 200
_versions = count(1)


def rebuilds(place: Place, events: int) -> list[Figure]:
    """One set-based projection and all together, rebuilt as after a change of their code."""
    with place.kith() as kith, place.database() as conninfo, library.application(conninfo) as app:
        filled(kith, events)
        engine = Engine(kith)
        engine.catch_up()
        size = engine.head()
        save(app, prepared(kith, RUNNER))
        rates = interleaved(
            {
                "runner": lambda: RUNNER / seconds(lambda: through(conninfo)),
                "members": lambda: size / seconds(lambda: anew(engine, "members")),
                "all": lambda: size / seconds(lambda: anew(engine, *engine.projections)),
            }
        )
    runner = ("the library's runner doing one count", rates["runner"])
    million = f"{1_000_000 / rates['all']:.1f} s a million"
    everything = against(f"rebuild of all projections, {size:,} events", rates["all"], "events/s", runner, 30)
    return [
        against(f"rebuild of members, {size:,} events", rates["members"], "events/s", runner, 150),
        msgspec.structs.replace(everything, note=million),
    ]


def through(conninfo: str) -> None:
    """The runner from the start; its tracking is forgotten first."""
    with library.application(conninfo) as app, app.factory.datastore.transaction(commit=True) as cursor:  # type: ignore[attr-defined]
        cursor.execute("DROP TABLE IF EXISTS counting_tracking")
    library.run_through(conninfo, RUNNER)


def anew(engine: Engine, *names: str) -> None:
    """A rebuild as after a change of code, indexes and switch included."""
    version = f"{next(_versions):08x}"
    changed = [msgspec.structs.replace(engine.projections[name], version=version) for name in names]
    Engine(engine.kith, changed).catch_up()


def own_effect(place: Place, events: int) -> list[Figure]:
    """Append and step of the one projection needed, against the append alone."""
    with place.kith() as kith:
        filled(kith, min(events, 100_000))
        engine = Engine(kith)
        engine.catch_up()
        alone, both = list[float](), list[float]()
        for _ in range(CLICKS):
            alone.append(seconds(lambda: click(kith)))
            engine.catch_up("imports")
            started = perf_counter()
            click(kith)
            engine.catch_up("imports")
            both.append(perf_counter() - started)
    return [
        against(
            "a click and its effect, p50",
            median(both) * 1000,
            "ms",
            ("the append alone", median(alone) * 1000),
            3,
            at_most=True,
        )
    ]


def click(kith: Installation) -> None:
    """One command."""
    kith.log.save(Import.start("bench", ("a",)), by="bench")
