"""Commands that tell who somebody is: their accounts, and what the team says and keeps of them."""

from typing import Any
from uuid import UUID

import click
import msgspec

from crm.cli.finding import catch_up, find_members, limit, print_members, read_id
from crm.cli.shell import answer, answer_json, as_json, opened
from crm.errors import Refusal
from crm.fields import BUILT_IN
from crm.installation import Installation
from projections.accounts import Account, which_handles
from projections.merging import Item, Side, what_is_set_up_called, what_would_stand
from projections.pairs import who_are_they

BUILT_IN_SLOTS = {f"field:{key}": key for key in BUILT_IN}


class Known(msgspec.Struct):
    """Who somebody is. `fields` are by the name of the field; `items` what the team wrote down, open things first."""

    member: UUID
    name: str
    accounts: list[Account]
    acts: int
    received: int
    stage: str | None
    owner: str | None
    side: str | None
    tags: list[str]
    fields: dict[str, str]
    items: list[Item]


@click.command()
@click.argument("query", nargs=-1, required=True)
@limit
@as_json
def members(query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find members by a part of their name; accents do not matter ("nguyen" finds Nguyễn)."""
    with opened() as kith:
        print_members(" ".join(query), find_members(kith, " ".join(query), limit), as_json)


@click.command()
@click.argument("member", nargs=-1, required=True)
@limit
@as_json
def member(member: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Who a MEMBER is: accounts, stage, owner, tags, fields, what the team wrote down. Give an id, or a name.

    Where several bear the name they are listed; with --json a name always gives a list, an id the one.
    """
    typed = " ".join(member)
    with opened() as kith:
        identity = read_id(typed)
        if identity is None:
            found = find_members(kith, typed, limit)
            if as_json or len(found) != 1:
                return print_members(typed, found, as_json)
            identity = found[0].member
        known = _who_is(kith, identity)
    if as_json:
        return answer_json(known)
    for line in _told(known):
        answer(line)
    return None


def _who_is(kith: Installation, identity: UUID) -> Known:
    """The member whose account this is. Refusal where nobody has it."""
    catch_up(kith, "members", "identities", "acts")
    with kith.connection() as connection:
        found = who_are_they(connection, [identity])
        if not found:
            raise Refusal(f"Nobody here has the id {identity}. Look for them with: crm members NAME")
        one = found[identity].member
        side = what_would_stand(kith.vault, connection, one, which_handles(connection, [one])[one])
        return _known(side, BUILT_IN_SLOTS | what_is_set_up_called(connection))


def _known(side: Side, labels: dict[str, str]) -> Known:
    said = {one.slot: one.words for one in side.said}
    return Known(
        member=side.member,
        name=side.name,
        accounts=side.accounts,
        acts=side.acts,
        received=side.received,
        stage=said.get("stage"),
        owner=said.get("owner"),
        side=said.get("side"),
        tags=side.tags,
        fields={labels[slot]: words for slot, words in said.items() if slot in labels},
        items=side.items,
    )


def _told(known: Known) -> list[str]:
    """A member in lines."""
    lines = [f"{known.name or 'Somebody erased'} ({known.member}): did {known.acts:,}, received {known.received:,}."]
    lines += [
        f"account: {one.identity}  {one.source} {one.host}  {one.login or one.name}  did {one.acts:,}"
        for one in known.accounts
    ]
    said: dict[str, Any] = {"stage": known.stage, "owner": known.owner, "is": known.side, "tags": ", ".join(known.tags)}
    lines += [f"{name}: {words}" for name, words in {**said, **known.fields}.items() if words]
    return lines + [
        f"{one.kind}{' (done)' if one.done else ''}: {one.text}{f' ({one.day})' if one.day else ''}"
        for one in known.items
    ]


COMMANDS = (members, member)
