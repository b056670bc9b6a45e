"""Kith should run on a machine that has nothing but Python, yet its promises (an append-only log, an import
whole or not at all) are PostgreSQL's. So it brings a server along and keeps it to itself: only a unix socket,
in a folder nobody else may enter, run by whoever started Kith or, under root, by a system user of its own."""

import shutil
import time
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from crm.embedded.account import (
    ACCOUNT,
    Say,
    account_of_server,
    check_owner,
    last_line,
    may_enter,
    programs,
)
from crm.embedded.booting import PATIENCE, answers, boot
from crm.embedded.cluster import NAME, Server, check_version, initialise
from crm.embedded.place import (
    PORT,
    known_sockets,
    locked,
    make_home,
    new_place,
    note_place,
    place_of,
    sockets_of,
)
from crm.errors import Refusal


def start(home: Path, say: Say) -> str:
    """The conninfo of database `kith`, after setting up or starting its server in `home` where needed.

    A server that already runs is used as it is. It outlives the caller; `stop` ends it. Raises Refusal when
    there is no PostgreSQL to run, when the data is another major version's or another user's, or when it does
    not come up.
    """
    account = account_of_server(say)
    home = make_home(home, account)
    with locked(home):
        place = place_of(home) or new_place(home, account)
        check_owner(home, place, account, say)
        sockets = sockets_of(place)
        connection = _connection(sockets)
        if connection is None:
            if not may_enter(account, place):
                raise Refusal(f"{ACCOUNT} can no longer enter {place}: give its parent folders o+x back.")
            server = Server(place, programs(account, say), account)
            if not server.data.exists():
                initialise(server, say)
            check_version(server)
            boot(server, sockets, say)
            connection = _connection(sockets)
        if connection is None:
            raise Refusal(f"The database ended right after it started; {place / 'log'} says why.")
        _make_database(connection)
        note_place(home, place, say)
        return _conninfo(sockets, NAME)


def stop(home: Path) -> None:
    """Ends the server of `home`, breaking off what it is doing (fast mode); quiet when none runs."""
    if not is_running(home):
        return
    home = home.resolve()
    with locked(home):
        place = place_of(home)
        if place is None or not is_running(home):
            return
        account = account_of_server(lambda _: None)
        server = Server(place, programs(account, lambda _: None), account)
        done = server.run("pg_ctl", "stop", "-D", "data", "-m", "fast", "-w", "-t", str(PATIENCE))
        if done.returncode:
            raise Refusal(f"The database could not be stopped: {last_line(done.stderr)}")


def remove(home: Path) -> None:
    """Ends the server of `home` and throws away all that it kept, wherever that lies."""
    stop(home)
    if place := place_of(home.resolve()):
        shutil.rmtree(place)


def is_running(home: Path) -> bool:
    """Whether a server of `home` listens, also while it is still starting up or recovering."""
    place = place_of(home.resolve())
    sockets = known_sockets(place) if place else None
    return sockets is not None and answers(sockets)


def _connection(sockets: Path) -> psycopg.Connection | None:
    """Waits while the server is starting or recovering; None when there is none, or no longer."""
    deadline = time.monotonic() + PATIENCE
    while answers(sockets):
        try:
            return psycopg.connect(_conninfo(sockets, "postgres"), autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise Refusal(f"The database lets nobody in: {last_line(str(error))}") from None
            time.sleep(0.05)
    return None


def _make_database(connection: psycopg.Connection) -> None:
    seek = "SELECT FROM pg_database WHERE datname = %(name)s"
    with connection:
        if connection.execute(seek, {"name": NAME}).fetchone() is None:
            connection.execute("CREATE DATABASE kith")


def _conninfo(sockets: Path, database: str) -> str:
    return make_conninfo(host=str(sockets), port=PORT, user=NAME, dbname=database)
