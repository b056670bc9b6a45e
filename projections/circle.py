"""A member's circle, as of any day: whom they are tied to, who of these know each other, and how many people stand behind them."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from projections import graph
from projections.bonds import (
    FLOOR,
    Bond,
    how_many_are_beyond,
    how_strong_are_those_among,
    how_strong_are_those_of,
)
from projections.influence import DRAWN, SMALLEST


class Neighbour(msgspec.Struct):
    """Somebody a member is tied to. `given` are the faded acts of the member toward them, `received` those of theirs.

    `share` is the strength of the tie against that of the strongest. `knows` is how many others of the circle they are tied to;
    `group` the number of the group in the circle to which they belong, None where they stand by themselves.
    """

    member: UUID
    given: float
    received: float
    strength: float
    share: float
    knows: int
    group: int | None


class Circle(msgspec.Struct):
    """A circle on a day. `reach` is the strength of all ties, `ties` how many there are, `heard_by` how many people act toward the
    member, `turns_to` toward how many the member acts, `beyond` how many more people those of the circle are tied to.

    `neighbours` are the nearest, and `mutual` the ties among these; both the strongest first.
    """

    today: date
    reach: float
    ties: int
    heard_by: int
    turns_to: int
    beyond: int
    neighbours: list[Neighbour]
    mutual: list[Bond]


def which_circle(
    connection: Connection[Any], member: UUID, accounts: list[UUID], today: date, limit: int = DRAWN
) -> Circle:
    """The circle of a member with these accounts, told of the nearest `limit`."""
    ties = how_strong_are_those_of(connection, member, accounts, today)
    near = ties[:limit]
    mutual = how_strong_are_those_among(connection, [tie.two for tie in near], today) if len(near) > 1 else []
    beyond = how_many_are_beyond(connection, member, [tie.two for tie in ties], today) if ties else 0
    return Circle(
        today=today,
        reach=sum(tie.strength for tie in ties),
        ties=len(ties),
        heard_by=sum(tie.received >= FLOOR for tie in ties),
        turns_to=sum(tie.given >= FLOOR for tie in ties),
        beyond=beyond,
        neighbours=_neighbours(near, mutual),
        mutual=mutual,
    )


def _neighbours(near: list[Bond], mutual: list[Bond]) -> list[Neighbour]:
    number = {tie.two: n for n, tie in enumerate(near)}
    pairs = [(number[tie.one], number[tie.two]) for tie in mutual]
    knows = Counter(who for pair in pairs for who in pair)
    found = graph.communities(len(near), pairs, [tie.strength for tie in mutual])
    groups = [members for members in found if len(members) >= SMALLEST]
    group = {who: n for n, members in enumerate(groups) for who in members}
    return [
        Neighbour(
            member=tie.two,
            given=tie.given,
            received=tie.received,
            strength=tie.strength,
            share=tie.strength / near[0].strength,
            knows=knows[n],
            group=group.get(n),
        )
        for n, tie in enumerate(near)
    ]
