"""Files to import while things are killed: comments under issues, as an archive of GitHub's events keeps them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

START = datetime(2022, 1, 1, tzinfo=UTC)
API, PAGE = "https://api.github.com/repos/kith/bench", "https://github.com/kith/bench/issues"


def write(path: Path, part: int, lines: int) -> None:
    """The same file for the same part, always: so many comments, ten under an issue."""
    random = Random(part)
    with path.open("w") as file:
        for number in range(lines):
            file.write(json.dumps(_comment(random, part * 1_000_000 + number)) + "\n")


def _comment(random: Random, number: int) -> dict[str, Any]:
    at = (START + timedelta(minutes=number % 1_000_000)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ticket, actor = number // 10 + 1, _account(random)
    issue = {
        "id": ticket, "number": ticket, "title": f"Question {ticket}", "user": _account(Random(ticket)), "created_at": at[:11] + "00:00:00Z",
        "url": f"{API}/issues/{ticket}", "html_url": f"{PAGE}/{ticket}", "body": "How?", "updated_at": at,
    }  # fmt: skip
    issue["created_at"] = (START + timedelta(minutes=(number - number % 10) % 1_000_000)).strftime("%Y-%m-%dT%H:%M:%SZ")
    comment = {
        "id": number + 1, "user": actor, "body": f"Answer {number}", "created_at": at, "updated_at": at,
        "html_url": f"{PAGE}/{ticket}#issuecomment-{number + 1}",
    }  # fmt: skip
    return {
        "id": str(number), "type": "IssueCommentEvent", "actor": actor, "created_at": at,
        "repo": {"id": 5, "name": "kith/bench", "url": API}, "payload": {"action": "created", "issue": issue, "comment": comment},
    }  # fmt: skip


def _account(random: Random) -> dict[str, Any]:
    number = int(500 ** random.random())
    return {"id": number, "login": f"member{number}", "type": "User"}
