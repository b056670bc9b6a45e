"""Imports: an aggregate of what was asked for and what came of it. Its id is the batch that every fact of it bears.

Taking an import back is a further event; from then on its facts count nowhere, and a later import may record them again.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from eventsourcing.application import AggregateNotFoundError
from psycopg import Connection

from crm.command import Command
from crm.errors import Refusal
from crm.event import Aggregate, Columns, TeamCreated, TeamEvent
from crm.installation import Installation
from crm.kinds import _


class ImportStarted(TeamCreated, frozen=True, kw_only=True):
    """Somebody asked for files to be read. `files` are names as people know them, without folders."""

    TOPIC: ClassVar[str] = "import.started"
    SENTENCE: ClassVar[str] = _("The import of {files} from {source} began")
    ICON: ClassVar[str] = "upload"

    source: str
    files: tuple[str, ...]
    host: str = ""

    def columns(self) -> Columns:
        return Columns(batch=self.originator_id, source=self.source)


class ImportFinished(TeamEvent, frozen=True, kw_only=True):
    """All was read. `read` = `recorded` + `known` + `refused`; `changed` counts later looks that found something new."""

    TOPIC: ClassVar[str] = "import.finished"
    SENTENCE: ClassVar[str] = _("The import ended: {recorded} new, {known} known, {refused} refused")
    ICON: ClassVar[str] = "check"

    read: int
    recorded: int
    known: int
    changed: int
    refused: int
    seconds: float

    def columns(self) -> Columns:
        return Columns(batch=self.originator_id)

    def apply(self, aggregate: Any) -> None:
        aggregate.finished = True


class ImportTakenBack(TeamEvent, frozen=True, kw_only=True):
    """What this import brought no longer counts. The log keeps it."""

    TOPIC: ClassVar[str] = "import.taken_back"
    SENTENCE: ClassVar[str] = _("The import was taken back")
    ICON: ClassVar[str] = "undo-2"

    def columns(self) -> Columns:
        return Columns(batch=self.originator_id)

    def apply(self, aggregate: Any) -> None:
        aggregate.taken_back = True


class Import(Aggregate):
    """One import, from its start to its end or its taking back."""

    TOPIC = "import"

    def __init__(self, source: str) -> None:
        self.source = source
        self.finished = False
        self.taken_back = False

    @staticmethod
    def create_id(*_: Any, **__: Any) -> UUID:
        return uuid4()

    @classmethod
    def start(cls, source: str, files: tuple[str, ...], host: str = "") -> "Import":
        """A new import, under a new batch."""
        return cls._create(ImportStarted, source=source, files=files, host=host, timestamp=datetime.now(UTC))

    def finish(self, **counts: Any) -> None:
        """All was read; `counts` are the fields of ImportFinished."""
        self.trigger_event(ImportFinished, **counts)

    def take_back(self) -> None:
        """Let nothing of it count any more; doing it twice changes nothing."""
        if not self.taken_back:
            self.trigger_event(ImportTakenBack)


class TakeBackImport(Command, frozen=True, kw_only=True):
    """Let nothing that this import brought count any longer. The log keeps it, and it can be brought again."""

    batch: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        found: Aggregate | None
        try:
            found = kith.log.repository.get(self.batch)
        except AggregateNotFoundError:
            found = None
        if not isinstance(found, Import):
            raise Refusal(f"There is no import {self.batch}. `crm imports` lists them.")
        if found.taken_back:
            raise Refusal(_("This import was taken back already."))
        found.take_back()
        return [found]


TAKEN_BACK = """SELECT notification_id, batch FROM kith_events WHERE digest IS NULL AND topic = 'import.taken_back'
    ORDER BY notification_id LIMIT 10000"""
"""Every import taken back, and the position where that stands."""


def taken_back(connection: Connection[Any], upto: int | None = None) -> list[UUID]:
    """The batches that do not count, as of position `upto` or now."""
    rows = connection.execute(
        """SELECT batch FROM kith_events WHERE digest IS NULL AND topic = 'import.taken_back'
        AND (%(upto)s::bigint IS NULL OR notification_id <= %(upto)s) ORDER BY notification_id LIMIT 10000""",
        {"upto": upto},
    )
    return [row["batch"] for row in rows]
