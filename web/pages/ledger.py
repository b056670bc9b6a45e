"""The ledger: a button that verifies the whole log, and signed checkpoints to keep where nobody can change them."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from psycopg import Connection

from crm import ledger
from crm.checkpoint import open_note
from crm.errors import Refusal
from crm.installation import Installation
from crm.ledger import ORIGIN
from projections.proofs import which_checkpoints
from web.page import Asked, kith, redirect
from web.verification import Verification


class Kept(msgspec.Struct):
    """A signed checkpoint: how many events the log had, when the last of them was written, the root over them in hex.

    `ours` is whether our own key signed it; size, time and root are unknown where it did not.
    """

    ours: bool
    size: int = 0
    at: datetime | None = None
    root: str = ""


@post("/system/verification", sync_to_thread=True)
def verify(request: Asked) -> Response[Any]:
    """Begin to recompute the whole log."""
    verification(request).start()
    return redirect("/system#ledger")


@get("/system/checkpoint", sync_to_thread=True, media_type="text/plain; charset=utf-8")
def checkpoint(request: Asked) -> Response[str]:
    """The log as it stands, signed: a file to keep where nobody who can change the database can change it."""
    with kith(request).connection() as connection:
        note = ledger.checkpoint(connection, kith(request).signing_key)
    size = note.split("\n", 2)[1]
    headers = {"Content-Disposition": f'attachment; filename="kith-checkpoint-{size}.txt"'}
    return Response(note, media_type="text/plain; charset=utf-8", headers=headers)


def verification(request: Asked) -> Verification:
    """The last verification of this installation, running or not."""
    found: Verification = request.app.state.setdefault("verification", Verification(kith(request)))
    return found


def which_are_kept(opened: Installation, connection: Connection[Any]) -> list[Kept]:
    """The checkpoints in the database, the largest first, each checked against our key."""
    return [_kept(opened, note) for note in which_checkpoints(connection)]


def _kept(opened: Installation, note: str) -> Kept:
    try:
        found = open_note(note, ORIGIN, opened.signing_key.public_key())
    except Refusal:
        return Kept(False)
    said = dict(line.split(" ", 1) for line in found.extensions if " " in line)
    return Kept(True, found.size, datetime.fromisoformat(said["time"]) if "time" in said else None, found.root.hex())


ROUTES = [verify, checkpoint]
