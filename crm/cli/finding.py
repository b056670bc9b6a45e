"""Finding members by what was typed: an id, or a part of a name."""

from datetime import date
from typing import Any
from uuid import UUID

import click
from psycopg import Connection

from crm.cli.meter import Meter
from crm.cli.shell import answer, answer_json, answer_table, printable
from crm.errors import Refusal
from crm.installation import Installation
from projections.days import when_was_the_first_day, when_was_the_last_day
from projections.engine import Engine
from projections.members import Member, Wish, which_members, who_is

limit = click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")


def catch_up(kith: Installation, *names: str) -> None:
    """Bring these read tables (or all) to where the log ends, and say how far that is."""
    with Meter() as meter:
        Engine(kith, tell=meter.events).catch_up(*names)


def find_members(kith: Installation, query: str, limit: int) -> list[Member]:
    """Members whose name or account holds these words."""
    catch_up(kith)
    with kith.connection() as connection:
        return which_members(connection, Wish(q=query), limit=limit)


def print_members(query: str, found: list[Member], as_json: bool) -> None:
    """Members as a table, or as a list of JSON."""
    if as_json:
        answer_json(found)
    elif found:
        heads = ("id", "name", "login", "source", "did", "received", "first seen", "last seen")
        answer_table(heads, [_line(one) for one in found])
    else:
        answer(f"Nobody here is called “{query}”.")


def _line(one: Member) -> tuple[object, ...]:
    name = one.name if one.side == "person" else f"{one.name} ({one.side})"
    seen = (f"{one.first_at:%Y-%m-%d}", f"{one.last_at:%Y-%m-%d}")
    return (one.member, name, one.login, one.source, one.acts, one.received, *seen)


def read_day(connection: Connection[Any], typed: str | None, option: str = "--as-of") -> date:
    """The day that was typed; the last on which anything happened where none was. Refusal for no day, and for one before all that is known."""
    first, last = when_was_the_first_day(connection), when_was_the_last_day(connection)
    if first is None or last is None:
        raise Refusal("Nothing is here yet, so there is no score. Bring something in with: crm import auto PATH")
    try:
        day = date.fromisoformat(typed) if typed else last
    except ValueError:
        raise Refusal(f"{option} takes a day such as 2024-05-31, not “{printable(typed or '')[:40]}”.") from None
    if day < first:
        raise Refusal(f"Nothing is known before {first}. Give {option} a later day than {day}.")
    return day


def read_id(typed: str) -> UUID | None:
    """The id that was typed; None where it is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None


def the_one(kith: Installation, typed: str) -> Member:
    """The member that is meant. Refusal where it is nobody or where several bear that name."""
    if identity := read_id(typed):
        catch_up(kith)
        with kith.connection() as connection:
            one = who_is(connection, identity)
        found = [one] if one else []
    else:
        found = find_members(kith, typed, 6)
    exact = [one for one in found if typed.casefold() in (one.name.casefold(), one.login.casefold())]
    if len(exact) == 1:
        return exact[0]
    if not found:
        raise Refusal(f"Nobody here is called “{printable(typed)}”. Look for them with: crm members NAME")
    if len(found) > 1:
        names = ", ".join(f"{printable(one.name)} ({one.member})" for one in found[:5])
        raise Refusal(f"More than one member fits “{printable(typed)}”: {names}. Give the id of the one you mean.")
    return found[0]
