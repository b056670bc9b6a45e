"""Points that a weighted formula gives: which acts count under which rule on which day, and what they are worth on another.

Points are whole millionths, rounded act by act. So a sum is the same in whatever order it is made, and its parts add up to it.
What counts of a day never depends on what came later; only a response counts until the same person responds again, and a
sanction until it is lifted.

Most accounts are members of their own and are met by nobody but such. What they did is counted as it stands in the facts; only
where colleagues, programs or members of several accounts had a part are people told apart one by one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args

from psycopg import Connection

from crm.activity import Role
from crm.kinds import KINDS
from crm.scores.formula import Rule, Settings, Weighted
from projections.facts import PRAISE, are_any_special
from projections.sanctions import STANDING
from projections.sides import NO_PEOPLE

MILLIONTHS = 1_000_000

RING = 5
"""Whom two may have praised by then at most, to count as praising only each other."""

WEEK = 7

NEAR = " AND (%(near)s::uuid[] IS NULL OR w.other = ANY(%(near)s))"
"""Where only few members are asked for, praise by them and by whoever may be in a ring with them suffices; null looks at all."""

RULES = f"""rules AS MATERIALIZED (
    SELECT * FROM unnest(%(rules)s::int[], %(ways)s::text[], %(kinds)s::text[], %(roles)s::text[], %(plain)s::boolean[])
    AS rules(rule, way, kind, role, plain)
), earnings AS MATERIALIZED (
    SELECT * FROM unnest(%(numbers)s::int[], %(weights)s::float8[], %(half_lives)s::float8[], %(caps)s::bigint[])
    AS earnings(rule, weight, half_life, cap)
), outsiders AS MATERIALIZED (SELECT member FROM {NO_PEOPLE}),
special AS MATERIALIZED (SELECT handle FROM membership UNION SELECT member FROM membership UNION SELECT member FROM outsiders)"""
"""A rule is plain where one row of the facts is all that counts under it on a day."""

RINGS = f"""praised AS MATERIALIZED (
    SELECT coalesce(o.member, w.other) AS member, coalesce(s.member, w.member) AS other, min(w.days[1]) AS day
    FROM responded AS w LEFT JOIN membership AS s ON s.handle = w.member LEFT JOIN membership AS o ON o.handle = w.other
    WHERE w.praise AND w.member NOT IN (SELECT member FROM outsiders) AND w.other NOT IN (SELECT member FROM outsiders){{near}}
    GROUP BY 1, 2
), circles AS MATERIALIZED (
    SELECT member, coalesce((array_agg(day ORDER BY day))[{RING + 1}], 'infinity') AS wide FROM praised GROUP BY member
), rings AS MATERIALIZED (
    SELECT one.member, one.other, greatest(one.day, two.day) AS since, least(mine.wide, theirs.wide) AS until
    FROM praised AS one JOIN praised AS two ON two.member = one.other AND two.other = one.member
    JOIN circles AS mine ON mine.member = one.member JOIN circles AS theirs ON theirs.member = one.other
    WHERE one.member <> one.other
)"""
"""Two who praised each other and hardly anybody else: since both had, until one of them praised more people. Each stands first once."""

_ALONE = """r.member NOT IN (SELECT handle FROM special)
    AND (SELECT bool_or(each IN (SELECT handle FROM special)) FROM unnest(r.others) AS each) IS NOT TRUE"""
"""Whether only people of one account had a part in a row."""

_TOWARD = """
SELECT r.member, u.rule, r.day, 'infinity'::date AS until, cardinality(r.others)::bigint AS n
FROM reached AS r JOIN rules AS u ON u.way = 'toward' AND u.plain AND u.kind = r.kind AND u.role = r.role
WHERE r.day <= %(today)s AND {alone}{mine}
UNION ALL
SELECT coalesce(s.member, r.member), u.rule, r.day, 'infinity', count(DISTINCT coalesce(o.member, each.other))
FROM reached AS r JOIN rules AS u ON u.way = 'toward' AND u.kind = r.kind AND u.role = r.role
    CROSS JOIN unnest(r.others) AS each(other)
    LEFT JOIN membership AS s ON s.handle = r.member LEFT JOIN membership AS o ON o.handle = each.other
    LEFT JOIN rings AS g ON r.role = ANY(%(praise)s) AND g.member = coalesce(s.member, r.member)
        AND g.other = coalesce(o.member, each.other) AND r.day >= g.since AND r.day < g.until
WHERE r.day <= %(today)s AND NOT (u.plain AND {alone}){mine} AND g.member IS NULL
AND r.member NOT IN (SELECT member FROM outsiders) AND each.other NOT IN (SELECT member FROM outsiders)
AND coalesce(s.member, r.member) <> coalesce(o.member, each.other) GROUP BY 1, 2, 3
"""

_DID = """
SELECT a.member, u.rule, a.day, 'infinity', a.n FROM acted AS a JOIN rules AS u ON u.way = 'did' AND u.plain AND u.kind = a.kind
WHERE a.day <= %(today)s AND a.member NOT IN (SELECT handle FROM special){mine}
UNION ALL
SELECT coalesce(s.member, a.member), u.rule, a.day, 'infinity', sum(a.n)::bigint
FROM acted AS a JOIN rules AS u ON u.way = 'did' AND u.kind = a.kind LEFT JOIN membership AS s ON s.handle = a.member
WHERE a.day <= %(today)s AND NOT (u.plain AND a.member NOT IN (SELECT handle FROM special)){mine}
AND a.member NOT IN (SELECT member FROM outsiders) GROUP BY 1, 2, 3
"""

_HEARD_BY = "u.way = CASE WHEN w.praise THEN 'praised' ELSE 'heard' END"

_RESPONSES = f"""
SELECT coalesce(s.member, w.member) AS member, u.rule, coalesce(o.member, w.other) AS other, day
FROM responded AS w JOIN rules AS u ON {_HEARD_BY} CROSS JOIN unnest(w.days) AS day
    LEFT JOIN membership AS s ON s.handle = w.member LEFT JOIN membership AS o ON o.handle = w.other
    LEFT JOIN rings AS g ON w.praise AND g.member = coalesce(s.member, w.member) AND g.other = coalesce(o.member, w.other)
        AND day >= g.since AND day < g.until
WHERE w.days[1] <= %(today)s AND day <= %(today)s AND g.member IS NULL AND {{which}}{{mine}}
AND w.member NOT IN (SELECT member FROM outsiders) AND w.other NOT IN (SELECT member FROM outsiders)
AND coalesce(s.member, w.member) <> coalesce(o.member, w.other)
"""
"""Each day on which somebody responded to another."""

_PLAINLY = """NOT w.praise AND w.days[cardinality(w.days)] <= %(today)s
    AND w.member NOT IN (SELECT handle FROM special) AND w.other NOT IN (SELECT handle FROM special)"""

_LATEST = f"""
SELECT w.member, u.rule, w.days[cardinality(w.days)], 'infinity', 1 FROM responded AS w JOIN rules AS u ON u.way = 'heard'
WHERE {_PLAINLY}{{mine}}
UNION ALL SELECT member, rule, max(day), 'infinity', 1 FROM ({_RESPONSES.format(which=f"NOT ({_PLAINLY})", mine="{mine}")}) AS found
GROUP BY member, rule, other
"""

_EACH = f"""
SELECT member, rule, day, lead(day, 1, 'infinity') OVER (PARTITION BY member, rule, other ORDER BY day), 1
FROM (SELECT DISTINCT * FROM ({_RESPONSES.format(which="true", mine="{mine}")}) AS found) AS days
"""

_WELCOMED = f"""
SELECT coalesce(o.member, w.other), u.rule, day, 'infinity', count(DISTINCT m.member) FROM responded AS w
    LEFT JOIN membership AS s ON s.handle = w.member JOIN members AS m ON m.member = coalesce(s.member, w.member)
    CROSS JOIN unnest(w.days) AS day LEFT JOIN membership AS o ON o.handle = w.other JOIN rules AS u ON u.way = 'welcomed'
WHERE NOT w.praise AND w.days[1] <= (m.first_at AT TIME ZONE 'UTC')::date + {WEEK} AND day <= (m.first_at AT TIME ZONE 'UTC')::date + {WEEK}
AND day <= %(today)s AND coalesce(o.member, w.other) <> m.member{{welcoming}}
AND w.member NOT IN (SELECT member FROM outsiders) AND w.other NOT IN (SELECT member FROM outsiders) GROUP BY 1, 2, 3
"""

_LAID = f"""
SELECT coalesce(s.member, x.member), u.rule, x.day, x.until, 1 FROM ({STANDING}) AS x
    JOIN rules AS u ON u.way = 'sanctioned' AND u.kind = x.act LEFT JOIN membership AS s ON s.handle = x.member
WHERE x.member NOT IN (SELECT member FROM outsiders){{mine}}
"""


def counted(connection: Connection[Any], several: bool = False, accounts: bool = False) -> str:
    """Relations for the beginning of a statement, the last of which, `counted(member, rule, day, until, n)`, tells how many acts count
    under a rule from a day on until another; `earnings` tells what they earn.

    Where scores of `several` days are asked, the latest responses of each of them are told. With `accounts`, only what counts for
    the members whose `accounts` are given as a parameter, with `near`.
    """
    alone = _ALONE if are_any_special(connection) else "true"
    mine = {one: f" AND {one}.member = ANY(%(accounts)s)" if accounts else "" for one in "rawx"}
    parts = (
        _TOWARD.format(alone=alone, mine=mine["r"]),
        _DID.format(mine=mine["a"]),
        (_EACH if several else _LATEST).format(mine=mine["w"]),
        _WELCOMED.format(welcoming=" AND w.other = ANY(%(accounts)s)" if accounts else ""),
        _LAID.format(mine=mine["x"]),
    )
    rings = RINGS.format(near=NEAR if accounts else "")
    return f"{RULES}, {rings}, counted AS NOT MATERIALIZED ({' UNION ALL '.join(parts)})"


@contextmanager
def all_at_once(connection: Connection[Any]) -> Iterator[None]:
    """For questions about some members: the planner takes the rules for few, and would look everybody up once for each kind."""
    with connection.transaction():
        connection.execute("SET LOCAL enable_nestloop = off")
        yield
        connection.execute("SET LOCAL enable_nestloop = on")


def worth(formula: Weighted, today: str = "%(today)s::date") -> str:
    """In SQL the millionths that an act of the day `day` is worth on another day, given `weight` and `half_life`."""
    if formula.monthly:
        months = f"""((extract(year FROM {today}) - extract(year FROM day)) * 12 + extract(month FROM {today}) - extract(month FROM day)
            - (extract(day FROM {today}) < extract(day FROM day))::int)::float8"""
        kept = f"power({formula.monthly}::float8, {months})"
    else:
        kept = f"CASE half_life WHEN 0 THEN 1 ELSE power(0.5::float8, ({today} - day)::float8 / half_life) END"
    return f"round(weight * {MILLIONTHS} * {kept})::bigint"


def asked(formula: Weighted, settings: Settings) -> dict[str, Any]:
    """The parameters of the rules: each with every kind and role that it takes, and with what it earns."""
    earnings = [settings.earnings[rule.key] for rule in formula.rules]
    rows = []
    for number, rule in enumerate(formula.rules):
        taken = _taken(rule)
        plain = (len(taken) == 1 and taken[0][1] not in PRAISE) or (rule.way == "did" and not earnings[number].cap)
        rows += [(number, rule.way, kind, role, plain) for kind, role in taken]
    return {
        **{name: [row[at] for row in rows] for at, name in enumerate(("rules", "ways", "kinds", "roles", "plain"))},
        "numbers": list(range(len(earnings))),
        "weights": [float(one.weight) for one in earnings],
        "half_lives": [float(one.half_life) for one in earnings],
        "caps": [one.cap for one in earnings],
        "praise": list(PRAISE),
    }


def _taken(rule: Rule) -> list[tuple[str, str]]:
    if rule.way == "toward":
        return [(kind, role) for kind in rule.kinds or KINDS for role in rule.roles or get_args(Role)]
    return [(kind, "") for kind in rule.kinds or ("",)]
