"""Commands about segments: which there are, and whom one holds."""

from typing import NamedTuple

import click
import msgspec

from crm.cli.finding import catch_up
from crm.cli.shell import answer_json, answer_table, as_json, opened, printable
from crm.conditions import Conditions
from crm.errors import Refusal
from crm.installation import Installation
from crm.segments import READY
from projections.saved import which_segments
from projections.segments import Asked, how_they_changed, which_members_fit
from web.looking_back import a_week_ago, as_of

MOST = 10_000


class Kept(NamedTuple):
    """A segment by the name under which it is asked for."""

    name: str
    wish: Conditions


@click.command()
@as_json
def segments(as_json: bool) -> None:
    """The segments: how many members each holds, how many came and left since last week."""
    with opened() as kith:
        kept = _kept(kith)
        with kith.connection() as connection:
            moment = as_of(connection)
            week = a_week_ago(connection, moment)
            changes = how_they_changed(connection, [one.wish for one in kept], moment.today, *week)
    rows = [
        {"name": one.name, "query": one.wish.query(), **msgspec.structs.asdict(change)}
        for one, change in zip(kept, changes, strict=True)
    ]
    if as_json:
        return answer_json(rows)
    heads = ("segment", "members", "came", "left")
    return answer_table(heads, [(row["name"], row["count"], row["came"], row["left"]) for row in rows])


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, MOST), help="At most so many.")
@as_json
def segment(name: tuple[str, ...], limit: int, as_json: bool) -> None:
    """The members of the segment of this NAME; `crm segments` lists the names."""
    typed = " ".join(name)
    with opened() as kith:
        found = [one for one in _kept(kith) if one.name.casefold() == typed.casefold()]
        if not found:
            raise Refusal(f"There is no segment called “{printable(typed)}”. See which there are with: crm segments")
        with kith.connection() as connection:
            members = which_members_fit(connection, Asked(found[0].wish, as_of(connection).today), limit)
    if as_json:
        return answer_json(members)
    heads = ("id", "name", "source", "did", "received", "first seen", "last seen")
    lines = [
        (
            one.member,
            one.name,
            one.source,
            one.acts,
            one.received,
            f"{one.first_at:%Y-%m-%d}",
            f"{one.last_at:%Y-%m-%d}",
        )
        for one in members
    ]
    return answer_table(heads, lines)


def _kept(kith: Installation) -> list[Kept]:
    """Those that every Kith has, then those that were saved."""
    catch_up(kith, "members", "identities", "days", "facts", "timeline", "acts", "brought")
    with kith.connection() as connection:
        saved = which_segments(connection)
    return [Kept(name, wish) for name, wish in READY.values()] + [Kept(one.name, one.wish) for one in saved]


COMMANDS = (segments, segment)
