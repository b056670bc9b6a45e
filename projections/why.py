"""Why a member has a score: every act that counts, with its rule, what it weighed, how old it is, and what it is still worth."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.scores.formula import Rule, Weighted
from projections.points import RING, WEEK, all_at_once, asked, counted, worth
from projections.sanctions import STANDING
from projections.scores import Version

AHEAD = 30
"""Days until which it is told what will have faded."""

_OTHERS = """
SELECT DISTINCT c.rule, c.day, coalesce(o.member, each.other) AS other
FROM chosen AS c JOIN rules AS u ON u.rule = c.rule AND u.way = 'toward'
    JOIN reached AS r ON r.member = ANY(%(accounts)s) AND r.day = c.day AND r.kind = u.kind AND r.role = u.role
    CROSS JOIN unnest(r.others) AS each(other) LEFT JOIN membership AS o ON o.handle = each.other
    LEFT JOIN rings AS g ON r.role = ANY(%(praise)s) AND g.member = %(member)s AND g.other = coalesce(o.member, each.other)
        AND r.day >= g.since AND r.day < g.until
WHERE each.other <> ALL(%(accounts)s) AND g.member IS NULL AND each.other NOT IN (SELECT member FROM outsiders)
"""

_NEWCOMERS = f"""
SELECT DISTINCT c.rule, c.day, m.member FROM chosen AS c JOIN rules AS u ON u.rule = c.rule AND u.way = 'welcomed'
    JOIN responded AS w ON w.other = ANY(%(accounts)s) AND c.day = ANY(w.days)
    LEFT JOIN membership AS s ON s.handle = w.member JOIN members AS m ON m.member = coalesce(s.member, w.member)
WHERE w.member <> ALL(%(accounts)s) AND NOT w.praise AND c.day <= (m.first_at AT TIME ZONE 'UTC')::date + {WEEK}
AND w.member NOT IN (SELECT member FROM outsiders)
"""

_RESPONDERS = """
SELECT rule, day, other FROM (
    SELECT u.rule, max(day) AS day, coalesce(o.member, w.other) AS other FROM responded AS w
        JOIN rules AS u ON u.way = CASE WHEN w.praise THEN 'praised' ELSE 'heard' END CROSS JOIN unnest(w.days) AS day
        LEFT JOIN membership AS o ON o.handle = w.other
        LEFT JOIN rings AS g ON w.praise AND g.member = %(member)s AND g.other = coalesce(o.member, w.other) AND day >= g.since AND day < g.until
    WHERE w.member = ANY(%(accounts)s) AND w.other <> ALL(%(accounts)s) AND day <= %(today)s AND g.member IS NULL
    AND coalesce(o.member, w.other) IN (
        SELECT coalesce(so.member, near.other) FROM responded AS near LEFT JOIN membership AS so ON so.handle = near.other
        WHERE near.member = ANY(%(accounts)s) AND near.days && (SELECT array_agg(c.day) FROM chosen AS c JOIN rules USING (rule) WHERE way IN ('heard', 'praised')))
    AND w.other NOT IN (SELECT member FROM outsiders) GROUP BY 1, 3
) AS latest JOIN chosen USING (rule, day)
"""
"""Of whoever responded on one of the days, where that was their latest response."""

_OWN = """
SELECT c.rule, c.day, t.position FROM chosen AS c JOIN rules AS u ON u.rule = c.rule AND u.way = 'did'
    JOIN timeline AS t ON t.member = ANY(%(accounts)s) AND t.role = '' AND t.kind = u.kind
    AND t.at >= c.day::timestamp AT TIME ZONE 'UTC' AND t.at < (c.day + 1)::timestamp AT TIME ZONE 'UTC'
"""

_LAID = f"""
SELECT u.rule, x.day, x.position FROM ({STANDING}) AS x JOIN rules AS u ON u.way = 'sanctioned' AND u.kind = x.act
    JOIN chosen AS c ON c.rule = u.rule AND c.day = x.day
WHERE x.member = ANY(%(accounts)s) AND x.until > %(today)s
"""

_PAGE = f"""
, days AS (
    SELECT rule, day, sum(least(n, nullif(cap, 0)))::bigint AS n, {{worth}} AS points FROM counted JOIN earnings USING (rule)
    WHERE day <= %(today)s AND until > %(today)s AND (%(only)s::int IS NULL OR rule = %(only)s) GROUP BY rule, day, weight, half_life
), ranked AS (
    SELECT *, (sum(n) OVER (ORDER BY abs(points) DESC, day DESC, rule ROWS UNBOUNDED PRECEDING))::bigint AS upto FROM days
), chosen AS MATERIALIZED (
    SELECT rule, day, n, points, upto - n AS before FROM ranked WHERE upto > %(offset)s AND upto - n < %(offset)s + %(limit)s
), entries AS (
    SELECT rule, day, other, NULL::bigint AS position FROM ({_OTHERS} UNION ALL {_NEWCOMERS} UNION ALL {_RESPONDERS}) AS people
    UNION ALL SELECT rule, day, NULL, position FROM ({_OWN} UNION ALL {_LAID}) AS acts
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY rule, day ORDER BY position, other) AS nth FROM entries
)
SELECT rule, day, other, position, points FROM numbered JOIN chosen USING (rule, day)
WHERE nth <= n AND before + nth > %(offset)s AND before + nth <= %(offset)s + %(limit)s ORDER BY before, nth LIMIT %(limit)s
"""
"""Days are put in order first, and only those that a page holds are opened. Where more people were reached on a day than count, those
with the first ids do."""


class Entry(msgspec.Struct):
    """What earned points, in millionths: on a day, by a rule, with whom. `weight` is what it was worth then, `age` how many days ago.

    `position` is where the log tells of it; None where nothing is found there any more.
    """

    rule: str
    day: date
    age: int
    weight: float
    points: int
    other: UUID | None
    position: int | None


class Sum(msgspec.Struct):
    """What a rule comes to: how many `entries`, their points now, and in thirty days if nothing is added."""

    rule: Rule
    entries: int
    points: int
    later: int


class Asking(msgspec.Struct):
    """Of whom which score is asked, as of which day; `accounts` are all of the member's.

    `near` are those of whoever may be in a ring with them, once somebody asked.
    """

    version: Version
    member: UUID
    accounts: list[UUID]
    today: date
    near: list[UUID] | None = None

    @property
    def formula(self) -> Weighted:
        assert isinstance(self.version.formula, Weighted)
        return self.version.formula

    def parameters(self, connection: Connection[Any]) -> dict[str, Any]:
        """Those of the rules, of the member and the day."""
        assert self.version.settings
        if self.near is None:
            self.near = [*self.accounts, *_who_may_be_in_a_ring(connection, self.accounts)]
        return asked(self.formula, self.version.settings) | {
            "member": self.member,
            "accounts": self.accounts,
            "near": self.near,
            "today": self.today,
        }


def what_it_comes_to(connection: Connection[Any], asking: Asking) -> list[Sum]:
    """What each rule that counts for a member comes to, in the order of the rules."""
    ahead = f"(%(today)s::date + {AHEAD})"
    query = f"""WITH {counted(connection, accounts=True)} SELECT rule, sum(n)::bigint AS entries,
            sum(n * {worth(asking.formula)})::bigint AS points, sum(n * {worth(asking.formula, ahead)})::bigint AS later
        FROM (SELECT rule, day, least(n, nullif(cap, 0)) AS n, weight, half_life FROM counted JOIN earnings USING (rule)
            WHERE day <= %(today)s AND until > %(today)s) AS days
        GROUP BY rule ORDER BY rule LIMIT 1000"""
    with all_at_once(connection):
        rows = connection.execute(query, asking.parameters(connection)).fetchall()
    return [Sum(asking.formula.rules[row["rule"]], row["entries"], row["points"], row["later"]) for row in rows]


def what_earned_it(
    connection: Connection[Any], asking: Asking, rule: str = "", limit: int = 50, offset: int = 0
) -> list[Entry]:
    """What earned points, those worth most first; of one rule or of all, at most `limit` from `offset` on."""
    rules = asking.formula.rules
    only = next((number for number, one in enumerate(rules) if one.key == rule), None)
    query = f"WITH {counted(connection, accounts=True)}{_PAGE.format(worth=worth(asking.formula))}"
    asked_for = asking.parameters(connection) | {"only": only, "limit": limit, "offset": offset}
    rows = connection.execute(query, asked_for).fetchall()
    places = _where_it_stands(connection, asking, rows)
    return [
        Entry(
            rule=rules[row["rule"]].key,
            day=row["day"],
            age=(asking.today - row["day"]).days,
            weight=asked_for["weights"][row["rule"]],
            points=row["points"],
            other=row["other"],
            position=row["position"] or place,
        )
        for row, place in zip(rows, places, strict=True)
    ]


_MET = """
SELECT met.position FROM unnest(%(rules_of)s::int[], %(days_of)s::date[], %(others_of)s::uuid[]) WITH ORDINALITY AS row(rule, day, other, nth)
LEFT JOIN LATERAL (
    SELECT m.position FROM unnest(%(accounts)s::uuid[]) AS mine(one)
    CROSS JOIN unnest(row.other || ARRAY(SELECT handle FROM membership WHERE member = row.other)) AS theirs(other)
    JOIN meetings AS m ON m.low = least(one, theirs.other) AND m.high = greatest(one, theirs.other)
    AND m.at >= row.day::timestamp AT TIME ZONE 'UTC' AND m.at < (row.day + 1)::timestamp AT TIME ZONE 'UTC'
    AND m.by_low = ((one = m.low) = NOT (row.rule = ANY(%(heard)s)))
    ORDER BY NOT EXISTS (SELECT FROM unnest(%(rules)s::int[], %(kinds)s::text[], %(roles)s::text[]) AS u(rule, kind, role)
        WHERE u.rule = row.rule AND u.kind IN ('', m.kind) AND u.role IN ('', m.role)), m.position LIMIT 1
) AS met ON row.other IS NOT NULL ORDER BY nth
"""
"""Of each row the first time on its day that the two met in the right direction, in the rule's kind and role if there is such a one."""


def _where_it_stands(connection: Connection[Any], asking: Asking, rows: list[dict[str, Any]]) -> list[int | None]:
    rules = asking.formula.rules
    asked_for = asking.parameters(connection) | {
        "rules_of": [row["rule"] for row in rows],
        "days_of": [row["day"] for row in rows],
        "others_of": [row["other"] for row in rows],
        "heard": [number for number, rule in enumerate(rules) if rule.way in ("heard", "praised")],
    }
    return [row["position"] for row in connection.execute(_MET, asked_for)]


def how_it_was(connection: Connection[Any], asking: Asking, days: list[date]) -> dict[date, int]:
    """The points of a member, in millionths, on each of these days."""
    query = f"""WITH {counted(connection, several=True, accounts=True)}, together AS MATERIALIZED (
            SELECT rule, day, until, sum(least(n, nullif(cap, 0))) AS n, weight, half_life
            FROM counted JOIN earnings USING (rule) GROUP BY rule, day, until, weight, half_life
        ) SELECT on_day, coalesce(sum({worth(asking.formula, "on_day")} * n), 0)::bigint AS points
        FROM together JOIN unnest(%(days)s::date[]) AS days(on_day) ON day <= on_day AND until > on_day
        GROUP BY on_day ORDER BY on_day LIMIT 1000"""
    with all_at_once(connection):
        rows = connection.execute(query, asking.parameters(connection) | {"today": max(days), "days": days}).fetchall()
    return dict.fromkeys(days, 0) | {row["on_day"]: row["points"] for row in rows}


def _who_may_be_in_a_ring(connection: Connection[Any], accounts: list[UUID]) -> list[UUID]:
    """The accounts of those whom a member praised first, so many as a ring has."""
    rows = connection.execute(
        """WITH first AS (
            SELECT coalesce(s.member, w.member) AS member, min(w.days[1]) AS day FROM responded AS w
            LEFT JOIN membership AS s ON s.handle = w.member WHERE w.praise AND w.other = ANY(%(accounts)s) AND w.member <> ALL(%(accounts)s)
            GROUP BY 1 ORDER BY day, 1 LIMIT %(ring)s
        ) SELECT member FROM first UNION SELECT handle FROM membership JOIN first USING (member) LIMIT 1000""",
        {"accounts": accounts, "ring": RING},
    )
    return [row["member"] for row in rows]
