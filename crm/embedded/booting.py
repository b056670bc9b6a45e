"""Starting the embedded server, also after it was killed and left things lying about."""

import shlex
import socket
import subprocess
import time
from pathlib import Path

from crm.embedded.account import Say, last_line
from crm.embedded.cluster import Server
from crm.embedded.place import PORT
from crm.embedded.tuning import settings
from crm.errors import Refusal

PATIENCE = 600  # seconds: replaying a whole max_wal_size after a crash is slow on a slow disk
LINGER = 20  # seconds given to what a killed server left behind
BIGGEST_LOG = 5_000_000  # bytes; a longer log is set aside at the next start, and only one is kept


def boot(server: Server, sockets: Path, say: Say) -> None:
    if (server.data / "postmaster.pid").exists():
        say("The database was not shut down cleanly last time: recovering it.")
    if server.log.exists() and server.log.stat().st_size > BIGGEST_LOG:
        server.log.rename(server.place / "log.old")
    deadline = time.monotonic() + LINGER
    while (complaint := _complaint(server, sockets)) and not answers(sockets):
        if time.monotonic() > deadline or not _passes(server, sockets, complaint):
            raise Refusal(f"The database did not start; {server.log} ends with: {complaint}")
        time.sleep(0.1)


def _complaint(server: Server, sockets: Path) -> str:
    """Why the server did not start; "" when it did."""
    log = server.log
    before = log.stat().st_size if log.exists() else 0
    done = _pg_ctl_start(server, sockets)
    if done.returncode == 0:
        return ""
    written = log.read_bytes()[before:].decode(errors="replace") if log.exists() else ""
    return last_line(written, "FATAL:", "PANIC:") or last_line(done.stderr) or "pg_ctl gave no reason"


def _pg_ctl_start(server: Server, sockets: Path) -> subprocess.CompletedProcess[str]:
    chosen = settings(sockets)
    probe = ["-C", "wal_compression", "-D", "data", "-c", "wal_compression=lz4"]
    if server.run("postgres", *probe).returncode == 0:
        chosen["wal_compression"] = "lz4"  # not every build knows it; the older method costs too much time
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in chosen.items())
    return server.run("pg_ctl", "start", "-D", "data", "-l", "log", "-w", "-t", str(PATIENCE), "-o", options)


def _passes(server: Server, sockets: Path, complaint: str) -> bool:
    """Whether trying again helps. The children of a killed server need a moment to notice, and its process
    number may by now be a stranger's. A living one is found by its shared memory even without its lock files.
    """
    if "FATAL:  lock file" in complaint and "already exists" in complaint:
        for leftover in (server.data / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
            leftover.unlink(missing_ok=True)
        return True
    return "shared memory block" in complaint


def answers(sockets: Path) -> bool:
    """Whether a server of ours listens there: a listening socket, unlike a pid file, cannot be a leftover."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(sockets / f".s.PGSQL.{PORT}"))
        except (FileNotFoundError, ConnectionRefusedError, PermissionError):
            return False
    return True
