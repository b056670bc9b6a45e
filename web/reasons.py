"""Why somebody needs a word: the lists of care, each with those that it holds."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from projections.care import Due, who_is_due, who_is_watched
from projections.habits import Habit, who_is_being_lost
from projections.notices import Notice, what_is_to_notice
from projections.owed import PATIENCE, Owed, Pressed, who_is_contacted_too_often, who_is_owed_an_answer
from web.spans import midnight

WAITING, OFTEN = timedelta(days=60), timedelta(days=90)
"""How far back is looked for what waits for an answer, and for who is turned to too often."""


class Watched(msgspec.Struct):
    """Somebody of whom everything is noticed."""

    member: UUID


Reason = Due | Owed | Pressed | Habit | Notice | Watched


def due(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """For whom it is time."""
    return who_is_due(connection, today, limit)


def owed(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who waits for an answer."""
    until = midnight(today - timedelta(days=PATIENCE - 1))
    return who_is_owed_an_answer(connection, midnight(today) - WAITING, until, limit)


def often(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who is turned to too often."""
    return who_is_contacted_too_often(connection, midnight(today) - OFTEN, midnight(today + timedelta(days=1)), limit)


def lost(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who is being lost."""
    return who_is_being_lost(connection, today, limit=limit)


def watched(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """Who is watched."""
    return [Watched(member) for member in who_is_watched(connection, limit)]


def noticed(connection: Connection[Any], today: date, limit: int) -> Sequence[Reason]:
    """What is worth a word."""
    return what_is_to_notice(connection, today, limit=limit)


LISTS: dict[str, Callable[[Connection[Any], date, int], Sequence[Reason]]] = {
    "due": due,
    "owed": owed,
    "often": often,
    "lost": lost,
    "watched": watched,
    "notices": noticed,
}
"""The lists of care by the name that stands in the URL."""
