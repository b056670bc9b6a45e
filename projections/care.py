"""Care: with whom to be in touch how often, and who is due. Contact is real contact, in any channel and either direction."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY
from projections.sides import NO_PEOPLE
from projections.team import LOGGED, OURS, TIES

RHYTHMS = f"""(
    SELECT DISTINCT ON (member) member, days, scope FROM (
        SELECT member, value::int AS days, '' AS scope, 1 AS rank FROM traits WHERE slot = 'rhythm'
        UNION ALL SELECT t.member, r.value::int, substr(r.slot, 8), 2
        FROM traits AS r JOIN traits AS t ON t.slot = 'stage' AND r.slot = 'rhythm:stage:' || (t.value #>> '{{{{}}}}')
        WHERE r.member = '{NOBODY}'
        UNION ALL SELECT t.member, r.value::int, substr(r.slot, 8), 3 FROM traits AS r JOIN traits AS t ON t.slot = substr(r.slot, 8)
        WHERE r.member = '{NOBODY}' AND r.slot LIKE 'rhythm:tag:%%'
    ) AS said {{only}} ORDER BY member, rank, days, scope
)"""
"""Each member's rhythm: their own, else that of their stage, else the shortest of their tags. `scope` names where it is from."""


_NAMED = f"""
    CASE WHEN starts_with(scope, 'tag:') THEN substr(scope, 5) ELSE coalesce(
        (SELECT value ->> 'name' FROM traits WHERE member = '{NOBODY}' AND slot = scope), '') END AS name"""
"""What a stage or tag is called."""


class Due(msgspec.Struct):
    """Somebody for whom it is time: `days` is the rhythm, `at` the last contact.

    `scope` is where the rhythm is from: empty for the member's own, or `stage:ID` or `tag:NAME`, which is called `name`.
    """

    member: UUID
    days: int
    scope: str
    name: str
    at: datetime | None
    due_on: date


_DUE = f"""
WITH team AS MATERIALIZED {OURS}, rhythms AS MATERIALIZED {RHYTHMS.format(only="")}, accounts AS MATERIALIZED (
    SELECT member, member AS handle FROM rhythms UNION SELECT member, handle FROM membership JOIN rhythms USING (member)
), contact AS (
    SELECT a.member, (SELECT greatest(gave_at, got_at) FROM {TIES} ORDER BY month DESC LIMIT 1) AS at
    FROM accounts AS a CROSS JOIN team
    UNION ALL SELECT t.member, (t.value ->> 'day')::timestamp AT TIME ZONE 'UTC' FROM rhythms JOIN traits AS t USING (member)
    WHERE {LOGGED}
), last AS (SELECT member, max(at) AS at FROM contact GROUP BY member)
SELECT *, {_NAMED} FROM (
    SELECT member, days, scope, at, coalesce((at AT TIME ZONE 'UTC')::date + days, %(today)s::date) AS due_on
    FROM rhythms LEFT JOIN last USING (member) WHERE days > 0 AND member NOT IN {NO_PEOPLE}
) AS known WHERE due_on <= %(today)s ORDER BY due_on, member LIMIT %(limit)s
"""


def who_is_due(connection: Connection[Any], today: date, limit: int = 50) -> list[Due]:
    """Members whose last contact with the team is longer ago than their rhythm, those waiting longest first; who never had any is due."""
    with connection.cursor(row_factory=class_row(Due)) as cursor:
        return cursor.execute(_DUE, {"today": today, "limit": limit}).fetchall()


class Rhythm(msgspec.Struct):
    """How often to be in touch with a member, in days; None where nothing was said. `scope` and `name` as in `Due`.

    `seen` is the act by which it was said of the member alone, 0 for none.
    """

    days: int | None = None
    scope: str = ""
    name: str = ""
    seen: int = 0


def which_rhythm(connection: Connection[Any], member: UUID) -> Rhythm:
    """The rhythm of a member."""
    query = f"""SELECT days, scope, {_NAMED}, coalesce((
            SELECT position FROM traits WHERE member = %(member)s AND slot = 'rhythm'), 0) AS seen
        FROM {RHYTHMS.format(only="WHERE member = %(member)s")} AS said"""
    with connection.cursor(row_factory=class_row(Rhythm)) as cursor:
        return cursor.execute(query, {"member": member}).fetchone() or Rhythm()


class Scope(msgspec.Struct):
    """A stage or a tag, how many members it has, and how often to be in touch with them. `stage` is None for a tag."""

    name: str
    stage: UUID | None
    members: int
    days: int | None


_SCOPES = f"""
SELECT 1 AS rank, (s.value ->> 'rank')::int AS place, s.value ->> 'name' AS name, substr(s.slot, 7)::uuid AS stage,
    (SELECT count(*) FROM traits AS t WHERE t.slot = 'stage' AND t.value #>> '{{}}' = substr(s.slot, 7)) AS members, r.value::int AS days
FROM traits AS s LEFT JOIN traits AS r ON r.member = s.member AND r.slot = 'rhythm:' || s.slot
WHERE s.member = '{NOBODY}' AND s.slot LIKE 'stage:%%'
UNION ALL
SELECT 2, 0, substr(slot, 5), NULL, count(*) FILTER (WHERE member <> '{NOBODY}'), max(days)
FROM (
    SELECT slot, member, NULL::int AS days FROM traits WHERE slot LIKE 'tag:%%'
    UNION ALL SELECT substr(slot, 8), member, value::int FROM traits WHERE member = '{NOBODY}' AND slot LIKE 'rhythm:tag:%%'
) AS tagged GROUP BY slot
ORDER BY rank, place, name LIMIT %(limit)s
"""


def which_scopes(connection: Connection[Any], limit: int = 500) -> list[Scope]:
    """The stages in their order and the tags by name, each with its rhythm."""
    rows = connection.execute(_SCOPES, {"limit": limit})
    return [Scope(row["name"], row["stage"], row["members"], row["days"]) for row in rows]


def who_is_watched(connection: Connection[Any], limit: int = 50, member: UUID | None = None) -> list[UUID]:
    """The members who are watched, those chosen last first; or only whether this one is."""
    rows = connection.execute(
        """SELECT member FROM traits WHERE slot = 'watch' AND (%(member)s::uuid IS NULL OR member = %(member)s)
        ORDER BY position DESC LIMIT %(limit)s""",
        {"member": member, "limit": limit},
    )
    return [row["member"] for row in rows]
