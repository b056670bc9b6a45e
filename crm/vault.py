"""The vault: one data key a person. Names, addresses and words are sealed under it; destroying it erases the person.

AES-256-GCM; data keys are wrapped by a key derived from the master key. Unwrapped ones stay in a bounded cache, as bytes: a cipher
made of one takes a microsecond and three kilobytes.
"""

import os
from collections import OrderedDict
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg_pool import ConnectionPool

from crm.event import Event
from crm.master import derive

NONCE = 12


class Vault:
    """Seals and opens the personal part of events. Safe to share between threads."""

    def __init__(self, master: bytes, pool: ConnectionPool[Any], cached: int = 20_000) -> None:
        self._wrap = AESGCM(derive(master, "vault"))
        self._pool = pool
        self._cached = cached
        self._cache: OrderedDict[UUID, bytes] = OrderedDict()
        self._lock = Lock()

    def keys(self, subjects: Collection[UUID], *, make: bool = False) -> dict[UUID, AESGCM]:
        """The keys of these people in one query; those erased are left out. `make` gives newcomers a key first."""
        found, missing = self._recall(subjects)
        if missing:
            with self._pool.connection() as connection:
                if make:
                    self._make(connection, sorted(missing))  # in one order, or two imports at once lock each other out
                fetched = connection.execute(
                    "SELECT subject, wrapped FROM vault_keys WHERE subject = ANY(%(subjects)s)", {"subjects": missing}
                ).fetchall()
            fresh = {row["subject"]: self._unwrap(row["subject"], row["wrapped"]) for row in fetched}
            self._remember(fresh)
            found |= fresh
        return {subject: AESGCM(key) for subject, key in found.items()}

    def destroy(self, subject: UUID) -> None:
        """Erase a person: what is sealed under this key, in the log and in every backup of it, is noise from now on."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM vault_keys WHERE subject = %(subject)s", {"subject": subject})
        with self._lock:
            self._cache.pop(subject, None)

    def open_all(self, events: Collection[Event]) -> list[msgspec.Struct | None]:
        """The personal part of each event in the order given; None where it is erased or there is none."""
        keys = self.keys({event.subject for event in events})
        return [open_sealed(event, keys) for event in events]

    def _recall(self, subjects: Collection[UUID]) -> tuple[dict[UUID, bytes], list[UUID]]:
        found, missing = {}, []
        with self._lock:
            for subject in subjects:
                key = self._cache.get(subject)
                if key is None:
                    missing.append(subject)
                else:
                    self._cache.move_to_end(subject)
                    found[subject] = key
        return found, missing

    def _remember(self, keys: Mapping[UUID, bytes]) -> None:
        with self._lock:
            self._cache.update(keys)
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)

    def _make(self, connection: Connection[Any], subjects: list[UUID]) -> None:
        connection.execute(
            "INSERT INTO vault_keys SELECT * FROM unnest(%(subjects)s::uuid[], %(wrapped)s::bytea[]) ON CONFLICT DO NOTHING",
            {"subjects": subjects, "wrapped": [self._wrapped(subject) for subject in subjects]},
        )

    def _wrapped(self, subject: UUID) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._wrap.encrypt(nonce, AESGCM.generate_key(256), subject.bytes)

    def _unwrap(self, subject: UUID, wrapped: bytes) -> bytes:
        return self._wrap.decrypt(wrapped[:NONCE], wrapped[NONCE:], subject.bytes)


def seal(key: AESGCM, stream: UUID, personal: msgspec.Struct, nonce: bytes = b"") -> bytes:
    """The personal part as it is stored; bound to its stream, so that it cannot be moved to another.

    `nonce` is twelve random bytes, used once, where many are sealed and asked for together.
    """
    nonce = nonce or os.urandom(NONCE)
    return nonce + key.encrypt(nonce, _encode(personal), stream.int.to_bytes(16))


def open_sealed(event: Event, keys: Mapping[UUID, AESGCM]) -> msgspec.Struct | None:
    """The personal part of one event under keys fetched before; None where the person is erased."""
    sealed: bytes = getattr(event, "sealed", b"")
    key = keys.get(event.subject)
    if not sealed or key is None or event.PERSONAL is None:
        return None
    return unseal(key, event.originator_id, sealed, event.PERSONAL)


def unseal(key: AESGCM, stream: UUID, sealed: bytes, shape: type[msgspec.Struct]) -> msgspec.Struct:
    """What `seal` made, as the struct it was."""
    return _decode(shape, key.decrypt(sealed[:NONCE], sealed[NONCE:], stream.bytes))


_encode = msgspec.msgpack.Encoder().encode
_decoders: dict[type[msgspec.Struct], msgspec.msgpack.Decoder[msgspec.Struct]] = {}


def _decode(shape: type[msgspec.Struct], plain: bytes) -> msgspec.Struct:
    decoder = _decoders.get(shape) or _decoders.setdefault(shape, msgspec.msgpack.Decoder(shape))
    return decoder.decode(plain)
