"""Storing what was seen outside, many at a time: what is new is recorded, what is known and unchanged adds nothing.

A fact's stream id is made of its source's own key, so the primary key of the log is what refuses a second copy. Storing is
hopeful: all rows are copied in as they are, and only when the log refuses is it asked which it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import RecordConflictError

from crm.event import Fact
from crm.imports import taken_back
from crm.interactions import InteractionRecorded
from crm.store import EVENTS, Log, packed


class Stored(NamedTuple):
    """What became of a batch of facts: interactions recorded for the first time, other new events, and those known."""

    recorded: int = 0
    changed: int = 0
    known: int = 0


class Bulk:
    """Stores facts for one import. Remembers whether the last batch was known, so as to ask first the next time."""

    def __init__(self, log: Log, by: str) -> None:
        self._log = log
        self._by = by
        self._ask_first = False

    def store(self, facts: Sequence[Fact]) -> Stored:
        """Append what is new in these facts; safe to repeat after any interruption."""
        firsts, again = _split(facts)
        while True:
            known = self._known(firsts) if self._ask_first else set()
            fresh = [fact for fact in firsts if fact.originator_id not in known] if known else firsts
            try:
                self._append(fresh)
            except RecordConflictError:
                self._ask_first = True
                continue
            break
        self._ask_first = len(known) * 2 > len(firsts)
        again = [fact for fact in firsts if fact.originator_id in known] + again
        changes = self._append_changes(again)
        anew = _count(changes)
        return Stored(_count(fresh) + anew, len(changes) - anew, _count(again) - anew)

    def _append_changes(self, facts: Sequence[Fact]) -> list[Fact]:
        while True:
            changes = self._changes(facts)
            try:
                self._append(changes)
            except RecordConflictError:  # another import was there between the look and the append
                continue
            return changes

    def _changes(self, facts: Sequence[Fact]) -> list[Fact]:
        """The next event of each stream whose state was not seen before, or was taken back since."""
        seen = self._seen([fact.originator_id for fact in facts])
        changes: list[Fact] = []
        for fact in facts:
            stream = seen[fact.originator_id]
            stands = fact.TOPIC in stream.topics
            if stands and fact.digest in stream.digests:
                continue
            stream.version += 1
            changes.append(fact.seen_again(stream.version) if stands else fact.renumbered(stream.version))
            stream.digests.add(fact.digest)
            stream.topics.add(fact.TOPIC)
        return changes

    def _append(self, facts: Sequence[Fact]) -> None:
        if facts:
            self._log.recorder.append(packed(fact, self._by) for fact in facts)

    def _known(self, facts: Sequence[Fact]) -> set[UUID]:
        with self._log.connection() as connection:
            rows = connection.execute(
                f"SELECT originator_id FROM {EVENTS} WHERE originator_id = ANY(%(ids)s) AND originator_version = 1",
                {"ids": [fact.originator_id for fact in facts]},
            )
            return {row["originator_id"] for row in rows}

    def _seen(self, streams: Sequence[UUID]) -> dict[UUID, "_Stream"]:
        """Of each stream the last version, and the digests and topics of the events that stand (were not taken back)."""
        with self._log.connection() as connection:
            rows = connection.execute(
                f"""SELECT originator_id, max(originator_version) AS version,
                    array_agg(digest) FILTER (WHERE batch <> ALL(%(gone)s)) AS digests,
                    array_agg(DISTINCT topic) FILTER (WHERE batch <> ALL(%(gone)s)) AS topics
                FROM {EVENTS} WHERE originator_id = ANY(%(streams)s) GROUP BY 1""",
                {"streams": list(streams), "gone": taken_back(connection)},
            )
            return {
                row["originator_id"]: _Stream(row["version"], set(row["digests"] or ()), set(row["topics"] or ()))
                for row in rows
            }


@dataclass
class _Stream:
    version: int
    digests: set[bytes]
    topics: set[str]


def _split(facts: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The first of each stream, and the rest in their order."""
    firsts: dict[int, Fact] = {}  # by number: a UUID's own hash takes four times as long
    again = [fact for fact in facts if firsts.setdefault(fact.originator_id.int, fact) is not fact]
    return list(firsts.values()), again


def _count(facts: Sequence[Fact]) -> int:
    return sum(isinstance(fact, InteractionRecorded) for fact in facts)
