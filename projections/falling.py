"""How scores would move if an import were taken back: worked out once with what it brought, once without, from the log itself."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.imports import taken_back
from crm.scores.formula import Weighted
from crm.store import EVENTS
from projections.facts import ACTED, PRAISE, REACHED, RESPONDED, RESPONDING
from projections.points import asked, counted, worth
from projections.scores import Version

_OTHERS = f"""(SELECT * FROM {EVENTS} WHERE topic = 'interaction.recorded' AND batch <> ALL(%(gone)s) AND batch <> %(batch)s) AS facts"""
"""All interactions that count but those of the import."""

_FACTS = f"""acted AS MATERIALIZED ({ACTED.format(facts=_OTHERS)}), reached AS MATERIALIZED ({REACHED.format(facts=_OTHERS)}),
responded AS MATERIALIZED ({RESPONDED.format(told="reached CROSS JOIN unnest(others) AS other")}), """
"""The facts as they would be, under the names of the tables that hold them, so that what follows asks these instead."""

_SUMS = """SELECT member, sum({worth} * least(n, nullif(cap, 0)))::bigint AS points FROM counted JOIN earnings USING (rule)
WHERE day <= %(today)s AND until > %(today)s AND member = ANY(%(members)s) GROUP BY member ORDER BY member LIMIT 100000"""


class Fall(msgspec.Struct):
    """The points of a member now and without the import, in millionths."""

    now: int
    then: int


def how_would_scores_move(
    connection: Connection[Any], version: Version, batch: UUID, members: list[UUID], today: date
) -> dict[UUID, Fall]:
    """Of these members; it reads the whole log, a second for each hundred thousand events. Who is new is told as it is now."""
    assert isinstance(version.formula, Weighted)
    assert version.settings
    parameters = asked(version.formula, version.settings) | {
        "members": members,
        "today": today,
        "batch": batch,
        "gone": taken_back(connection),
        "praise": list(PRAISE),
        "responding": list(RESPONDING),
    }
    rules, sums = counted(connection), _SUMS.format(worth=worth(version.formula))
    now, then = (
        {row["member"]: row["points"] for row in connection.execute(f"WITH {facts}{rules} {sums}", parameters)}
        for facts in ("", _FACTS)
    )
    return {member: Fall(now.get(member, 0), then.get(member, 0)) for member in members}
