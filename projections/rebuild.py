"""Rebuilding a projection beside the live one: filled from the start while the old tables serve, compared, then switched."""

from time import monotonic
from typing import TYPE_CHECKING, Any
from zlib import crc32

from psycopg import Connection

from crm.errors import Refusal
from crm.imports import taken_back
from projections import state
from projections.projection import FRESH, Projection
from projections.state import State

if TYPE_CHECKING:
    from projections.engine import Engine, Stopped


class Differs(Exception):
    """A rebuild of unchanged code over the same log gave other rows than the live tables hold."""


def rebuild(engine: "Engine", projection: Projection, *, asked: bool = False) -> None:
    """Fill new tables to the head and let them serve. One process at a time; whoever waited finds it done.

    `asked` rebuilds what needs no rebuilding, and then says with `Differs` if the rows differ; the new ones serve either way.
    Refusal if asked and an event could not be taken in; unasked, the state tells.
    """
    with engine.kith.connection() as connection:
        key = {"key": crc32(f"rebuild {projection.name}".encode())}
        connection.execute("SELECT pg_advisory_lock(%(key)s)", key)
        try:
            before = State.of(connection, projection.name)
            stopped = None
            if asked or _is_stale(engine, connection, projection, before):
                stopped = _fill_and_switch(engine, connection, projection, before)
            if asked:
                projection.tidy(connection, State.of(connection, projection.name).live)
        finally:
            if not connection.closed:
                connection.execute("SELECT pg_advisory_unlock(%(key)s)", key)
    if asked and stopped:
        raise Refusal(f"The projection {projection.name} could not take in event {stopped.position}: {stopped.error}")


def _is_stale(engine: "Engine", connection: Connection[Any], projection: Projection, before: State) -> bool:
    reached = engine.position(connection, projection, before.live)
    return before.version != projection.version or taken_back(connection, reached) != taken_back(connection)


def _fill_and_switch(
    engine: "Engine", connection: Connection[Any], projection: Projection, before: State
) -> "Stopped | None":
    """Why it stopped, if an event could not be taken in: then the old tables serve on, or what was filled if there are none."""
    suffix = f"{projection.version}_{before.generation + 1}"
    for abandoned in projection.physical(suffix).values():  # of a rebuild that was killed
        connection.execute(f"DROP TABLE IF EXISTS {abandoned}")
    connection.execute(
        "DELETE FROM kith_tracking WHERE application_name = %(name)s", {"name": f"{projection.name} {suffix}"}
    )
    projection.create(connection, suffix)
    started, reached = monotonic(), engine.head()
    state.progress(connection, projection.name, 0, reached)
    stopped = _fill_fresh(engine, connection, projection, suffix, reached)
    projection.settle(connection, suffix)
    rate = reached / max(monotonic() - started, 1e-6) if reached else None
    with connection.transaction():
        engine.lock(connection, projection)
        same, target = True, engine.head()
        if not stopped and taken_back(connection, reached) == taken_back(
            connection, target
        ):  # else the next step sees it
            stopped = _fill(engine, connection, projection, suffix, reached, target)
            same = bool(stopped) or _agree(engine, connection, projection, before, suffix, target)
        serving = before.live if stopped and before.live else suffix
        if serving == suffix:
            projection.show(connection, suffix)
            state.switched(connection, projection.name, suffix, rate)
        if stopped:
            state.stop(connection, projection.name, projection.version, *stopped)
    for old in projection.leftovers(connection, serving):
        connection.execute(f"DROP TABLE {old}")
    if not same:
        raise Differs(f"The rebuilt {projection.name} held other rows than the live one; the rebuilt one serves now.")
    return stopped


def _fill_fresh(
    engine: "Engine", connection: Connection[Any], projection: Projection, suffix: str, target: int
) -> "Stopped | None":
    """Fill empty tables to the target: at once and without keys where that can be, window by window where it cannot."""
    first = min(target, FRESH) if projection.keys else 0
    try:
        with connection.transaction():
            connection.execute("SET LOCAL work_mem = '256MB'")
            if first:
                engine.fold(connection, projection, suffix, 0, first, taken_back(connection, target), fresh=True)
    except Exception:  # noqa: BLE001 - an event that cannot be taken in is looked for window by window
        first = 0
    projection.index(connection, suffix)
    return _fill(engine, connection, projection, suffix, first, target)


def _fill(
    engine: "Engine", connection: Connection[Any], projection: Projection, suffix: str, lo: int, target: int
) -> "Stopped | None":
    gone = taken_back(connection, target)
    for start in range(lo, target, projection.window):
        hi = min(start + projection.window, target)
        with connection.transaction():
            stopped = engine.advance(connection, projection, suffix, start, hi, gone)
        if stopped:
            return stopped
        state.progress(connection, projection.name, hi, target)
        engine.tell(projection.name, hi, target)
    return None


def _agree(
    engine: "Engine", connection: Connection[Any], projection: Projection, before: State, suffix: str, target: int
) -> bool:
    """Whether old and new hold the same rows, where they should: same code, same imports, no error, same position."""
    reached = engine.position(connection, projection, before.live)
    if (
        before.version != projection.version
        or before.error
        or taken_back(connection, reached) != taken_back(connection, target)
    ):
        return True
    if reached < target:
        engine.fold(connection, projection, before.live, reached, target, taken_back(connection, target))
    return checksums(connection, projection, before.live) == checksums(connection, projection, suffix)


def checksums(connection: Connection[Any], projection: Projection, suffix: str) -> dict[str, tuple[int, int | None]]:
    """Of each table the number of rows and a sum over them that does not depend on their order."""
    found = {}
    for table, name in projection.physical(suffix).items():
        row = connection.execute(
            f"SELECT count(*) AS n, bit_xor(hashtextextended(r::text, 0)) AS sum FROM {name} AS r"
        ).fetchone()
        found[table] = (row["n"], row["sum"]) if row else (0, None)
    return found
