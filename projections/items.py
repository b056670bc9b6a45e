"""What the team keeps about members and has promised them: read from what stands, the words opened for those shown."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.items import CONTACTS
from crm.vault import Vault
from projections.identities import Identity, what_are_they_called
from projections.written import what_was_written

DUE = ("task", "promise")
"""Kinds that wait to be done."""

KEPT = ("note", *CONTACTS)
"""Kinds that are told and stay."""


class Item(msgspec.Struct):
    """Something the team keeps. `position`, `by` and `at` are of its last writing; `day` is when it is due, or was.

    `who` it is about, `owner` who is to do it; `done_at` and `done_by` are set where it is done.
    """

    kind: str
    item: UUID
    member: UUID
    position: int
    by: str
    at: datetime
    day: date | None
    owner_id: UUID | None
    done_at: datetime | None
    done_by: str | None
    owner: Identity | None = None
    who: Identity | None = None
    text: str = ""

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.day is not None and self.day < today and self.done_at is None and self.kind in DUE


_ITEMS = """
SELECT split_part(t.slot, ':', 1) AS kind, split_part(t.slot, ':', 2)::uuid AS item, t.member, t.position, t.by, t.at,
    (t.value ->> 'day')::date AS day, (t.value ->> 'owner')::uuid AS owner_id, d.at AS done_at, d.by AS done_by
FROM traits AS t LEFT JOIN traits AS d ON d.member = t.member AND d.slot = 'done:' || split_part(t.slot, ':', 2)
"""


def which_items(
    vault: Vault,
    connection: Connection[Any],
    member: UUID,
    kinds: Iterable[str],
    *,
    done: bool | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Item]:
    """The items of a member of these kinds; those that are open or not `done` by the day they are due, others the newest first."""
    order = (
        "day NULLS LAST, t.position"
        if done is False
        else "coalesce(t.value ->> 'day', t.at::date::text) DESC, t.position DESC"
    )
    rows = _read(
        connection,
        f"""{_ITEMS} WHERE t.member = %(member)s AND split_part(t.slot, ':', 1) = ANY(%(kinds)s)
        AND (%(done)s::boolean IS NULL OR (d.slot IS NOT NULL) = %(done)s) ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s""",
        {"member": member, "kinds": list(kinds), "done": done, "limit": limit, "offset": offset},
    )
    return _filled(vault, connection, rows)


def which_item(vault: Vault, connection: Connection[Any], member: UUID, item: UUID) -> Item | None:
    """One item of a member; None where it is not there, or not any more."""
    rows = _read(
        connection,
        f"{_ITEMS} WHERE t.member = %(member)s AND t.slot = ANY(%(slots)s) ORDER BY t.position LIMIT 1",
        {"member": member, "slots": [f"{kind}:{item}" for kind in (*DUE, *KEPT)]},
    )
    return next(iter(_filled(vault, connection, rows)), None)


def what_is_open(
    vault: Vault, connection: Connection[Any], until: date | None = None, owner: UUID | None = None, limit: int = 20
) -> list[Item]:
    """Tasks and promises that are not done, of all members, the longest due first, those without a day last.

    With `until` only those due by that day; with `owner` only what that colleague is to do.
    """
    rows = _read(
        connection,
        f"""{_ITEMS} WHERE (t.slot LIKE 'task:%%' OR t.slot LIKE 'promise:%%') AND d.slot IS NULL
        AND (%(until)s::date IS NULL OR (t.value ->> 'day')::date <= %(until)s)
        AND (%(owner)s::text IS NULL OR t.value ->> 'owner' = %(owner)s)
        ORDER BY day NULLS LAST, t.position LIMIT %(limit)s""",
        {"until": until, "owner": owner and str(owner), "limit": limit},
    )
    return _filled(vault, connection, rows)


def _read(connection: Connection[Any], query: str, asked: dict[str, Any]) -> list[Item]:
    with connection.cursor(row_factory=class_row(Item)) as cursor:
        return cursor.execute(query, asked).fetchall()


def _filled(vault: Vault, connection: Connection[Any], rows: list[Item]) -> list[Item]:
    """The rows with their words, and everybody named."""
    if not rows:
        return rows
    words = what_was_written(vault, connection, [row.position for row in rows])
    people = what_are_they_called(
        connection, list({*(row.member for row in rows), *(row.owner_id for row in rows if row.owner_id)})
    )
    for row in rows:
        row.text = words.get(row.position, "")
        row.who = people.get(row.member)
        row.owner = people.get(row.owner_id) if row.owner_id else None
    return rows
