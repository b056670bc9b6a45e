"""Whole real communities through the whole road: what stands in the log agrees with a count of the files by other means."""

import gzip
import json
import lzma
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm import importing, ledger
from crm.cli.counting import Counts, how_much_there_is
from crm.importing import Progress
from crm.installation import Installation
from crm.reading import Inputs
from projections.engine import Engine
from projections.members import how_many_members

Count = Callable[[Path], Counter[str]]


def documents(path: Path) -> Iterator[Any]:
    opened = lzma.open(path, "rt") if path.suffix == ".xz" else gzip.open(path, "rt")
    with opened as lines:
        yield from map(json.loads, lines)


def commits(path: Path) -> Counter[str]:
    found = list(documents(path))
    merges = sum(len(one["parents"]) > 1 for one in found)
    return Counter(interactions=len(found), merged=merges, contributed=len(found) - merges)


def forum(path: Path) -> Counter[str]:
    posts = [post for topic in documents(path) for post in topic["post_stream"]["posts"]]
    solved = sum(bool(post.get("accepted_answer")) for post in posts)
    moderated = sum(post["post_type"] != 1 for post in posts)
    people = len({post["user_id"] for post in posts})
    return Counter(interactions=len(posts) + solved, solved=solved, moderated=moderated, members=people)


def single_posts(path: Path) -> Counter[str]:
    found = [one.get("post", one) for one in documents(path)]
    return Counter(interactions=len({one["id"] for one in found if "post_number" in one}))


def hour(path: Path) -> Counter[str]:
    found = list(documents(path))
    stars = {(one["actor"]["id"], one["repo"]["id"]) for one in found if one["type"] == "WatchEvent"}
    forks = sum(one["type"] == "ForkEvent" for one in found)
    return Counter(starred=len(stars), forked=forks)


def reviews(path: Path) -> Counter[str]:
    items = [item for one in documents(path) for item in one["events"]]
    return Counter(
        merged=sum(item["event"] == "merged" for item in items),
        reopened=sum(item["event"] == "reopened" for item in items),
    )


FILES: list[tuple[str, str, Count]] = [
    ("git", "git/litestar.gitlog.jsonl.gz", commits),
    ("git", "git/urho3d.gitlog.jsonl.gz", commits),
    ("git", "git/curl.gitlog.jsonl.gz", commits),
    ("discourse", "discourse/urho3d-forum-topics.jsonl.xz", forum),
    ("discourse", "discourse/delvingbitcoin-posts-2022-2023.jsonl.xz", single_posts),
    ("github", "github/bitcoin-core-gui-issues.jsonl.xz", reviews),
    ("github", "github/gharchive-2015-01-01-0.json.gz", hour),
]


def brought(kith: Installation, source: str, path: Path) -> tuple[Progress, Counts]:
    done = importing.run(kith, source, Inputs((str(path),)))
    Engine(kith).catch_up()
    with kith.connection() as connection:
        return done, how_much_there_is(connection, how_many_members(connection))


@pytest.mark.parametrize(("source", "name", "count"), FILES, ids=[name for _, name, _ in FILES])
def test_the_log_holds_what_the_file_holds_and_a_second_time_adds_nothing(
    data: Path, kith: Installation, source: str, name: str, count: Count
) -> None:
    expected = count(data / name)
    done, counts = brought(kith, source, data / name)
    found = counts.by_kind | {"interactions": counts.interactions, "members": counts.members}
    assert {what: found.get(what, 0) for what in expected} == expected
    assert done.read == done.recorded + done.known + done.refused
    assert done.recorded == counts.interactions
    again, after = brought(kith, source, data / name)
    assert (again.recorded, again.changed, again.known) == (0, 0, done.recorded + done.known)
    assert after.interactions == counts.interactions
    with kith.connection() as connection:
        assert ledger.verify(connection, kith.signing_key).intact
