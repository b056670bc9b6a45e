"""What the ties of a community make of it: who stands where, who bears which word, and which groups hold together."""

from collections import defaultdict
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from projections import graph
from projections.bonds import FLOOR, Bond
from projections.graph import Pair

Measure = Literal["degree", "betweenness", "pagerank"]

STRONGEST = 1_000
"""Of a larger community betweenness is told of so many with the greatest reach, and of the ways among these: what it costs grows
with people times ties. All others have 0."""

SMALLEST = 3
"""People that make a group."""

CONNECTED = 1.0
"""Somebody's ties reach into a group when they come to so much there: one act that has not faded."""

CENTRAL = 3
"""Members after whom a group is called."""

DRAWN = 150
"""People with the greatest reach whose ties are kept, to be drawn."""

TOP, ENOUGH = 0.03, 40
"""The part of a community that bears a word, and how many people it takes for that to mean anything."""

WORDS: dict[str, Measure] = {"hub": "degree", "bridge": "betweenness", "respected": "pagerank"}
"""What somebody is called who stands out by a measure."""


class Person(msgspec.Struct):
    """Where a member stands. `reach` is the strength of all their ties, `ties` with how many people they have one.

    `heard_by` is how many people act toward them, `turns_to` toward how many they act, `reaches` into how many groups their ties go.
    `group` is the number of their own, None where they belong to none; `words` are keys of `WORDS`.
    """

    member: UUID
    reach: float
    ties: int
    heard_by: int
    turns_to: int
    degree: float
    betweenness: float
    pagerank: float
    group: int | None
    reaches: int
    words: list[str]


class Group(msgspec.Struct):
    """People who hold together; `central` are the members after whom it is called."""

    number: int
    people: int
    central: list[UUID]


class Network(msgspec.Struct):
    """A community on a day: its people by reach, its groups by size, and how many ties there are.

    `drawn` are the ties among the first `DRAWN` people, the strongest first. `density` is the part of all pairs of people that are
    tied; betweenness was measured `among` so many people.
    """

    today: date
    people: list[Person]
    groups: list[Group]
    ties: int
    drawn: list[Bond]
    density: float
    among: int


def who_stands_out(values: list[float]) -> set[int]:
    """The rule for every word: the numbers of those whose value is among the highest three in a hundred.

    Nobody's in a community too small for that; whoever is level with the first who would be left out is left out too.
    """
    allowed = int(len(values) * TOP) if len(values) >= ENOUGH else 0
    if not allowed:
        return set()
    bar = sorted(values, reverse=True)[allowed]
    return {number for number, value in enumerate(values) if value > bar}


def measured(ties: list[Bond], today: date) -> Network:
    """The network that these ties make, of which each pair of people has one at most."""
    known = [(tie.one.int, tie.two.int) for tie in ties]  # ids are compared much slower than numbers
    number = {who: n for n, who in enumerate(sorted({who for pair in known for who in pair}))}
    members = [UUID(int=who) for who in number]
    pairs = [(number[one], number[two]) for one, two in known]
    everybody = _seen(members, pairs, ties)
    _measure(everybody, pairs, ties)
    found = graph.communities(len(members), pairs, [tie.strength for tie in ties])
    groups = [group for group in found if len(group) >= SMALLEST]
    _group(everybody, groups, pairs, ties)
    people = sorted(everybody, key=lambda one: (-one.reach, one.member))
    seen = {one.member for one in people[:DRAWN]}
    drawn = [tie for tie in ties if tie.one in seen and tie.two in seen]
    return Network(
        today=today,
        people=people,
        groups=[Group(n, len(group), _central(everybody, group)) for n, group in enumerate(groups)],
        ties=len(ties),
        drawn=sorted(drawn, key=lambda tie: (-tie.strength, tie.one, tie.two)),
        density=len(ties) / (len(members) * (len(members) - 1) / 2) if ties else 0.0,
        among=min(len(members), STRONGEST),
    )


def _seen(members: list[UUID], pairs: list[Pair], ties: list[Bond]) -> list[Person]:
    """What is told by looking at each tie once."""
    everybody = [Person(member, 0, 0, 0, 0, 0, 0, 0, None, 0, []) for member in members]
    for (one, two), tie in zip(pairs, ties, strict=True):
        for who, gave, got in ((everybody[one], tie.given, tie.received), (everybody[two], tie.received, tie.given)):
            who.reach += tie.strength
            who.ties += 1
            who.heard_by += got >= FLOOR
            who.turns_to += gave >= FLOOR
    return everybody


def _measure(everybody: list[Person], pairs: list[Pair], ties: list[Bond]) -> None:
    """The three measures, and the words that they give."""
    ways = [(pair, tie.given) for pair, tie in zip(pairs, ties, strict=True) if tie.given]
    ways += [((two, one), tie.received) for (one, two), tie in zip(pairs, ties, strict=True) if tie.received]
    values: dict[Measure, list[float]] = {
        "degree": graph.degrees(len(everybody), pairs),
        "betweenness": _betweennesses(everybody, pairs),
        "pagerank": graph.pageranks(len(everybody), [way for way, _ in ways], [weight for _, weight in ways]),
    }
    for measure, of_each in values.items():
        for one, value in zip(everybody, of_each, strict=True):
            setattr(one, measure, value)
    for word, measure in WORDS.items():
        for who in who_stands_out(values[measure]):
            everybody[who].words.append(word)


def _betweennesses(everybody: list[Person], pairs: list[Pair]) -> list[float]:
    by_reach = sorted(range(len(everybody)), key=lambda who: (-everybody[who].reach, who))
    number = {who: n for n, who in enumerate(sorted(by_reach[:STRONGEST]))}
    inside = [(number[one], number[two]) for one, two in pairs if one in number and two in number]
    told = graph.betweennesses(len(number), inside)
    return [told[number[who]] if who in number else 0.0 for who in range(len(everybody))]


def _group(everybody: list[Person], groups: list[list[int]], pairs: list[Pair], ties: list[Bond]) -> None:
    """To which group each belongs, and into how many their ties reach."""
    group = {who: number for number, members in enumerate(groups) for who in members}
    into: list[dict[int, float]] = [defaultdict(float) for _ in everybody]
    for (one, two), tie in zip(pairs, ties, strict=True):
        for who, other in ((one, two), (two, one)):
            if other in group:
                into[who][group[other]] += tie.strength
    for who, one_of_them in enumerate(everybody):
        one_of_them.group = group.get(who)
        one_of_them.reaches = sum(strength >= CONNECTED for strength in into[who].values())


def _central(everybody: list[Person], group: list[int]) -> list[UUID]:
    by_rank = sorted(group, key=lambda who: (-everybody[who].pagerank, who))
    return [everybody[who].member for who in by_rank[:CENTRAL]]
