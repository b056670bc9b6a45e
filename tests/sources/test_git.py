"""A history tells who did what for whom: an invented one whose facts are known, then real ones counted by other means."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Place, Refused
from crm.errors import Refusal
from crm.reading import Inputs
from crm.sources import git

HERE = Path(__file__).parent / "git"
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
    assert [uid for uid, who in people.items() if who.bot] == ["49699333+dependabot[bot]@users.noreply.github.com"]


def test_a_host_that_is_no_repository_is_refused() -> None:
    with pytest.raises(Refusal, match=r"github\.com/curl/curl"):
        told(HERE / "sample.jsonl", host="somewhere")


def commits(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def spelled(name: str) -> str:
    return " ".join(name.split()).casefold()


def credited(commit: dict[str, Any]) -> list[set[str]]:
    """The co-authors that git itself sees, each by address and name, without the author."""
    own = {commit["author"]["email"].lower(), spelled(commit["author"]["name"])}
    trailers = [trailer for trailer in commit["trailers"] if trailer["key"].lower() == "co-authored-by"]
    people = [{trailer["email"].lower(), spelled(trailer["name"])} for trailer in trailers if trailer.get("email")]
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
    names = {whom.who.name for act in acts for whom in act.whom if whom.role == "reported" and not whom.who.email}
    known = [name for name in names if {name.casefold(), f"{name} on github".casefold()} & thanked]
    assert len(names) > 1500
    assert len(known) > 0.9 * len(names)


@pytest.mark.parametrize("project", REAL)
def test_nobody_is_named_twice_in_one_role_nor_beside_himself(data: Path, project: str) -> None:
    for act in told(data / "git" / f"{project}.gitlog.jsonl.gz")[0]:
        named = [(whom.role, whom.who.uid) for whom in act.whom]
        assert len(named) == len(set(named))
        assert act.who is None or act.who.uid not in {uid for _, uid in named}
