"""Verifying the ledger takes a second for every few hundred thousand events, so it runs aside and pages ask how far it is."""

import logging
from datetime import UTC, datetime
from threading import Lock, Thread

import msgspec

from crm import ledger
from crm.installation import Installation
from crm.ledger import Verdict

log = logging.getLogger(__name__)


class Report(msgspec.Struct, frozen=True):
    """How far a verification is: `done` of `total` events. `verdict` once it ended, `failed` where it could not."""

    started_at: datetime
    done: int = 0
    total: int = 0
    ended_at: datetime | None = None
    verdict: Verdict | None = None
    failed: bool = False


class Verification:
    """The last verification of one installation; at most one runs at a time."""

    def __init__(self, kith: Installation) -> None:
        self._kith = kith
        self._starting = Lock()
        self.report: Report | None = None

    def start(self) -> None:
        """Begin, unless one is running."""
        with self._starting:
            if self.report is None or self.report.ended_at:
                self.report = Report(datetime.now(UTC))
                Thread(target=self._run, args=(self.report,), name="verification", daemon=True).start()

    def _run(self, begun: Report) -> None:
        def tell(done: int, total: int) -> None:
            self.report = msgspec.structs.replace(begun, done=done, total=total)

        verdict = None
        try:
            with self._kith.connection() as connection:
                verdict = ledger.verify(connection, self._kith.signing_key, tell)
        except Exception:
            log.exception("The ledger could not be verified.")
        ended = datetime.now(UTC)
        self.report = msgspec.structs.replace(
            self.report or begun, ended_at=ended, verdict=verdict, failed=verdict is None
        )
