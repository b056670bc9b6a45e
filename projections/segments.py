"""Members that fit conditions: which, how many, what marks they bear; now or as it was, and who came and left since."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.conditions import Conditions
from projections.fitting import NOW, Fitting, fitting
from projections.identities import CALLED, NAME, SIDE
from projections.members import Member
from projections.then import Then


class Found(Member):
    """A member in the list. `lately` is how much they did in the days that were asked for.

    In a list as it was, `acts_now` is what they have done by now, else None.
    """

    lately: int | None = None
    acts_now: int | None = None


_COLUMNS = f"""m.member, {NAME} AS name, label.login, label.source, label.host, {SIDE} AS side,
    m.accounts, m.acts, m.received, m.first_at, m.last_at"""

_SINCE = "LEFT JOIN membership AS since ON since.handle = m.member LEFT JOIN members AS n ON n.member = coalesce(since.member, m.member)"


class Asked(msgspec.Struct, frozen=True):
    """Conditions on the day `today`; `then` are the tables as they were, None asks those as they are."""

    wish: Conditions
    today: date
    then: Then | None = None

    def fitting(self, connection: Connection[Any], prefix: str = "") -> Fitting:
        """The members that fit, as a statement; `prefix` begins the names of its parameters."""
        types = which_types(connection) if self.wish.fields else {}
        return fitting(self.wish, self.today, types, self.then.tables if self.then else NOW, prefix)


def which_members_fit(connection: Connection[Any], asked: Asked, limit: int = 50, offset: int = 0) -> list[Found]:
    """Members that fit, in the order that is wanted; at most `limit` from `offset` on."""
    return which_and_how_many_fit(connection, asked, limit, offset)[0]


def which_and_how_many_fit(
    connection: Connection[Any], asked: Asked, limit: int = 50, offset: int = 0
) -> tuple[list[Found], int | None]:
    """The same, and of a list as it was how many fit, for making its tables is what takes the time; of one that is, None.

    Names are told only of those chosen.
    """
    fits = asked.fitting(connection)
    more = ", m.lately" if asked.wish.within else ""
    then, total, since = (
        (", coalesce(n.acts, 0) AS acts_now, m.total", ", count(*) OVER () AS total", _SINCE)
        if asked.then
        else ("", "", "")
    )
    query = f"""{_beginning(asked)} SELECT {_COLUMNS}{more}{then} FROM (
            SELECT m.*{total} FROM ({fits.query}) AS m ORDER BY {fits.order} LIMIT %(limit)s OFFSET %(offset)s
        ) AS m {CALLED} {since} ORDER BY {fits.order}"""
    rows = connection.execute(query, {**_parameters(asked, fits), "limit": limit, "offset": offset}).fetchall()
    count = rows[0]["total"] if asked.then and rows else None
    return [Found(**{name: value for name, value in row.items() if name != "total"}) for row in rows], count


def how_many_fit(connection: Connection[Any], asked: Asked, most: int) -> int:
    """How many members fit; counting stops at `most`."""
    fits = asked.fitting(connection)
    query = f"{_beginning(asked)} SELECT count(*) AS n FROM ({fits.query} LIMIT %(most)s) AS fitting"
    row = connection.execute(query, {**_parameters(asked, fits), "most": most}).fetchone()
    return row["n"] if row else 0


def which_ids_fit(connection: Connection[Any], asked: Asked, limit: int) -> list[UUID]:
    """The ids of the members that fit, in the order that is wanted."""
    fits = asked.fitting(connection)
    query = f"{_beginning(asked)} {fits.query} ORDER BY {fits.order} LIMIT %(limit)s"
    return [row["member"] for row in connection.execute(query, {**_parameters(asked, fits), "limit": limit})]


def _beginning(asked: Asked) -> str:
    return asked.then.beginning if asked.then else ""


def _parameters(asked: Asked, fits: Fitting) -> dict[str, Any]:
    """Those of the conditions and, where the tables as they were are asked, theirs."""
    back = max(asked.wish.within, asked.wish.quiet)
    floor = {"floor": datetime.combine(asked.today - timedelta(days=back), time.min, UTC)}
    return fits.parameters | (asked.then.parameters | floor if asked.then else {})


def which_types(connection: Connection[Any]) -> dict[str, str]:
    """Of each field that the team made its type."""
    rows = connection.execute(
        """SELECT substr(slot, 7) AS field, value->>'type' AS type FROM traits
        WHERE member = %(nobody)s AND slot LIKE 'field:%%' ORDER BY slot LIMIT 1000""",
        {"nobody": UUID(int=0)},
    )
    return {row["field"]: row["type"] for row in rows}


class Change(msgspec.Struct):
    """How many fit, and how many of them did not at the moment before; `left` fitted then and do no more."""

    count: int
    came: int
    left: int


_CHANGED = "SELECT these.member FROM {some} AS these WHERE NOT EXISTS (SELECT FROM {others} AS others WHERE others.member = these.member)"


def how_they_changed(
    connection: Connection[Any], wishes: list[Conditions], today: date, day: date, before: Then
) -> list[Change]:
    """Of each wish who fits on the day `today`, against who fitted on `day`; the tables as they were are made once for all."""
    if not wishes:
        return []
    parts, answers, parameters = [], [], before.parameters
    for number, wish in enumerate(wishes):
        beginning, known = _both(connection, wish, today, day, before, str(number))
        parts.append(beginning)
        parameters = parameters | known
        came = _CHANGED.format(some=f"now_{number}", others=f"then_{number}")
        left = _CHANGED.format(some=f"then_{number}", others=f"now_{number}")
        answers.append(
            f"""SELECT {number} AS number, (SELECT count(*) FROM now_{number}) AS count,
            (SELECT count(*) FROM ({came}) AS came) AS came, (SELECT count(*) FROM ({left}) AS gone) AS left"""
        )
    query = f"{before.beginning}, {', '.join(parts)} {' UNION ALL '.join(answers)} ORDER BY number LIMIT 10000"
    return [Change(row["count"], row["came"], row["left"]) for row in connection.execute(query, parameters)]


def who_came_and_left(
    connection: Connection[Any], wish: Conditions, today: date, day: date, before: Then, limit: int = 50
) -> tuple[list[UUID], list[UUID]]:
    """Those who fit now and did not then, and those who fitted then and do no more; the most active first."""
    beginning, known = _both(connection, wish, today, day, before, "0")
    found: list[list[UUID]] = []
    for some, others in (("now_0", "then_0"), ("then_0", "now_0")):
        query = f"""{before.beginning}, {beginning} SELECT changed.member FROM ({_CHANGED.format(some=some, others=others)}) AS changed
            LEFT JOIN members AS m USING (member) ORDER BY m.acts DESC NULLS LAST, changed.member LIMIT %(limit)s"""
        rows = connection.execute(query, {**before.parameters, **known, "limit": limit})
        found.append([row["member"] for row in rows])
    return found[0], found[1]


def _both(
    connection: Connection[Any], wish: Conditions, today: date, day: date, before: Then, number: str
) -> tuple[str, dict[str, Any]]:
    """Tables `now_N` and `then_N` of those who fit and of those who fitted, and their parameters."""
    now = Asked(wish, today).fitting(connection, f"n{number}_")
    then = Asked(wish, day, before).fitting(connection, f"t{number}_")
    text = f"now_{number} AS MATERIALIZED ({now.query}), then_{number} AS MATERIALIZED ({then.query})"
    return text, now.parameters | then.parameters
