"""A dry run: the whole import but for writing, so that a manager sees what would come in before it counts."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import dict_row

from crm.activity import Activity, Refused
from crm.bulk import Bulk
from crm.importing import BATCH, seldom_looking_for_cycles
from crm.installation import Installation
from crm.intake import Intake
from crm.interactions import InteractionRecorded
from crm.reading import Inputs
from crm.sealing import Draft
from crm.sources import source as find_source

REASONS = 50
"""Different reasons that are told; the rest is one line."""


class Rehearsal(msgspec.Struct):
    """What an import would do. `doubts` and `reasons` count each sentence about a guess and about a refused row.

    `new`, `known` and `doubtful` count interactions, `changed` whatever is known and would be seen changed.
    """

    read: int = 0
    new: int = 0
    known: int = 0
    changed: int = 0
    doubtful: int = 0
    refused: int = 0
    seconds: float = 0.0
    done: int = 0
    total: int = 0
    doubts: dict[str, int] = {}
    reasons: dict[str, int] = {}


def rehearse(
    kith: Installation, source: str, inputs: Inputs, tell: Callable[[Rehearsal], None] = lambda _: None
) -> Rehearsal:
    """Read everything and say what would be stored; nothing is. `tell` hears of each batch."""
    found, started, told = find_source(source).read(inputs), monotonic(), Rehearsal()
    with (
        seldom_looking_for_cycles(),
        psycopg.connect(kith.conninfo, autocommit=True, row_factory=dict_row) as connection,
    ):
        work = _Work(kith, connection, told)
        while chunk := list(islice(found, BATCH)):
            work.through(chunk)
            told.seconds = round(monotonic() - started, 3)
            told.done, told.total = inputs.done, inputs.total
            tell(told)
    return told


class _Work:
    """Judges batch by batch. What the run itself has met is kept in a table of its own, which ends with the connection."""

    def __init__(self, kith: Installation, connection: Connection[Any], told: Rehearsal) -> None:
        self._intake = Intake(kith.ids, UUID(int=0))
        self._bulk = Bulk(kith.log, kith.vault, "rehearsal")
        self._met = connection
        self._told = told
        connection.execute("CREATE TEMPORARY TABLE met (stream uuid, digest bytea, PRIMARY KEY (stream, digest))")

    def through(self, chunk: Sequence[Activity | Refused]) -> None:
        judged = [self._intake.doubt(one) or one if isinstance(one, Activity) else one for one in chunk]
        self._told.read += len(judged)
        acts = [one for one in judged if isinstance(one, Activity)]
        self._note(self._told.doubts, (one.doubt for one in acts if one.doubt))
        self._note(self._told.reasons, (one.reason for one in judged if isinstance(one, Refused)))
        self._told.doubtful += sum(bool(one.doubt) for one in acts)
        self._told.refused += len(judged) - len(acts)
        self._judge(self._intake.drafts(acts))

    def _judge(self, drafts: Sequence[Draft]) -> None:
        firsts, others, repeated = self._sorted(drafts)
        fresh, changes = self._bulk.what_is_new(firsts)
        later = self._bulk.what_is_new(others)
        new = sum(map(_is_act, fresh)) + sum(map(_is_act, changes))  # what was taken back is recorded anew
        self._told.new += new
        self._told.changed += len(changes) - sum(map(_is_act, changes)) + len(later[0]) + len(later[1])
        self._told.known += repeated + sum(map(_is_act, firsts)) - new + sum(map(_is_act, others))

    def _sorted(self, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Draft], int]:
        """The first of each stream in this run, later ones in another state, and how many acts were only repeated."""
        met = self._states([draft.fact.originator_id for draft in drafts])
        firsts, others, repeated = list[Draft](), list[Draft](), 0
        for draft in drafts:
            states = met.setdefault(draft.fact.originator_id, set())
            if draft.fact.digest in states:
                repeated += _is_act(draft)
                continue
            (others if states else firsts).append(draft)
            states.add(draft.fact.digest)
        self._keep([*firsts, *others])
        return firsts, others, repeated

    def _states(self, streams: Sequence[UUID]) -> dict[UUID, set[bytes]]:
        rows = self._met.execute("SELECT stream, digest FROM met WHERE stream = ANY(%(streams)s)", {"streams": streams})
        met: dict[UUID, set[bytes]] = {}
        for row in rows:
            met.setdefault(row["stream"], set()).add(row["digest"])
        return met

    def _keep(self, drafts: Sequence[Draft]) -> None:
        self._met.execute(
            "INSERT INTO met SELECT * FROM unnest(%(streams)s::uuid[], %(digests)s::bytea[])",
            {"streams": [one.fact.originator_id for one in drafts], "digests": [one.fact.digest for one in drafts]},
        )

    def _note(self, counts: dict[str, int], sentences: Iterator[str]) -> None:
        for sentence, n in Counter(sentences).items():
            name = sentence if sentence in counts or len(counts) < REASONS else "other reasons"
            counts[name] = counts.get(name, 0) + n


def _is_act(draft: Draft) -> bool:
    return isinstance(draft.fact, InteractionRecorded)
