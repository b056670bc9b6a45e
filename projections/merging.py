"""What joining and parting members comes to: who has what, before and after. A page shows it before anybody decides."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.event import NOBODY
from crm.items import CONTACTS
from crm.vault import Vault
from projections.accounts import Account, which_accounts
from projections.acts import NOW, Trait, which_traits_stood
from projections.addresses import tell_apart
from projections.identities import what_are_they_called
from projections.written import what_was_written

ITEMS = ("note", "task", "promise", *CONTACTS)
"""Kinds of what the team keeps about a member, as the slots of their acts begin."""


class Item(msgspec.Struct):
    """Something the team wrote down; `text` is empty where the person was erased."""

    kind: str
    text: str
    day: str
    done: bool
    at: datetime
    by: str


class Said(msgspec.Struct):
    """What is said of a member in a slot that holds one value, in words. `known` is whether the slot has a name of its own."""

    slot: str
    words: str
    position: int
    at: datetime
    by: str


class Side(msgspec.Struct):
    """A member as it would stand: its accounts, the most active first, what they sum up to, what the team says and keeps."""

    member: UUID
    name: str
    accounts: list[Account]
    acts: int
    received: int
    first_at: datetime | None
    last_at: datetime | None
    tags: list[str]
    said: list[Said]
    items: list[Item]
    more: int


def what_would_stand(vault: Vault, connection: Connection[Any], member: UUID, handles: Collection[UUID]) -> Side:
    """These accounts as one member that is called by the first-named."""
    accounts = which_accounts(connection, handles)
    tell_apart(vault, connection, accounts)
    traits = which_traits_stood(connection, list(handles), NOW)
    said, more = _said(connection, traits)
    return Side(
        member=member,
        name=_name(member, accounts, traits),
        accounts=accounts,
        acts=sum(one.acts for one in accounts),
        received=sum(one.received for one in accounts),
        first_at=min((one.first_at for one in accounts if one.first_at), default=None),
        last_at=max((one.last_at for one in accounts if one.last_at), default=None),
        tags=sorted(one.slot.removeprefix("tag:") for one in traits if one.slot.startswith("tag:")),
        said=said,
        items=_items(vault, connection, traits),
        more=more,
    )


def _name(member: UUID, accounts: list[Account], traits: list[Trait]) -> str:
    """The name set by hand, or what the account is called that gives its name to the member."""
    by_hand = [str(one.value) for one in traits if one.slot == "field:name"]
    return by_hand[0] if by_hand else next((one.name for one in accounts if one.identity == member), "")


def _said(connection: Connection[Any], traits: list[Trait]) -> tuple[list[Said], int]:
    """What stands in slots of one value, and in how many slots that no page of ours names something else does."""
    single = [one for one in traits if one.slot in ("stage", "owner", "side") or one.slot.startswith("field:")]
    other = [one for one in traits if one not in single and one.slot.partition(":")[0] not in ("tag", "done", *ITEMS)]
    called = what_is_set_up_called(connection)
    owners = what_are_they_called(connection, [UUID(one.value) for one in single if one.slot == "owner"])
    names = {str(one.identity): one.name for one in owners.values()}
    said = []
    for one in single:
        words = ", ".join(one.value) if isinstance(one.value, list) else str(one.value)
        words = called.get(f"stage:{words}", "") if one.slot == "stage" else names.get(words, words)
        said.append(Said(one.slot, words, one.position, one.at, one.by))
    return sorted(said, key=lambda one: one.slot), len(other)


def what_is_set_up_called(connection: Connection[Any]) -> dict[str, str]:
    """Of each stage and field that the team made, by its slot, what it is called."""
    rows = connection.execute(
        """SELECT slot, value->>'name' AS name FROM traits
        WHERE member = %(nobody)s AND (starts_with(slot, 'field:') OR starts_with(slot, 'stage:')) ORDER BY slot LIMIT 1000""",
        {"nobody": NOBODY},
    )
    return {row["slot"]: row["name"] for row in rows}


def _items(vault: Vault, connection: Connection[Any], traits: list[Trait]) -> list[Item]:
    """What was written down, open things first, each with its words."""
    done = {one.slot.removeprefix("done:") for one in traits if one.slot.startswith("done:")}
    kept = [one for one in traits if one.slot.partition(":")[0] in ITEMS]
    texts = what_was_written(vault, connection, [one.position for one in kept])
    items = []
    for one in kept:
        kind, _, item = one.slot.partition(":")
        day = one.value.get("day") or ""
        items.append(Item(kind, texts.get(one.position, ""), day, item in done, one.at, one.by))
    return sorted(items, key=lambda one: (one.done, one.at))
