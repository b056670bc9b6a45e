"""The GitHub importer: an act is the same whatever it comes packed in, and says who did what to whom."""

import json
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm.activity import Activity, Refused
from crm.github.events import EVENTS
from crm.github.people import acquainted, mentions
from crm.github.place import locate
from crm.github.recent import Recent
from crm.github.shapes import Account
from crm.reading import Inputs, Row
from crm.sources import git, github, source

SAMPLES = Path(__file__).parent / "github"
NAMES = ("backup", "rest", "hour")


def read(*paths: Path, host: str = "") -> list[Activity | Refused]:
    return list(github.read(Inputs(tuple(map(str, paths)), host)))


def acts(*paths: Path) -> list[Activity]:
    return [found for found in read(*paths) if isinstance(found, Activity)]


def plain(found: Activity | Refused) -> dict[str, Any]:
    """All of a fact that is not its default; a refusal by its line and reason."""
    if isinstance(found, Refused):
        return {"line": found.line, "refused": found.reason}
    empty = json.loads(msgspec.json.encode(Activity(source="", host="", key="", kind="", own_kind="", at=found.at)))
    filled = json.loads(msgspec.json.encode(found))
    return {name: value for name, value in filled.items() if name == "at" or value != empty[name]}


@pytest.mark.parametrize("name", NAMES)
def test_every_document_of_the_sample_says_what_was_written_down_for_it(name: str) -> None:
    expected = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert [plain(found) for found in read(SAMPLES / f"{name}.jsonl")] == expected


def test_the_sample_holds_every_kind_of_event() -> None:
    lines = (SAMPLES / "hour.jsonl").read_text(encoding="utf-8").splitlines()
    held = {json.loads(line)["type"].removesuffix("Event").lower() for line in lines}
    assert {word.replace("_", "") for word in EVENTS} - {"star"} <= held


def test_it_is_found_by_its_name() -> None:
    assert source("github").LABEL == "GitHub"


IDS = st.integers(1, 2**53)
NAME = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
PEOPLE = st.builds(lambda id, login: {"id": id, "login": login, "type": "User"}, IDS, NAME)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def rows(document: dict[str, Any], host: str = "") -> list[Activity]:
    found = list(github.acts(Row("a file", 1, json.dumps(document).encode()), host))
    assert not [refused for refused in found if isinstance(refused, Refused)]
    return [act for act in found if isinstance(act, Activity)]


def archived(kind: str, repo: str, actor: Any, at: str, **payload: Any) -> dict[str, Any]:
    address = f"https://api.github.com/repos/{repo}"
    named = {"id": 5, "name": repo, "url": address}
    return {"id": "1", "type": kind, "actor": actor, "repo": named, "payload": payload, "created_at": at}


def told(found: list[Activity]) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """What must not depend on the packing, by what makes it the same act."""
    return {
        (act.source, act.host, act.key): (
            act.kind,
            act.own_kind,
            act.thread,
            act.parent,
            act.text,
            act.title,
            act.link,
        )
        for act in found
    }


@given(NAME, NAME, IDS, PEOPLE, PEOPLE, MOMENTS, MOMENTS, st.text())
def test_a_comment_and_its_issue_are_the_same_acts_from_every_packing(
    owner: str, name: str, number: int, asker: Any, helper: Any, opened: str, at: str, words: str
) -> None:
    api, page = (
        f"https://api.github.com/repos/{owner}/{name}",
        f"https://github.com/{owner}/{name}/issues/{number}",
    )
    issue = {
        "number": number,
        "title": "Help",
        "html_url": page,
        "url": f"{api}/issues/{number}",
        "user": asker,
    }
    issue |= {"id": 1, "created_at": opened, "updated_at": at, "body": words}
    comment = {"id": 2, "user": helper, "body": words, "created_at": at, "html_url": f"{page}#issuecomment-2"}
    item = {"event": "commented", "actor": helper, **comment}
    kept = told(rows({"type": "issue", "issue": issue, "events": [item]}))
    repository = f"{owner}/{name}".upper()
    hour = archived("IssueCommentEvent", repository, helper, at, action="created", issue=issue, comment=comment)
    assert told(rows(hour)) == kept
    assert told(rows(issue) + rows(comment)) == kept


@given(PEOPLE, PEOPLE, MOMENTS, st.integers(0, 5))
def test_a_merge_is_the_same_act_from_every_packing_even_where_the_timeline_lags(
    author: Any, merger: Any, at: str, lag: int
) -> None:
    page = "https://github.com/Tea/Pot/pull/3"
    later = (datetime.fromisoformat(at) + timedelta(seconds=lag)).isoformat()
    pull = {
        "number": 3,
        "title": "Lid",
        "html_url": page,
        "user": author,
        "created_at": at,
        "base": {"ref": "main"},
    }
    pull |= {"merged": True, "merged_at": at, "merged_by": merger, "closed_at": at}
    happened = [{"event": event, "id": lag, "actor": merger, "created_at": later} for event in ("merged", "closed")]
    kept = {act.key for act in rows({"type": "pull", "pull": pull, "events": happened, "comments": []})}
    hour = archived("PullRequestEvent", "tea/pot", merger, later, action="closed", pull_request=pull)
    assert {act.key for act in rows(hour)} == kept
    assert {act.key for act in rows(pull | {"closed_by": merger})} == kept
    twin = {name: pull[name] for name in ("number", "title", "html_url", "user", "created_at", "closed_at")}
    assert {act.key for act in rows(twin | {"pull_request": {"url": "x"}, "closed_by": merger})} < kept


def test_a_commit_is_the_one_that_the_git_importer_makes(tmp_path: Path) -> None:
    author = {"name": "Ngọc Lê", "email": "Ngoc@Tea.example", "date": "2024-03-01T18:59:00+07:00"}
    commit = {"hash": "d" * 40, "parents": ["9" * 40], "author": author, "subject": "whistle: add a horn"}
    commit |= {"committer": {"name": "Linh Trần", "email": "linh@tea.example"}}
    commit |= {"body": "Louder.\n\nReported-by: Oli Berg <oli@berg.example>\n"}
    dump = tmp_path / "log.jsonl"
    dump.write_text(json.dumps(commit), encoding="utf-8")
    read_by_git = list(git.read(Inputs((str(dump),), "github.com/Teahouse/Kettle")))
    assert [act for act in acts(SAMPLES / "backup.jsonl") if act.source == "git"] == read_by_git


DOCUMENTS = [json.loads(line) for name in NAMES for line in (SAMPLES / f"{name}.jsonl").read_text("utf-8").splitlines()]
UNFIT: list[Any] = [None, [], {}, True, "0001-01-01T00:00:00+14:00"]
SPOILT = st.integers() | st.text() | st.sampled_from(UNFIT)


@given(st.data())
def test_a_spoilt_document_is_refused_and_stops_nothing(draw: st.DataObject) -> None:
    document = json.loads(json.dumps(draw.draw(st.sampled_from(DOCUMENTS))))
    part: Any = document
    while True:
        place = draw.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[place], dict | list) or not part[place] or draw.draw(st.booleans()):
            break
        part = part[place]
    part[place] = draw.draw(SPOILT)
    found = list(github.acts(Row("a file", 1, json.dumps(document).encode()), ""))
    assert all(act.at.year > 1 for act in found if isinstance(act, Activity))
    assert all(refused.reason for refused in found if isinstance(refused, Refused))


def test_two_stars_of_one_person_for_one_repository_are_one() -> None:
    stars = [act.key for act in acts(SAMPLES / "hour.jsonl") if act.kind == "starred"]
    assert len(stars) == 2 and len(set(stars)) == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ann, look; and you, @bob-1!", ["ann", "bob-1"]),
        ("ann@bob-1.example wrote to @nobody", []),
        ("`@ann` and\n```java\n@Bob-1\n```", []),
        ("> @ann said so\n\n@bob-1 did not", ["bob-1"]),
        ("@ann/team is a team, @bob-1-2 somebody else", []),
        ("(@ann) **@bob-1**", ["ann", "bob-1"]),
    ],
)
def test_a_text_names_only_those_whose_ids_are_known_and_not_in_code_or_quotations(text: str, named: list[str]) -> None:
    people = acquainted((Account(1, "Ann"), Account(2, "bob-1")))
    assert [found.login.lower() for found, _ in mentions(text, people) if found] == named


@pytest.mark.parametrize(
    ("address", "host", "name", "number"),
    [
        ("https://api.github.com/repos/Tea/Pot/issues/3", "github.com", "Tea/Pot", 3),
        ("https://github.com/Tea/Pot/pull/3#discussion_r1", "github.com", "Tea/Pot", 3),
        ("https://git.tea.example/api/v3/repos/Tea/Pot", "git.tea.example", "Tea/Pot", 0),
        ("https://git.tea.example/Tea/Pot/discussions/12", "git.tea.example", "Tea/Pot", 12),
    ],
)
def test_an_address_tells_host_repository_and_number(address: str, host: str, name: str, number: int) -> None:
    found = locate(address)
    assert found and (found[0].host, found[0].name, found[1]) == (host, name, number)


def test_the_host_that_was_asked_for_wins() -> None:
    hosts = {
        found.host for found in read(SAMPLES / "rest.jsonl", host="git.example.org") if isinstance(found, Activity)
    }
    assert hosts == {"git.example.org"}


def test_an_opening_is_told_again_only_when_it_changed() -> None:
    openings = [act for act in acts(SAMPLES / "hour.jsonl") if act.key == "thread:teahouse/kettle#7"]
    assert [act.reactions for act in openings] == [{}, {"+1": 2, "heart": 1}]


def test_what_was_told_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.github.recent.ROOM", 10)
    recent, first = Recent(), acts(SAMPLES / "backup.jsonl")[0]
    openings = [replace(first, key=f"thread:a/b#{number}", thread=f"thread:a/b#{number}") for number in range(100)]
    assert not any(recent.repeats(opening) for opening in openings)
    assert recent.repeats(openings[-1]) and not recent.repeats(openings[0])
    assert len(recent.now) + len(recent.before) <= 20


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(times: int) -> int:
        path = tmp_path / f"{times}.jsonl"
        path.write_bytes((SAMPLES / "backup.jsonl").read_bytes() * times)
        tracemalloc.start()
        for _ in github.read(Inputs((str(path),))):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(200) < 1.5 * peak(20)
