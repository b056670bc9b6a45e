"""How much there is, counted from the log itself, so that a projection that errs cannot hide it."""

from typing import Any

import msgspec
from psycopg import Connection

from crm.append import read_head
from crm.imports import taken_back
from crm.store import EVENTS


class Counts(msgspec.Struct):
    """What stands in the log. All but `events` and `position` leave out imports that were taken back."""

    events: int
    interactions: int
    identities: int
    members: int
    by_source: dict[str, int]
    by_kind: dict[str, int]
    position: int
    refused: int


_INTERACTIONS = f"""
SELECT source, kind, count(*) AS n FROM {EVENTS}
WHERE topic = 'interaction.recorded' AND batch <> ALL(%(gone)s) GROUP BY source, kind ORDER BY n DESC, source, kind
"""
_IDENTITIES = f"""
SELECT count(DISTINCT originator_id) AS n FROM {EVENTS} WHERE topic = 'identity.seen' AND batch <> ALL(%(gone)s)
"""
_REFUSED = "SELECT count(*) AS n FROM refused_rows WHERE batch <> ALL(%(gone)s)"


def how_much_there_is(connection: Connection[Any], members: int) -> Counts:
    """The counts of one moment; `members` is counted by whoever decides who is one person."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        size, gone = read_head(connection, EVENTS).size, {"gone": taken_back(connection)}
        rows = connection.execute(_INTERACTIONS, gone).fetchall()
        (identities,) = connection.execute(_IDENTITIES, gone).fetchall()
        (refused,) = connection.execute(_REFUSED, gone).fetchall()
    return Counts(
        events=size,
        interactions=sum(row["n"] for row in rows),
        identities=identities["n"],
        members=members,
        by_source=_summed(rows, "source"),
        by_kind=_summed(rows, "kind"),
        position=size,
        refused=refused["n"],
    )


def _summed(rows: list[dict[str, Any]], by: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[by]] = sums.get(row[by], 0) + row["n"]
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
