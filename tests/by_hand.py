"""Points of a weighted formula worked out act by act in plain Python, from the rules as they are written down; people alone.

It shares nothing with the statements that do the same in the database but the roles, so that either can be held against the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, timedelta
from typing import NamedTuple

from crm.activity import Activity, Who
from crm.scores.formula import Earning, Rule, Weighted
from projections.facts import PRAISE, RESPONDING
from projections.points import RING, WEEK

Account = tuple[str, str, str]
"""Source, host and uid."""


class Told(NamedTuple):
    """An act as the rules see it: who, on which day, what, and whom it touched in which role."""

    number: int
    day: date
    who: Account | None
    kind: str
    touched: list[tuple[Account, str]]


def account(act: Activity, who: Who) -> Account:
    return who.source or act.source, act.host if who.host is None else who.host, who.uid


def as_told(number: int, act: Activity) -> Told:
    """An act without the programs that had a part in it."""
    who = account(act, act.who) if act.who and not act.who.bot else None
    touched = [(account(act, one.who), one.role) for one in act.whom if not one.who.bot]
    return Told(number, act.at.astimezone(UTC).date(), who, act.kind, touched)


class Community:
    """What is asked of all acts together: when somebody came, and who praised whom first when."""

    def __init__(self, acts: list[Told], nobody: list[Told]) -> None:
        self.came: dict[Account, date] = {}
        self.praised: dict[Account, dict[Account, date]] = defaultdict(dict)
        for act in [*acts, *nobody]:
            for name in filter(None, [act.who, *(name for name, _ in act.touched)]):
                self.came[name] = min(self.came.get(name, act.day), act.day)
        for act in acts:
            assert act.who
            for name in (name for name, role in act.touched if role in PRAISE and name != act.who):
                self.praised[act.who][name] = min(self.praised[act.who].get(name, act.day), act.day)

    def in_a_ring(self, one: Account, two: Account, day: date) -> bool:
        """Whether these two had praised each other by then, and hardly anybody else."""
        if two not in self.praised[one] or one not in self.praised[two]:
            return False
        firsts = [sorted(self.praised[who].values()) for who in (one, two)]
        wide = min((days[RING] for days in firsts if len(days) > RING), default=date.max)
        return max(self.praised[one][two], self.praised[two][one]) <= day < wide


def points_of(found: Iterable[Activity], of: Weighted, earnings: dict[str, Earning], today: date) -> dict[Account, int]:
    """The points of every account on a day, in millionths. An act that comes twice counts as it came first."""
    first = {(act.source, act.host, act.key): act for act in reversed(list(found))}.values()
    told = [one for number, act in enumerate(first) if (one := as_told(number, act)).day <= today]
    acts = [one for one in told if one.who]
    community = Community(acts, [one for one in told if not one.who])
    sums: dict[Account, int] = defaultdict(int)
    for rule in of.rules:
        earning = earnings[rule.key]
        for name, day, number in counted(rule, acts, community):
            each = round(earning.weight * 1_000_000 * left(of, earning, day, today))
            sums[name] += each * (min(number, earning.cap) if earning.cap else number)
    return sums


def counted(rule: Rule, acts: list[Told], community: Community) -> Iterator[tuple[Account, date, int]]:
    """Who has how many acts under a rule on which day."""
    these: dict[tuple[Account, date], set[int | Account]] = defaultdict(set)
    latest: dict[tuple[Account, Account], date] = {}
    for act in acts:
        assert act.who
        if rule.way == "did" and act.kind in rule.kinds:
            these[act.who, act.day].add(act.number)
        for name, role in act.touched:
            if name == act.who or (role in PRAISE and community.in_a_ring(act.who, name, act.day)):
                continue
            if reaches(rule, act, name, role, community):
                these[act.who, act.day].add(name)
            if role in RESPONDING and rule.way == ("praised" if role in PRAISE else "heard"):
                latest[name, act.who] = max(latest.get((name, act.who), act.day), act.day)
    for (name, other), day in latest.items():
        these[name, day].add(other)
    for (name, day), those in these.items():
        yield name, day, len(those)


def reaches(rule: Rule, act: Told, name: Account, role: str, community: Community) -> bool:
    """Whether somebody whom an act touched counts for whoever did it."""
    if rule.way == "welcomed":
        return role in RESPONDING and role not in PRAISE and act.day <= community.came[name] + timedelta(days=WEEK)
    fits = (not rule.kinds or act.kind in rule.kinds) and (not rule.roles or role in rule.roles)
    return rule.way == "toward" and fits


def left(of: Weighted, earning: Earning, day: date, today: date) -> float:
    """What part of its points an act keeps."""
    if of.monthly:
        months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
        return float(of.monthly**months)
    return 0.5 ** ((today - day).days / earning.half_life) if earning.half_life else 1.0
