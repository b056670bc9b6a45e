"""The morning: what one starts a week with. What changed, what is promised, who needs a word, and who may be one person."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from crm.installation import Installation
from crm.likeness.judging import LIKELY
from projections.items import Item, what_is_open
from projections.notices import what_is_to_notice
from projections.pairs import Pair, how_many_pairs, which_pairs_may_be_one
from projections.since import Since, what_came_since
from projections.team import is_there_a_team
from web.care import Row, rows_of
from web.reasons import LISTS, Reason
from web.today import Day, what_day

EACH = 5
"""Rows of a list before its whole is offered."""

EACH_KIND = 2
"""Notices of a kind."""


class Morning(msgspec.Struct):
    """The first rows of each list, and whether there are `more`, by the list's name. `pairs_in_all` are likely or surer.

    `team` tells whether anybody is known as a colleague. Tasks are late by `today`, silence is counted up to `day`.
    """

    team: bool
    today: date
    day: Day
    since: Since | None
    items: list[Item]
    owed: list[Row]
    due: list[Row]
    lost: list[Row]
    notices: list[Row]
    pairs: list[Pair]
    pairs_in_all: int
    more: dict[str, bool]


def how_is_the_morning(kith: Installation, connection: Connection[Any], tasks: int = EACH) -> Morning:
    """All that waits, each list in one question and everybody in it named together; at most so many tasks and promises."""
    day = what_day(connection)
    found = {name: LISTS[name](connection, day.today, EACH + 1) for name in ("owed", "due", "lost")}
    shown = {name: list(those[:EACH]) for name, those in found.items()} | {"notices": _notices(connection, day.today)}
    list_of = {id(one): name for name, those in shown.items() for one in those}
    rows = rows_of(kith, connection, [one for those in shown.values() for one in those], contacts=False)
    items = what_is_open(kith.vault, connection, limit=tasks + 1)
    pairs_in_all = how_many_pairs(connection, [LIKELY])[0]
    return Morning(
        team=is_there_a_team(connection),
        today=datetime.now(UTC).date(),
        day=day,
        since=what_came_since(connection),
        items=items[:tasks],
        **{name: [row for row in rows if list_of[id(row.why)] == name] for name in shown},
        pairs=which_pairs_may_be_one(connection, 3, least=LIKELY) if pairs_in_all else [],
        pairs_in_all=pairs_in_all,
        more={name: len(those) > EACH for name, those in found.items()} | {"items": len(items) > tasks},
    )


def _notices(connection: Connection[Any], today: date) -> list[Reason]:
    """The latest of each kind; who went quiet is told among those who are being lost."""
    return [one for one in what_is_to_notice(connection, today, limit=EACH_KIND) if one.what != "quiet"]
