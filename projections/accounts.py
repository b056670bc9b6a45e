"""Accounts as pages about who is whom show them: each with how much was done with it, and whose they are."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row


class Account(msgspec.Struct):
    """An account, and how much was done with it. `last_at` is None where nothing ever was."""

    identity: UUID
    name: str
    login: str
    source: str
    host: str
    bot: bool
    acts: int
    received: int
    first_at: datetime | None
    last_at: datetime | None


_ACCOUNTS = """
SELECT i.identity, i.name, i.login, i.source, i.host, i.bot, coalesce(t.acts, 0) AS acts, coalesce(t.received, 0) AS received,
    t.first_at, t.last_at
FROM identities AS i LEFT JOIN tallies AS t USING (identity) WHERE i.identity = ANY(%(handles)s)
ORDER BY acts DESC, i.identity LIMIT 1000
"""


def which_accounts(connection: Connection[Any], handles: Collection[UUID]) -> list[Account]:
    """These accounts, the most active first."""
    with connection.cursor(row_factory=class_row(Account)) as cursor:
        return cursor.execute(_ACCOUNTS, {"handles": list(handles)}).fetchall()


def which_handles(connection: Connection[Any], members: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Of each of these members the accounts that are theirs, the one it is called by first."""
    rows = connection.execute(
        "SELECT handle, member FROM membership WHERE member = ANY(%(members)s) ORDER BY handle LIMIT 100000",
        {"members": list(members)},
    )
    found = {member: [member] for member in members}
    for row in rows:
        found[row["member"]].append(row["handle"])
    return found
