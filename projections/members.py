"""Members: how much each did and received, from when to when. Names stand in `projections.identities`."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.folding import folded
from projections.projection import Projection

_FOLD = """
INSERT INTO {members} AS old (member, acts, received, first_at, last_at)
SELECT member, sum(acted), sum(touched), min(occurred_at), max(occurred_at)
FROM (
    SELECT actor AS member, 1 AS acted, 0 AS touched, occurred_at FROM {facts} WHERE actor IS NOT NULL
    UNION ALL
    SELECT target, 0, 1, occurred_at FROM {facts}, {touched} WHERE target IS DISTINCT FROM actor
) AS parts GROUP BY member
ON CONFLICT (member) DO UPDATE SET acts = old.acts + excluded.acts, received = old.received + excluded.received,
    first_at = least(old.first_at, excluded.first_at), last_at = greatest(old.last_at, excluded.last_at)
"""

PROJECTION = Projection(
    name="members",
    tables={
        "members": """member uuid NOT NULL, acts bigint NOT NULL, received bigint NOT NULL,
            first_at timestamptz NOT NULL, last_at timestamptz NOT NULL"""
    },
    keys={"members": "(member)"},
    fold=lambda window: window.run(_FOLD),
    indexes=(
        "CREATE INDEX ON {members} (acts DESC, member)",
        "CREATE INDEX ON {members} (last_at DESC, member)",
        "CREATE INDEX ON {members} (first_at DESC, member)",
        "CREATE INDEX ON {members} (received DESC, member)",
    ),
)

SORTS = {
    "acts": "m.acts DESC, m.member",
    "recent": "m.last_at DESC, m.member",
    "newest": "m.first_at DESC, m.member",
    "received": "m.received DESC, m.member",
    "name": "i.sort_key, m.member",
}
"""Ways to order members, by the word that stands in the URL."""


class Member(msgspec.Struct):
    """A member in a list. `acts` is what they did, `received` how often somebody's act touched them."""

    member: UUID
    name: str
    login: str
    source: str
    host: str
    bot: bool
    acts: int
    received: int
    first_at: datetime
    last_at: datetime


class Wish(msgspec.Struct):
    """What is asked of the list: words in a name, a source, what they are, seen after a day, an import they are in, an order."""

    q: str = ""
    source: str = ""
    kind: str = ""
    seen: int = 0
    batch: UUID | None = None
    sort: str = "acts"


_LIST = """
SELECT m.*, i.name, i.login, i.source, i.host, i.bot
FROM members AS m JOIN {identities} AS i ON i.identity = m.member WHERE {fitting}
"""
_FOUND = "WITH found AS MATERIALIZED (SELECT * FROM identities WHERE search_key LIKE ALL(%(words)s)) "
"""Names are looked through before anything is joined: the planner cannot know how rare a word is."""

_FITTING = {
    "source": "i.source = %(source)s",
    "kind": "i.bot = (%(kind)s = 'bot')",
    "since": "m.last_at >= %(since)s",
    "batch": "m.member IN (SELECT member FROM brought_members WHERE batch = %(batch)s)",
    "member": "m.member = %(member)s",
}
"""Of each filter its condition. Only those asked for are written into a statement, so that its plan fits them."""


def which_members(
    connection: Connection[Any], wish: Wish, since: datetime | None = None, limit: int = 50, offset: int = 0
) -> list[Member]:
    """Members that fit the wish, in its order; at most `limit` from `offset` on. `since` bounds when last seen."""
    asked = _asked(wish, since)
    query = f"{_listed(asked)} ORDER BY {SORTS.get(wish.sort, SORTS['acts'])} LIMIT %(limit)s OFFSET %(offset)s"
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(query, {**asked, "limit": limit, "offset": offset}).fetchall()


def how_many_members(
    connection: Connection[Any], wish: Wish | None = None, since: datetime | None = None, most: int | None = None
) -> int:
    """How many members fit the wish; counting stops at `most`."""
    asked = _asked(wish or Wish(), since)
    query = f"SELECT count(*) AS n FROM ({_listed(asked)} LIMIT %(most)s) AS fitting"
    row = connection.execute(query, {**asked, "most": most}).fetchone()
    return row["n"] if row else 0


def who_is(connection: Connection[Any], member: UUID) -> Member | None:
    """One member; None where nobody has that id."""
    asked = {"member": member}
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(_listed(asked), asked).fetchone()


def _listed(asked: dict[str, Any]) -> str:
    conditions = [condition for name, condition in _FITTING.items() if asked.get(name)]
    fitting = " AND ".join(conditions or ["true"])
    return (_FOUND if asked.get("words") else "") + _LIST.format(
        identities="found" if asked.get("words") else "identities", fitting=fitting
    )


def _asked(wish: Wish, since: datetime | None) -> dict[str, Any]:
    words = [f"%{_literally(word)}%" for word in folded(wish.q).split()]
    return {"words": words, "source": wish.source, "kind": wish.kind, "since": since, "batch": wish.batch}


def _literally(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
