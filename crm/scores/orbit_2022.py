"""The Orbit model as it stood in the end: levels by what somebody did or how often they are there, reach, and gravity."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from crm.kinds import KINDS, _
from crm.scores.asking import OWN, THIS_YEAR, weighing
from crm.scores.formula import Measured

WEIGHTS: dict[str, int] = {
    "hosted": 11,
    "spoke": 10,
    "published": 10,
    "merged": 9,
    "proposed": 8,
    "contributed": 8,
    "reviewed": 8,
    "created": 7,
    "moderated": 7,
    "solved": 7,
    "answered": 6,
    "invited": 6,
    "attended": 5,
    "posted": 4,
    "asked": 4,
    "replied": 4,
    "reported": 4,
    "assigned": 4,
    "labelled": 4,
    "closed": 4,
    "reopened": 4,
    "edited": 4,
    "referenced": 4,
    "forked": 3,
    "registered": 3,
    "reacted": 2,
    "voted": 2,
    "starred": 2,
    "joined": 2,
    "followed": 1,
    "did": 1,
}
"""The step that one act reaches. The model names five: organised a meetup 11, opened a pull request 8, answered a question 6,
attended a conference 5, read the newsletter 1. The others stand beside the one they cost as much as:

- leading (10 to 12) is what others gather around: gatherings, talks, releases;
- contributing (7 to 9) leaves something behind: a change weighs what a request for one does, taking in the change of somebody else
  one more, an accepted answer one more than an answer, keeping order and making places as little as this level goes;
- participating (4 to 6) is taking part in words, or being there: tidying a thread weighs what a post in it does;
- exploring (1 to 3) is a click: a copy to work on and a registration announce more than a star or a vote, a subscription least.
"""

LEVELS: dict[str, str] = {
    "orbit-4": _("Orbit 4 (exploring)"),
    "orbit-3": _("Orbit 3 (participating)"),
    "orbit-2": _("Orbit 2 (contributing)"),
    "orbit-1": _("Orbit 1 (leading)"),
}
"""From the outermost in; each has three steps."""

COMMITMENT = dict(zip(LEVELS, (1, 4, 7, 10), strict=True))
"""How much a level weighs in gravity."""

CONTACT = {"direct": 10, "indirect": 1}
"""How strong one contact makes a connection: words to each other, or having been at the same place."""

KEPT = 0.9
"""What is left of a connection after an idle month."""

_DAYS_OF_PRESENCE = {"week": 2, "month": 7, "quarter": 30}

_PERIODS = """SELECT member, week, month, quarter, count(*) AS days FROM (
    SELECT member, (day - date '1900-01-01') / 7 AS week, date_trunc('month', day::timestamp) AS month,
        date_trunc('quarter', day::timestamp) AS quarter FROM (SELECT DISTINCT member, day FROM lately) AS days
) AS present GROUP BY GROUPING SETS ((member, week), (member, month), (member, quarter))"""
"""The first day of 1900 was a Monday."""

_PRESENCE = f"""SELECT member, sum(days) FILTER (WHERE month IS NOT NULL)::bigint AS days,
    count(*) FILTER (WHERE week IS NOT NULL AND days >= {_DAYS_OF_PRESENCE["week"]}) AS weeks,
    count(*) FILTER (WHERE month IS NOT NULL AND days >= {_DAYS_OF_PRESENCE["month"]}) AS months,
    count(*) FILTER (WHERE quarter IS NOT NULL AND days >= {_DAYS_OF_PRESENCE["quarter"]}) AS quarters
FROM ({_PERIODS}) AS periods GROUP BY member"""

_STEPS = """SELECT p.*, h.step AS by_act, h.acts,
    CASE weeks WHEN 0 THEN 0 ELSE 3 + least(weeks, 3) END AS by_weeks,
    CASE months WHEN 0 THEN 0 ELSE 6 + least(months, 3) END AS by_months,
    CASE quarters WHEN 0 THEN 0 ELSE 9 + least(quarters, 3) END AS by_quarters
FROM presence AS p JOIN heaviest AS h USING (member)"""

_QUERY = f"""
WITH {weighing(WEIGHTS)}, lately AS MATERIALIZED (SELECT member, day, kind, n FROM acted WHERE {THIS_YEAR} AND {OWN}),
heaviest AS (
    SELECT DISTINCT ON (member) member, weight AS step, jsonb_object_agg(kind, n) AS acts
    FROM (SELECT member, kind, sum(n)::bigint AS n FROM lately GROUP BY member, kind) AS done JOIN weights USING (kind)
    GROUP BY member, weight ORDER BY member, weight DESC
),
presence AS ({_PRESENCE}),
reached_steps AS (SELECT *, greatest(by_act, by_weeks, by_months, by_quarters) AS step FROM ({_STEPS}) AS steps)
SELECT member, step::float8 AS value, 'orbit-' || 4 - (step - 1) / 3 AS level,
    CASE by_act WHEN step THEN acts ELSE '{{}}' END || jsonb_strip_nulls(jsonb_build_object(
        'days', days, 'weeks', CASE by_weeks WHEN step THEN weeks END, 'months', CASE by_months WHEN step THEN months END,
        'quarters', CASE by_quarters WHEN step THEN quarters END)) AS told
FROM reached_steps
"""

FORMULA = Measured(
    name="orbit-2022",
    label=_("Orbit level (2022)"),
    unit=_("of 12"),
    explained=_(
        "The highest of twelve steps that somebody reached in the year before: by the heaviest thing they did, or by being there. "
        "Two days in a week, seven in a month or thirty in a quarter reach a level, a second and a third such week, month or "
        "quarter the next steps of it. Weeks begin on Monday. Three steps make an orbit; the nearest is 1."
    ),
    source="Orbit model, 2022 edition (orbit-love/orbit-model: love, reach, gravity)",
    editions={1: _("Weights one to twelve, one year back")},
    queries={1: _QUERY},
    levels=LEVELS,
    words={kind: KINDS[kind].label for kind in WEIGHTS}
    | {
        "days": _("days active in the year"),
        "weeks": _("weeks with two active days"),
        "months": _("months with seven active days"),
        "quarters": _("quarters with thirty active days"),
    },
)


def strength(contacts: Mapping[str, int], idle: int) -> float:
    """How strong a connection is after so many contacts, direct and indirect, and then so many months without any."""
    made: int = sum(CONTACT[kind] * times for kind, times in contacts.items())
    return float(made * KEPT**idle)


def reach(strengths: Iterable[float]) -> float:
    """How far somebody reaches: the sum of how strong their connections are."""
    return sum(sorted(strengths))


def density(edges: int, members: int) -> float:
    """What part of all pairs of members are connected, from 0 to 1; 0 where there are no pairs."""
    pairs = members * (members - 1) / 2
    return edges / pairs if pairs else 0.0


def weighted_commitment(members: Mapping[str, int]) -> int:
    """The sum over levels of members times the square of the level's weight."""
    return sum(COMMITMENT[level] ** 2 * count for level, count in members.items())


def gravity(before: Mapping[str, int], after: Mapping[str, int]) -> float:
    """How much weighted commitment each member of afterwards won on the average, from the members by level before and after."""
    count = sum(after.values())
    return (weighted_commitment(after) - weighted_commitment(before)) / count if count else 0.0


class Movement(NamedTuple):
    """Of the members of a level, how many are on a nearer, the same, an outer and on no level afterwards."""

    up: int = 0
    held: int = 0
    fell: int = 0
    left: int = 0

    def shares(self) -> tuple[float, ...]:
        """The same as parts of them all, from 0 to 1."""
        total = sum(self)
        return tuple(count / total if total else 0.0 for count in self)


def movement(before: Mapping[UUID, str], after: Mapping[UUID, str]) -> dict[str, Movement]:
    """Where the members of each level went, from the outermost level in."""
    order = {level: place for place, level in enumerate(LEVELS)}
    found = {level: [0, 0, 0, 0] for level in LEVELS}
    for member, level in before.items():
        now = after.get(member)
        if now is None:
            found[level][3] += 1
        else:
            found[level][1 - (order[now] > order[level]) + (order[now] < order[level])] += 1
    return {level: Movement(*counts) for level, counts in found.items()}
