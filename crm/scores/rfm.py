"""Recency, frequency and weight, each against the rest of the community: a way of sorting customers, borrowed for members."""

from crm.kinds import _
from crm.scores.asking import THIS_YEAR, weighing
from crm.scores.formula import Measured
from crm.scores.orbit_2022 import WEIGHTS

_QUERY = f"""
WITH {weighing(WEIGHTS)},
days AS (SELECT member, day, sum(n * weight)::bigint AS weight FROM acted LEFT JOIN weights USING (kind) GROUP BY member, day),
seen AS (
    SELECT member, min(day) AS first, %(today)s::date - max(day) FILTER (WHERE weight > 0) AS since,
        count(*) FILTER (WHERE weight > 0 AND {THIS_YEAR}) AS active, sum(weight) FILTER (WHERE {THIS_YEAR})::bigint AS weight
    FROM days GROUP BY member
),
placed AS (
    SELECT *, count(*) OVER () AS members, rank() OVER (ORDER BY since) - 1 AS nearer, rank() OVER (ORDER BY active) - 1 AS rarer,
        rank() OVER (ORDER BY weight) - 1 AS lighter
    FROM seen WHERE active > 0
),
sorted AS (
    SELECT *, 5 - 5 * nearer / members AS r, 5 * rarer / members + 1 AS f, 5 * lighter / members + 1 AS m FROM placed
)
SELECT member, (r * 100 + f * 10 + m)::float8 AS value,
    CASE WHEN r >= 4 AND f >= 4 AND m >= 4 THEN 'champions' WHEN r <= 2 AND f >= 4 THEN 'at-risk' WHEN r = 1 THEN 'lost'
        WHEN r >= 4 AND f IN (2, 3) THEN 'rising' WHEN first > %(today)s::date - 365 THEN 'new' ELSE 'others' END AS level,
    jsonb_build_object('rfm', concat_ws('-', r, f, m), 'since', since, 'active', active, 'weight', weight, 'first', first) AS told
FROM sorted
"""
"""Quintiles are counted from the smallest: how many have less, of all. So equal values share the bin of the first of them.
A day of which only passive kinds are known has no weight, but tells that somebody was there before."""

FORMULA = Measured(
    name="rfm",
    label=_("Recency, frequency, weight"),
    unit=_("R-F-M"),
    explained=_(
        "Everybody who did something in the year before, sorted three times into fifths: by how long ago they were last active, "
        "on how many days, and by the weight of what they did. 5-5-5 is the best fifth each time. Equal values share a fifth, and "
        "it depends on who else is there. New is who did the first thing ever within the year."
    ),
    source="RFM, as marketing knows it; weights of the Orbit model (2022); tenure after pingcrm #18",
    editions={1: _("Fifths of a year’s members")},
    queries={1: _QUERY},
    levels={
        "lost": _("Lost"),
        "at-risk": _("At risk"),
        "others": _("Others"),
        "new": _("New"),
        "rising": _("Rising"),
        "champions": _("Champions"),
    },
    words={
        "rfm": _("recency, frequency, weight"),
        "since": _("days since the last act"),
        "active": _("days active in the year"),
        "weight": _("weight of all acts in the year"),
        "first": _("first act"),
    },
)
