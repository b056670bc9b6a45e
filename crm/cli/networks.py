"""The network of the community on the command line, as of any day: who stands where, and the circle of one member."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import click
import msgspec
from psycopg import Connection

from crm.cli.finding import catch_up, limit, the_one
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened
from crm.errors import Refusal
from projections.audience import which_figures
from projections.circle import which_circle
from projections.days import when_was_the_last_day
from projections.identities import what_are_they_called
from projections.influence import Network
from projections.members import Member, which_identities
from projections.network import which_network
from web.drawing import letter


@click.command()
@click.argument("member", nargs=-1)
@click.option("--as-of", metavar="DATE", help="As it was at the end of that day; else of the day of the newest entry.")
@limit
@as_json
def network(member: tuple[str, ...], as_of: str | None, limit: int, as_json: bool) -> None:
    """Who is tied to whom: of everybody who stands where, or the circle of one MEMBER (an id, or a name that only one bears).

    A tie is all acts between two people; a tenth of it fades with each month in which nothing passes.
    """
    asked = _day(as_of)
    with opened() as kith:
        who = the_one(kith, " ".join(member)) if member else None
        catch_up(kith)
        with kith.connection() as connection:
            day = asked or when_was_the_last_day(connection) or datetime.now(UTC).date()
            told = (
                _circle(connection, who, day, limit, asked or date.max) if who else _everybody(connection, day, limit)
            )
    if as_json:
        answer_json(told)
    elif who:
        _print_circle(who, told)
    else:
        _print_everybody(told)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal(f"--as-of takes a day such as 2024-05-31, not “{text}”.") from None


def _everybody(connection: Connection[Any], day: date, limit: int) -> dict[str, Any]:
    """The network of a day with the names of those told of."""
    found = which_network(connection, day)
    shown = found.people[:limit]
    called = _names(
        connection, [*(one.member for one in shown), *(who for group in found.groups for who in group.central)]
    )
    return {
        "day": day,
        "people": len(found.people),
        "ties": found.ties,
        "density": found.density,
        "betweenness_among": found.among,
        "members": [{"name": called[one.member], **msgspec.structs.asdict(one)} for one in shown],
        "groups": _groups(found, called),
    }


def _groups(found: Network, called: dict[UUID, str]) -> list[dict[str, Any]]:
    return [
        {"group": group.number, "people": group.people, "around": [called[who] for who in group.central]}
        for group in found.groups
    ]


def _circle(connection: Connection[Any], who: Member, day: date, limit: int, seen_by: date) -> dict[str, Any]:
    """A circle with the names of those told of, and the audience elsewhere."""
    found = which_circle(connection, who.member, which_identities(connection, who.member), day, limit)
    called = _names(connection, [one.member for one in found.neighbours])
    numbers = {name: getattr(found, name) for name in ("reach", "ties", "heard_by", "turns_to", "beyond")}
    return {
        "day": day,
        "member": who.member,
        "name": who.name,
        **numbers,
        "neighbours": [{"name": called[one.member], **msgspec.structs.asdict(one)} for one in found.neighbours],
        "audience": which_figures(connection, who.member, seen_by),
    }


def _names(connection: Connection[Any], members: list[UUID]) -> dict[UUID, str]:
    called = what_are_they_called(connection, members)
    return {who: called[who].name if who in called else "" for who in members}


def _print_everybody(told: dict[str, Any]) -> None:
    groups = len(told["groups"])
    answer(f"As of {told['day']}: people with a tie {told['people']:,}, ties {told['ties']:,}, groups {groups:,}.")
    heads = (
        "id",
        "name",
        "words",
        "group",
        "reach",
        "ties",
        "heard by",
        "turns to",
        "degree",
        "betweenness",
        "pagerank",
    )
    measures = ("degree", "betweenness", "pagerank")
    lines = [
        (
            one["member"],
            one["name"],
            ", ".join(one["words"]),
            letter(one["group"]),
            f"{one['reach']:.1f}",
            *(one[count] for count in ("ties", "heard_by", "turns_to")),
            *(f"{one[measure]:.4f}" for measure in measures),
        )
        for one in told["members"]
    ]
    answer_table(heads, lines)
    for group in told["groups"]:
        answer(f"Group {letter(group['group'])}: {group['people']:,} people around {', '.join(group['around'])}.")


def _print_circle(who: Member, told: dict[str, Any]) -> None:
    answer(
        f"{who.name}, as of {told['day']}: reach {told['reach']:.1f}, tied to {told['ties']:,}, heard by {told['heard_by']:,}, "
        f"turns to {told['turns_to']:,}, {told['beyond']:,} more people behind these."
    )
    heads = ("id", "name", "group", "strength", "from them", "to them", "ties here")
    amounts = ("strength", "received", "given")
    lines = [
        (
            one["member"],
            one["name"],
            letter(one["group"]),
            *(f"{one[amount]:.1f}" for amount in amounts),
            one["knows"],
        )
        for one in told["neighbours"]
    ]
    answer_table(heads, lines)
    for figure in told["audience"]:
        answer(f"{figure.platform}: {figure.figure:,} on {figure.day}.")


COMMANDS = (network,)
