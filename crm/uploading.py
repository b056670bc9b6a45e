"""What is asked of uploads is done in a process of its own, one after the other, so that pages stay quick meanwhile.

A process that ends before its work is done (a restart, a kill) leaves the upload in its state, and whoever serves next
begins it again: what it had stored is known then.
"""

import logging
import os
import subprocess
import sys
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
from crm.uploads import State, Upload, change, discard, find_upload, inputs_of, which_uploads

log = logging.getLogger(__name__)

ASKED: tuple[State, ...] = ("rehearsing", "importing")


def ask_rehearsal(kith: Installation, upload: Upload) -> None:
    """Let a dry run be done; its counts are written into the upload as they come."""
    change(kith, upload.id, state="rehearsing", rehearsal=Rehearsal(), trouble="")


def ask_import(kith: Installation, upload: Upload) -> UUID:
    """Let it be imported; the batch under which that is done. What failed goes on under the same one."""
    if not upload.source:
        raise Refusal(_("Say first what these files are."))
    batch = upload.batch or importing.begin(kith, upload.source, inputs_of(kith, upload), upload.by).id
    change(kith, upload.id, state="importing", batch=batch, trouble="")
    return batch


def carry_out(kith: Installation, upload: UUID) -> None:
    """Do what was asked of an upload, unless another process is at it."""
    key = {"key": crc32(upload.bytes)}
    with kith.connection() as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%(key)s) AS mine", key).fetchone()
        if not row or not row["mine"]:
            return
        try:
            _carry_out(kith, upload)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%(key)s)", key)


def _carry_out(kith: Installation, wanted: UUID) -> None:
    upload = find_upload(kith, wanted)
    if upload is None:
        return
    try:
        if upload.state == "rehearsing":
            _rehearse(kith, upload)
        elif upload.state == "importing":
            _import(kith, upload)
    except Refusal as refusal:
        change(kith, wanted, state="failed", trouble=str(refusal))
    except Exception:
        log.exception("An upload could not be read.")
        change(kith, wanted, state="failed", trouble=_("Something went wrong while the files were read. See the log."))
        raise


def _rehearse(kith: Installation, upload: Upload) -> None:
    told = rehearse(
        kith, upload.source, inputs_of(kith, upload), lambda so_far: change(kith, upload.id, rehearsal=so_far)
    )
    change(kith, upload.id, state="rehearsed", rehearsal=told)


def _import(kith: Installation, upload: Upload) -> None:
    begun = kith.log.repository.get(upload.batch) if upload.batch else None
    assert isinstance(begun, Import)
    inputs = inputs_of(kith, upload)
    settle(kith, upload.source, inputs)
    if not begun.finished:
        importing.run(kith, upload.source, inputs, upload.by, begun=begun)
    discard(kith, upload.id)


class Helper:
    """Sees to it, from `start` to `stop`, that what is asked of uploads is done."""

    def __init__(self, kith: Installation) -> None:
        self._kith = kith
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="uploads", daemon=True)
        self._at_work: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
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
                    self._at_work = _process(self._kith, upload.id)
                    if self._at_work.wait() and not self._stopped.is_set():
                        change(
                            self._kith, upload.id, state="failed", trouble=_("It broke off. Start it again to go on.")
                        )
            except Exception:
                log.exception("Looking for uploads failed; trying again.")
                self._stopped.wait(2)


def _process(kith: Installation, upload: UUID) -> "subprocess.Popen[bytes]":
    settings = kith.settings
    environment = {**os.environ, "CRM_HOME": str(settings.home), "CRM_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "crm", "carry-out", str(upload)]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parent.parent)
