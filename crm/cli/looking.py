"""How much there is."""

import click
import msgspec

from crm.cli.counting import Counts, how_much_there_is
from crm.cli.finding import catch_up
from crm.cli.shell import answer_json, answer_table, as_json, opened
from projections.members import how_many_members


@click.command()
@as_json
def stats(as_json: bool) -> None:
    """How much there is: events, interactions, members, by source and kind."""
    with opened() as kith:
        catch_up(kith, "members", "identities")
        with kith.connection() as connection:
            counts = how_much_there_is(connection, how_many_members(connection))
    if as_json:
        answer_json(counts)
    else:
        answer_table(("what", "how many"), _lines(counts))


def _lines(counts: Counts) -> list[tuple[str, int]]:
    lines: list[tuple[str, int]] = []
    for name, value in msgspec.structs.asdict(counts).items():
        if isinstance(value, dict):
            lines += [(f"  {name.replace('_', ' ')}: {key}", n) for key, n in value.items()]
        else:
            lines.append((name, value))
    return lines


COMMANDS = (stats,)
