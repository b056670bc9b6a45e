"""Reading the log back as the ledger sees it: each row hashed again, held against its stored leaf, and told what befell it."""

import struct
from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from crm import wire
from crm.append import Head
from crm.merkle import leaf_hash
from crm.store import EVENTS

_LEAF = 36  # a length and 32 bytes, last in a row
_HEADER = len(wire.SIGNATURE)
_ACT = 24  # where the number of a moderation act begins: after position and time
_NOTHING = b"\xff\xff\xff\xff"
_int8 = struct.Struct(">q").unpack_from

Row = tuple[bytes, bytes]
"""What a leaf covers, and the leaf that is stored beside it."""


class Fault(Exception):
    """What is wrong at the first position where anything is."""

    def __init__(self, position: int, sentence: str) -> None:
        super().__init__(sentence)
        self.position = position


def stored_leaves(connection: Connection[Any], head: Head) -> Iterator[bytes]:
    """The stored leaf of each position, after its row was hashed again and found to agree, and its act to be the next."""
    position = acts = 0
    rows = _rows(connection)
    for position, (body, leaf) in enumerate(rows, 1):
        (stands,) = _int8(body, 4)
        if stands > position:
            raise Fault(position, f"Missing: event {position} is not there; {stands} follows {position - 1}.")
        if stands < position:
            raise Fault(stands, f"Added: there is a second event {stands}.")
        if position > head.size:
            raise Fault(position, f"Added: event {position} stands behind the end of the log, which has {head.size}.")
        if leaf_hash(wire.FORMAT + body) != leaf:
            raise _what_befell(head, position, body, leaf, rows)
        if body[_ACT : _ACT + 4] != _NOTHING:
            acts += 1
            if (act := _int8(body, _ACT + 4)[0]) != acts:
                raise Fault(
                    position, f"Changed: event {position} is moderation act {act}, where act {acts} should follow."
                )
        yield leaf
    if position < head.size:
        raise Fault(position + 1, f"Missing: the log ends at event {position}, its head says {head.size}.")
    if acts != head.acts:
        raise Fault(position, f"Changed: the head of the log counts {head.acts} moderation acts, the log has {acts}.")


def _rows(connection: Connection[Any]) -> Iterator[Row]:
    statement = f"COPY (SELECT {wire.COLUMNS}, leaf FROM {EVENTS} ORDER BY notification_id) TO STDOUT (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, block in enumerate(copy):
            data = bytes(block)[_HEADER:] if number == 0 else bytes(block)
            if data[:2] == wire.FIELDS:
                yield data[2:-_LEAF], data[-32:]


def _what_befell(head: Head, position: int, body: bytes, leaf: bytes, following: Iterator[Row]) -> Fault:
    """The fault of the first row that does not agree, told from where it stood and where the one that stood here is now."""
    stood = next((at for at in range(1, 2 * head.size + 1) if _was_written_as(at, body, leaf)), None)
    if stood is not None and stood < position:
        return Fault(stood, f"Added: event {stood} was put in; what was written as {stood} is event {position} now.")
    moved = [at for at, row in enumerate(following, position + 1) if _was_written_as(position, *row)]
    if moved and stood is None:
        return Fault(
            position, f"Added: event {position} was put in; what was written as {position} is event {moved[0]} now."
        )
    if moved:
        return Fault(position, f"Reordered: event {position} was written as event {stood}.")
    if stood is None:
        return Fault(position, f"Changed: event {position} is not what was written.")
    return Fault(position, f"Missing: event {position} is not there; what was written as {stood} stands in its place.")


def _was_written_as(position: int, body: bytes, leaf: bytes) -> bool:
    return leaf_hash(wire.FORMAT + body[:4] + struct.pack(">q", position) + body[12:]) == leaf
