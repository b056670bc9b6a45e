"""A member as they were: what had happened by a moment, or what we knew at a position of the log. Asked of the timeline itself."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.membership import who_is_whom
from projections.acts import NOW
from projections.timeline import KindCount


class _Sum(KindCount):
    first_at: datetime
    last_at: datetime


class Past(msgspec.Struct):
    """What a member had done and received then, with which accounts; `first_at` and `last_at` None where nothing had happened yet."""

    accounts: list[UUID]
    kinds: list[KindCount]
    first_at: datetime | None
    last_at: datetime | None

    @property
    def acts(self) -> int:
        """What they had done."""
        return sum(each.did for each in self.kinds)

    @property
    def received(self) -> int:
        """How often somebody's act had touched them."""
        return sum(each.received for each in self.kinds)


_THEN = """timeline WHERE member = ANY(%(accounts)s) AND position <= %(known)s
    AND (%(until)s::timestamptz IS NULL OR at < %(until)s)"""

_SUMS = f"""
SELECT kind, source, count(*) FILTER (WHERE role = '') AS did, count(*) FILTER (WHERE role <> '') AS received,
    min(at) AS first_at, max(at) AS last_at
FROM (SELECT kind, source, at, min(role) AS role FROM {_THEN} GROUP BY kind, source, at, position) AS once
GROUP BY kind, source ORDER BY count(*) DESC, kind, source LIMIT 200
"""


def how_was_it_with(
    connection: Connection[Any], member: UUID, accounts: list[UUID], known: int | None, until: datetime | None
) -> Past:
    """What there was of a member then. Which accounts were theirs is told as it was known at position `known`."""
    if known is not None:
        accounts = who_is_whom(connection, accounts, known).accounts(member)
    asked = {"accounts": accounts, "known": NOW if known is None else known, "until": until}
    with connection.cursor(row_factory=class_row(_Sum)) as cursor:
        sums = cursor.execute(_SUMS, asked).fetchall()
    return Past(
        accounts=accounts,
        kinds=[KindCount(each.kind, each.source, each.did, each.received) for each in sums],
        first_at=min((each.first_at for each in sums), default=None),
        last_at=max((each.last_at for each in sums), default=None),
    )


def on_which_days(
    connection: Connection[Any], accounts: list[UUID], since: date, known: int | None, until: datetime | None
) -> dict[date, int]:
    """How much they had done on each day since then, as far as it had happened and was known; days by UTC."""
    rows = connection.execute(
        f"""SELECT (at AT TIME ZONE 'UTC')::date AS day, count(*) AS n FROM {_THEN} AND role = '' AND at >= %(since)s
        GROUP BY 1 ORDER BY 1 LIMIT 400""",
        {"accounts": accounts, "known": NOW if known is None else known, "until": until, "since": since},
    )
    return {row["day"]: row["n"] for row in rows}
