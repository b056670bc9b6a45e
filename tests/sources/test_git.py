"""A history tells who did what for whom; the same commit tells the same, from a repository or from a dump of its log."""

import gzip
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Place, Refused
from crm.errors import Refusal
from crm.git.forges import commit_link, place_of
from crm.git.trailers import credits
from crm.reading import Inputs
from crm.sources import git

HERE = Path(__file__).parent / "git"
NOW = "1700000000 +0700"
REAL = ("litestar", "urho3d", "curl")


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    found = list(git.read(Inputs([str(path) for path in paths], host)))
    acts = [item for item in found if isinstance(item, Activity)]
    return acts, [item for item in found if isinstance(item, Refused)]


def test_the_invented_history_is_told_as_it_was_meant() -> None:
    acts, refused = told(HERE / "sample.jsonl", host="github.com/Song-Hong/Sen")
    expected = json.loads((HERE / "expected.json").read_text())
    facts = [
        {
            "title": act.title,
            "kind": act.kind,
            "at": act.at.isoformat(),
            "who": act.who and act.who.uid,
            "whom": [[whom.role, whom.who.uid] for whom in act.whom],
        }
        for act in acts
    ]
    assert facts == expected["acts"]
    assert [[bad.line, bad.reason] for bad in refused] == expected["refused"]
    assert {act.place for act in acts} == {
        Place("github.com/song-hong/sen", "Song-Hong/Sen", "https://github.com/Song-Hong/Sen")
    }
    assert all(act.link == f"https://github.com/Song-Hong/Sen/commit/{act.key}" for act in acts)
    assert {(act.source, act.host) for act in acts} == {("git", "")}


def test_texts_come_out_clean() -> None:
    acts, _ = told(HERE / "sample.jsonl")
    assert acts[-1].text == "half \ufffd a pair, nothing \ufffd at all, tréma"


def test_handles_and_machines_are_known_as_such() -> None:
    acts, _ = told(HERE / "sample.jsonl")
    people = {who.uid: who for act in acts for who in (act.who, *(whom.who for whom in act.whom)) if who}
    assert people["1234+baoha@users.noreply.github.com"].login == "baoha"
    assert people["name:tomte"].login == "tomte"
    assert [uid for uid, who in people.items() if who.bot] == [
        "49699333+dependabot[bot]@users.noreply.github.com"
    ]


def test_a_host_that_is_no_repository_is_refused() -> None:
    with pytest.raises(Refusal, match=r"github\.com/curl/curl"):
        told(HERE / "sample.jsonl", host="somewhere")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Reported-by: A Berg and B Dahl", [("reported", "A Berg"), ("reported", "B Dahl")]),
        ("Reported-by: A Berg, B Dahl & C Ek", [("reported", name) for name in ("A Berg", "B Dahl", "C Ek")]),
        ("Reported-and-tested-by: A Berg <a@b.example>", [("reported", "A Berg"), ("tested", "A Berg")]),
        (
            "Reviewed-by: A Berg <a@b.example>, B Dahl <b@d.example>",
            [("reviewed", "A Berg"), ("reviewed", "B Dahl")],
        ),
        ("Approved-By: Dr. A. Berg", [("reviewed", "Dr. A. Berg")]),
        ("reported by: aberg on GitHub", [("reported", "aberg")]),
        ("Reported-by: github user 'aberg'", [("reported", "aberg")]),
        ("Reported-by: Nguyen The Anh", [("reported", "Nguyen The Anh")]),
        ("Reported-by: 佩东", [("reported", "佩东")]),
        ("Co-developed-by: A Berg (@aberg) <a@b.example>", [("coauthored", "A Berg")]),
        ("Suggested by A Berg", [("thanked", "A Berg")]),
        ("Thanks to A Berg for the hint", [("thanked", "A Berg")]),
        ("  Patch-by: William A. Rowe Jr.", [("coauthored", "William A. Rowe Jr.")]),
        ("Signed-off-by: A Berg", [("committed", "A Berg")]),
        ("Reported-by: A Berg and co-authors in another project", [("reported", "A Berg")]),
        ("It was reported by A Berg", []),
        ("Reported by Coverity Scan", []),
        ("Found-by: Claude Opus 5", []),
        ("Found-by: Claude Monet", [("reported", "Claude Monet")]),
        ("Fixed by: the next commit", []),
        ("Closes: #12", []),
        ("Reported-by: https://forum.example/1", []),
        ("Assigned-to: A Berg", []),
        ("Followed by: A Berg", []),
    ],
)
def test_credits_are_read_in_the_forms_that_projects_use(line: str, expected: list[tuple[str, str]]) -> None:
    message = f"Some words before.\n\n{line}\nFixes #12"
    assert [(credit.role, credit.name) for credit in credits(message)] == expected


@pytest.mark.parametrize(
    "address",
    [
        "github.com/Sen/Sen",
        "https://github.com/Sen/Sen.git",
        "https://linh:token@github.com/Sen/Sen/",
        "git@github.com:Sen/Sen.git",
        "ssh://git@github.com:22/Sen/Sen.git",
    ],
)
def test_a_repository_is_one_place_however_its_address_is_written(address: str) -> None:
    place = place_of(address)
    assert place == Place("github.com/sen/sen", "Sen/Sen", "https://github.com/Sen/Sen")
    assert commit_link(place) == "https://github.com/Sen/Sen/commit/"


@pytest.mark.parametrize(
    "address", ["", "/home/linh/sen", "../sen.git", "C:\\sen", "file:///srv/sen.git", "sen", "github.com"]
)
def test_a_path_is_no_place(address: str) -> None:
    assert place_of(address) is None


def test_the_page_of_a_commit_is_only_given_where_it_is_known() -> None:
    assert commit_link(place_of("gitlab.com/a/b/c")) == "https://gitlab.com/a/b/c/-/commit/"
    assert commit_link(place_of("bitbucket.org/a/b")) == "https://bitbucket.org/a/b/commits/"
    assert commit_link(place_of("git.example.org/a/b")) == ""
    assert commit_link(None) == ""


class Repository:
    """A repository made commit by commit, so that it can hold what git itself would not make."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run("init", "--quiet")
        self.tree = self.run("hash-object", "-t", "tree", "-w", "/dev/null").decode().strip()

    def run(self, *words: str, given: bytes = b"") -> bytes:
        self.path.mkdir(exist_ok=True)
        return subprocess.run(
            ["git", "-C", self.path, *words], input=given, capture_output=True, check=True
        ).stdout

    def commit(
        self, message: bytes, *parents: str, author: bytes, committer: bytes = b"", more: bytes = b""
    ) -> str:
        lines = [b"tree " + self.tree.encode(), *(b"parent " + parent.encode() for parent in parents)]
        lines += [b"author " + author, b"committer " + (committer or author)]
        raw = b"\n".join(lines) + b"\n" + more + b"\n" + message
        made = (
            self.run("hash-object", "-t", "commit", "-w", "--literally", "--stdin", given=raw)
            .decode()
            .strip()
        )
        self.run("update-ref", "HEAD", made)
        return made

    def dump(self) -> Iterator[dict[str, Any]]:
        """The history in the format of the dumps, each field asked for by itself."""
        for key in self.run("log", "--format=%H").decode().split():
            asked = ("P", "an", "ae", "aI", "cn", "ce", "cI", "s", "b")
            shown = (
                self.run("show", "-s", f"--format=%{sign}", key).decode("utf-8", "replace") for sign in asked
            )
            parents, name, email, date, committer, address, then, subject, body = (
                text.rstrip("\n") for text in shown
            )
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
    assert read[0].who and read[0].who.uid == "name:nameless"
    assert {(whom.role, whom.who.uid) for whom in read[3].whom} == {
        ("coauthored", "ola@brandt.example"),
        ("reported", "name:mara lindqvist"),
    }
    assert read[-2].who and read[-2].who.uid == "linh@sen.example"
    assert read[-1].place == Place(
        "github.com/song-hong/sen", "Song-Hong/Sen", "https://github.com/Song-Hong/Sen"
    )
    assert "token" not in repr(read)


def test_a_bare_copy_gives_the_same_acts_and_no_place_from_its_path(
    repository: Repository, tmp_path: Path
) -> None:
    repository.run("clone", "--quiet", "--bare", ".", str(tmp_path / "copy.git"))
    read, _ = told(tmp_path / "copy.git")
    assert [act.key for act in read] == [act.key for act in told(repository.path)[0]]
    assert {act.place for act in read} == {None}
    assert {act.link for act in read} == {""}


def test_a_repository_of_another_user_is_read_too(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    inputs = Inputs([str(HERE / "sample.jsonl"), str(repository.path)])
    keys = [act.key for act in git.read(inputs) if isinstance(act, Activity)]
    assert len(keys) == len(told(repository.path)[0]) + len(told(HERE / "sample.jsonl")[0])
    assert inputs.done == inputs.total == (HERE / "sample.jsonl").stat().st_size


def test_an_empty_repository_is_told_and_the_next_is_read(repository: Repository, tmp_path: Path) -> None:
    empty = Repository(tmp_path / "empty")
    acts, refused = told(empty.path, repository.path)
    assert len(acts) == 6
    assert "does not have any commits" in refused[0].reason


def test_without_git_a_repository_is_refused_in_words(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refusal, match="git is not installed"):
        told(repository.path)


def commits(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def spelled(name: str) -> str:
    return " ".join(name.split()).casefold()


def credited(commit: dict[str, Any]) -> list[set[str]]:
    """The co-authors that git itself sees, each by address and name, without the author."""
    own = {commit["author"]["email"].lower(), spelled(commit["author"]["name"])}
    trailers = [trailer for trailer in commit["trailers"] if trailer["key"].lower() == "co-authored-by"]
    people = [
        {trailer["email"].lower(), spelled(trailer["name"])} for trailer in trailers if trailer.get("email")
    ]
    return [person for person in people if not person & own]


@pytest.mark.parametrize("project", REAL)
def test_real_histories_agree_with_counts_made_by_other_means(data: Path, project: str) -> None:
    path = data / "git" / f"{project}.gitlog.jsonl.gz"
    acts, refused = told(path)
    plain = commits(path)
    assert refused == []
    assert [act.key for act in acts] == [commit["hash"] for commit in plain]
    merges = sum(len(commit["parents"]) > 1 for commit in plain)
    assert Counter(act.kind for act in acts) == Counter(merged=merges, contributed=len(plain) - merges)
    addresses = Counter(commit["author"]["email"].lower() or commit["author"]["name"] for commit in plain)
    assert sorted(Counter(act.who.uid for act in acts if act.who).values()) == sorted(addresses.values())
    for act, commit in zip(acts, plain, strict=True):
        found = [whom.who for whom in act.whom if whom.role == "coauthored"]
        known = {name for who in found for name in (who.uid, spelled(who.name))}
        assert all(person & known for person in credited(commit))


def test_nine_of_ten_names_read_from_credits_in_curl_are_in_its_own_list_of_thanks(data: Path) -> None:
    acts, _ = told(data / "git" / "curl.gitlog.jsonl.gz")
    thanked = {line.casefold() for line in (data / "git" / "curl.THANKS").read_text().splitlines()}
    names = {
        whom.who.name for act in acts for whom in act.whom if whom.role == "reported" and not whom.who.email
    }
    known = [name for name in names if {name.casefold(), f"{name} on github".casefold()} & thanked]
    assert len(names) > 1500
    assert len(known) > 0.9 * len(names)


@pytest.mark.parametrize("project", REAL)
def test_nobody_is_named_twice_in_one_role_nor_beside_himself(data: Path, project: str) -> None:
    for act in told(data / "git" / f"{project}.gitlog.jsonl.gz")[0]:
        named = [(whom.role, whom.who.uid) for whom in act.whom]
        assert len(named) == len(set(named))
        assert act.who is None or act.who.uid not in {uid for _, uid in named}
