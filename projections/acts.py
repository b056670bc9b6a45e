"""Acts of the team: each that is about members, or sets something up for all, with when it was undone and restored.

What stands of a slot, now or at any earlier position of the log, is the last act on it that stood then.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from crm.acts import Act, Toggled
from crm.event import NOBODY
from crm.membership import who_is_whom
from projections.projection import Decided, Projection, Window

_ACT = """
INSERT INTO {acts} VALUES (%(position)s, %(handle)s, %(slot)s, %(topic)s, %(value)s, %(at)s, %(recorded_at)s, %(by)s, %(bulk)s,
    %(stream)s, '{{}}')
"""
_TOGGLE = "UPDATE {acts} SET toggles = toggles || %(position)s::bigint WHERE stream = %(stream)s"

_GONE = "DELETE FROM {traits} WHERE member = ANY(%(members)s)"

_TRAITS = """
INSERT INTO {traits} (member, slot, value, position, at, by)
SELECT * FROM (
    SELECT DISTINCT ON (whom.member, a.slot) whom.member, a.slot, a.value, a.position, a.recorded_at, a.by
    FROM unnest(%(handles)s::uuid[], %(whom)s::uuid[]) AS whom(handle, member) JOIN {acts} AS a USING (handle)
    WHERE a.slot <> '' AND cardinality(a.toggles) %% 2 = 0 ORDER BY whom.member, a.slot, a.position DESC
) AS standing WHERE value IS NOT NULL
"""


def _fold(window: Window) -> None:
    decided = [one for one in window.decided() if isinstance(one.event, Act | Toggled)]
    if not decided:
        return
    done = [(one, one.event) for one in decided if isinstance(one.event, Act)]
    opened = window.vault.open_all([event for _, event in done])
    window.run_many(
        _ACT, [row for (one, event), known in zip(done, opened, strict=True) for row in _rows(one, event, known)]
    )
    window.run_many(
        _TOGGLE,
        [
            {"position": one.position, "stream": one.event.originator_id}
            for one in decided
            if isinstance(one.event, Toggled)
        ],
    )
    handles = {handle for one in decided for handle in getattr(one.event, "about", ()) or (NOBODY,)}
    whom = who_is_whom(window.cursor.connection, handles, window.hi).member
    window.run(_GONE, members=list(whom))
    window.run(_TRAITS, handles=list(whom), whom=list(whom.values()))


def _rows(one: Decided, event: Act, personal: msgspec.Struct | None) -> Iterable[dict[str, Any]]:
    """A row for each member that the act is about; NOBODY stands for what is set up for all."""
    value = event.value(personal)
    for handle in dict.fromkeys(event.about or (NOBODY,)):
        yield {
            "position": one.position,
            "handle": handle,
            "slot": event.slot,
            "topic": event.TOPIC,
            "value": None if value is None else Jsonb(value),
            "at": event.happened_at(),
            "recorded_at": one.at,
            "by": one.by,
            "bulk": event.bulk,
            "stream": event.originator_id,
        }


PROJECTION = Projection(
    name="acts",
    tables={
        "acts": """position bigint NOT NULL, handle uuid NOT NULL, slot text NOT NULL, topic text NOT NULL, value jsonb,
            at timestamptz NOT NULL, recorded_at timestamptz NOT NULL, by text NOT NULL, bulk uuid, stream uuid NOT NULL,
            toggles bigint[] NOT NULL, PRIMARY KEY (handle, position)""",
        "traits": """member uuid NOT NULL, slot text NOT NULL, value jsonb NOT NULL, position bigint NOT NULL,
            at timestamptz NOT NULL, by text NOT NULL, PRIMARY KEY (member, slot)""",
    },
    fold=_fold,
    indexes=(
        "CREATE INDEX ON {acts} (stream)",
        "CREATE INDEX ON {acts} (handle, at DESC, position DESC)",
        "CREATE INDEX ON {acts} (position)",
        "CREATE INDEX ON {traits} (slot text_pattern_ops, member)",
    ),
)

STANDS = "(SELECT count(*) FROM unnest(a.toggles) AS toggled WHERE toggled <= %(known)s) %% 2 = 0 AND a.position <= %(known)s"
"""Whether an act `a` stood at position `known` of the log."""

NOW = 2**62
"""A position later than all."""


class Trait(msgspec.Struct):
    """What stands of a slot, and which act settled it: its position, when and by whom."""

    slot: str
    value: Any
    position: int
    at: datetime
    by: str


def which_traits(connection: Connection[Any], member: UUID, prefix: str = "", limit: int = 5000) -> list[Trait]:
    """What stands of a member (or of NOBODY: of everybody) in slots that begin so, in the order in which it was settled."""
    with connection.cursor(row_factory=class_row(Trait)) as cursor:
        return cursor.execute(
            """SELECT slot, value, position, at, by FROM traits WHERE member = %(member)s AND starts_with(slot, %(prefix)s)
            ORDER BY position, slot LIMIT %(limit)s""",
            {"member": member, "prefix": prefix, "limit": limit},
        ).fetchall()


def which_traits_stood(
    connection: Connection[Any], handles: list[UUID], known: int, until: datetime | None = None, limit: int = 5000
) -> list[Trait]:
    """What stood of these accounts together at position `known`, of what had happened before `until`."""
    with connection.cursor(row_factory=class_row(Trait)) as cursor:
        return cursor.execute(
            f"""SELECT * FROM (
                SELECT DISTINCT ON (a.slot) a.slot, a.value, a.position, a.recorded_at AS at, a.by FROM acts AS a
                WHERE a.handle = ANY(%(handles)s) AND a.slot <> '' AND {STANDS}
                AND (%(until)s::timestamptz IS NULL OR a.at < %(until)s) ORDER BY a.slot, a.position DESC
            ) AS stood WHERE value IS NOT NULL ORDER BY position, slot LIMIT %(limit)s""",
            {"handles": handles, "known": known, "until": until, "limit": limit},
        ).fetchall()
