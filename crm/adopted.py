"""The secret under which ids are made: derived from the master key, unless it came with an archive from another Kith."""

import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection

from crm.master import derive
from crm.vault import NONCE


def secret_of_ids(master: bytes, connection: Connection[Any]) -> bytes:
    """The secret in use; `connection` gives rows as tuples."""
    row = connection.execute("SELECT ids FROM adopted").fetchone()
    if row is None:
        return derive(master, "ids")
    return AESGCM(derive(master, "adopted")).decrypt(row[0][:NONCE], row[0][NONCE:], None)


def adopt(master: bytes, connection: Connection[Any], secret: bytes) -> None:
    """Use this secret from now on, kept sealed under the master key."""
    nonce = os.urandom(NONCE)
    connection.execute(
        "INSERT INTO adopted (ids) VALUES (%(ids)s) ON CONFLICT (sole) DO UPDATE SET ids = excluded.ids",
        {"ids": nonce + AESGCM(derive(master, "adopted")).encrypt(nonce, secret, None)},
    )
