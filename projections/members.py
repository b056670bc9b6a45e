"""Members: how much each did and received, from when to when. Names stand in `projections.identities`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.acts import Toggled
from crm.membership import ARRANGING, MembershipAct, who_is_whom
from projections.folding import folded
from projections.identities import CALLED, NAME, SIDE
from projections.projection import Projection, Window
from projections.sides import BOTS, NO_PEOPLE, TEAM

_TALLIES = """
INSERT INTO {tallies} AS old (identity, acts, received, first_at, last_at)
SELECT identity, sum(acted), sum(touched), min(occurred_at), max(occurred_at)
FROM (
    SELECT actor AS identity, 1 AS acted, 0 AS touched, occurred_at FROM {facts} WHERE actor IS NOT NULL
    UNION ALL
    SELECT target, 0, 1, occurred_at FROM {facts}, {touched} WHERE target IS DISTINCT FROM actor
) AS parts GROUP BY identity
ON CONFLICT (identity) DO UPDATE SET acts = old.acts + excluded.acts, received = old.received + excluded.received,
    first_at = least(old.first_at, excluded.first_at), last_at = greatest(old.last_at, excluded.last_at)
"""

_SEEN = """
SELECT DISTINCT coalesce(s.member, seen) AS member
FROM {facts}, unnest(array_append(targets, actor)) AS seen LEFT JOIN {membership} AS s ON s.handle = seen WHERE seen IS NOT NULL
"""

_SUMS = """
INSERT INTO {{members}} AS old (member, accounts, acts, received, first_at, last_at)
SELECT coalesce(s.member, t.identity), count(*), sum(t.acts), sum(t.received), min(t.first_at), max(t.last_at)
FROM {{tallies}} AS t LEFT JOIN {{membership}} AS s ON s.handle = t.identity WHERE {fitting} GROUP BY 1
ON CONFLICT (member) DO UPDATE SET accounts = excluded.accounts, acts = excluded.acts, received = excluded.received,
    first_at = excluded.first_at, last_at = excluded.last_at
"""

_OF_THESE = f"""t.identity IN (
    WITH changed AS MATERIALIZED ({_SEEN} UNION SELECT unnest(%(arranged)s::uuid[]))
    SELECT member FROM changed UNION SELECT handle FROM {{membership}} JOIN changed USING (member))"""
"""The accounts of members that were seen in the window, or joined or parted."""


def _fold(window: Window) -> None:
    window.run(_TALLIES)
    arranged = _arranged(window)
    window.run("DELETE FROM {members} WHERE member = ANY(%(arranged)s)", arranged=arranged)
    window.run(_SUMS.format(fitting="true" if window.fresh else _OF_THESE), arranged=arranged)


def _arranged(window: Window) -> list[UUID]:
    """The members that changed because the team joined or parted accounts in this window; `membership` tells it then."""
    handles = {handle for one in _arrangements(window) for handle in one.about}
    if not handles:
        return []
    now = who_is_whom(window.cursor.connection, handles, window.hi).member
    before = window.cursor.execute(
        f"DELETE FROM {window.tables['membership']} WHERE handle = ANY(%(handles)s) RETURNING member",
        {"handles": list(now)},
    ).fetchall()
    joined = [{"handle": handle, "member": member} for handle, member in now.items() if handle != member]
    window.run_many("INSERT INTO {membership} VALUES (%(handle)s, %(member)s)", joined)
    return list({*now, *now.values(), *(row["member"] for row in before)})


def _arrangements(window: Window) -> Iterator[MembershipAct | Toggled]:
    topics = {event.TOPIC for event in ARRANGING}
    for one in window.decided():
        if isinstance(one.event, ARRANGING) or (isinstance(one.event, Toggled) and one.event.undone in topics):
            yield one.event


PROJECTION = Projection(
    name="members",
    tables={
        "tallies": """identity uuid NOT NULL, acts bigint NOT NULL, received bigint NOT NULL,
            first_at timestamptz NOT NULL, last_at timestamptz NOT NULL""",
        "membership": "handle uuid PRIMARY KEY, member uuid NOT NULL",
        "members": """member uuid NOT NULL, accounts bigint NOT NULL, acts bigint NOT NULL, received bigint NOT NULL,
            first_at timestamptz NOT NULL, last_at timestamptz NOT NULL""",
    },
    keys={"tallies": "(identity)", "members": "(member)"},
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {membership} (member)",
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
    "name": "m.sort_key, m.member",
}
"""Ways to order members, by the word that stands in the URL."""

_SORTED_BY_NAME = "(SELECT members.*, sort_key FROM members JOIN identities ON identity = member)"


class Member(msgspec.Struct):
    """A member in a list. `acts` is what they did, `received` how often somebody's act touched them.

    `login`, `source` and `host` are those of the account that they are called by; `side` is person, team or bot.
    """

    member: UUID
    name: str
    login: str
    source: str
    host: str
    side: str
    accounts: int
    acts: int
    received: int
    first_at: datetime
    last_at: datetime

    @property
    def bot(self) -> bool:
        """Whether this is a program."""
        return self.side == "bot"


class Wish(msgspec.Struct):
    """What is asked of the list: words in a name, a source, what they are, seen after a day, an import they are in, an order."""

    q: str = ""
    source: str = ""
    kind: str = ""
    seen: int = 0
    batch: UUID | None = None
    sort: str = "acts"


_COLUMNS = f"""m.member, {NAME} AS name, label.login, label.source, label.host, {SIDE} AS side,
    m.accounts, m.acts, m.received, m.first_at, m.last_at"""

_FOUND = """WITH found AS MATERIALIZED (
    SELECT coalesce(s.member, i.identity) AS member FROM identities AS i LEFT JOIN membership AS s ON s.handle = i.identity
    WHERE i.search_key LIKE ALL(%(words)s) UNION ALL SELECT unnest(%(named)s::uuid[])
) """
"""Names are looked through before anything is joined: the planner cannot know how rare a word is."""

_FITTING = {
    "words": "m.member IN (SELECT member FROM found)",
    "source": """m.member IN (SELECT coalesce(s.member, i.identity)
        FROM identities AS i LEFT JOIN membership AS s ON s.handle = i.identity WHERE i.source = %(source)s)""",
    "person": f"m.member NOT IN {NO_PEOPLE}",
    "team": f"m.member IN {TEAM}",
    "bot": f"m.member IN {BOTS}",
    "since": "m.last_at >= %(since)s",
    "batch": """m.member IN (SELECT coalesce(s.member, b.member)
        FROM brought_members AS b LEFT JOIN membership AS s ON s.handle = b.member WHERE b.batch = %(batch)s)""",
    "id": "m.member = coalesce((SELECT member FROM membership WHERE handle = %(id)s), %(id)s)",
}
"""Of each filter its condition. Only those asked for are written into a statement, so that its plan fits them."""


def which_members(
    connection: Connection[Any], wish: Wish, since: datetime | None = None, limit: int = 50, offset: int = 0
) -> list[Member]:
    """Members that fit the wish, in its order; at most `limit` from `offset` on. `since` bounds when last seen."""
    asked = _asked(connection, wish, since)
    sort = wish.sort if wish.sort in SORTS else "acts"
    chosen = f"{_fitting(asked, sort)} ORDER BY {SORTS[sort]} LIMIT %(limit)s OFFSET %(offset)s"
    return _listed(connection, chosen, SORTS[sort], {**asked, "limit": limit, "offset": offset})


def how_many_members(
    connection: Connection[Any], wish: Wish | None = None, since: datetime | None = None, most: int | None = None
) -> int:
    """How many members fit the wish; counting stops at `most`."""
    asked = _asked(connection, wish or Wish(), since)
    query = f"{_before(asked)} SELECT count(*) AS n FROM ({_fitting(asked)} LIMIT %(most)s) AS fitting"
    row = connection.execute(query, {**asked, "most": most}).fetchone()
    return row["n"] if row else 0


def who_is(connection: Connection[Any], id: UUID) -> Member | None:
    """The member that an account belongs to, by the id of any of theirs; None where nobody has that id."""
    asked: dict[str, Any] = {"id": id}
    found = _listed(connection, _fitting(asked), SORTS["acts"], asked)
    return found[0] if found else None


def which_identities(connection: Connection[Any], member: UUID) -> list[UUID]:
    """All accounts of a member: the one they are called by, which is their id, then the others in the order of their ids."""
    rows = connection.execute(
        "SELECT handle FROM membership WHERE member = %(member)s ORDER BY handle LIMIT 10000", {"member": member}
    )
    return [member, *(row["handle"] for row in rows)]


def _listed(connection: Connection[Any], chosen: str, order: str, asked: dict[str, Any]) -> list[Member]:
    """Names are told only of the members who were chosen."""
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(
            f"{_before(asked)} SELECT {_COLUMNS} FROM ({chosen}) AS m {CALLED} ORDER BY {order}", asked
        ).fetchall()


def _before(asked: dict[str, Any]) -> str:
    return _FOUND if asked.get("words") else ""


def _fitting(asked: dict[str, Any], sort: str = "") -> str:
    conditions = [condition for name, condition in _FITTING.items() if asked.get(name)]
    source = _SORTED_BY_NAME if sort == "name" else "members"
    return f"SELECT m.* FROM {source} AS m WHERE {' AND '.join(conditions or ['true'])}"


def _asked(connection: Connection[Any], wish: Wish, since: datetime | None) -> dict[str, Any]:
    words = folded(wish.q).split()
    return {
        "words": [f"%{_literally(word)}%" for word in words],
        "named": _named_by_hand(connection, words) if words else [],
        "source": wish.source,
        **{side: side == wish.kind for side in ("person", "team", "bot")},
        "since": since,
        "batch": wish.batch,
    }


def _named_by_hand(connection: Connection[Any], words: list[str]) -> list[UUID]:
    """Members whom the team gave a name in which all of these words stand. Such names are few: somebody typed each."""
    rows = connection.execute("SELECT member, value FROM traits WHERE slot = 'field:name' ORDER BY member LIMIT 100000")
    return [row["member"] for row in rows if all(word in folded(row["value"]) for word in words)]


def _literally(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
