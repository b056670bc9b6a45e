"""Running an import: read, seal, store, count, and tell how far it is.

It can be stopped at any instant and run again: what was stored is known then. Rows that cannot be read are kept, sealed,
for whoever wants to mend them.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import PurePath
from time import monotonic
from uuid import UUID

import msgspec

from crm.activity import Activity, Refused
from crm.bulk import Bulk, Stored
from crm.imports import Import
from crm.installation import Installation
from crm.intake import Intake
from crm.reading import Inputs
from crm.sources import source as find_source
from crm.vault import seal

BATCH = 10_000
"""Activities held and stored together at most: live appends wait a tenth of a second for it."""

WORDS = 2_000_000
"""Characters of texts held and stored together: a few long letters fill a batch as well as many short messages."""

RARELY = 200_000
"""New objects between two looks for cycles: an import makes millions of objects and no cycle, and looking took a third of its time."""


class Progress(msgspec.Struct):
    """How far an import is. `done` and `total` are bytes of the files (total 0: not known)."""

    batch: UUID
    done: int = 0
    total: int = 0
    read: int = 0
    recorded: int = 0
    known: int = 0
    changed: int = 0
    refused: int = 0
    seconds: float = 0.0


class RawRow(msgspec.Struct):
    """The personal part of a refused row: its first bytes."""

    raw: bytes


def begin(kith: Installation, source: str, inputs: Inputs, by: str) -> Import:
    """Write down that an import was asked for; its id is the batch."""
    files = tuple(PurePath(inputs.called(path)).name for path in inputs.paths)
    begun = Import.start(source, files, inputs.host)
    kith.log.save(begun, by=by)
    return begun


def run(
    kith: Installation,
    source: str,
    inputs: Inputs,
    by: str = "operator",
    tell: Callable[[Progress], None] = lambda _: None,
    begun: Import | None = None,
) -> Progress:
    """Import everything in `inputs`; the counts at the end. `tell` hears of each stored batch.

    `begun` is an import that was begun before and perhaps broke off; it goes on under the same batch.
    """
    found = find_source(source).read(inputs)
    first = list(islice(found, 1))  # what cannot be opened at all is refused here, before anything is written
    aggregate = begun or begin(kith, source, inputs, by)
    work = _Work(kith, source, aggregate.id, inputs, tell)
    with seldom_looking_for_cycles():
        work.through(chain(first, found))
    counts = {
        name: getattr(work.progress, name) for name in ("read", "recorded", "known", "changed", "refused", "seconds")
    }
    aggregate.finish(**counts)
    kith.log.save(aggregate, by=by)
    work.keep(finished=True)
    return work.progress


@contextmanager
def seldom_looking_for_cycles() -> Iterator[None]:
    """Let Python look for cycles of objects rarely, for as long as a batch after a batch is made and thrown away."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def batches(found: Iterator[Activity | Refused]) -> Iterator[list[Activity | Refused]]:
    """What was found in parts of `BATCH` at most, each ended early by the text that exceeds `WORDS`."""
    batch: list[Activity | Refused] = []
    words = 0
    for one in found:
        batch.append(one)
        words += len(one.text) if isinstance(one, Activity) else len(one.raw)
        if len(batch) == BATCH or words > WORDS:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


class _Work:
    """The moving parts of one import."""

    def __init__(
        self, kith: Installation, source: str, batch: UUID, inputs: Inputs, tell: Callable[[Progress], None]
    ) -> None:
        self._kith = kith
        self._inputs = inputs
        self._tell = tell
        self._started = monotonic()
        self._intake = Intake(kith.ids, batch)
        self._bulk = Bulk(kith.log, kith.vault, f"import {source}")
        self.progress = Progress(batch)
        self._known = 0
        self._before = self._gone_before()

    def _gone_before(self) -> int:
        """How many acts this batch recorded before it broke off: they are known now, yet it was this import that brought them."""
        batch = {"batch": self.progress.batch}
        with self._kith.connection() as connection:
            connection.execute("DELETE FROM refused_rows WHERE batch = %(batch)s", batch)
            row = connection.execute(
                "SELECT recorded, changed FROM import_progress WHERE batch = %(batch)s", batch
            ).fetchone()
        self.progress.recorded, self.progress.changed = (row["recorded"], row["changed"]) if row else (0, 0)
        return self.progress.recorded

    def through(self, found: Iterator[Activity | Refused]) -> None:
        for chunk in batches(found):
            judged = [self._intake.doubt(one) or one if isinstance(one, Activity) else one for one in chunk]
            stored = self._bulk.store(self._intake.drafts([one for one in judged if isinstance(one, Activity)]))
            self._keep_refused([one for one in judged if isinstance(one, Refused)])
            self._count(len(chunk), stored)

    def _count(self, read: int, stored: Stored) -> None:
        self.progress.read += read
        self.progress.recorded += stored.recorded
        self.progress.changed += stored.changed
        self._known += stored.known
        self.progress.known = max(self._known - self._before, 0)
        self.progress.done, self.progress.total = self._inputs.done, self._inputs.total
        self.progress.seconds = round(monotonic() - self._started, 3)
        self.keep()
        self._tell(self.progress)

    def _keep_refused(self, refused: list[Refused]) -> None:
        if not refused:
            return
        batch = self.progress.batch
        key = self._kith.vault.keys([batch], make=True)[batch]
        rows = [
            {"batch": batch, "number": number, "file": one.file, "line": one.line, "reason": one.reason[:1000],
             "raw": seal(key, batch, RawRow(one.raw))}
            for number, one in enumerate(refused, self.progress.refused + 1)
        ]  # fmt: skip
        with self._kith.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(
                """INSERT INTO refused_rows (batch, number, file, line, reason, raw)
                VALUES (%(batch)s, %(number)s, %(file)s, %(line)s, %(reason)s, %(raw)s)""",
                rows,
            )
        self.progress.refused += len(refused)

    def keep(self, *, finished: bool = False) -> None:
        """Write down how far it is, for the page that watches."""
        with self._kith.connection() as connection:
            connection.execute(
                """INSERT INTO import_progress VALUES (%(batch)s, %(done)s, %(total)s, %(read)s, %(recorded)s, %(known)s,
                    %(changed)s, %(refused)s, %(seconds)s, %(at)s, %(finished)s)
                ON CONFLICT (batch) DO UPDATE SET done = excluded.done, total = excluded.total, read = excluded.read,
                    recorded = excluded.recorded, known = excluded.known, changed = excluded.changed,
                    refused = excluded.refused, seconds = excluded.seconds, seen_at = excluded.seen_at,
                    finished = excluded.finished""",
                {**msgspec.structs.asdict(self.progress), "at": datetime.now(UTC), "finished": finished},
            )
