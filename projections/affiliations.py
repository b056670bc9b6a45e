"""Who belonged to which organisation, from when to when, seen now or as it was known at an earlier position of the log."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.membership import who_is_whom
from projections.acts import STANDS

_TOLD = "(SELECT member, slot, value, position, at, by FROM traits WHERE slot LIKE 'affiliation:%%')"

_TOLD_THEN = f"""(SELECT * FROM (
    SELECT DISTINCT ON (whom.member, a.slot) whom.member, a.slot, a.value, a.position, a.recorded_at AS at, a.by
    FROM unnest(%(handles)s::uuid[], %(whom)s::uuid[]) AS whom(handle, member) JOIN acts AS a USING (handle)
    WHERE a.slot LIKE 'affiliation:%%' AND {STANDS} ORDER BY whom.member, a.slot, a.position DESC
) AS stood WHERE value IS NOT NULL)"""

_SPANS = """spans AS MATERIALIZED (
    SELECT substr(slot, 13)::uuid AS affiliation, (value->>'organisation')::uuid AS organisation, member, value->>'role' AS role,
        (value->>'since')::date AS since, (value->>'until')::date AS until, position, at, by FROM {told} AS told WHERE {fitting}
)"""

_HANDLES = """handles AS MATERIALIZED (
    SELECT member, member AS handle FROM spans UNION SELECT member, handle FROM membership JOIN spans USING (member)
)"""

_HANDLES_THEN = """handles AS MATERIALIZED (
    SELECT DISTINCT member, handle FROM unnest(%(handles)s::uuid[], %(whom)s::uuid[]) AS whom(handle, member)
    JOIN spans USING (member)
)"""

_DAYS_THEN = """days AS MATERIALIZED (
    SELECT member, (at AT TIME ZONE 'UTC')::date AS day, count(*) AS n FROM timeline
    WHERE member IN (SELECT handle FROM handles) AND role = '' AND position <= %(known)s GROUP BY 1, 2
)"""

_DATED = """times AS MATERIALIZED (
    SELECT organisation, member, lower(days) AS since, upper(days) AS until FROM (
        SELECT organisation, member, unnest(range_agg(daterange(since, until))) AS days FROM spans GROUP BY organisation, member
    ) AS together
), dated AS (
    SELECT times.organisation, times.member, d.day, d.n
    FROM times JOIN handles USING (member) JOIN {days} AS d ON d.member = handles.handle AND d.day <= %(on)s
        AND d.day >= coalesce(times.since, '-infinity') AND d.day < coalesce(times.until, 'infinity')
)"""
"""What members did while they belonged. Two who were merged may be said to have belonged at once: each day counts once."""

IS_THERE = "(since IS NULL OR since <= %(on)s) AND (until IS NULL OR until > %(on)s)"
"""Whether somebody belongs on the day `on`."""

_FITTING = {
    "organisations": "(value->>'organisation')::uuid = ANY(%(organisations)s)",
    "member": "member = %(member)s",
}


class Sight(NamedTuple):
    """The beginning of a statement that looks at times with organisations, as of a day and a position of the log.

    It has the tables `spans` (those times), `handles` (accounts of their members); `days` is the table of who did how much when.
    """

    beginning: str
    days: str
    parameters: dict[str, Any]

    def dated(self) -> str:
        """The beginning, and `times` (those times, of which none meets another) and `dated` (what members did in them)."""
        return f"{self.beginning}, {_DATED.format(days=self.days)}"


def sight(connection: Connection[Any], on: date, known: int | None = None, **of: Any) -> Sight:
    """What there is to be seen on the day `on`, now or as was known at position `known`; of `organisations` or of a `member`."""
    asked = {name: value for name, value in of.items() if value is not None}
    told, handles, days = _TOLD, _HANDLES, "acted"
    if known is not None:
        ever = {*_handles_ever(connection), *([asked["member"]] if "member" in asked else [])}
        whom = who_is_whom(connection, ever, known).member
        asked |= {"member": whom[asked["member"]]} if "member" in asked else {}
        asked |= {"known": known, "handles": list(whom), "whom": list(whom.values())}
        told, handles, days = _TOLD_THEN, f"{_HANDLES_THEN}, {_DAYS_THEN}", "days"
    fitting = " AND ".join([condition for name, condition in _FITTING.items() if name in asked] or ["true"])
    return Sight(f"WITH {_SPANS.format(told=told, fitting=fitting)}, {handles}", days, asked | {"on": on})


def _handles_ever(connection: Connection[Any]) -> list[UUID]:
    """The accounts of which it was ever said where they belong."""
    rows = connection.execute(
        "SELECT DISTINCT handle FROM acts WHERE slot LIKE 'affiliation:%%' ORDER BY handle LIMIT 100000"
    )
    return [row["handle"] for row in rows]


class Affiliation(msgspec.Struct):
    """A time that a member belonged to an organisation: from `since` to the day before `until`, None where open.

    `acts` is what they did in it. `position`, `at` and `by` are of the act that says so.
    """

    affiliation: UUID
    organisation: UUID
    member: UUID
    role: str
    since: date | None
    until: date | None
    position: int
    at: datetime
    by: str
    is_there: bool
    acts: int


_BELONGING = f"""
SELECT spans.*, {IS_THERE} AS is_there, coalesce(did.acts, 0)::bigint AS acts
FROM spans LEFT JOIN LATERAL (
    SELECT sum(d.n) AS acts FROM handles JOIN {{days}} AS d ON d.member = handles.handle
    WHERE handles.member = spans.member AND d.day <= %(on)s
        AND d.day >= coalesce(spans.since, '-infinity') AND d.day < coalesce(spans.until, 'infinity')
) AS did ON true
ORDER BY is_there DESC, acts DESC, since DESC NULLS LAST, member, affiliation LIMIT %(limit)s OFFSET %(offset)s
"""


def who_belongs(
    connection: Connection[Any],
    organisation: UUID,
    on: date,
    known: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Affiliation]:
    """Who ever belonged to an organisation: those who do on the day `on` first, and of each those who did most then."""
    return _affiliations(connection, sight(connection, on, known, organisations=[organisation]), limit, offset)


def which_affiliations(
    connection: Connection[Any], member: UUID, on: date, known: int | None = None, limit: int = 200
) -> list[Affiliation]:
    """To which organisations a member ever belonged, those of the day `on` first."""
    return _affiliations(connection, sight(connection, on, known, member=member), limit, 0)


def _affiliations(connection: Connection[Any], seen: Sight, limit: int, offset: int) -> list[Affiliation]:
    query = f"{seen.beginning} {_BELONGING.format(days=seen.days)}"
    with connection.cursor(row_factory=class_row(Affiliation)) as cursor:
        return cursor.execute(query, {**seen.parameters, "limit": limit, "offset": offset}).fetchall()
