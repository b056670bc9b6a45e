"""The files of the embedded server: whose they are, how they are first made, which version made them."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from crm.embedded.account import Account, Say, give, last_line, run_as, version_of
from crm.errors import Refusal

NAME = "kith"  # of the database and of the role that owns it


@dataclass(frozen=True)
class Server:
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


def initialise(server: Server, say: Say) -> None:
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


def check_version(server: Server) -> None:
    data, program = (server.data / "PG_VERSION").read_text().strip(), version_of(server.bin)
    if data != program.split(".")[0]:
        raise Refusal(
            f"The database in {server.data} was made by PostgreSQL {data} and {server.bin} holds {program}: "
            f"install PostgreSQL {data} again, or move the data over with pg_dump."
        )
