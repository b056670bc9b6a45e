"""One event as PostgreSQL takes it in by binary COPY. The same bytes are what the ledger hashes.

A row's fields are length-prefixed, so they are canonical as they are: nothing has to be packed twice, and the ledger can be
checked by reading the table back with COPY. The part given under the lock (position, time, number of the moderation act)
comes first, the part known before (`tail`) after it.
"""

import struct
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from crm.event import Columns

COLUMNS = (
    "notification_id, recorded_at, act, originator_id, originator_version, topic, recorded_by, batch, occurred_at, kind, "
    "source, actor, targets, roles, place, thread, parent, digest, state"
)
"""The columns of the events table that a leaf covers, in the order in which they are hashed."""

FORMAT = b"\x01"
"""Version of the leaf's form; it is hashed with each leaf."""

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
FIELDS = struct.pack(">h", 20)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NULL = b"\xff\xff\xff\xff"
_UUID = struct.pack(">i", 16)
_LEAF = struct.pack(">i", 32)
_int8 = struct.Struct(">iq").pack
_int4 = struct.Struct(">i").pack
_array = struct.Struct(">iiiii").pack
_head = struct.Struct(">iqiq").pack
_UUID_OID, _TEXT_OID = 2950, 25


def microseconds(moment: datetime) -> int:
    """Since 2000-01-01 UTC, as PostgreSQL keeps a moment."""
    return (moment - _EPOCH) // _MICROSECOND


def tail(stream: UUID, version: int, topic: str, state: bytes, by: str, columns: Columns) -> bytes:
    """All that is known of a row before its position is."""
    batch, at, kind, source, actor, targets, roles, place, thread, parent, digest = columns
    return b"".join(  # what stands here for each field was called once a field, and cost half of all packing
        (
            _UUID,
            stream.int.to_bytes(16),
            _opening(version, topic, by),
            _NULL if batch is None else _UUID + batch.int.to_bytes(16),
            _NULL if at is None else _int8(8, microseconds(at)),
            _sort(kind, source),
            _NULL if actor is None else _UUID + actor.int.to_bytes(16),
            _NULL if targets is None else _uuids(targets),
            _NULL if roles is None else _texts(roles),
            _NULL if place is None else _UUID + place.int.to_bytes(16),
            _NULL if thread is None else _UUID + thread.int.to_bytes(16),
            _NULL if parent is None else _UUID + parent.int.to_bytes(16),
            _NULL if digest is None else _int4(len(digest)) + digest,
            _int4(len(state)),
            state,
        )
    )


def head(position: int, recorded_at: int, act: int | None) -> bytes:
    """The part of a row given under the lock; `recorded_at` in microseconds since 2000."""
    return _head(8, position, 8, recorded_at) + (_NULL if act is None else _int8(8, act))


def row(body: bytes, leaf: bytes) -> bytes:
    """A whole row for COPY: `body` is head + tail, `leaf` its hash."""
    return FIELDS + body + _LEAF + leaf


def _bytes(value: bytes) -> bytes:
    return _int4(len(value)) + value


def _text(value: str | None) -> bytes:
    return _NULL if value is None else _bytes(value.encode())


@lru_cache(1024)  # topics, kinds, sources, roles: few, and the same for event after event
def _opening(version: int, topic: str, by: str) -> bytes:
    return _int8(8, version) + _text(topic) + _text(by)


@lru_cache(1024)
def _sort(kind: str | None, source: str | None) -> bytes:
    return _text(kind) + _text(source)


_ONE_UUID = _int4(40) + _array(1, 0, _UUID_OID, 1, 1) + _UUID


def _uuids(values: tuple[UUID, ...]) -> bytes:
    if len(values) == 1:  # most acts touch one person
        return _ONE_UUID + values[0].int.to_bytes(16)
    body = b"".join([_UUID + value.int.to_bytes(16) for value in values])
    return _int4(20 + len(body)) + _array(1, 0, _UUID_OID, len(values), 1) + body


@lru_cache(1024)
def _texts(values: tuple[str, ...]) -> bytes:
    body = b"".join([_text(value) for value in values])
    return _int4(20 + len(body)) + _array(1, 0, _TEXT_OID, len(values), 1) + body
