"""Where the measuring is done: one server, the embedded one or CRM_DATABASE_URL's, with a new database for each repetition."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crm import embedded
from crm.installation import Installation
from crm.settings import Settings

SHOWN = (
    "server_version",
    "shared_buffers",
    "max_wal_size",
    "work_mem",
    "fsync",
    "synchronous_commit",
    "wal_compression",
    "jit",
)


class Place:
    """A server on which databases can be made, and a folder."""

    def __init__(self, conninfo: str, folder: Path) -> None:
        self._conninfo = conninfo
        self.folder = folder

    @contextmanager
    def database(self) -> Iterator[str]:
        """Conninfo of a new database that is gone afterwards."""
        name = f"bench_{uuid4().hex[:12]}"
        self._run(f"CREATE DATABASE {name}")
        try:
            yield make_conninfo(self._conninfo, dbname=name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def kith(self) -> Iterator[Installation]:
        """A Kith in which nothing has happened yet."""
        with self.database() as conninfo, Installation(self.settings(conninfo)) as kith:
            yield kith

    def settings(self, conninfo: str) -> Settings:
        """Settings of a Kith on this database."""
        return Settings(home=self.folder / str(conninfo_to_dict(conninfo)["dbname"]), database_url=conninfo)

    def facts(self) -> dict[str, str]:
        """How the server is set."""
        with psycopg.connect(self._conninfo) as connection:
            return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in SHOWN}  # type: ignore[index]

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def opened() -> Iterator[Place]:
    """The server to measure on; an embedded one is stopped and thrown away afterwards."""
    with TemporaryDirectory(prefix="kith-bench-") as folder:
        home = Path(folder)
        if url := os.environ.get("CRM_DATABASE_URL"):
            yield Place(url, home)
            return
        try:
            yield Place(embedded.start(home, lambda _: None), home)
        finally:
            embedded.remove(home)
