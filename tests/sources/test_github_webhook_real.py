"""GitHub's webhooks against real bodies: each of the 21 events becomes the acts that it should, counted again by other means."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Refused
from crm.github.signs import event_of
from crm.reading import Inputs
from crm.sources import github_webhook

OPENING = {"issues.opened", "pull_request.opened", "discussion.created"}
LABELS = {"labeled", "unlabeled", "milestoned", "demilestoned"}
KINDS = {
    "assigned": "assigned",
    "closed": "closed",
    "reopened": "reopened",
    "review_requested": "invited",
    **dict.fromkeys(LABELS, "labelled"),
    **dict.fromkeys(("locked", "unlocked", "pinned", "unpinned"), "moderated"),
    **dict.fromkeys(("opened", "edited", "deleted", "created", "unanswered"), None),
    "answered": "solved",
}
"""What an action on a thread is beside its opening; any other is “edited”."""


def bodies(data: Path) -> list[tuple[str, Path]]:
    return sorted((path.parent.name, path) for path in (data / "github/webhooks").rglob("*.json"))


def acts_of(path: Path) -> list[Activity]:
    found = list(github_webhook.read(Inputs((str(path),))))
    assert not [one for one in found if isinstance(one, Refused)], path.name
    return [one for one in found if isinstance(one, Activity)]


def expected(event: str, body: dict[str, Any]) -> Counter[str]:
    """The kinds of acts that a body should become beside the opening of its thread."""
    action, own = body.get("action", ""), body.get("sender") == body.get("member")
    if event in ("issues", "pull_request", "discussion"):
        return Counter(filter(None, [KINDS.get(action, "edited")]))
    if event == "pull_request_review":
        is_own = body["review"]["user"]["id"] == body["pull_request"]["user"]["id"]
        return Counter(["replied" if is_own else "reviewed", *(["moderated"] if action == "dismissed" else [])])
    if event in ("member", "membership") and action in ("added", "removed"):
        return Counter([{"added": ("invited", "joined"), "removed": ("moderated", "left")}[action][own]])
    if event == "push":
        return Counter(["contributed"] if body["after"].strip("0") else [])
    simple = {"fork": "forked", "star": "starred", "watch": "starred", "release": "published", "org_block": "moderated"}
    simple |= dict.fromkeys(("commit_comment", "issue_comment", "pull_request_review_comment"), "replied")
    simple |= {"create": "created", "sponsorship": "did"}
    if event == "ping":
        return Counter()
    return Counter([simple.get(event) or ("created" if action == "created" else "edited")])


def test_every_body_becomes_the_acts_that_it_should(data: Path) -> None:
    found = bodies(data)
    assert len(found) == 145 and len({event for event, _path in found}) == 21
    for event, path in found:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body.get("sponsorship", {}).get("privacy_level") == "private":
            continue
        acts = acts_of(path)
        kinds = Counter(act.kind for act in acts if act.own_kind not in OPENING)
        assert kinds == expected(event, body), path
        assert all(act.source == "github" and act.host == "github.com" for act in acts)


def test_the_only_ones_that_nobody_did_are_pings_and_pushes_that_end_a_branch(data: Path) -> None:
    silent = Counter(event for event, path in bodies(data) if not list(github_webhook.read(Inputs((str(path),)))))
    assert silent == {"ping": 3, "push": 4}


def test_the_only_one_refused_is_a_private_sponsorship(data: Path) -> None:
    refused = {
        f"{event}/{path.name}": one.reason
        for event, path in bodies(data)
        for one in github_webhook.read(Inputs((str(path),)))
        if isinstance(one, Refused)
    }
    assert list(refused) == ["sponsorship/downgraded.payload.json"]
    assert "private" in refused["sponsorship/downgraded.payload.json"]


def test_every_event_is_told_from_its_body_as_its_folder_says(data: Path) -> None:
    assert [(event, event_of(path.read_bytes())) for event, path in bodies(data)] == [
        (event, event) for event, _path in bodies(data)
    ]


def test_what_github_numbers_goes_by_its_number(data: Path) -> None:
    numbered = {
        "commit_comment": ("commitcomment", "comment"),
        "issue_comment": ("comment", "comment"),
        "pull_request_review_comment": ("reviewcomment", "comment"),
        "pull_request_review": ("review", "review"),
        "release": ("release", "release"),
        "fork": ("fork", "forkee"),
    }
    for event, path in bodies(data):
        body = json.loads(path.read_text(encoding="utf-8"))
        keys = {act.key for act in acts_of(path)} if event != "sponsorship" else set()
        if event in numbered:
            noun, part = numbered[event]
            assert f"{noun}:{body[part]['id']}" in keys
        if ticket := body.get("issue") or body.get("pull_request") or body.get("discussion"):
            assert f"thread:{body['repository']['full_name'].lower()}#{ticket['number']}" in keys


@pytest.mark.parametrize("part", ["issue_comment", "pull_request_review_comment", "release", "star", "issues"])
def test_what_was_deleted_is_gone(data: Path, part: str) -> None:
    deleted = [path for event, path in bodies(data) if event == part and path.name.startswith("deleted")]
    assert deleted
    for path in deleted:
        assert [act.removed for act in acts_of(path)].count(True) == 1
