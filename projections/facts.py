"""Facts for scores, by day: who did what, whom it reached in which role, and who responded to whom.

They are kept by account, and such that a formula may ask them of any day and of all members at once: people whom somebody
reached on a day stand in one row, and so do the days on which somebody responded to another. Both are told of each person once.
"""

from typing import Any

from psycopg import Connection

from projections.projection import Projection, Window
from projections.sides import NO_PEOPLE

PRAISE = ("thanked", "reacted")
"""Roles by which somebody praises another, which costs nothing."""

RESPONDING = ("replied", "quoted", "mentioned", "helped", "reviewed", *PRAISE)
"""Roles by which somebody responds to another."""

ACTED = """SELECT actor AS member, (occurred_at AT TIME ZONE 'UTC')::date AS day, kind, count(*) AS n
FROM {facts} WHERE actor IS NOT NULL GROUP BY 1, 2, 3"""

REACHED = """SELECT actor AS member, (occurred_at AT TIME ZONE 'UTC')::date AS day, kind, role, array_agg(DISTINCT target) AS others
FROM {facts}, unnest(targets, roles) AS touched(target, role) WHERE actor IS NOT NULL AND target <> actor GROUP BY 1, 2, 3, 4"""

RESPONDED = """SELECT other AS member, member AS other, role = ANY(%(praise)s) AS praise, array_agg(DISTINCT day) AS days
FROM {told} WHERE role = ANY(%(responding)s) GROUP BY 1, 2, 3"""
"""The facts of some interactions, and of what was told of whom they reached."""

_ACTED = f"""
INSERT INTO {{acted}} AS old (member, day, kind, n) {ACTED}
ON CONFLICT (member, day, kind) DO UPDATE SET n = old.n + excluded.n
"""

_REACHED = f"""
INSERT INTO {{reached}} AS old (member, day, kind, role, others) {REACHED}
ON CONFLICT (member, day, kind, role) DO UPDATE
    SET others = ARRAY(SELECT DISTINCT each FROM unnest(old.others || excluded.others) AS each ORDER BY each)
"""

_RESPONDED = f"""
INSERT INTO {{{{responded}}}} AS old (member, other, praise, days) {RESPONDED}
ON CONFLICT (member, other, praise) DO UPDATE
    SET days = ARRAY(SELECT DISTINCT each FROM unnest(old.days || excluded.days) AS each ORDER BY each)
"""

_IN_WINDOW = """(
    SELECT actor AS member, target AS other, role, (occurred_at AT TIME ZONE 'UTC')::date AS day
    FROM {facts}, unnest(targets, roles) AS touched(target, role) WHERE actor IS NOT NULL AND target <> actor
) AS told"""

_IN_ALL = "{reached} CROSS JOIN unnest(others) AS other"
"""Where the window is all there is, it was read already."""


def _fold(window: Window) -> None:
    window.run(_ACTED)
    window.run(_REACHED)
    told = _IN_ALL if window.fresh else _IN_WINDOW
    window.run(_RESPONDED.format(told=told), responding=list(RESPONDING), praise=list(PRAISE))


PROJECTION = Projection(
    name="facts",
    tables={
        "acted": "day date NOT NULL, member uuid NOT NULL, kind text NOT NULL, n bigint NOT NULL",
        "reached": "day date NOT NULL, member uuid NOT NULL, kind text NOT NULL, role text NOT NULL, others uuid[] NOT NULL",
        "responded": "member uuid NOT NULL, other uuid NOT NULL, praise boolean NOT NULL, days date[] NOT NULL",
    },
    keys={
        "acted": "(member, day, kind) INCLUDE (n)",
        "reached": "(member, day, kind, role)",
        "responded": "(member, other, praise)",
    },
    fold=_fold,
    indexes=("CREATE INDEX ON {acted} (day, member) INCLUDE (n)", "CREATE INDEX ON {responded} (other, member)"),
    cost=3,
)

_PEOPLE = f"""outsiders AS MATERIALIZED (SELECT member FROM {NO_PEOPLE}),
acted AS NOT MATERIALIZED (
    SELECT coalesce(s.member, a.member) AS member, a.day, a.kind, a.n FROM acted AS a LEFT JOIN membership AS s ON s.handle = a.member
    WHERE a.day <= %(today)s AND a.member NOT IN (SELECT member FROM outsiders)
), reached AS NOT MATERIALIZED (
    SELECT DISTINCT coalesce(s.member, r.member) AS member, coalesce(o.member, each.other) AS other, r.day, r.kind, r.role
    FROM reached AS r CROSS JOIN unnest(r.others) AS each(other)
    LEFT JOIN membership AS s ON s.handle = r.member LEFT JOIN membership AS o ON o.handle = each.other
    WHERE r.day <= %(today)s AND r.member NOT IN (SELECT member FROM outsiders) AND each.other NOT IN (SELECT member FROM outsiders)
    AND coalesce(s.member, r.member) <> coalesce(o.member, each.other)
), answered AS NOT MATERIALIZED (
    SELECT coalesce(s.member, a.member) AS member, coalesce(o.member, a.author) AS author, a.parent AS post, a.role,
        (a.at AT TIME ZONE 'UTC')::date AS day
    FROM answers AS a LEFT JOIN membership AS s ON s.handle = a.member LEFT JOIN membership AS o ON o.handle = a.author
    WHERE a.at < (%(today)s::date + 1)::timestamp AT TIME ZONE 'UTC' AND a.member NOT IN (SELECT member FROM outsiders)
    AND a.author NOT IN (SELECT member FROM outsiders) AND coalesce(s.member, a.member) <> coalesce(o.member, a.author)
)"""


def are_any_special(connection: Connection[Any]) -> bool:
    """Whether there are members of several accounts, colleagues or programs, who have to be told apart."""
    row = connection.execute(
        f"SELECT EXISTS (SELECT FROM membership) OR EXISTS (SELECT FROM {NO_PEOPLE} AS outsiders) AS any"
    ).fetchone()
    return bool(row and row["any"])


_PLAINLY = """acted AS NOT MATERIALIZED (SELECT * FROM acted WHERE day <= %(today)s),
reached AS NOT MATERIALIZED (SELECT member, other, day, kind, role FROM reached CROSS JOIN unnest(others) AS other WHERE day <= %(today)s),
answered AS NOT MATERIALIZED (
    SELECT member, author, parent AS post, role, (at AT TIME ZONE 'UTC')::date AS day FROM answers
    WHERE at < (%(today)s::date + 1)::timestamp AT TIME ZONE 'UTC' AND member <> author
)"""
"""The same where every account is a member of its own: nobody stands twice in the facts, and their order is of use."""


def relations(connection: Connection[Any]) -> str:
    """The relations that `crm.scores.formula.Measured` asks, by member, for the beginning of a statement: people only, up to the day
    `%(today)s`.
    """
    return _PEOPLE if are_any_special(connection) else _PLAINLY
