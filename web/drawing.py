"""Where people stand in a picture of who is tied to whom, and which lines run between them. Numbers only: templates draw.

The same people and ties always give the same picture. Lines have one of four weights, groups a letter and one of eight tones.
"""

from collections.abc import Sequence
from math import cos, hypot, log1p, pi, sin, sqrt
from typing import NamedTuple
from uuid import UUID

import msgspec

from projections import graph
from projections.bonds import Bond

WIDE, HIGH, EDGE = 960, 640, 34
"""The picture of a community, and how far from its edge the outermost stand."""

LINES = 400
"""Lines that are drawn at most, so that a picture stays one; whoever would have none keeps their strongest."""

RINGS = ((8, 112), (18, 184), (28, 250), (40, 312), (56, 368))
"""A circle: how many stand on each ring, and how far from the middle."""

TOGETHER = 4
"""How much more a tie within a group pulls than one between groups."""

EVENED = 0.7
"""How far places are moved toward equal steps."""

GAP = 3
"""Room between two people."""

ROUNDS = 24
"""How often people who stand on each other's toes step apart."""


class Dot(NamedTuple):
    """A person: the middle of the dot and its radius."""

    x: float
    y: float
    r: float


class Line(msgspec.Struct):
    """A tie between the rows `one` and `two`; `weight` is from 1 to 4."""

    one: int
    two: int
    strength: float
    weight: int


def letter(group: int | None) -> str:
    """What a group is called in a picture: A to Z, then A2 and so on; nothing for none."""
    if group is None:
        return ""
    return chr(65 + group % 26) + (str(group // 26 + 1) if group >= 26 else "")


def lines(people: Sequence[UUID], ties: Sequence[Bond]) -> list[Line]:
    """The strongest ties between these people, the strongest first; `ties` come in that order."""
    number = {who: n for n, who in enumerate(people)}
    seen: set[UUID] = set()
    found = []
    for n, tie in enumerate(ties):
        if n < LINES or tie.one not in seen or tie.two not in seen:
            found.append(Line(number[tie.one], number[tie.two], round(tie.strength, 2), weight(tie.strength)))
            seen |= {tie.one, tie.two}
    return found


def weight(strength: float) -> int:
    """How heavy a line is: less than 3 acts, less than 10, less than 30, or more."""
    return 1 + sum(strength >= bound for bound in (3, 10, 30))


def spread(reaches: Sequence[float], groups: Sequence[int | None], drawn: Sequence[Line]) -> list[Dot]:
    """A community: who has much with whom, and in one group, stands near; the greater the reach the larger the dot."""
    pairs = [(line.one, line.two) for line in drawn]
    pulls = [log1p(line.strength) * (TOGETHER if groups[line.one] == groups[line.two] else 1) for line in drawn]
    found = graph.placed(len(reaches), pairs, pulls)
    xs, ys = _evened([x for x, _ in found]), _evened([y for _, y in found])
    wide, high = WIDE - 2 * EDGE, HIGH - 2 * EDGE
    most = max(reaches, default=1.0)
    radii = [7 + 9 * sqrt(reach / most) for reach in reaches]
    points = _apart([(EDGE + x * wide, EDGE + y * high) for x, y in zip(xs, ys, strict=True)], radii)
    return [Dot(round(x, 1), round(y, 1), round(r, 1)) for (x, y), r in zip(points, radii, strict=True)]


def _evened(places: list[float]) -> list[float]:
    """Places from 0 to 1 in the same order, moved toward equal steps: the middle is crowded otherwise, and the edge is empty."""
    rank = {n: step for step, n in enumerate(sorted(range(len(places)), key=lambda n: (places[n], n)))}
    last = max(len(places) - 1, 1)
    return [EVENED * rank[n] / last + (1 - EVENED) * place for n, place in enumerate(places)]


def _apart(points: list[tuple[float, float]], radii: list[float]) -> list[tuple[float, float]]:
    """The same places, moved as little as need be so that nobody covers another."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    farthest = 2 * max(radii, default=0) + GAP
    for _ in range(ROUNDS):
        order = sorted(range(len(xs)), key=lambda n: (xs[n], n))
        moved = 0
        for place, one in enumerate(order):
            for two in order[place + 1 :]:
                if xs[two] - xs[one] > farthest:
                    break
                moved += _part(xs, ys, one, two, radii[one] + radii[two] + GAP)
        if not moved:
            break
    inside = zip(xs, ys, radii, strict=True)
    return [(min(max(x, r + 1), WIDE - r - 1), min(max(y, r + 1), HIGH - r - 12)) for x, y, r in inside]


def _part(xs: list[float], ys: list[float], one: int, two: int, room: float) -> bool:
    """Move two apart, each by half of what they lack of `room`; whether they lacked any."""
    across, down = xs[two] - xs[one], ys[two] - ys[one]
    near = hypot(across, down)
    if near >= room:
        return False
    step = (room - near) / 2
    across, down = (across / near * step, down / near * step) if near else (step, 0.0)
    xs[one], ys[one], xs[two], ys[two] = xs[one] - across, ys[one] - down, xs[two] + across, ys[two] + down
    return True


def ringed(groups: Sequence[int | None]) -> tuple[list[Dot], int]:
    """A circle, its people given nearest first with their groups: the nearest on the inner ring, groups side by side.

    Returns where they stand around a middle of (0, 0), and how far the picture reaches from there.
    """
    dots: dict[int, Dot] = {}
    begin, far = 0, 0
    for ring, (room, radius) in enumerate(RINGS):
        here = range(begin, min(begin + room, len(groups)))
        order = sorted(here, key=lambda n: (groups[n] is None, groups[n] or 0, n))
        for place, n in enumerate(order):
            turn = 2 * pi * (place + ring / 2) / len(order) - pi / 2
            dots[n] = Dot(round(radius * cos(turn), 1), round(radius * sin(turn), 1), 15.0 - ring)
        begin, far = begin + len(order), radius if order else far
    return [dots[n] for n in range(len(groups))], far + 34
