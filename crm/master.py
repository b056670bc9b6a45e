"""The master key: one secret of the installation, from which the vault's, the ids' and the log's own keys are derived.

It never comes into the database. Losing it means that no name and no text can be read again, so a missing or a wrong one
stops the start with a sentence, and a new one is only ever made for an empty database.
"""

import base64
import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg import Connection

from crm.errors import Refusal
from crm.settings import Settings

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS installation (sole boolean PRIMARY KEY DEFAULT true CHECK (sole), mark bytea NOT NULL)"
)
_MARK = b"This database belongs to this master key."


def derive(master: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA-256, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master)


def unlock(settings: Settings, connection: Connection) -> bytes:
    """The master key that this database was made with; Refusal where it is missing, malformed or another one's."""
    found = connection.execute("SELECT to_regclass('installation') IS NOT NULL").fetchone()
    row = connection.execute("SELECT mark FROM installation").fetchone() if found and found[0] else None
    master = _given(settings) or _new(settings, known=row is not None)
    seal = AESGCM(derive(master, "mark"))
    if row is None:
        connection.execute(SCHEMA)
        nonce = os.urandom(12)
        connection.execute(
            "INSERT INTO installation (mark) VALUES (%(mark)s) ON CONFLICT DO NOTHING",
            {"mark": nonce + seal.encrypt(nonce, _MARK, None)},
        )
        return unlock(settings, connection)
    try:
        seal.decrypt(row[0][:12], row[0][12:], None)
    except InvalidTag:
        raise Refusal(
            f"The master key {_where(settings)} is not the one that this database was made with. "
            "Nothing was changed; start again with the right key."
        ) from None
    return master


def _path(settings: Settings) -> Path:
    return settings.home / "master.key"


def _where(settings: Settings) -> str:
    return "in CRM_MASTER_KEY" if settings.master_key else f"in {_path(settings)}"


def _given(settings: Settings) -> bytes | None:
    text = settings.master_key
    if not text and not _path(settings).exists():
        return None
    text = text or _path(settings).read_text("utf-8", "replace").strip()
    try:
        master = base64.b64decode(text, validate=True)
    except ValueError:
        master = b""
    if len(master) != 32:
        raise Refusal(f"The master key {_where(settings)} is damaged: it should be 32 bytes in base64.")
    return master


def _new(settings: Settings, *, known: bool) -> bytes:
    if known:
        raise Refusal(
            f"The master key is missing: {_path(settings)} is not there and CRM_MASTER_KEY is empty. "
            "Put the key of this database back; without it no name and no text can be read."
        )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    master = secrets.token_bytes(32)
    with NamedTemporaryFile("w", dir=settings.home, prefix="master-") as file:  # readable by nobody else
        file.write(base64.b64encode(master).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, _path(settings))  # appears whole or not at all, whatever is killed
        except FileExistsError:  # another process of ours was first
            return _given(settings) or master
    folder = os.open(settings.home, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return master
