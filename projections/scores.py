"""Scores: what a formula says of every member, as of any day, and which version of it is meant."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from crm.errors import Refusal
from crm.formulas import which_version_counts, which_versions
from crm.scores import formula
from crm.scores.formula import Central, Formula, Measured, Settings, Weighted
from projections.facts import relations
from projections.network import which_places
from projections.points import MILLIONTHS, asked, counted, worth

MEMORY = "SET LOCAL work_mem = '256MB'"
"""What a question to all facts may take, so that nothing is sorted on disk."""


class Version(NamedTuple):
    """A version of a formula. `settings` are those of a weighted one, else None."""

    formula: Formula
    number: int
    settings: Settings | None

    @property
    def name(self) -> str:
        """How it is typed and cited."""
        return f"{self.formula.name}@{self.number}"


class Score(NamedTuple):
    """What a formula says of a member on a day: points in whole millionths, a level where it names one itself, what it saw."""

    day: date
    member: UUID
    points: int
    level: str = ""
    told: dict[str, Any] | None = None


def which_version(connection: Connection[Any], name: str) -> Version:
    """The version called `NAME@NUMBER`, or of a bare name the one that counts. Refusal where there is none."""
    of, _, number = name.partition("@")
    known = formula(of)
    versions = which_versions(connection, known)
    if number and not (number.isdecimal() and int(number) in versions):
        raise Refusal(f"{of} has no version “{number[:20]}”. There are: {', '.join(map(str, versions))}.")
    chosen = int(number) if number else which_version_counts(connection, known)
    return Version(known, chosen, versions[chosen])


def what_are_the_scores(connection: Connection[Any], version: Version, days: Sequence[date]) -> Iterator[Score]:
    """The score of every member on each of these days; who has none on a day is left out. Within a transaction of the caller's."""
    connection.execute(MEMORY)
    if isinstance(version.formula, Weighted):
        yield from _weighted(connection, version, days)
    for day in days:
        if isinstance(version.formula, Measured):
            yield from _measured(connection, version.formula, version.number, day)
        if isinstance(version.formula, Central):
            for member, value in which_places(connection, day, version.formula.measure):
                yield Score(day, member, round(value * MILLIONTHS))


_SUMS = """
WITH {counted} SELECT on_day, member, sum({worth} * least(n, nullif(cap, 0)))::bigint AS points
FROM counted JOIN earnings USING (rule) JOIN unnest(%(days)s::date[]) AS days(on_day) ON day <= on_day AND until > on_day
GROUP BY on_day, member
"""


def _weighted(connection: Connection[Any], version: Version, days: Sequence[date]) -> Iterator[Score]:
    assert isinstance(version.formula, Weighted)
    assert version.settings
    query = _SUMS.format(counted=counted(connection, len(days) > 1), worth=worth(version.formula, "on_day"))
    parameters = asked(version.formula, version.settings) | {"today": max(days), "days": list(days)}
    for row in connection.execute(query, parameters):
        yield Score(row["on_day"], row["member"], row["points"])


def _measured(connection: Connection[Any], of: Measured, edition: int, day: date) -> Iterator[Score]:
    query = f"WITH {relations()} SELECT member, round(value * {MILLIONTHS})::bigint AS points, level, told FROM ({of.queries[edition]}) AS found"
    rows = connection.execute(query, {"today": day}).fetchall()
    levels = of.finish([(row["member"], row["points"] / MILLIONTHS) for row in rows]) if of.finish else {}
    for row in rows:
        yield Score(day, row["member"], row["points"], levels.get(row["member"], row["level"]), row["told"])
