"""The GitHub importer against real files: nothing lost, nothing refused, counted again by simpler means."""

import gzip
import json
import lzma
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity
from crm.kinds import KINDS
from crm.reading import Inputs
from crm.sources import github

OWN = {
    "commented": "issue_comment.created",
    "committed": "commit",
    "IssueComment": "issue_comment.created",
    "PullRequestReviewComment": "pull_request_review_comment.created",
    "CommitComment": "commit_comment.created",
    "Release": "release.published",
    "Member": "member.added",
    "Watch": "star",
}
"""Where the importer's word is not the file's own."""


def documents(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    with (gzip if path.suffix == ".gz" else lzma).open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read(path: Path) -> list[Activity]:
    """All of a file, of which nothing may be refused."""
    found = [act for act in github.read(Inputs((str(path),))) if isinstance(act, Activity)]
    assert len(found) == sum(1 for _ in github.read(Inputs((str(path),))))
    assert {act.kind for act in found} <= KINDS.keys()
    assert all(act.at.utcoffset() == timedelta(0) for act in found)
    return found


def own_word(item: dict[str, Any]) -> str:
    """What the importer calls an entry of a timeline."""
    word: str = item["event"]
    if word == "reviewed":
        return f"pull_request_review.{item['state'].lower()}"
    if word == "committed" and len(item["parents"]) > 1:
        return "merge"
    return OWN.get(word, word)


def own_kinds(found: list[Activity]) -> Counter[str]:
    return Counter(act.own_kind for act in found)


@pytest.mark.parametrize(
    ("file", "noun", "opening"),
    [
        ("issues", "issue", "issues.opened"),
        ("pulls", "pull", "pull_request.opened"),
    ],
)
def test_a_whole_project_is_read_entry_by_entry(data: Path, file: str, noun: str, opening: str) -> None:
    path = data / f"github/bitcoin-core-gui-{file}.jsonl.xz"
    expected, authors = Counter[str](), Counter[str]()
    for document in documents(path):
        expected[opening] += 1
        authors[str((document[noun].get("user") or {}).get("id"))] += 1
        expected["pull_request_review_comment.created"] += len(document.get("comments", ()))
        for item in document["events"]:
            expected[own_word(item)] += 1
    found = read(path)
    assert own_kinds(found) == +expected
    assert Counter(act.who.uid if act.who else "None" for act in found if act.own_kind == opening) == authors


def test_answers_on_a_line_reach_whom_they_answer(data: Path) -> None:
    path = data / "github/bitcoin-core-gui-pulls.jsonl.xz"
    expected = Counter[tuple[str, str]]()
    for document in documents(path):
        wrote = {remark["id"]: str((remark.get("user") or {}).get("id")) for remark in document["comments"]}
        pairs = ((wrote[remark["id"]], wrote.get(remark["in_reply_to_id"])) for remark in document["comments"])
        expected.update((writer, to) for writer, to in pairs if to and to != "None" and to != writer)
    found = Counter[tuple[str, str]]()
    for act in read(path):
        if act.parent.startswith("reviewcomment:"):
            writer = act.who.uid if act.who else "None"
            found.update((writer, whom.who.uid) for whom in act.whom if whom.role == "replied")
    assert found == expected


def test_an_hour_of_the_archive_is_read_event_by_event(data: Path) -> None:
    path = data / "github/gharchive-2015-01-01-0.json.gz"
    expected, tickets = Counter[str](), set[str]()
    for document in documents(path):
        payload, kind = document["payload"], document["type"].removesuffix("Event")
        if ticket := payload.get("issue") or payload.get("pull_request"):
            tickets.add(f"thread:{document['repo']['name'].lower()}#{ticket['number']}")
        if kind == "Gollum":
            expected.update(f"gollum.{page['action']}" for page in payload["pages"])
        elif kind in ("Issues", "PullRequest"):
            expected[payload["action"]] += 1
            expected["merged"] += payload.get("pull_request", {}).get("merged", False)
        else:
            expected[
                f"{kind.lower()}.{payload['ref_type']}" if "ref_type" in payload else OWN.get(kind, kind.lower())
            ] += 1
    del expected["opened"]
    found = read(path)
    openings = [act for act in found if act.own_kind in ("issues.opened", "pull_request.opened")]
    assert {act.key for act in openings} == tickets
    assert own_kinds([act for act in found if act.key not in tickets]) == expected
