"""Commands about scores: which formulas there are, who stands where, and why a member has a number."""

from datetime import date
from typing import Any

import click
import msgspec
from psycopg import Connection

from crm.cli.finding import catch_up, limit, read_day, the_one
from crm.cli.shell import answer, answer_json, answer_table, as_json, opened
from crm.formulas import which_version_counts, which_versions
from crm.scores import formulas as known_formulas
from crm.scores.formula import Measured, Weighted
from projections import standings
from projections.engine import Engine
from projections.identities import what_are_they_called
from projections.levels import which_levels
from projections.members import Member, which_identities
from projections.points import MILLIONTHS
from projections.scores import Version, what_are_the_scores, which_version
from projections.why import Asking, what_earned_it, what_it_comes_to

MOST = 100_000
"""Acts that a number is opened to."""

as_of = click.option(
    "--as-of", metavar="DATE", help="As it was at the end of that day; else of the day of the newest entry."
)


@click.command()
@as_json
def formulas(as_json: bool) -> None:
    """The formulas: what each measures, where it is from, its versions, and which of them counts."""
    with opened() as kith, kith.connection() as connection:
        rows: list[dict[str, Any]] = [
            {
                "name": one.name,
                "label": one.label,
                "unit": one.unit,
                "explained": one.explained,
                "source": one.source,
                "versions": list(which_versions(connection, one)),
                "counts": which_version_counts(connection, one),
            }
            for one in known_formulas().values()
        ]
    if as_json:
        return answer_json(rows)
    heads = ("name", "version that counts", "of", "what it is", "source")
    return answer_table(
        heads, [(row["name"], row["counts"], len(row["versions"]), row["label"], row["source"]) for row in rows]
    )


@click.command()
@click.argument("formula")
@as_of
@limit
@as_json
def scores(formula: str, as_of: str | None, limit: int, as_json: bool) -> None:
    """Who stands where under a FORMULA, such as advocacy or advocacy@2; `crm formulas` lists them."""
    with opened() as kith:
        catch_up(kith)
        head = Engine(kith).head()
        with kith.connection() as connection:
            version = which_version(connection, formula)
            day = read_day(connection, as_of)
            counting = standings.count(connection, version, [day], head)[day]
            rows = _ranked(connection, version, counting, limit)
    if as_json:
        return answer_json({"formula": version.name, "unit": version.formula.unit, "as_of": day, "members": rows})
    answer(f"{version.formula.label} (version {version.number}) at the end of {day}")
    heads = ("rank", "id", "name", version.formula.unit, "level")
    return answer_table(
        heads, [(row["rank"], row["member"], row["name"], f"{row['score']:,.2f}", row["level"]) for row in rows]
    )


def _ranked(
    connection: Connection[Any], version: Version, counting: standings.Counting, limit: int
) -> list[dict[str, Any]]:
    found = standings.who_stands_where(connection, counting.counting, limit)
    members = [one.member for one in found]
    called = what_are_they_called(connection, members)
    levels = which_levels(connection, version, members, counting.day) if isinstance(version.formula, Weighted) else {}
    return [
        {
            "rank": one.rank,
            "member": one.member,
            "name": called[one.member].name if one.member in called else "",
            "score": one.points / MILLIONTHS,
            "millionths": one.points,
            "level": levels.get(one.member) or level_called(version, one.level),
            "told": one.told,
        }
        for one in found
    ]


@click.command()
@click.argument("member")
@click.argument("formula", default="advocacy")
@as_of
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, MOST), help="Acts shown; with --json all are."
)
@as_json
def score(member: str, formula: str, as_of: str | None, limit: int, as_json: bool) -> None:
    """Why a MEMBER (an id, or a name) has their number under a FORMULA: every act that counts, and what it is worth.

    The acts add up to the number exactly.
    """
    with opened() as kith:
        one = the_one(kith, member)
        catch_up(kith)
        with kith.connection() as connection:
            version = which_version(connection, formula)
            day = read_day(connection, as_of)
            told = _why(connection, version, one, day, MOST if as_json else limit)
    if as_json:
        return answer_json(told)
    level = f", level {told['level']}" if told["level"] else ""
    answer(f"{one.name}: {told['score']:,.2f} {told['unit']}{level}, by {version.name} at the end of {day}")
    for sum_ in told.get("sums", ()):
        answer(
            f"{sum_['points']:>12,.2f}  {sum_['label']} ({sum_['acts']:,}); {sum_['in_thirty_days']:,.2f} in thirty days"
        )
    for name, value in (told["told"] or {}).items():
        answer(f"{name}: {value}")
    if told["parts"]:
        heads = ("position", "day", "rule", "weight", "days old", "points")
        answer_table(heads, [_shown(part) for part in told["parts"]])
    return None


def _shown(part: dict[str, Any]) -> tuple[Any, ...]:
    numbers = (f"{part['weight']:g}", part["age"], f"{part['points']:,.3f}")
    return (str(part["position"] or ""), part["day"], part["rule"], *numbers)


def _why(connection: Connection[Any], version: Version, member: Member, day: date, limit: int) -> dict[str, Any]:
    """The number of a member and what it is made of."""
    known = {
        "member": member.member,
        "name": member.name,
        "formula": version.name,
        "unit": version.formula.unit,
        "as_of": day,
    }
    if not isinstance(version.formula, Weighted):
        every = what_are_the_scores(connection, version, [day])
        mine = next((one for one in every if one.member == member.member), None)
        return known | {
            "score": mine.points / MILLIONTHS if mine else 0,
            "level": level_called(version, mine.level) if mine else "",
            "told": _in_words(version, mine.told if mine else None),
            "parts": [],
        }
    asking = Asking(version, member.member, which_identities(connection, member.member), day)
    sums = what_it_comes_to(connection, asking)
    total = sum(one.points for one in sums)
    return known | {
        "score": total / MILLIONTHS,
        "millionths": total,
        "level": which_levels(connection, version, [member.member], day).get(member.member, ""),
        "told": None,
        "sums": [
            {"rule": one.rule.key, "label": one.rule.label, "acts": one.entries, "points": one.points / MILLIONTHS,
             "in_thirty_days": one.later / MILLIONTHS}
            for one in sums
        ],
        "parts": [
            {**msgspec.structs.asdict(one), "points": one.points / MILLIONTHS, "millionths": one.points}
            for one in what_earned_it(connection, asking, limit=limit)
        ],
    }  # fmt: skip


def level_called(version: Version, key: str) -> str:
    """What a level is called that a formula itself told by its key."""
    return version.formula.levels.get(key, key) if isinstance(version.formula, Measured) else key


def _in_words(version: Version, told: dict[str, Any] | None) -> dict[str, Any] | None:
    words = version.formula.words if isinstance(version.formula, Measured) else {}
    return told and {words.get(name, name): value for name, value in told.items()}


COMMANDS = (formulas, scores, score)
