"""Organisations, and how much their people did while they belonged to them: what somebody did elsewhere before is not theirs."""

from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm.event import NOBODY
from projections.acts import Trait, which_traits, which_traits_stood
from projections.affiliations import IS_THERE, sight


class Organisation(msgspec.Struct):
    """An organisation as the team set it up. `position` is of the act that says so."""

    organisation: UUID
    name: str
    domains: list[str]
    position: int


def which_organisations(connection: Connection[Any], known: int | None = None) -> dict[UUID, Organisation]:
    """The organisations there are, by name; now or as was known at position `known`."""
    if known is None:
        found = which_traits(connection, NOBODY, "organisation:")
    else:
        found = [one for one in which_traits_stood(connection, [NOBODY], known) if one.slot.startswith("organisation:")]
    named = sorted(map(_organisation, found), key=lambda one: (one.name.casefold(), one.organisation))
    return {one.organisation: one for one in named}


def _organisation(trait: Trait) -> Organisation:
    return Organisation(UUID(trait.slot.partition(":")[2]), trait.value["name"], trait.value["domains"], trait.position)


class Credit(msgspec.Struct):
    """How many belong to an organisation and ever did, and what they did while they belonged: since a day, and ever."""

    organisation: UUID
    people: int
    ever: int
    lately: int
    acts: int


_CREDITS = f"""
SELECT p.organisation, p.people, p.ever, coalesce(a.lately, 0)::bigint AS lately, coalesce(a.acts, 0)::bigint AS acts
FROM (
    SELECT organisation, count(DISTINCT member) FILTER (WHERE {IS_THERE}) AS people, count(DISTINCT member) AS ever
    FROM spans WHERE since IS NULL OR since <= %(on)s GROUP BY organisation
) AS p LEFT JOIN (
    SELECT organisation, sum(n) AS acts, sum(n) FILTER (WHERE day >= %(since)s) AS lately FROM dated GROUP BY organisation
) AS a USING (organisation)
ORDER BY lately DESC, acts DESC, organisation LIMIT 5000
"""


def how_much_is_theirs(
    connection: Connection[Any],
    since: date,
    on: date,
    known: int | None = None,
    organisations: list[UUID] | None = None,
) -> dict[UUID, Credit]:
    """Of each organisation (or of these) its people and what they did up to the day `on`, and of that what they did from `since`.

    Those to which nobody ever belonged are left out.
    """
    seen = sight(connection, on, known, organisations=organisations)
    with connection.cursor(row_factory=class_row(Credit)) as cursor:
        rows = cursor.execute(f"{seen.dated()} {_CREDITS}", {**seen.parameters, "since": since})
        return {row.organisation: row for row in rows}


def how_much_did_all_do(connection: Connection[Any], since: date, on: date, known: int | None = None) -> int:
    """How much all members did from `since` to the day `on`."""
    query = "SELECT coalesce(sum(n), 0)::bigint AS n FROM day_totals WHERE day BETWEEN %(since)s AND %(on)s"
    if known is not None:
        query = """SELECT count(*) AS n FROM timeline WHERE role = '' AND member <> %(nobody)s AND position <= %(known)s
            AND at >= %(since)s::timestamp AT TIME ZONE 'UTC' AND at < (%(on)s + 1)::timestamp AT TIME ZONE 'UTC'"""
    row = connection.execute(query, {"on": on, "since": since, "known": known, "nobody": NOBODY}).fetchone()
    return row["n"] if row else 0


class Period(msgspec.Struct):
    """What an organisation's people did in a month or a year that begins so, and how many of them did anything."""

    begins: date
    acts: int
    people: int


def how_much_did_they_do(
    connection: Connection[Any],
    organisation: UUID,
    since: date,
    until: date,
    step: Literal["month", "year"] = "month",
    known: int | None = None,
) -> list[Period]:
    """What people did for an organisation from `since` to the day before `until`, oldest first; empty months are left out."""
    seen = sight(connection, until - timedelta(days=1), known, organisations=[organisation])
    with connection.cursor(row_factory=class_row(Period)) as cursor:
        return cursor.execute(
            f"""{seen.dated()} SELECT date_trunc(%(step)s, day)::date AS begins, sum(n)::bigint AS acts,
                count(DISTINCT member) AS people FROM dated WHERE day >= %(since)s GROUP BY 1 ORDER BY 1 LIMIT 1000""",
            {**seen.parameters, "since": since, "step": step},
        ).fetchall()


class Busy(msgspec.Struct):
    """A place, what an organisation's people did there, and how many of them."""

    place: UUID
    name: str
    acts: int
    people: int


_PLACES = """
SELECT place, p.name, count(*) AS acts, count(DISTINCT handles.member) AS people
FROM times JOIN handles USING (member) JOIN timeline AS t ON t.member = handles.handle AND t.role = ''
    AND t.at >= coalesce(times.since, '-infinity')::timestamp AT TIME ZONE 'UTC'
    AND t.at < least(coalesce(times.until, 'infinity'), %(on)s + 1)::timestamp AT TIME ZONE 'UTC'
JOIN places AS p USING (place) WHERE %(known)s::bigint IS NULL OR t.position <= %(known)s
GROUP BY place, p.name ORDER BY acts DESC, p.name, place LIMIT %(limit)s
"""


def where_did_they_act(
    connection: Connection[Any], organisation: UUID, on: date, known: int | None = None, limit: int = 6
) -> list[Busy]:
    """The places where people did most for an organisation, up to the day `on`."""
    seen = sight(connection, on, known, organisations=[organisation])
    asked = {**seen.parameters, "known": known, "limit": limit}
    with connection.cursor(row_factory=class_row(Busy)) as cursor:
        return cursor.execute(f"{seen.dated()} {_PLACES}", asked).fetchall()


class Turn(msgspec.Struct):
    """Somebody joined an organisation on a day, or left it."""

    day: date
    member: UUID
    role: str
    joined: bool


def who_came_and_went(
    connection: Connection[Any], organisation: UUID, on: date, known: int | None = None, limit: int = 10
) -> list[Turn]:
    """Who joined and who left an organisation up to the day `on`, the latest first."""
    seen = sight(connection, on, known, organisations=[organisation])
    with connection.cursor(row_factory=class_row(Turn)) as cursor:
        return cursor.execute(
            f"""{seen.beginning} SELECT * FROM (
                SELECT since AS day, member, role, true AS joined FROM spans
                UNION ALL SELECT until, member, role, false FROM spans
            ) AS turns WHERE day <= %(on)s ORDER BY day DESC, joined, member LIMIT %(limit)s""",
            {**seen.parameters, "limit": limit},
        ).fetchall()
