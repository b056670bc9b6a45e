"""A person names one folder as the home of their data. The server's own folder is in it when the server's
user can get there, and otherwise beside the data of other services, with a note left in the home."""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm.embedded.account import ACCOUNT, SHARED, Account, Say, give, make_shared, may_enter
from crm.errors import Refusal

PORT = 5432
LONGEST_SOCKET = 103  # bytes a socket's whole path may have: 107 on Linux, 103 on macOS


def make_home(home: Path, account: Account) -> Path:
    """Under root the server's group may pass through a home made here (0710), and nobody else."""
    try:
        home = home.resolve()
        if not home.exists():
            home.mkdir(mode=0o700, parents=True)
            if account:
                os.chown(home, -1, account.pw_gid)
                home.chmod(0o710)
    except OSError as error:
        raise Refusal(f"The folder {home} for the database cannot be made: {error.strerror}.") from None
    if not (home.is_dir() and os.access(home, os.R_OK | os.W_OK | os.X_OK)):
        raise Refusal(f"{home} is not a folder you may write to: choose another place for the database.")
    return home


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Waits for its turn: of all processes using `home`, one at a time starts or stops the server."""
    lock = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _outside(home: Path) -> Path:
    return SHARED / hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def place_of(home: Path) -> Path | None:
    """Where the server of `home` lives, when it has one. A note wins, so that a home may be moved."""
    note = home / "postgres.path"
    if note.is_file():
        place = Path(note.read_text().strip())
        if place.parent != SHARED or not place.is_dir():
            raise Refusal(
                f"{note} says that the database lives in {place}, but there is none: "
                "bring it back, or delete that note to start with an empty one."
            )
        return place
    return next((place for place in (home / "postgres", _outside(home)) if place.is_dir()), None)


def new_place(home: Path, account: Account) -> Path:
    """Makes the server's folder, private to the server's user."""
    place = home / "postgres"
    if not may_enter(account, home):
        place = _outside(home)  # the server's user cannot get in here, and opening folders is not ours to do
        make_shared()
    place.mkdir(mode=0o700)
    give(place, account)
    return place


def note_place(home: Path, place: Path, say: Say) -> None:
    """Written once the database is there: a note without one means that it was lost."""
    note = home / "postgres.path"
    if place.parent != home and not note.exists():
        say(f"The database lives in {place}, because {ACCOUNT} cannot enter {home}.")
        note.write_text(f"{place}\n")


def known_sockets(place: Path) -> Path | None:
    """The folder of the socket: `place`, or a short one when a socket in `place` could not be addressed."""
    length = len(os.fsencode(place / f".s.PGSQL.{PORT}"))
    if length <= LONGEST_SOCKET and not set(str(place)) & set(',"'):  # a comma parts two hosts for libpq
        return place
    note = place / "sockets.path"
    folder = Path(note.read_text().strip()) if note.is_file() else None
    return folder if folder and _is_private(folder, place.stat().st_uid) else None


def _is_private(folder: Path, owner: int) -> bool:
    """/tmp is everybody's: after a restart a remembered name there may be somebody else's folder."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077


def sockets_of(place: Path) -> Path:
    """Like `known_sockets`, but makes the short folder when there is none yet."""
    known = known_sockets(place)
    if known:
        return known
    folder, owner = Path(tempfile.mkdtemp(prefix="kith-", dir="/tmp")), place.stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    (place / "sockets.path").write_text(f"{folder}\n")
    return folder
