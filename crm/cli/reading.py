"""A member's timeline as text: now, or as it was on another day, by what had happened or by what was known."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click
import msgspec
from psycopg import Connection

from crm.cli.finding import limit, the_one
from crm.cli.shell import answer, answer_json, as_json, opened
from crm.errors import Refusal
from crm.event import REGISTRY
from crm.kinds import KINDS
from projections.acts import NOW
from projections.entries import Entry, which_entries
from projections.history import Change, what_changed
from projections.members import Member, which_identities
from projections.past import how_was_it_with
from projections.then import where_did_the_log_end
from projections.timeline import Filter, what_happened

SHOWN = 100
"""Letters of a text in a line of the timeline."""


@click.command()
@click.argument("member")
@click.option("--as-of", metavar="DATE", help="As it was at the end of that day: what had happened by then.")
@click.option(
    "--known-at",
    metavar="TIME",
    help="As it was known at that time (UTC): what had been brought in or written by then.",
)
@limit
@as_json
def timeline(member: str, as_of: str | None, known_at: str | None, limit: int, as_json: bool) -> None:
    """What a MEMBER did, what was done with them and what the team wrote, the newest first.

    Give an id, or a name that only one bears.
    """
    until, at = _day(as_of), _time(known_at)
    with opened() as kith:
        who = the_one(kith, member)
        with kith.connection() as connection:
            known = where_did_the_log_end(connection, at) if at else None
            who, accounts = _then(connection, who, known, until)
            rows = what_happened(connection, accounts, Filter(until=until, known=known), limit)
            entries = which_entries(kith.vault, connection, [row.position for row in rows])
            done = what_changed(connection, accounts, NOW if known is None else known, limit=limit, until=until)
    if as_json:
        return answer_json({"member": who, "entries": entries, "team": done})
    answer(f"{who.name}: did {who.acts:,}, received {who.received:,}. Times are UTC.")
    told = [(entry.at, entry.position, _told(entry)) for entry in entries]
    told += [(change.at, change.position, _said(change)) for change in done]
    for _at, _position, line in sorted(told, reverse=True)[:limit]:
        answer(line)
    return None


def _then(
    connection: Connection[Any], who: Member, known: int | None, until: datetime | None
) -> tuple[Member, list[Any]]:
    """The member with the numbers and accounts of then."""
    accounts = which_identities(connection, who.member)
    if known is None and until is None:
        return who, accounts
    past = how_was_it_with(connection, who.member, accounts, known, until)
    seen = {"first_at": past.first_at, "last_at": past.last_at} if past.first_at and past.last_at else {}
    numbers = {"accounts": len(past.accounts), "acts": past.acts, "received": past.received}
    return msgspec.structs.replace(who, **numbers, **seen), past.accounts


def _day(text: str | None) -> datetime | None:
    """The end of a day."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min, UTC) + timedelta(days=1) if text else None
    except (ValueError, OverflowError):
        raise Refusal(f"--as-of takes a day such as 2024-05-31, not “{text}”.") from None


def _time(text: str | None) -> datetime | None:
    """A moment; without a zone it is UTC, and of a day alone it is the end."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"--known-at takes a time such as 2024-05-31T12:00, not “{text}”.") from None
    at = at + timedelta(days=1) if len(text) == len("2024-05-31") else at
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _told(entry: Entry) -> str:
    kind = KINDS[entry.kind]
    whom = ", ".join(dict.fromkeys(touched.who.name for touched in entry.touched))
    did = kind.toward.replace("{whom}", whom) if whom and kind.toward else kind.alone
    about = " ".join((entry.title or entry.text or entry.thread_title).split())
    about = about if len(about) <= SHOWN else f"{about[:SHOWN]}…"
    did = did.replace("{who}", entry.who.name if entry.who else "somebody")
    return "  ".join(part for part in (f"{entry.at:%Y-%m-%d %H:%M}", did, entry.place or entry.source, about) if part)


def _said(change: Change) -> str:
    """An act of the team as a line; what was undone says so."""
    sentence = REGISTRY[change.topic].SENTENCE.replace("{tag}", change.slot.partition(":")[2])
    undone = "" if change.stands else "  (undone)"
    return f"{change.at:%Y-%m-%d %H:%M}  {change.by}: {sentence}  [{change.position}]{undone}"


COMMANDS = (timeline,)
