"""Commands that ask: how much there is, what happened between somebody and the others."""

import click
import msgspec

from crm.cli.counting import Counts, how_much_there_is
from crm.cli.finding import catch_up, the_one
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened
from crm.kinds import KINDS
from projections.entries import Entry, which_entries
from projections.members import how_many_members, which_identities
from projections.timeline import Filter, what_happened

SHOWN = 100
"""Letters of a text in a line of the timeline."""

limit = click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")


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


@click.command()
@click.argument("member")
@limit
@as_json
def timeline(member: str, limit: int, as_json: bool) -> None:
    """What a MEMBER did and what was done with them, the newest first. Give an id, or a name that only one bears."""
    with opened() as kith:
        who = the_one(kith, member)
        with kith.connection() as connection:
            accounts = which_identities(connection, who.member)
            positions = [row.position for row in what_happened(connection, accounts, Filter(), limit)]
            entries = which_entries(kith.vault, connection, positions)
    if as_json:
        return answer_json({"member": who, "entries": entries})
    answer(f"{who.name}: did {who.acts:,}, received {who.received:,}. Times are UTC.")
    for entry in entries:
        answer(_told(entry))
    return None


def _told(entry: Entry) -> str:
    kind = KINDS[entry.kind]
    whom = ", ".join(dict.fromkeys(touched.who.name for touched in entry.touched))
    did = kind.toward.replace("{whom}", whom) if whom else kind.alone
    about = " ".join((entry.title or entry.text or entry.thread_title).split())
    about = about if len(about) <= SHOWN else f"{about[:SHOWN]}…"
    parts = (
        f"{entry.at:%Y-%m-%d %H:%M}",
        entry.who.name if entry.who else "somebody",
        did,
        entry.place or entry.source,
        about,
    )
    return "  ".join(part for part in parts if part)


COMMANDS = (stats, timeline)
