"""What happened in the whole community, in all channels: one stream out of the timeline, whatever it is narrowed down to.

An index gives the newest of one kind in one source, or in one place, at once. So a filter is answered run by run: the newest
of each kind and source that fits, put in order together. Thus what is rare is found as fast as what is common.
"""

from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.sides import BOTS
from projections.timeline import Part

_TOTALS = f"""SELECT kind, source, acts, coalesce(bots, 0) AS bots FROM timeline_totals LEFT JOIN (
    SELECT kind, source, sum(did)::bigint AS bots FROM timeline_kinds WHERE member IN {BOTS} GROUP BY kind, source
) AS done USING (kind, source)"""


class Wish(Part):
    """What of the community's timeline is wanted. `who` is people, which is all but the acts of bots; or bots; or all."""

    place: UUID | None = None
    who: str = "people"


_FITTING = {
    "kind": "t.kind = %(kind)s",
    "source": "t.source = %(source)s",
    "place": "t.place = %(place)s",
    "since": "t.at >= %(since)s",
    "until": "t.at < %(until)s",
    "before": "(t.at, t.position) < (%(before)s, %(position)s)",
}

_THERE = f"FROM ({_TOTALS}) AS totals WHERE acts > CASE %(who)s WHEN 'people' THEN bots ELSE 0 END"
_ONE = ("VALUES (0)", "true")
_KINDS_OF_A_PLACE = (f"SELECT DISTINCT kind {_THERE}", "t.kind = run.kind")
_KINDS_AND_SOURCES = (f"SELECT kind, source {_THERE}", "t.kind = run.kind AND t.source = run.source")
_EACH_BOT = (
    f"""SELECT DISTINCT member FROM timeline_kinds WHERE member IN {BOTS} AND did > 0
        AND %(kind)s IN ('', kind) AND %(source)s IN ('', source)""",
    "t.member = run.member",
)
"""Runs, and what binds the timeline to each. What only bots did is no run where people are wanted: it would be read in vain."""


def what_happened_here(connection: Connection[Any], wish: Wish, limit: int = 50) -> list[int]:
    """The positions of what happened, newest first, at most `limit` after where the last page ended."""
    asked = msgspec.structs.asdict(wish)
    runs, bound = _runs(wish)
    conditions = ["t.role = ''", bound, *(text for name, text in _FITTING.items() if asked[name])]
    if wish.who == "people":
        conditions.append(f"t.member NOT IN {BOTS}")
    rows = connection.execute(
        f"""SELECT found.position FROM ({runs}) AS run CROSS JOIN LATERAL (
            SELECT t.at, t.position FROM timeline AS t WHERE {" AND ".join(conditions)}
            ORDER BY t.at DESC, t.position DESC LIMIT %(limit)s
        ) AS found ORDER BY found.at DESC, found.position DESC LIMIT %(limit)s""",
        {**asked, "limit": limit},
    )
    return [row["position"] for row in rows]


def _runs(wish: Wish) -> tuple[str, str]:
    if wish.who == "bots":
        return _EACH_BOT
    if wish.place:
        return _KINDS_OF_A_PLACE
    return _KINDS_AND_SOURCES if wish.kind or wish.source else _ONE


class Total(msgspec.Struct):
    """How many acts of a kind came from a source, and how many of them were those of bots."""

    kind: str
    source: str
    acts: int
    bots: int


def what_kinds_are_there(connection: Connection[Any]) -> list[Total]:
    """Of each kind and source how many acts there are, the commonest first."""
    with connection.cursor(row_factory=class_row(Total)) as cursor:
        return cursor.execute(f"{_TOTALS} ORDER BY acts DESC, kind, source LIMIT 500").fetchall()


class Busy(msgspec.Struct):
    """A place and how many acts there were in it."""

    place: UUID
    name: str
    source: str
    acts: int


def which_places_are_busy(connection: Connection[Any], limit: int = 12) -> list[Busy]:
    """The places where most happened, the busiest first."""
    with connection.cursor(row_factory=class_row(Busy)) as cursor:
        return cursor.execute(
            """SELECT place, name, source, acts FROM timeline_places JOIN places USING (place)
            ORDER BY acts DESC, place LIMIT %(limit)s""",
            {"limit": limit},
        ).fetchall()
