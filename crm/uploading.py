"""What is asked of uploads is done in a process of its own, one after the other, so that pages stay quick meanwhile.

A process that ends before its work is done (a restart, a kill) leaves the upload in its state, and whoever serves next
begins it again: what it had stored is known then.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from uuid import UUID
from zlib import crc32

from crm import importing
from crm.errors import Refusal
from crm.imports import Import
from crm.installation import Installation
from crm.kinds import _
from crm.mappings import settle
from crm.rehearsal import Rehearsal, rehearse
from crm.uploads import State, Upload, change, discard, find_upload, inputs_of, sweep, which_uploads

log = logging.getLogger(__name__)

ASKED: tuple[State, ...] = ("rehearsing", "importing")


class _Withdrawn(Exception):
    """Somebody changed their mind while a dry run was under way."""


def ask_rehearsal(kith: Installation, upload: Upload) -> None:
    """Let a dry run be done; its counts are written into the upload as they come. Refusal where nobody said what it is."""
    _known(upload)
    if upload.state not in ASKED:
        change(kith, upload, state="rehearsing", rehearsal=Rehearsal(), trouble="")


def ask_import(kith: Installation, upload: Upload) -> UUID:
    """Let it be imported; the batch under which that is done, one however often it is asked. What failed goes on under its own.

    Refusal where nobody said what it is, or where it is gone or changed.
    """
    _known(upload)
    key = {"key": crc32(b"asked " + upload.id.bytes)}
    with kith.connection() as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%(key)s)", key)
        now = find_upload(kith, upload.id)
        if now and now.state == "importing" and now.batch:
            return now.batch
        if now != upload:
            raise Refusal(_("These files were thrown away or changed meanwhile. Look at them again."))
        batch = upload.batch or importing.begin(kith, upload.source, inputs_of(kith, upload), upload.by).id
        change(kith, upload, state="importing", batch=batch, trouble="")
    return batch


def throw_away(kith: Installation, upload: Upload) -> None:
    """Throw the files away; a dry run ends. Refusal while they are imported."""
    if upload.state == "importing":
        raise Refusal(_("These files are being brought in. When that is done, they are thrown away by themselves."))
    discard(kith, upload.id)


def carry_out(kith: Installation, upload: UUID) -> None:
    """Do what was asked of an upload, unless another process is at it."""
    with _alone(kith, upload) as mine:
        if mine and (found := find_upload(kith, upload)):
            _carry_out(kith, found)


@contextmanager
def _alone(kith: Installation, upload: UUID) -> Iterator[bool]:
    """Whether nobody else is at this upload; from then on nobody will be, until the block ends."""
    key = {"key": crc32(upload.bytes)}
    with kith.connection() as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%(key)s) AS mine", key).fetchone()
        mine = bool(row and row["mine"])
        try:
            yield mine
        finally:
            if mine:
                connection.execute("SELECT pg_advisory_unlock(%(key)s)", key)


def _carry_out(kith: Installation, upload: Upload) -> None:
    try:
        if upload.state == "rehearsing":
            _rehearse(kith, upload)
        elif upload.state == "importing":
            _import(kith, upload)
    except _Withdrawn:
        return
    except Refusal as refusal:
        change(kith, upload, state="failed", trouble=str(refusal))
    except Exception:
        if change(kith, upload, state="failed", trouble=_("Something went wrong while the files were read.")):
            raise


def _rehearse(kith: Installation, upload: Upload) -> None:
    def tell(so_far: Rehearsal) -> None:
        if not change(kith, upload, rehearsal=so_far):
            raise _Withdrawn

    inputs = inputs_of(kith, upload)
    settle(kith, upload.source, inputs)
    told = rehearse(kith, upload.source, inputs, tell)
    change(kith, upload, state="rehearsed", rehearsal=told)


def _import(kith: Installation, upload: Upload) -> None:
    begun = kith.log.repository.get(upload.batch) if upload.batch else None
    assert isinstance(begun, Import)
    inputs = inputs_of(kith, upload)
    settle(kith, upload.source, inputs)
    if not begun.finished:
        importing.run(kith, upload.source, inputs, upload.by, begun=begun)
    discard(kith, upload.id)


def _known(upload: Upload) -> None:
    if not upload.source:
        raise Refusal(_("Say first what these files are."))


class Helper:
    """Sees to it, from `start` to `stop`, that what is asked of uploads is done."""

    def __init__(self, kith: Installation) -> None:
        self._kith = kith
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="uploads", daemon=True)
        self._at_work: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        sweep(self._kith)
        self._thread.start()

    def stop(self) -> None:
        """End what is under way as well; it goes on at the next start."""
        self._stopped.set()
        if self._at_work:
            self._at_work.terminate()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.wait(0.5):
            try:
                for upload in which_uploads(self._kith, ASKED, limit=1):
                    self._see_to(upload)
            except Exception:
                log.exception("Looking for uploads failed; trying again.")
                self._stopped.wait(2)

    def _see_to(self, upload: Upload) -> None:
        with _alone(self._kith, upload.id) as idle:
            pass
        if idle:  # else a process of an earlier server is still at it
            self._at_work = _process(self._kith, upload.id)
            if self._at_work.wait() and not self._stopped.is_set():
                change(self._kith, upload, state="failed", trouble=_("It broke off. Start it again to go on."))


def _process(kith: Installation, upload: UUID) -> "subprocess.Popen[bytes]":
    """In a session of its own: Ctrl+C is for the server, which then ends this one in its own time."""
    settings = kith.settings
    environment = {**os.environ, "CRM_HOME": str(settings.home), "CRM_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "crm", "carry-out", str(upload)]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parent.parent, start_new_session=True)
