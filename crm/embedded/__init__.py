"""Kith should run on a machine that has nothing but Python, yet its promises (an append-only log, an import
whole or not at all) are PostgreSQL's. So it brings a server along and keeps it to itself: only a unix socket,
in a folder nobody else may enter, run by whoever started Kith or, under root, by a system user of its own."""

import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from crm.embedded.account import (
    ACCOUNT,
    Account,
    Say,
    account_of_server,
    check_owner,
    give,
    last_line,
    may_enter,
    programs,
    run_as,
    version_of,
)
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

NAME = "kith"  # of the database and of the role that owns it
PATIENCE = 600  # seconds: replaying a whole max_wal_size after a crash is slow on a slow disk
LINGER = 20  # seconds given to what a killed server left behind
BIGGEST_LOG = 5_000_000  # bytes; a longer log is set aside at the next start, and only one is kept


def _settings(sockets: Path) -> dict[str, str]:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return {
        "listen_addresses": "",  # nobody on the network, not even on this machine's loopback
        "port": str(PORT),  # names the socket file, so it must not follow a stray PGPORT
        "unix_socket_directories": f'"{sockets}"',
        "unix_socket_permissions": "0700",  # a second door behind the private folder
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",  # leaves the rest to the page cache
        "max_wal_size": "8GB",  # a long import is not stopped by checkpoints
        "checkpoint_timeout": "15min",  # same reason; also fewer whole pages in the log
        "work_mem": "64MB",  # lists and rebuilds sort in memory
        "jit": "off",  # short queries: compiling costs more than it gives
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "fsync": "on",  # the event log is the only truth: nothing acknowledged may be lost
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "log_checkpoints": "off",  # keeps the log small on a server that runs for months
        "log_min_error_statement": "panic",  # statements carry members' names: they stay out of the log,
        "log_error_verbosity": "terse",  # and so do the details of a broken constraint
    }


@dataclass(frozen=True)
class _Server:
    place: Path
    """The server's own folder (mode 0700, its user's): `data`, `log`, and nearly always the socket."""
    bin: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "log"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Paths inside `place` are given relative to it: pg_ctl puts them unescaped into a shell line."""
        return run_as(self.account, [str(self.bin / program), *arguments], self.place)


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
            server = _Server(place, programs(account, say), account)
            if not server.data.exists():
                _initialise(server, say)
            _check_version(server)
            _boot(server, sockets, say)
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
        server = _Server(place, programs(account, lambda _: None), account)
        done = server.run("pg_ctl", "stop", "-D", "data", "-m", "fast", "-w", "-t", str(PATIENCE))
        if done.returncode:
            raise Refusal(f"The database could not be stopped: {last_line(done.stderr)}")


def is_running(home: Path) -> bool:
    """Whether a server of `home` listens, also while it is still starting up or recovering."""
    place = place_of(home.resolve())
    sockets = known_sockets(place) if place else None
    return sockets is not None and _answers(sockets)


def _answers(sockets: Path) -> bool:
    """Whether a server of ours listens there: a listening socket, unlike a pid file, cannot be a leftover."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(sockets / f".s.PGSQL.{PORT}"))
        except (FileNotFoundError, ConnectionRefusedError, PermissionError):
            return False
    return True


def _initialise(server: _Server, say: Say) -> None:
    """Into a folder of its own, renamed when whole: what is killed half way never looks like a database."""
    say("Setting up the database (first time only).")
    for abandoned in server.place.glob("new-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=server.place))
    give(fresh, server.account)
    done = server.run(
        "initdb", "-D", fresh.name, "-U", NAME, "--encoding=UTF8", "--data-checksums",
        "--locale=C",  # sorts by code point in every version and never changes with the system's libraries
        "--auth-local=trust",  # the socket's folder is private: who can reach it is the owner or root
        "--auth-host=reject",
    )  # fmt: skip
    if done.returncode:
        raise Refusal(f"The database could not be set up in {server.place}: {last_line(done.stderr)}")
    fresh.rename(server.data)
    place = os.open(server.place, os.O_RDONLY)
    os.fsync(place)
    os.close(place)


def _check_version(server: _Server) -> None:
    data, program = (server.data / "PG_VERSION").read_text().strip(), version_of(server.bin)
    if data != program.split(".")[0]:
        raise Refusal(
            f"The database in {server.data} was made by PostgreSQL {data} and {server.bin} holds {program}: "
            f"install PostgreSQL {data} again, or move the data over with pg_dump."
        )


def _boot(server: _Server, sockets: Path, say: Say) -> None:
    if (server.data / "postmaster.pid").exists():
        say("The database was not shut down cleanly last time: recovering it.")
    if server.log.exists() and server.log.stat().st_size > BIGGEST_LOG:
        server.log.rename(server.place / "log.old")
    deadline = time.monotonic() + LINGER
    while (complaint := _complaint(server, sockets)) and not _answers(sockets):
        if time.monotonic() > deadline or not _passes(server, sockets, complaint):
            raise Refusal(f"The database did not start; {server.log} ends with: {complaint}")
        time.sleep(0.1)


def _complaint(server: _Server, sockets: Path) -> str:
    """Why the server did not start; "" when it did."""
    log = server.log
    before = log.stat().st_size if log.exists() else 0
    done = _pg_ctl_start(server, sockets)
    if done.returncode == 0:
        return ""
    written = log.read_bytes()[before:].decode(errors="replace") if log.exists() else ""
    return last_line(written, "FATAL:", "PANIC:") or last_line(done.stderr) or "pg_ctl gave no reason"


def _pg_ctl_start(server: _Server, sockets: Path) -> subprocess.CompletedProcess[str]:
    settings = _settings(sockets)
    probe = ["-C", "wal_compression", "-D", "data", "-c", "wal_compression=lz4"]
    if server.run("postgres", *probe).returncode == 0:
        settings["wal_compression"] = "lz4"  # not every build knows it; the older method costs too much time
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    return server.run("pg_ctl", "start", "-D", "data", "-l", "log", "-w", "-t", str(PATIENCE), "-o", options)


def _passes(server: _Server, sockets: Path, complaint: str) -> bool:
    """Whether trying again helps. The children of a killed server need a moment to notice, and its process
    number may by now be a stranger's. A living one is found by its shared memory even without its lock files.
    """
    if "FATAL:  lock file" in complaint and "already exists" in complaint:
        for leftover in (server.data / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
            leftover.unlink(missing_ok=True)
        return True
    return "shared memory block" in complaint


def _connection(sockets: Path) -> psycopg.Connection | None:
    """Waits while the server is starting or recovering; None when there is none, or no longer."""
    deadline = time.monotonic() + PATIENCE
    while _answers(sockets):
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
