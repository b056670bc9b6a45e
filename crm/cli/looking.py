"""Commands that ask: how much there is, who somebody is, what happened between them and the others."""

from uuid import UUID

import click
import msgspec

from crm.cli.counting import Counts, how_much_there_is
from crm.cli.meter import Meter
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened, printable
from crm.errors import Refusal
from crm.installation import Installation
from crm.kinds import KINDS
from projections.engine import Engine
from projections.entries import Entry, which_entries
from projections.members import Member, Wish, how_many_members, which_members, who_is
from projections.timeline import Filter, what_happened

SHOWN = 100
"""Letters of a text in a line of the timeline."""

limit = click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")


@click.command()
@as_json
def stats(as_json: bool) -> None:
    """How much there is: events, interactions, members, by source and kind."""
    with opened() as kith:
        _catch_up(kith, "members", "identities")
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
@click.argument("query", nargs=-1, required=True)
@limit
@as_json
def member(query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find members by a part of their name; accents do not matter ("nguyen" finds Nguyễn)."""
    with opened() as kith:
        found = _named(kith, " ".join(query), limit)
    if as_json:
        answer_json(found)
    elif found:
        heads = ("id", "name", "login", "source", "did", "received", "first seen", "last seen")
        answer_table(heads, [_line(one) for one in found])
    else:
        answer(f"Nobody here is called “{' '.join(query)}”.")


def _line(one: Member) -> tuple[object, ...]:
    name = f"{one.name} (bot)" if one.bot else one.name
    seen = (f"{one.first_at:%Y-%m-%d}", f"{one.last_at:%Y-%m-%d}")
    return (one.member, name, one.login, one.source, one.acts, one.received, *seen)


@click.command()
@click.argument("member")
@limit
@as_json
def timeline(member: str, limit: int, as_json: bool) -> None:
    """What a MEMBER did and what was done with them, the newest first. Give an id, or a name that only one bears."""
    with opened() as kith:
        who = _the_one(kith, member)
        with kith.connection() as connection:
            positions = [row.position for row in what_happened(connection, who.member, Filter(), limit)]
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


def _the_one(kith: Installation, typed: str) -> Member:
    """The member that is meant. Refusal where it is nobody or where several bear that name."""
    try:
        identity = UUID(typed)
    except ValueError:
        found = _named(kith, typed, 6)
    else:
        _catch_up(kith)
        with kith.connection() as connection:
            one = who_is(connection, identity)
        found = [one] if one else []
    exact = [one for one in found if typed.casefold() in (one.name.casefold(), one.login.casefold())]
    if len(exact) == 1:
        return exact[0]
    if not found:
        raise Refusal(f"Nobody here is called “{printable(typed)}”. Look for them with: crm member NAME")
    if len(found) > 1:
        names = ", ".join(f"{printable(one.name)} ({one.member})" for one in found[:5])
        raise Refusal(f"More than one member fits “{printable(typed)}”: {names}. Give the id of the one you mean.")
    return found[0]


def _named(kith: Installation, query: str, limit: int) -> list[Member]:
    _catch_up(kith)
    with kith.connection() as connection:
        return which_members(connection, Wish(q=query), limit=limit)


def _catch_up(kith: Installation, *names: str) -> None:
    with Meter() as meter:
        Engine(kith, tell=meter.events).catch_up(*names)


COMMANDS = (stats, member, timeline)
