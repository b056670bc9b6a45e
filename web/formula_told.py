"""A version of a score told: what each rule earns and how it fades, which level is reached from where, what guards it has."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec
from litestar.exceptions import NotFoundException
from psycopg import Connection

from crm.formulas import which_version_counts, which_versions
from crm.kinds import _
from crm.scores import formulas
from crm.scores.formula import GROUPS, ONCE, Earning, Formula, Rule, Settings, Weighted
from projections.facts import PRAISE
from projections.points import RING
from projections.versions import Decision, what_was_decided

AFTER = (30, 90, 365)
"""Days after which it is told what is left."""

MONTH = 365 / 12

WAYS = {
    "did": _("each time"),
    "toward": _("each person once a day"),
    "heard": _("each person once, by their latest response"),
    "praised": _("each person once, by their latest thanks"),
    "welcomed": _("each newcomer once a day"),
    "sanctioned": _("as long as it stands"),
}
"""How acts count, by `Rule.way`."""


class RuleTold(msgspec.Struct):
    """A rule with what it earns in this version; `left` after the days of `AFTER`. `before` is what the version that counts gives,
    where that is something else. `capped` is whether a most in a day can limit it."""

    key: str
    label: str
    way: str
    capped: bool
    group: str
    earning: Earning
    left: list[float]
    before: Earning | None = None


class Edition(msgspec.Struct):
    """A version there is: `words` are a msgid where Kith brings it, else the note of whoever proposed it."""

    number: int
    words: str
    ours: bool
    counts: bool
    proposed: Decision | None = None


class Told(msgspec.Struct):
    """A formula in a version: its `settings` where it has weights, and where it does not count, those that do, `before` it.

    `measured` are the levels that it names itself and `words` what it tells beside the number, `groups` the rules by what they are
    for, `guards` what keeps it honest; all of them msgids.
    """

    name: str
    label: str
    unit: str
    explained: str
    source: str
    number: int
    counts: int
    settings: Settings | None
    before: Settings | None
    monthly: float
    editions: list[Edition]
    groups: list[tuple[str, list[RuleTold]]]
    measured: list[str]
    words: list[str]
    guards: list[str]
    decisions: list[Decision]

    @property
    def edition(self) -> Edition:
        """The version that is told."""
        return next(one for one in self.editions if one.number == self.number)


def which_formula(name: str) -> Formula:
    """The formula of that name; 404 where there is none."""
    found = formulas().get(name)
    if found is None:
        raise NotFoundException
    return found


def told(connection: Connection[Any], of: Formula, number: int | None = None) -> Told:
    """All there is to say of a version, of the one that counts if none is named; 404 for one that is not there."""
    versions, counts = which_versions(connection, of), which_version_counts(connection, of)
    number = counts if number is None else number
    if number not in versions:
        raise NotFoundException
    decisions = what_was_decided(connection, of.name)
    settings = versions[number]
    return Told(
        **{field: getattr(of, field) for field in ("name", "label", "unit", "explained", "source")},
        number=number,
        counts=counts,
        settings=settings,
        before=versions[counts] if number != counts else None,
        monthly=getattr(of, "monthly", 0),
        editions=[_edition(of, one, counts, decisions) for one in versions],
        groups=groups(of, settings, versions[counts]) if isinstance(of, Weighted) and settings else [],
        measured=list(getattr(of, "levels", {}).values()),
        words=list(getattr(of, "words", {}).values()),
        guards=list(_guards(of)) if isinstance(of, Weighted) else [],
        decisions=decisions,
    )


def groups(of: Weighted, settings: Settings, counting: Settings | None = None) -> list[tuple[str, list[RuleTold]]]:
    """The rules by what points are for, in the order of `GROUPS`."""
    order = list(GROUPS)
    rules = sorted(of.rules, key=lambda rule: order.index(rule.group))
    return [
        (GROUPS[group], [_rule(of, rule, settings, counting) for rule in members])
        for group, members in groupby(rules, key=lambda rule: rule.group)
    ]


def _rule(of: Weighted, rule: Rule, settings: Settings, counting: Settings | None) -> RuleTold:
    earning = settings.earnings[rule.key]
    before = counting.earnings.get(rule.key) if counting else None
    left = [left_after(of, earning, days) for days in AFTER]
    capped, other = rule.way not in ONCE, before if before != earning else None
    return RuleTold(rule.key, rule.label, WAYS[rule.way], capped, rule.group, earning, left, other)


def left_after(of: Weighted, earning: Earning, days: int) -> float:
    """What of a weight is left after so many days; where it fades by months, after as many whole ones as fit best."""
    if of.monthly:
        return float(earning.weight * of.monthly ** round(days / MONTH))
    return float(earning.weight * 0.5 ** (days / earning.half_life)) if earning.half_life else earning.weight


def _edition(of: Formula, number: int, counts: int, decisions: list[Decision]) -> Edition:
    made = next((one for one in decisions if (one.version, one.what) == (number, "proposed")), None)
    words = of.editions.get(number, made.reason if made else "")
    return Edition(number, words, number in of.editions, number == counts, made)


def _guards(of: Weighted) -> Iterator[str]:
    """What keeps this formula from being gamed, as msgids; `%(ring)s` stands for how many."""
    ways = {rule.way for rule in of.rules}
    yield _("What somebody does to themselves, and what colleagues and bots do or receive, earns nothing.")
    if "toward" in ways:
        yield _("Under a rule a person counts once a day, however often they are turned to.")
    if ways & {"heard", "praised"}:
        yield _("Who responds many times counts once, on the day of the latest response.")
    if "praised" in ways or any(set(rule.roles) & set(PRAISE) for rule in of.rules):
        yield _(
            "Two who praise only each other earn nothing by it until one of them has praised more than %(ring)s people."
        )
    if "sanctioned" in ways:
        yield _("A sanction counts only while it stands; once lifted it takes nothing away.")


RINGED = RING
"""What `%(ring)s` stands for in a guard."""
