"""One opened Kith: its database, its log, its vault, its ids. Everything that needs more than one of them is given this."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Any, Self
from zlib import crc32

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Connection

from crm import adopted, embedded, event, master, tables
from crm.errors import Refusal
from crm.ids import Ids
from crm.settings import Settings
from crm.store import Log
from crm.vault import Vault

OLDEST = 150000


@contextmanager
def alone(connection: Connection[Any]) -> Iterator[None]:
    """One process at a time makes tables: IF NOT EXISTS fails when another makes the same at the same moment."""
    key = {"key": crc32(b"kith makes its tables")}
    connection.execute("SELECT pg_advisory_lock(%(key)s)", key)
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%(key)s)", key)


class Installation:
    """Open it once a process; `close` when done. Refusal where the database or the master key does not fit."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = lambda sentence: None) -> None:
        event.discover()
        self.settings = settings
        self.conninfo = settings.database_url or embedded.start(settings.home, say)
        with _connect(self.conninfo) as connection:
            if connection.info.server_version < OLDEST:
                raise Refusal("This PostgreSQL is too old: Kith needs version 15 or newer.")
            with alone(connection):
                self._master = master.unlock(settings, connection)
                for statement in tables.SCHEMA:
                    connection.execute(statement)
                self.log = Log(self.conninfo)
            self.ids = Ids(adopted.secret_of_ids(self._master, connection))
        self.vault = Vault(self._master, self.log.recorder.datastore.pool)

    @cached_property
    def signing_key(self) -> Ed25519PrivateKey:
        """Signs the checkpoints of this log."""
        return Ed25519PrivateKey.from_private_bytes(master.derive(self._master, "checkpoints"))

    def adopt_ids(self, secret: bytes) -> None:
        """Make ids from now on as the Kith did that this secret is from."""
        with self.connection() as connection:
            adopted.adopt(self._master, connection, secret)
        self.ids = Ids(secret)

    def secret(self, purpose: str) -> str:
        """A secret of this installation for one purpose, as text."""
        return master.derive(self._master, purpose).hex()

    def connection(self) -> AbstractContextManager[Connection[dict[str, Any]]]:
        """A pooled connection in autocommit; rows come as dictionaries."""
        return self.log.recorder.datastore.get_connection()

    def close(self) -> None:
        self.log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def taking_turns(kith: Installation) -> Iterator[None]:
    """One at a time looks at what stands, decides and appends."""
    with kith.connection() as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": crc32(b"kith decides")})
        yield


def _connect(conninfo: str) -> Connection[Any]:
    try:
        return psycopg.connect(conninfo, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        reason = (str(error).strip() or "it gave no reason").splitlines()[0].rstrip(".")
        raise Refusal(f"The database does not answer: {reason}. Check CRM_DATABASE_URL.") from None
