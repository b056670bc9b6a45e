"""The ledger: anybody can recompute the whole log and be told it is intact, or which event is not and what befell it.

Every event is a leaf of a Merkle tree (`crm.merkle`), whose frontier lies in the head row; signed checkpoints say what the
log was at earlier sizes, so that even a log rewritten from the start, hashes and all, is found out.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Connection

from crm.append import Head, read_head
from crm.checkpoint import Checkpoint, open_note, sign
from crm.errors import Refusal
from crm.leaves import Fault, stored_leaves
from crm.merkle import Frontier
from crm.store import EVENTS

ORIGIN = "kith"
STEP = 20_000


class Verdict(NamedTuple):
    """What verifying found. `first_broken` is a position, `fault` a sentence about it; None and empty when intact."""

    intact: bool
    events: int
    head: str
    first_broken: int | None = None
    fault: str = ""


def verify(
    connection: Connection[Any], key: Ed25519PrivateKey, tell: Callable[[int, int], None] = lambda done, total: None
) -> Verdict:
    """Recompute every leaf and the tree, streaming; `tell` hears how many of how many events are done.

    An intact log gets a signed checkpoint of its size, kept in the database and fit to be kept elsewhere.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        head = read_head(connection, EVENTS)
        try:
            root = _recompute(connection, head, _checkpoints(connection, key), tell)
        except Fault as fault:
            return Verdict(False, head.size, "", fault.position, str(fault))
    if head.size:
        _keep(connection, key, Checkpoint(ORIGIN, head.size, root, _extensions(head)))
    return Verdict(True, head.size, root.hex())


def checkpoint(connection: Connection[Any], key: Ed25519PrivateKey) -> str:
    """The log as it stands, signed: a note to keep where nobody who can change the database can change it."""
    head = read_head(connection, EVENTS)
    root = Frontier.from_bytes(head.size, head.frontier).root()
    return sign(Checkpoint(ORIGIN, head.size, root, _extensions(head)), ORIGIN, key)


def compare(connection: Connection[Any], key: Ed25519PrivateKey, note: str) -> Checkpoint:
    """The checkpoint in a note kept elsewhere, taken up so that `verify` holds the log against it. Refusal if not ours.

    It replaces the one of its size in the database, which may have been signed for a log rewritten since.
    """
    kept = open_note(note, ORIGIN, key.public_key())
    connection.execute("DELETE FROM checkpoints WHERE size = %(size)s", {"size": kept.size})
    _keep(connection, key, kept)
    return kept


def _extensions(head: Head) -> tuple[str, ...]:
    at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=head.recorded_at)
    return f"time {at.isoformat()}", f"acts {head.acts}"


def _keep(connection: Connection[Any], key: Ed25519PrivateKey, kept: Checkpoint) -> None:
    connection.execute(
        "INSERT INTO checkpoints VALUES (%(size)s, %(note)s) ON CONFLICT (size) DO NOTHING",
        {"size": kept.size, "note": sign(kept, ORIGIN, key)},
    )


def _checkpoints(connection: Connection[Any], key: Ed25519PrivateKey) -> list[Checkpoint]:
    """Kept checkpoints by size; a forged one is a fault at the size it claims."""
    rows = connection.execute("SELECT size, note FROM checkpoints WHERE size > 0 ORDER BY size LIMIT 100000").fetchall()
    opened = []
    for row in rows:
        try:
            opened.append(open_note(row["note"], ORIGIN, key.public_key()))
        except Refusal:
            raise Fault(row["size"], f"The checkpoint of {row['size']} events is not signed by this log.") from None
    return opened


def _recompute(
    connection: Connection[Any], head: Head, checkpoints: list[Checkpoint], tell: Callable[[int, int], None]
) -> bytes:
    """The root, after every row, every checkpoint and the head row were found to agree."""
    frontier, since = Frontier(), 0
    awaited = iter([*checkpoints, None])
    awaiting = next(awaited)
    leaves: list[bytes] = []
    for leaf in stored_leaves(connection, head):
        leaves.append(leaf)
        reached = awaiting is not None and frontier.size + len(leaves) == awaiting.size
        if reached or len(leaves) == STEP:
            frontier.extend(leaves)
            leaves.clear()
            tell(frontier.size, head.size)
        if reached and awaiting is not None:
            if frontier.root() != awaiting.root:
                raise Fault(since + 1, _rewritten(since + 1, awaiting.size, "its checkpoint"))
            since, awaiting = awaiting.size, next(awaited)
    frontier.extend(leaves)
    if awaiting is not None:
        raise Fault(
            head.size + 1, f"Missing: a checkpoint was signed at {awaiting.size} events, the log ends at {head.size}."
        )
    if len(frontier.to_bytes()) != len(head.frontier):
        raise Fault(
            head.size, f"Changed: the head of the log says {head.size} events and keeps the hashes of another number."
        )
    if frontier.to_bytes() != head.frontier:
        first, last = _differing(frontier, Frontier.from_bytes(head.size, head.frontier), since)
        raise Fault(first, _rewritten(first, last, "the head of the log"))
    return frontier.root()


def _rewritten(first: int, last: int, against: str) -> str:
    where = f"Event {first}" if first == last else f"An event from {first} to {last}"
    return f"Changed: {where} was rewritten together with its hash; it no longer agrees with {against}."


def _differing(found: Frontier, kept: Frontier, since: int) -> tuple[int, int]:
    """The first perfect subtree whose roots differ, as positions; what a checkpoint vouches for is left out."""
    start = 0
    widths = [1 << bit for bit in range(found.size.bit_length() - 1, -1, -1) if found.size >> bit & 1]
    for width, one, other in zip(widths, found.roots, kept.roots, strict=True):
        if one != other:
            return max(start, since) + 1, start + width
        start += width
    return since + 1, found.size
