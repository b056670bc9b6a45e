"""crowd.dev's score of a member, to compare with. Two things taught by it are reasons not to lean on it (crowd.dev #387).

It divides by how unevenly points came, so that who gives a talk drops; and its levels are clusters of everybody's scores, so that
a level moves with what others do, and no reason for it can be given.
"""

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from uuid import UUID

from crm.kinds import _
from crm.scores.asking import weighing
from crm.scores.formula import Measured

GRID: dict[str, int] = {
    "proposed": 10,
    "asked": 10,
    "posted": 8,
    "reviewed": 8,
    "answered": 6,
    "replied": 6,
    "closed": 6,
    "merged": 6,
    "forked": 4,
    "joined": 3,
    "contributed": 2,
    "starred": 2,
    "followed": 2,
    "assigned": 2,
    "reacted": 1,
    "voted": 1,
}
"""Points for an act. Where the grid gives a kind of ours several, by platform, the commonest counts; what it does not know, nothing."""

MONTHS = 13
CLUSTERS = 10

_MONTH = "date_trunc('month', %(today)s::timestamp)::date"

_QUERY = f"""
WITH {weighing(GRID, "grid")},
days AS (
    SELECT member, day, date_trunc('month', day::timestamp)::date AS month, sum(n * weight)::bigint AS points
    FROM acted JOIN grid USING (kind) WHERE day >= ({_MONTH} - interval '{MONTHS - 1} months')::date GROUP BY member, day
),
months AS (
    SELECT member, month, sum(points)::bigint AS points, sum(points * points)::bigint AS squares,
        least((month + interval '1 month')::date, %(today)s::date + 1) - month AS days,
        (extract(year FROM {_MONTH}) - extract(year FROM month)) * 12 + extract(month FROM {_MONTH}) - extract(month FROM month) AS ago
    FROM days GROUP BY member, month
),
parts AS (
    SELECT member, points, points::float8 / (days + sqrt((days * squares - points * points)::float8)) * power(0.9::float8, ago::float8)
        * 10 / {MONTHS} * CASE ago WHEN 0 THEN days / 30.0::float8 ELSE 1 END AS part FROM months
)
SELECT member, sum(round(part * 1000000)::bigint)::float8 / 1000000 AS value, '' AS level,
    jsonb_build_object('points', sum(points), 'months', count(*)) AS told
FROM parts GROUP BY member
"""
"""Mean ÷ (1 + deviation) of a month's daily points is Σp ÷ (D + √(D·Σp² − (Σp)²)) for its D days, those without points too."""


def clusters(values: list[float]) -> list[int]:
    """To which of at most ten clusters, from the lowest, each value belongs: k-means on a line, begun at evenly chosen values.

    Whoever is equal is in the same cluster, and the order of the values does not matter.
    """
    line = sorted(values)
    sums = [0.0, *accumulate(line)]
    centres = _begun(sorted(set(line)))
    known: set[tuple[int, ...]] = set()
    while centres:
        borders = [(low + high) / 2 for low, high in pairwise(centres)]
        cuts = (0, *(bisect_left(line, border) for border in borders), len(line))
        if cuts in known:
            return [bisect_right(borders, value) for value in values]
        known.add(cuts)
        centres = [
            (sums[end] - sums[begin]) / (end - begin) if end > begin else centre
            for (begin, end), centre in zip(pairwise(cuts), centres, strict=True)
        ]
    return []


def _begun(different: list[float]) -> list[float]:
    count = min(CLUSTERS, len(different))
    return [different[(2 * place + 1) * len(different) // (2 * count)] for place in range(count)]


def levels(values: list[tuple[UUID, float]]) -> dict[UUID, str]:
    """The level of each member by the cluster of their score among those of all."""
    names = ("silent", "quiet", "quiet", "engaged", "engaged", "engaged", "fan", "fan", "ultra", "ultra")
    found = clusters([value for _member, value in values])
    return {member: names[cluster] for (member, _value), cluster in zip(values, found, strict=True)}


FORMULA = Measured(
    name="crowd",
    label=_("crowd.dev score"),
    unit=_("points"),
    explained=_(
        "Only to compare with: points by crowd.dev’s grid, for each of thirteen months the mean of a day divided by one and the "
        "standard deviation, a tenth less with each month ago. So somebody with a burst of work drops, and levels are clusters of "
        "all members: yours moves with what others do, and no reason for it can be given."
    ),
    source="crowd.dev, members_score.py before 93e747ae3 (removed in 2024), PR #394, #387; activity grid",
    editions={1: _("Thirteen months, ten clusters")},
    queries={1: _QUERY},
    levels={
        "silent": _("Silent"),
        "quiet": _("Quiet"),
        "engaged": _("Engaged"),
        "fan": _("Fan"),
        "ultra": _("Ultra"),
    },
    words={"points": _("points in thirteen months"), "months": _("months with points")},
    finish=levels,
)
