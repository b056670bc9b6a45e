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
    for question in questions(connection, version, days):
        for row in connection.execute(question.query, question.parameters):
            yield Score(**row)
    yield from what_is_worked_out(connection, version, days)


class Question(NamedTuple):
    """A statement that yields `day`, `member`, `points`, `level` and `told`, and its parameters."""

    query: str
    parameters: dict[str, Any]


def questions(connection: Connection[Any], version: Version, days: Sequence[date]) -> list[Question]:
    """What is to be asked of the database; nothing where it cannot tell by itself."""
    connection.execute(MEMORY)
    if isinstance(version.formula, Weighted):
        return [_weighted(connection, version.formula, version.settings, days)]
    if isinstance(version.formula, Measured) and not version.formula.finish:
        return [_measured(connection, version.formula, version.number, day) for day in days]
    return []


def what_is_worked_out(connection: Connection[Any], version: Version, days: Sequence[date]) -> Iterator[Score]:
    """The scores that take more than the database: measures of the network, and levels that depend on everybody's value."""
    of = version.formula
    for day in days:
        if isinstance(of, Central):
            for member, value in which_places(connection, day, of.measure):
                yield Score(day, member, round(value * MILLIONTHS))
        if isinstance(of, Measured) and of.finish:
            rows = connection.execute(*_measured(connection, of, version.number, day)).fetchall()
            levels = of.finish([(row["member"], row["points"] / MILLIONTHS) for row in rows])
            yield from (Score(**row | {"level": levels[row["member"]]}) for row in rows)


_SUMS = """
WITH {counted} SELECT on_day AS day, member, sum({worth} * least(n, nullif(cap, 0)))::bigint AS points, '' AS level, NULL::jsonb AS told
FROM counted JOIN earnings USING (rule) JOIN unnest(%(days)s::date[]) AS days(on_day) ON day <= on_day AND until > on_day
GROUP BY on_day, member
"""


def _weighted(connection: Connection[Any], of: Weighted, settings: Settings | None, days: Sequence[date]) -> Question:
    assert settings
    query = _SUMS.format(counted=counted(connection, len(days) > 1), worth=worth(of, "on_day"))
    return Question(query, asked(of, settings) | {"today": max(days), "days": list(days)})


def _measured(connection: Connection[Any], of: Measured, edition: int, day: date) -> Question:
    query = f"""WITH {relations(connection)} SELECT %(today)s::date AS day, member, round(value * {MILLIONTHS})::bigint AS points, level, told
        FROM ({of.queries[edition]}) AS found"""
    return Question(query, {"today": day})
