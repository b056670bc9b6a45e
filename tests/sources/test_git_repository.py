"""A repository gives the same activities as a dump of its log, whatever strange things stand in it, and runs nothing."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Place, Refused
from crm.errors import Refusal
from crm.reading import Inputs
from crm.sources import git

SAMPLE = Path(__file__).parent / "git/sample.jsonl"
NOW = "1700000000 +0700"


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    found = list(git.read(Inputs([str(path) for path in paths], host)))
    acts = [item for item in found if isinstance(item, Activity)]
    return acts, [item for item in found if isinstance(item, Refused)]


class Repository:
    """A repository made commit by commit, so that it can hold what git itself would not make."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run("init", "--quiet")
        self.tree = self.run("hash-object", "-t", "tree", "-w", "/dev/null").decode().strip()

    def run(self, *words: str, given: bytes = b"") -> bytes:
        self.path.mkdir(exist_ok=True)
        return subprocess.run(["git", "-C", self.path, *words], input=given, capture_output=True, check=True).stdout

    def commit(self, message: bytes, *parents: str, author: bytes, committer: bytes = b"", more: bytes = b"") -> str:
        lines = [b"tree " + self.tree.encode(), *(b"parent " + parent.encode() for parent in parents)]
        lines += [b"author " + author, b"committer " + (committer or author)]
        raw = b"\n".join(lines) + b"\n" + more + b"\n" + message
        made = self.run("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=raw).decode().strip()
        self.run("update-ref", "HEAD", made)
        return made

    def dump(self) -> Iterator[dict[str, Any]]:
        """The history in the format of the dumps, each field asked for by itself."""
        for key in self.run("log", "--format=%H").decode().split():
            asked = ("P", "an", "ae", "aI", "cn", "ce", "cI", "s", "b")
            shown = (self.run("show", "-s", f"--format=%{sign}", key).decode("utf-8", "replace") for sign in asked)
            parents, name, email, date, committer, address, then, subject, body = (text.rstrip("\n") for text in shown)
            yield {
                "hash": key,
                "parents": parents.split(),
                "author": {"name": name, "email": email, "date": date},
                "committer": {"name": committer, "email": address, "date": then},
                "subject": subject,
                "body": body,
                "trailers": [],
                "files_changed": 0,
            }


LINH = f"Linh Đặng <linh@sen.example> {NOW}".encode()


SIGNATURE = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n abcd\n -----END PGP SIGNATURE-----\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    if shutil.which("git") is None:
        pytest.skip("git is not installed on this machine")
    made = Repository(tmp_path / "sen")
    made.run("config", "remote.origin.url", "https://linh:token@github.com/Song-Hong/Sen.git")
    (made.path / ".mailmap").write_text("Somebody Else <else@sen.example> <linh@sen.example>\n")
    first = made.commit("Bắt đầu\n".encode(), author=LINH)
    second = made.commit(
        b"Two lines\nof a subject\n\nBody.\n\n\nReported-by: Mara Lindqvist\nCo-authored-by: Ola <OLA@brandt.example>\n\n",
        first,
        author=LINH,
        committer=f"GitHub <noreply@github.com> {NOW}".encode(),
    )
    third = made.commit(
        "tréma".encode("latin-1"),
        first,
        author=b"J\xfcrgen <j@sen.example> 1000000000 -0330",
        more=b"encoding latin1\n",
    )
    fourth = made.commit(b"Merge\r\n\r\nAcked-by: Ola <ola@brandt.example>\r\n", second, third, author=LINH)
    fifth = made.commit(b"", fourth, author=f" <> {NOW}".encode(), more=SIGNATURE)
    sixth = made.commit(
        b"broken \xff bytes\n\n\tindented\n", fifth, author=f"Nameless <> {NOW}".encode(), committer=LINH
    )
    seventh = made.commit(b"far\n", sixth, author=b"A <a@sen.example> 99999999999999 +0000")
    made.commit(b"no date\n", seventh, author=b"A <a@sen.example> -5 +0000")
    return made


def test_a_repository_and_its_dump_give_the_same_activities(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text("".join(json.dumps(commit) + "\n" for commit in repository.dump()))
    read, refused = told(repository.path)
    dumped, refused_too = told(tmp_path / "dump.jsonl", host="github.com/Song-Hong/Sen")
    assert [act.title for act in read] == [
        "broken \ufffd bytes",
        "",
        "Merge",
        "Two lines of a subject",
        "Bắt đầu",
        "tréma",
    ]
    assert read == dumped
    assert len(refused) == len(refused_too) == 2
    assert "3170843" in refused[1].reason
    assert read[0].who
    assert read[0].who.uid == "name:nameless"
    assert {(whom.role, whom.who.uid) for whom in read[3].whom} == {
        ("coauthored", "ola@brandt.example"),
        ("reported", "name:mara lindqvist"),
    }
    assert read[-2].who
    assert read[-2].who.uid == "linh@sen.example"
    assert read[-1].place == Place("github.com/song-hong/sen", "Song-Hong/Sen", "https://github.com/Song-Hong/Sen")
    assert "token" not in repr(read)


def test_a_bare_copy_gives_the_same_acts_and_no_place_from_its_path(repository: Repository, tmp_path: Path) -> None:
    repository.run("clone", "--quiet", "--bare", ".", str(tmp_path / "copy.git"))
    read, _ = told(tmp_path / "copy.git")
    assert [act.key for act in read] == [act.key for act in told(repository.path)[0]]
    assert {act.place for act in read} == {None}
    assert {act.link for act in read} == {""}


def test_a_repository_of_another_user_is_read_too(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(subprocess.CalledProcessError):
        repository.run("log")
    assert len(told(repository.path)[0]) == 6


def test_nothing_that_a_repository_sets_is_run(repository: Repository, tmp_path: Path) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    repository.run("config", "log.showSignature", "true")
    repository.run("config", "gpg.program", str(trap))
    repository.run("log")
    assert sprung.exists()
    sprung.unlink()
    assert len(told(repository.path)[0]) == 6
    assert not sprung.exists()


def test_a_repository_among_dumps_is_read_with_git_and_the_dumps_as_files(repository: Repository) -> None:
    inputs = Inputs([str(SAMPLE), str(repository.path)])
    keys = [act.key for act in git.read(inputs) if isinstance(act, Activity)]
    assert len(keys) == len(told(repository.path)[0]) + len(told(SAMPLE)[0])
    assert inputs.done == inputs.total == (SAMPLE).stat().st_size


def test_an_empty_repository_is_told_and_the_next_is_read(repository: Repository, tmp_path: Path) -> None:
    empty = Repository(tmp_path / "empty")
    acts, refused = told(empty.path, repository.path)
    assert len(acts) == 6
    assert "does not have any commits" in refused[0].reason


def test_without_git_a_repository_is_refused_in_words(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refusal, match="git is not installed"):
        told(repository.path)
