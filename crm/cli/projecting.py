"""Commands about the projections: how far each is, and making them anew from the log."""

from typing import Any

import click

from crm.cli.meter import Meter
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened
from crm.errors import Refusal
from projections.engine import Engine
from projections.projection import Projection
from projections.rebuild import Differs, rebuild
from projections.state import State

DIFFERENT = 1


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def projections(context: click.Context, as_json: bool) -> None:
    """What Kith remembers for reading: how far each projection is, how fast it was made, and its state."""
    if context.invoked_subcommand:
        return
    with opened() as kith:
        engine = Engine(kith)
        rows = [_row(engine, projection, engine.head()) for projection in engine.projections.values()]
    if as_json:
        answer_json(rows)
    else:
        heads = ("name", "position", "lag", "events a second", "state")
        answer_table(heads, [[row[key] for key in ("name", "position", "lag", "rate", "state")] for row in rows])


def _row(engine: Engine, projection: Projection, head: int) -> dict[str, Any]:
    with engine.kith.connection() as connection:
        now = State.of(connection, projection.name)
        position = engine.position(connection, projection, now.live) if now.live else 0
    return {
        "name": projection.name,
        "position": position,
        "lag": max(head - position, 0),
        "rate": round(now.rate or 0),
        "state": _state(now, projection),
    }


def _state(now: State, projection: Projection) -> str:
    if now.error:
        return f"stopped before event {now.failed_at}: {now.error}"
    if now.rebuilding is not None:
        return f"rebuilding: {now.rebuilding:,} of {now.target or 0:,}"
    if not now.live:
        return "not built yet"
    return "serving" if now.version == projection.version else "to be rebuilt: its code changed"


@projections.command("rebuild")
@click.argument("name")
@click.pass_context
def make_anew(context: click.Context, name: str) -> None:
    """Make the projection NAME, or all, anew from the log, while the old one serves; then compare and switch."""
    with opened() as kith, Meter() as meter:
        engine = Engine(kith, tell=meter.events)
        differing = [one for one in _chosen(engine, name) if not _is_same(engine, one)]
    for projection in differing:
        answer(f"{projection.name}: the new rows differ from the old ones; the new ones serve now.")
    if differing:
        context.exit(DIFFERENT)
    answer("Rebuilt.")


def _chosen(engine: Engine, name: str) -> list[Projection]:
    if name == "all":
        return list(engine.projections.values())
    if name not in engine.projections:
        raise Refusal(f"There is no projection called “{name}”. Known are: {', '.join(engine.projections)}, and all.")
    return [engine.projections[name]]


def _is_same(engine: Engine, projection: Projection) -> bool:
    try:
        rebuild(engine, projection, asked=True)
    except Differs:
        return False
    return True


COMMANDS = (projections,)
