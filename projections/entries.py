"""Interactions as a page shows them: the words decrypted, everybody named, what was answered beside it.

Nothing here is kept: fifty interactions are read from the log by position, opened with their people's keys, and forgotten.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from crm import coding
from crm.event import Event
from crm.imports import taken_back
from crm.interactions import InteractionObserved, InteractionRecorded, Words
from crm.store import EVENTS
from crm.vault import Vault
from projections.identities import Identity, what_are_they_called
from projections.places import what_are_places_called
from projections.threads import which_threads


class Touched(msgspec.Struct):
    """Somebody an act touched, and what it was for them."""

    who: Identity
    role: str


class Quote(msgspec.Struct):
    """What an interaction answers."""

    position: int
    who: Identity | None
    text: str


class Entry(msgspec.Struct):
    """An interaction to show. `who` is None where the source lost the account, `erased` where a person was forgotten.

    `thread_title` is the title of what opened the thread; `text` the words as they were seen last.
    """

    position: int
    id: UUID
    at: datetime
    precision: str
    kind: str
    own_kind: str
    source: str
    who: Identity | None
    touched: list[Touched]
    place: str
    place_id: UUID | None
    thread: UUID | None
    thread_title: str
    quote: Quote | None
    title: str
    text: str
    link: str
    reactions: dict[str, int]
    edited_at: datetime | None
    removed: bool
    erased: bool


def which_entries(vault: Vault, connection: Connection[Any], positions: Sequence[int]) -> list[Entry]:
    """The interactions at these positions, in the order given."""
    return _Reading(vault, connection, positions).entries() if positions else []


_STREAMS = f"""unnest(%(these)s::uuid[]) AS asked(id) CROSS JOIN LATERAL (
    SELECT * FROM {EVENTS} WHERE originator_id = asked.id ORDER BY originator_version LIMIT 100000
) AS stream WHERE true"""
"""Each stream looked up by itself: right after an import the planner does not know yet how short they are, and would send for help."""


class _Reading:
    """One page's worth of reading: everything is asked once, for all entries together."""

    def __init__(self, vault: Vault, connection: Connection[Any], positions: Sequence[int]) -> None:
        self._connection = connection
        self._gone = taken_back(connection)
        self._positions = positions
        shown = self._at(positions)
        parents = self._of([one.parent for one in shown.values() if one.parent])
        self._threads = which_threads(connection, [one.thread for one in shown.values() if one.thread])
        openers = self._at([thread.opener for thread in self._threads.values()])
        self._events: dict[int, InteractionRecorded] = {**openers, **parents, **shown}
        self._by_id = {one.originator_id: position for position, one in self._events.items()}
        self._latest = self._looks([one.originator_id for one in self._events.values()])
        self._words = self._open(vault)
        self._people = what_are_they_called(connection, list(self._everybody()))
        self._places = what_are_places_called(connection, [one.place for one in shown.values() if one.place])

    def entries(self) -> list[Entry]:
        return [
            self._entry(position, self._events[position]) for position in self._positions if position in self._events
        ]

    def _at(self, positions: Iterable[int]) -> dict[int, InteractionRecorded]:
        return self._read("recorded", f"{EVENTS} WHERE notification_id = ANY(%(these)s)", list(positions))

    def _of(self, ids: list[UUID]) -> dict[int, InteractionRecorded]:
        return self._read("recorded", _STREAMS, ids)

    def _read(self, step: str, source: str, these: list[Any]) -> dict[int, Any]:
        if not these:
            return {}
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(
                f"""SELECT notification_id, topic, state FROM {source} AND topic = 'interaction.{step}'
                AND batch <> ALL(%(gone)s) ORDER BY notification_id""",
                {"these": these, "gone": self._gone},
            )
            return {row["notification_id"]: coding.decode(row["topic"], bytes(row["state"])) for row in rows}

    def _looks(self, ids: list[UUID]) -> dict[UUID, InteractionObserved]:
        """Of each interaction the look at its highest revision, the last of them; none where it was never seen changed."""
        looks = self._read("observed", _STREAMS, ids)
        latest: dict[UUID, InteractionObserved] = {}
        for look in looks.values():
            known = latest.get(look.originator_id)
            if known is None or look.revision >= known.revision:
                latest[look.originator_id] = look
        return latest

    def _now(self, one: InteractionRecorded) -> InteractionRecorded | InteractionObserved:
        look = self._latest.get(one.originator_id)
        return look if look is not None and look.revision >= one.revision else one

    def _open(self, vault: Vault) -> dict[UUID, Words | None]:
        now: list[Event] = [self._now(one) for one in self._events.values()]
        opened = vault.open_all(now)
        return {
            one.originator_id: words if isinstance(words, Words) else None
            for one, words in zip(now, opened, strict=True)
        }

    def _everybody(self) -> set[UUID]:
        return {who for one in self._events.values() for who in (one.actor, *one.targets) if who}

    def _entry(self, position: int, one: InteractionRecorded) -> Entry:
        now, words = self._now(one), self._words[one.originator_id]
        place = self._places.get(one.place) if one.place else None
        touched = [
            Touched(self._people[who], role)
            for who, role in zip(one.targets, one.roles, strict=True)
            if who in self._people
        ]
        return Entry(
            position=position,
            id=one.originator_id,
            at=one.occurred_at,
            precision=one.precision,
            kind=one.kind,
            own_kind=one.own_kind,
            source=one.source,
            who=self._people.get(one.actor) if one.actor else None,
            touched=touched,
            place=place.name if place else "",
            place_id=place.place if place else None,
            thread=one.thread,
            thread_title=self._title(one),
            quote=self._quote(one),
            title=words.title if words else "",
            text=words.text if words else "",
            link=words.link if words else "",
            reactions=now.reactions,
            edited_at=now.edited_at,
            removed=now.removed,
            erased=words is None,
        )

    def _title(self, one: InteractionRecorded) -> str:
        thread = self._threads.get(one.thread) if one.thread else None
        opener = self._events.get(thread.opener) if thread else None
        words = self._words[opener.originator_id] if opener else None
        return words.title if words else ""

    def _quote(self, one: InteractionRecorded) -> Quote | None:
        position = self._by_id.get(one.parent) if one.parent else None
        if position is None:
            return None
        parent = self._events[position]
        words = self._words[parent.originator_id]
        return Quote(
            position,
            self._people.get(parent.actor) if parent.actor else None,
            (words.text or words.title) if words else "",
        )


def where_is(connection: Connection[Any], interaction: UUID) -> int | None:
    """The position of an interaction by its id; None where none of that id counts."""
    row = connection.execute(
        f"""SELECT max(notification_id) AS position FROM {EVENTS}
        WHERE originator_id = %(id)s AND topic = 'interaction.recorded' AND batch <> ALL(%(gone)s)""",
        {"id": interaction, "gone": taken_back(connection)},
    ).fetchone()
    return row["position"] if row else None
