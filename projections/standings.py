"""Standings: scores of all members on a day, kept as they were counted, so that lists, levels and comparisons need not count again.

They are no projection, for what a score says on a day changes with the day and the formula. Each counting says up to which position
of the log it holds; one that is older is shown as such, and counted anew when it is asked for afresh.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from psycopg import ClientCursor, Connection
from psycopg.types.json import Jsonb

from projections.scores import Score, Version, questions, what_is_worked_out

AT_ONCE = 12
"""Days counted in one statement."""

KEPT = timedelta(days=7)
"""How long a counting is kept that nobody made anew."""

Tell = Callable[[int, int], None]
"""Hears how many of how many days are counted."""


class Counting(msgspec.Struct):
    """Scores of a day, counted at a moment, with all that the log held up to a position."""

    counting: int
    day: date
    position: int
    at: datetime


def fingerprint(version: Version) -> str:
    """By what a counting of this version is known: its number may come again after an undo, with other weights."""
    content = msgspec.json.encode((msgspec.structs.asdict(version.formula), version.settings), enc_hook=_called)
    return f"{version.name}:{sha256(content).hexdigest()[:16]}"


def _called(function: Any) -> str:
    """A function that works levels out, by a name that is the same in every process."""
    return f"{function.__module__}.{function.__qualname__}"


def which_countings(connection: Connection[Any], version: Version, days: Sequence[date]) -> dict[date, Counting]:
    """What is counted already of these days, however old."""
    rows = connection.execute(
        """SELECT counting, day, position, at FROM countings WHERE version = %(version)s AND day = ANY(%(days)s) ORDER BY day LIMIT 1000""",
        {"version": fingerprint(version), "days": list(days)},
    )
    return {row["day"]: Counting(**row) for row in rows}


def count(
    connection: Connection[Any], version: Version, days: Sequence[date], head: int, tell: Tell = lambda done, of: None
) -> dict[date, Counting]:
    """The countings of these days as of position `head`; what is older, or was never counted, is counted now, some days at once."""
    known = which_countings(connection, version, days)
    missing = sorted({day for day in days if day not in known or known[day].position < head})
    for start in range(0, len(missing), AT_ONCE):
        tell(len(days) - len(missing) + start, len(days))
        _count(connection, version, missing[start : start + AT_ONCE], head)
    if len(missing) > 1:
        connection.execute("ANALYZE standings")  # else a comparison is planned for a handful of rows, and is quadratic
    tell(len(days), len(days))
    return which_countings(connection, version, days)


def _count(connection: Connection[Any], version: Version, days: list[date], head: int) -> None:
    with connection.transaction():
        now = datetime.now(UTC)
        _forget(connection, fingerprint(version), days, now - KEPT)
        made = {day: _begin(connection, fingerprint(version), day, head, now) for day in days}
        for question in questions(connection, version, days):
            kept_aside(connection, "scored", question.query, question.parameters)
            connection.execute(
                """INSERT INTO standings (counting, member, points, level, told)
                SELECT made.counting, s.member, s.points, s.level, s.told
                FROM scored AS s JOIN unnest(%(days)s::date[], %(made)s::bigint[]) AS made(day, counting) ON made.day = s.day""",
                {"days": list(made), "made": list(made.values())},
            )
        _keep(connection, made, list(what_is_worked_out(connection, version, days)))


def _keep(connection: Connection[Any], made: dict[date, int], scores: list[Score]) -> None:
    with connection.cursor().copy("COPY standings (counting, member, points, level, told) FROM STDIN") as copy:
        for score in scores:
            copy.write_row((made[score.day], score.member, score.points, score.level, score.told and Jsonb(score.told)))


def kept_aside(connection: Connection[Any], table: str, query: str, parameters: dict[str, Any]) -> None:
    """The answer as a table until the transaction ends; PostgreSQL shares the work of such a question among its processes, of an
    INSERT not."""
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    ClientCursor(connection).execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS {query}", parameters)


def _begin(connection: Connection[Any], version: str, day: date, head: int, now: datetime) -> int:
    row = connection.execute(
        """INSERT INTO countings (version, day, position, at) VALUES (%(version)s, %(day)s, %(head)s, %(now)s)
        RETURNING counting""",
        {"version": version, "day": day, "head": head, "now": now},
    ).fetchone()
    assert row
    return int(row["counting"])


def _forget(connection: Connection[Any], version: str, days: list[date], before: datetime) -> None:
    """Let countings go that are made anew, or that nobody asked for in a long time. Two who count the same take turns."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%(version)s))", {"version": version})
    connection.execute(
        """WITH gone AS (
            DELETE FROM countings WHERE (version = %(version)s AND day = ANY(%(days)s)) OR at < %(before)s RETURNING counting
        ) DELETE FROM standings USING gone WHERE standings.counting = gone.counting""",
        {"version": version, "days": days, "before": before},
    )


class Standing(msgspec.Struct):
    """Where a member stands on a day: their rank, points in millionths, and what a formula told of it."""

    rank: int
    member: UUID
    points: int
    level: str
    told: dict[str, Any] | None


def who_stands_where(connection: Connection[Any], counting: int, limit: int = 50, offset: int = 0) -> list[Standing]:
    """Members by their points, the highest first; those with equal points share a rank."""
    rows = connection.execute(
        """SELECT rank() OVER (ORDER BY points DESC) AS rank, member, points, level, told FROM standings WHERE counting = %(counting)s
        ORDER BY points DESC, member LIMIT %(limit)s OFFSET %(offset)s""",
        {"counting": counting, "limit": limit, "offset": offset},
    )
    return [Standing(**row) for row in rows]
