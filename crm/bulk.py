"""Storing what was seen outside, many at a time: what is new is recorded, what is known and unchanged adds nothing.

A fact's stream id is made of its source's own key, so the primary key of the log is what refuses a second copy. Storing is
hopeful: all rows are copied in as they are, and only when the log refuses is it asked which it has. Personal parts are
sealed while rows are sent, so that the server has its share of the work from the first one on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import RecordConflictError

from crm.imports import taken_back
from crm.interactions import InteractionRecorded
from crm.sealing import Draft, sealed
from crm.store import EVENTS, Log, packed
from crm.vault import Vault


class Stored(NamedTuple):
    """What became of a batch of facts: interactions recorded for the first time, other new events, and those known."""

    recorded: int = 0
    changed: int = 0
    known: int = 0


class Bulk:
    """Stores facts for one import. Remembers whether the last batch was known, so as to ask first the next time."""

    def __init__(self, log: Log, vault: Vault, by: str) -> None:
        self._log = log
        self._vault = vault
        self._by = by
        self._ask_first = False

    def store(self, drafts: Sequence[Draft]) -> Stored:
        """Append what is new in these drafts of facts; safe to repeat after any interruption."""
        firsts, again = _split(drafts)
        while True:
            known = self._known(firsts) if self._ask_first else set()
            fresh = [draft for draft in firsts if draft.fact.originator_id not in known] if known else firsts
            try:
                self._append(fresh)
            except RecordConflictError:
                self._ask_first = True
                continue
            break
        self._ask_first = len(known) * 2 > len(firsts)
        again = [draft for draft in firsts if draft.fact.originator_id in known] + again
        changes = self._append_changes(again)
        anew = _count(changes)
        return Stored(_count(fresh) + anew, len(changes) - anew, _count(again) - anew)

    def what_is_new(self, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Draft]]:
        """Those of streams that the log does not have, and what would be appended to those that it has; nothing is."""
        known = self._known(drafts)
        fresh = [draft for draft in drafts if draft.fact.originator_id not in known]
        return fresh, self._changes([draft for draft in drafts if draft.fact.originator_id in known])

    def _append_changes(self, drafts: Sequence[Draft]) -> list[Draft]:
        while True:
            changes = self._changes(drafts)
            try:
                self._append(changes)
            except RecordConflictError:  # another import was there between the look and the append
                continue
            return changes

    def _changes(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The next event of each stream whose state was not seen before, or was taken back since."""
        seen = self._seen([draft.fact.originator_id for draft in drafts])
        changes: list[Draft] = []
        for fact, personal in drafts:
            stream = seen[fact.originator_id]
            stands = fact.TOPIC in stream.topics
            if stands and fact.digest in stream.digests:
                continue
            stream.version += 1
            changed = fact.seen_again(stream.version) if stands else fact.renumbered(stream.version)
            changes.append(Draft(changed, personal))
            stream.digests.add(fact.digest)
            stream.topics.add(fact.TOPIC)
        return changes

    def _append(self, drafts: Sequence[Draft]) -> None:
        if drafts:
            self._log.recorder.append(packed(fact, self._by) for fact in sealed(self._vault, drafts))

    def _known(self, drafts: Sequence[Draft]) -> set[UUID]:
        with self._log.connection() as connection:
            rows = connection.execute(
                f"SELECT originator_id FROM {EVENTS} WHERE originator_id = ANY(%(ids)s) AND originator_version = 1",
                {"ids": [draft.fact.originator_id for draft in drafts]},
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


def _split(drafts: Sequence[Draft]) -> tuple[Sequence[Draft], list[Draft]]:
    """The first of each stream, and the rest in their order. Streams by number: a UUID's own hash takes four times as long."""
    if len({fact.originator_id.int for fact, _ in drafts}) == len(drafts):
        return drafts, []
    firsts: dict[int, Draft] = {}
    again = [draft for draft in drafts if firsts.setdefault(draft.fact.originator_id.int, draft) is not draft]
    return list(firsts.values()), again


def _count(drafts: Sequence[Draft]) -> int:
    return sum(isinstance(fact, InteractionRecorded) for fact, _ in drafts)
