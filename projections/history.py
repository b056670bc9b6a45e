"""The team's acts about a member with what stood before each: values and names as they were then, never today's.

Which accounts were one member changed too, so what stood before an act is looked for among those that were one then.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from crm import coding
from crm.acts import Act
from crm.event import NOBODY
from crm.grouping import Grouping
from crm.membership import MembershipAct, who_is_whom
from crm.store import EVENTS
from projections.acts import NOW


class Change(msgspec.Struct):
    """An act: `value` is what it settled, `old` what stood before, at `old_position` (0 for nothing).

    `about_position` is the writing of the item that was done or not. `stands` is whether it counts; if it was ever undone or
    restored, `toggled` is the position of the last time, `toggled_by` and `toggled_at` who and when.
    """

    position: int
    slot: str
    topic: str
    value: Any
    at: datetime
    recorded_at: datetime
    by: str
    bulk: UUID | None
    old: Any
    old_position: int
    about_position: int
    stands: bool
    toggled: int
    toggled_by: str | None
    toggled_at: datetime | None


class Span(NamedTuple):
    """From position `since` to before `until` this account was of this member."""

    since: int
    until: int
    handle: UUID
    member: UUID


_STOOD = "(SELECT count(*) FROM unnest(o.toggles) AS undone WHERE undone < a.position) %% 2 = 0"

_CHANGES = f"""
WITH spans AS MATERIALIZED (
    SELECT * FROM unnest(%(from)s::bigint[], %(upto)s::bigint[], %(whose)s::uuid[], %(members)s::uuid[]) AS s(since, upto, handle, member)
), done AS MATERIALIZED (
    SELECT DISTINCT ON ({{order}}) a.*,
        (SELECT max(toggle) FROM unnest(a.toggles) AS toggle WHERE toggle <= %(known)s) AS toggled,
        (SELECT count(*) FROM unnest(a.toggles) AS toggle WHERE toggle <= %(known)s) %% 2 = 0 AS stands
    FROM acts AS a WHERE a.handle = ANY(%(handles)s) AND a.position <= %(known)s
        AND {{older}} ORDER BY {{newest}} LIMIT %(limit)s
)
SELECT a.position, a.slot, a.topic, a.value, a.at, a.recorded_at, a.by, a.bulk, old.value AS old, coalesce(old.position, 0) AS old_position,
    coalesce(about.position, 0) AS about_position, a.stands, coalesce(a.toggled, 0) AS toggled, log.recorded_by AS toggled_by,
    log.recorded_at AS toggled_at
FROM done AS a
LEFT JOIN spans AS own ON own.handle = a.handle AND own.since <= a.position AND a.position < own.upto
LEFT JOIN LATERAL (
    SELECT o.value, o.position FROM spans AS s JOIN acts AS o ON o.handle = s.handle
    WHERE s.member = own.member AND s.since = own.since AND a.slot <> '' AND o.slot = a.slot AND o.position < a.position AND {_STOOD}
    ORDER BY o.position DESC LIMIT 1
) AS old ON true
LEFT JOIN LATERAL (
    SELECT o.position FROM acts AS o WHERE o.handle = ANY(%(handles)s) AND a.slot LIKE 'done:%%' AND o.topic = 'item.written'
        AND split_part(o.slot, ':', 2) = split_part(a.slot, ':', 2) AND o.position < a.position AND {_STOOD}
    ORDER BY o.position DESC LIMIT 1
) AS about ON true
LEFT JOIN {EVENTS} AS log ON log.notification_id = a.toggled
ORDER BY {{newest}}
"""

_BY_DAY = _CHANGES.format(
    order="a.at, a.position",
    newest="a.at DESC, a.position DESC",
    older="""(%(before)s::timestamptz IS NULL OR (a.at, a.position) < (%(before)s, %(position)s))
        AND (%(since)s::timestamptz IS NULL OR a.at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR a.at < %(until)s)""",
)
_AS_RECORDED = _CHANGES.format(
    order="a.position", newest="a.position DESC", older="(%(position)s = 0 OR a.position < %(position)s)"
)


def what_changed(
    connection: Connection[Any],
    accounts: list[UUID],
    known: int = NOW,
    before: datetime | None = None,
    position: int = 0,
    limit: int = 50,
    since: datetime | None = None,
    until: datetime | None = None,
    as_recorded: bool = False,
) -> list[Change]:
    """The acts about these accounts, undone ones included, the newest first; at most `limit` after where the last page ended.

    They stand by when what they tell of happened, which `since` and `until` bound; or, `as_recorded`, by when they were done: then
    `position` alone goes on.
    """
    spans = which_spans(connection, accounts)
    asked = {
        "handles": accounts,
        "from": [one.since for one in spans],
        "upto": [one.until for one in spans],
        "whose": [one.handle for one in spans],
        "members": [one.member for one in spans],
        "known": known,
        "before": before,
        "position": position,
        "limit": limit,
        "since": since,
        "until": until,
    }
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(_AS_RECORDED if as_recorded else _BY_DAY, asked).fetchall()


def which_spans(connection: Connection[Any], accounts: list[UUID]) -> list[Span]:
    """Of which member these accounts, and all that they were ever joined with, were at which time."""
    acts = [one for one in who_is_whom(connection, accounts).acts if isinstance(one.event, MembershipAct)]
    known = {*accounts, *(handle for one in acts for handle in one.event.about)}
    toggles = _toggles(connection, [one.position for one in acts])
    moments = sorted({0, NOW, *toggles, *(moment for each in toggles.values() for moment in each)})
    spans = []
    for since, until in pairwise(moments):
        grouping = Grouping(known)
        for one in acts:
            stood = one.position <= since and sum(toggle <= since for toggle in toggles.get(one.position, [])) % 2 == 0
            if stood and isinstance(one.event, MembershipAct):
                one.event.arrange(grouping)
        spans += [Span(since, until, handle, member) for handle, member in grouping.of.items()]
    return spans


def _toggles(connection: Connection[Any], positions: list[int]) -> dict[int, list[int]]:
    """When each of these acts was undone and restored."""
    if not positions:
        return {}
    rows = connection.execute(
        "SELECT DISTINCT position, toggles FROM acts WHERE position = ANY(%(positions)s) ORDER BY position LIMIT 100000",
        {"positions": positions},
    )
    return {row["position"]: row["toggles"] for row in rows}


def which_acts(connection: Connection[Any], positions: Iterable[int]) -> dict[int, Act]:
    """The acts at these positions of the log, as they were recorded."""
    rows = connection.execute(
        f"""SELECT notification_id, topic, state FROM {EVENTS} WHERE notification_id = ANY(%(positions)s)
        ORDER BY notification_id LIMIT 10000""",
        {"positions": list(positions)},
    )
    found = ((row["notification_id"], coding.decode(row["topic"], bytes(row["state"]))) for row in rows)
    return {position: event for position, event in found if isinstance(event, Act)}


class Names(NamedTuple):
    """What stages, fields and organisations were called, when."""

    acts: dict[str, list[tuple[int, Any, list[int]]]]

    def at(self, slot: str, position: int) -> Any:
        """How it was set up at that position; None where it was not."""
        stood = [
            value
            for done, value, toggles in self.acts.get(slot, [])
            if done <= position and sum(toggle <= position for toggle in toggles) % 2 == 0
        ]
        return stood[-1] if stood else None


def what_were_they_called(connection: Connection[Any], slots: Iterable[str]) -> Names:
    """All that was ever said for everybody on these slots, such as `stage:ID`."""
    found: dict[str, list[tuple[int, Any, list[int]]]] = {}
    rows = connection.execute(
        """SELECT slot, position, value, toggles FROM acts WHERE handle = %(nobody)s AND slot = ANY(%(slots)s)
        ORDER BY position LIMIT 100000""",
        {"nobody": NOBODY, "slots": list(slots)},
    )
    for row in rows:
        found.setdefault(row["slot"], []).append((row["position"], row["value"], row["toggles"]))
    return Names(found)
