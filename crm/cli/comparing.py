"""The command that lays two versions of formulas side by side."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import click
import msgspec

from crm.cli.finding import catch_up, limit, read_day
from crm.cli.meter import Meter
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened
from crm.errors import Refusal
from crm.installation import Installation
from projections import comparing
from projections.engine import Engine
from projections.identities import what_are_they_called
from projections.points import MILLIONTHS
from projections.scores import which_version


@click.command()
@click.argument("one")
@click.argument("two")
@click.option("--from", "since", metavar="DATE", help="The day at the beginning; else two years before the end.")
@click.option("--to", "until", metavar="DATE", help="The day at the end; else that of the newest entry.")
@limit
@as_json
def compare(one: str, two: str, since: str | None, until: str | None, limit: int, as_json: bool) -> None:
    """Two versions of formulas (advocacy@1 advocacy@2) side by side, month by month: who would rise, who fall, how often levels change."""
    with opened() as kith:
        catch_up(kith)
        told = _compared(kith, one, two, (since, until), limit)
    if as_json:
        return answer_json(told)
    answer(f"{told['one']} and {told['two']} from {told['since']} to {told['until']}: of {told['both']:,} members {told['rising']:,} "
           f"would rise and {told['falling']:,} fall.")  # fmt: skip
    for name in ("one", "two"):
        restless = told[f"flapping_{name}"]
        answer(f"{told[name]}: levels rose {restless['rises']:,} times and fell {restless['falls']:,} times; {restless['restless']:,} "
               "members changed more than twice a year.")  # fmt: skip
    heads = ("id", "name", told["one"], told["two"], "rank", "then")
    return answer_table(
        heads, [(row["member"], row["name"], _points(row["before"]), _points(row["after"]), row["rank_before"] or "", row["rank_after"] or "")
                for row in told["changes"]])  # fmt: skip


def _points(points: int | None) -> str:
    return "" if points is None else f"{points / MILLIONTHS:,.2f}"


def _compared(
    kith: Installation, one: str, two: str, typed: tuple[str | None, str | None], limit: int
) -> dict[str, Any]:
    with kith.connection() as connection:
        first, second = which_version(connection, one), which_version(connection, two)
        until = read_day(connection, typed[1], "--to")
        since = read_day(connection, typed[0], "--from") if typed[0] else until - timedelta(days=730)
    if since > until:
        raise Refusal(f"--from {since} is after --to {until}. Give the earlier day first.")
    days = comparing.which_days(since, until)
    with Meter() as meter:
        counted = comparing.count_both(
            kith, first, second, days, Engine(kith).head(),
            lambda done, of: meter.tell("counting", done, of, f"{done} of {of} days"),
        )  # fmt: skip
    with kith.connection() as connection:
        found = comparing.how_do_they_compare(connection, first, second, days, counted, limit=limit)
        called = what_are_they_called(connection, [change.member for change in found.changes])
    changes = [{"name": _name(called, one.member), **msgspec.structs.asdict(one)} for one in found.changes]
    return msgspec.to_builtins(found) | {"changes": changes}  # type: ignore[no-any-return]


def _name(called: dict[UUID, Any], member: UUID) -> str:
    return called[member].name if member in called else ""


COMMANDS = (compare,)
