"""What the points of some members are for: helping, creating, encouraging and so on, for all of them in one question."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm.scores.formula import Weighted
from projections.points import all_at_once, asked, counted, worth
from projections.scores import Version

_SPLIT = """
WITH {counted} SELECT member, rule, sum({worth} * least(n, nullif(cap, 0)))::bigint AS points
FROM counted JOIN earnings USING (rule) WHERE day <= %(today)s AND until > %(today)s AND member = ANY(%(members)s)
GROUP BY member, rule ORDER BY member, rule LIMIT 100000
"""


def what_is_it_for(
    connection: Connection[Any], version: Version, members: Sequence[UUID], day: date
) -> dict[UUID, dict[str, int]]:
    """The points of these members by group (millionths), in the order of the rules; who has none is left out."""
    assert isinstance(version.formula, Weighted)
    assert version.settings
    rows = connection.execute(
        "SELECT handle FROM membership WHERE member = ANY(%(members)s) ORDER BY handle LIMIT 100000",
        {"members": list(members)},
    )
    parameters = asked(version.formula, version.settings) | {
        "members": list(members),
        "accounts": [*members, *(row["handle"] for row in rows)],
        "near": None,
        "today": day,
    }
    query = _SPLIT.format(counted=counted(connection, accounts=True), worth=worth(version.formula))
    with all_at_once(connection):
        sums = connection.execute(query, parameters).fetchall()
    found: dict[UUID, dict[str, int]] = {}
    for row in sums:
        group, groups = version.formula.rules[row["rule"]].group, found.setdefault(row["member"], {})
        groups[group] = groups.get(group, 0) + row["points"]
    return found
