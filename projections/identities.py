"""Identities: the accounts people are known by, under the name each bore last, and a key to find them by.

Names must be read, so this folds decoded events. An erased person has no name here after the next rebuild, and none at once
in what is decrypted for a page.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm import coding
from crm.imports import taken_back
from crm.members import Account, IdentitySeen
from crm.store import EVENTS
from crm.vault import Vault
from projections.folding import folded
from projections.projection import Projection, Window

_MERGE = """
INSERT INTO {identities} AS old VALUES (%(identity)s, %(source)s, %(host)s, %(bot)s, %(name)s, %(login)s, %(search_key)s,
    %(sort_key)s, %(named_at)s, %(position)s)
ON CONFLICT (identity) DO UPDATE SET bot = excluded.bot, name = excluded.name, login = excluded.login,
    search_key = excluded.search_key, sort_key = excluded.sort_key, named_at = excluded.named_at, position = excluded.position
WHERE (old.search_key <> '', old.named_at, old.position) < (excluded.search_key <> '', excluded.named_at, excluded.position)
"""
"""The name borne last; a source that tells no name (only a number) does not take away one that is known."""


def _fold(window: Window) -> None:
    seen = [(position, one) for position, one in window.events(IdentitySeen.TOPIC) if isinstance(one, IdentitySeen)]
    accounts = window.vault.open_all([one for _, one in seen])
    window.run_many(
        _MERGE, [_row(position, one, account) for (position, one), account in zip(seen, accounts, strict=True)]
    )


def _row(position: int, seen: IdentitySeen, account: msgspec.Struct | None) -> dict[str, Any]:
    known = account if isinstance(account, Account) else Account(uid="")
    words = " ".join(part for part in (known.name, known.login, known.email.partition("@")[0]) if part)
    return {
        "identity": seen.originator_id,
        "source": seen.source,
        "host": seen.host,
        "bot": seen.bot,
        "name": known.display,
        "login": known.login,
        "search_key": folded(words),
        "sort_key": folded(known.display),
        "named_at": seen.occurred_at,
        "position": position,
    }


PROJECTION = Projection(
    name="identities",
    tables={
        "identities": """identity uuid PRIMARY KEY, source text NOT NULL, host text NOT NULL, bot boolean NOT NULL,
            name text NOT NULL, login text NOT NULL, search_key text NOT NULL, sort_key text NOT NULL,
            named_at timestamptz NOT NULL, position bigint NOT NULL"""
    },
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {identities} (sort_key, identity)",
        "CREATE INDEX ON {identities} (identity) WHERE bot",
        "CREATE INDEX ON {identities} (source)",
    ),
    window=20_000,
)


ACCOUNTS = "(m.member || ARRAY(SELECT handle FROM membership WHERE member = m.member ORDER BY handle))"
"""All accounts of a member `m.member`, the one that the member is called by first."""

CALLED = f"""
JOIN LATERAL (SELECT * FROM identities WHERE identity = ANY({ACCOUNTS}) ORDER BY identity <> m.member, identity LIMIT 1) AS label ON true
LEFT JOIN traits AS named ON named.member = m.member AND named.slot = 'field:name'
LEFT JOIN traits AS sided ON sided.member = m.member AND sided.slot = 'side'
"""
"""Joins to a member `m.member` what `NAME` and `SIDE` tell of. `label` is the account that the member is called by.

An import that brought that account can be taken back; then the member is called by another of theirs.
"""

NAME = "coalesce(named.value #>> '{}', label.name)"
"""What a member is called: the name that the team wrote down, else that of an account."""

SIDE = "coalesce(sided.value #>> '{}', CASE WHEN label.bot THEN 'bot' ELSE 'person' END)"
"""What a member is to the community: `person`, `team` or `bot`."""


class Identity(msgspec.Struct):
    """An account, and the member it belongs to: what to call them in a sentence, and whether `side` is person, team or bot."""

    identity: UUID
    member: UUID
    name: str
    login: str
    source: str
    host: str
    side: str


_CALLED = f"""
SELECT asked.identity, m.member, {NAME} AS name, coalesce(own.login, label.login) AS login,
    coalesce(own.source, label.source) AS source, coalesce(own.host, label.host) AS host, {SIDE} AS side
FROM unnest(%(ids)s::uuid[]) AS asked(identity)
    LEFT JOIN membership AS s ON s.handle = asked.identity
    LEFT JOIN identities AS own ON own.identity = asked.identity
    CROSS JOIN LATERAL (SELECT coalesce(s.member, asked.identity) AS member) AS m {CALLED}
"""


def what_are_they_called(connection: Connection[Any], identities: list[UUID]) -> dict[UUID, Identity]:
    """These identities by id, in one query; those unknown are left out."""
    with connection.cursor(row_factory=class_row(Identity)) as cursor:
        return {row.identity: row for row in cursor.execute(_CALLED, {"ids": identities})}


def which_sources(connection: Connection[Any]) -> list[str]:
    """The sources from which anybody is known, in the order of their names: one look into the index for each."""
    rows = connection.execute(
        """WITH RECURSIVE known AS (
            (SELECT min(source) AS source FROM identities) UNION ALL
            SELECT (SELECT min(source) FROM identities WHERE source > known.source) FROM known WHERE known.source IS NOT NULL
        ) SELECT source FROM known WHERE source IS NOT NULL ORDER BY source LIMIT 100"""
    )
    return [row["source"] for row in rows]


class Name(msgspec.Struct):
    """A name an account bore: what the platform showed when it was seen, and since when we know it."""

    identity: UUID
    source: str
    name: str
    login: str
    email: str
    seen_at: datetime


def which_names(vault: Vault, connection: Connection[Any], accounts: list[UUID], limit: int = 50) -> list[Name]:
    """The names these accounts bore, the latest first; none where the person was erased."""
    rows = connection.execute(
        f"""SELECT topic, state FROM {EVENTS} WHERE originator_id = ANY(%(accounts)s) AND topic = %(topic)s
        AND batch <> ALL(%(gone)s) ORDER BY occurred_at DESC, notification_id DESC LIMIT %(limit)s""",
        {"accounts": accounts, "topic": IdentitySeen.TOPIC, "gone": taken_back(connection), "limit": limit},
    )
    seen = [coding.decode(row["topic"], bytes(row["state"])) for row in rows]
    return [
        Name(one.originator_id, one.source, account.name, account.login, account.email, one.occurred_at)
        for one, account in zip(seen, vault.open_all(seen), strict=True)
        if isinstance(one, IdentitySeen) and isinstance(account, Account)
    ]
