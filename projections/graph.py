"""What a graph of ties tells of each who is in it. The one place that knows igraph, so that another library could take its place.

People are numbers from 0 on here, ties pairs of them. Definitions are those of networkx: degree is the part of all others whom
one is tied to; betweenness the part of all pairs of others whose shortest ways lead through one, shared where there are several;
PageRank with damping 0.85 follows weighted ties from who acts to whom they act toward. The same graph gives the same bits:
chance is drawn from a generator that begins anew each time.
"""

import os
from random import Random
from threading import Lock

os.environ["OMP_NUM_THREADS"] = "1"  # several threads add up in any order: PageRank would differ in its last bits

import igraph  # type: ignore[import-untyped]

DAMPING = 0.85
ROUNDS = 4
"""How often Leiden looks over its groups again."""

Pair = tuple[int, int]

_chance = Lock()
"""igraph has one generator for the whole process."""


def degrees(size: int, pairs: list[Pair]) -> list[float]:
    """Of each the part of all others whom they are tied to, from 0 to 1."""
    return [n / (size - 1) if size > 1 else 0.0 for n in _graph(size, pairs).degree()]


def betweennesses(size: int, pairs: list[Pair]) -> list[float]:
    """Of each the part of all pairs of others whose shortest ways lead through them, from 0 to 1."""
    others = (size - 1) * (size - 2) / 2
    return [through / others if others else 0.0 for through in _graph(size, pairs).betweenness(directed=False)]


def pageranks(size: int, ways: list[Pair], weights: list[float]) -> list[float]:
    """Of each the PageRank, all together 1. A way leads from who acts to whom they act toward; its weight is above 0."""
    if not size:
        return []
    graph = igraph.Graph(n=size, edges=ways, directed=True)
    found: list[float] = graph.pagerank(damping=DAMPING, weights=weights)
    return found


def communities(size: int, pairs: list[Pair], weights: list[float]) -> list[list[int]]:
    """Groups that hold together more than chance would have it (Leiden, by modularity), the largest first."""
    if not pairs:
        return [[one] for one in range(size)]
    with _chance:
        igraph.set_random_number_generator(Random(0))
        found = _graph(size, pairs).community_leiden("modularity", weights=weights, n_iterations=ROUNDS)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))


def placed(size: int, pairs: list[Pair], weights: list[float]) -> list[tuple[float, float]]:
    """A place for each in a square from 0 to 1, so that those with much between them lie near (Fruchterman and Reingold)."""
    if size < 2:
        return [(0.5, 0.5)] * size
    graph = _graph(size, pairs)
    begin = graph.layout_circle()
    with _chance:
        igraph.set_random_number_generator(Random(0))
        found = graph.layout_fruchterman_reingold(weights=weights, seed=begin, niter=300, grid=False)
    found.fit_into((0, 0, 1, 1), keep_aspect_ratio=False)
    return [(round(x, 4), round(y, 4)) for x, y in found]


def _graph(size: int, pairs: list[Pair]) -> "igraph.Graph":
    return igraph.Graph(n=size, edges=pairs)
