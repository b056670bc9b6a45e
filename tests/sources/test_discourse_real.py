"""Real Discourse forums, told by the importer and counted by other means, must agree."""

import json
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crm.activity import Activity, Refused
from crm.discourse.sheets import NO_POSTS
from crm.kinds import KINDS
from crm.reading import Inputs
from crm.sources import discourse

URHO = "discourse/urho3d-forum-topics.jsonl.xz"
DELVING = "discourse/delvingbitcoin-posts-2022-2023.jsonl.xz"


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in discourse.read(Inputs([str(path) for path in paths], host)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def topics(data: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(data / URHO) as file:
        yield from map(json.loads, file)


def test_a_whole_real_forum_agrees_with_a_plain_count(data: Path) -> None:
    acts, refused = told(data / URHO)
    counted: Counter[str] = Counter()
    people, replies = set(), set()
    for topic in topics(data):
        own = topic["post_stream"]["posts"]
        ids = {item["post_number"]: item["id"] for item in own}
        for item in own:
            counted["posts"] += 1
            counted["solved"] += item["accepted_answer"]
            counted["small"] += item["post_type"] == 3
            counted["hidden"] += item["hidden"]
            counted["likes"] += sum(action["count"] for action in item["actions_summary"] if action["id"] == 2)
            people.add(str(item["user_id"]))
            if item["reply_to_post_number"] in ids:
                replies.add((f"post:{item['id']}", f"post:{ids[item['reply_to_post_number']]}"))
    posts = [act for act in acts if act.key.startswith("post:")]
    assert not refused and {act.host for act in acts} == {"discourse.urho3d.io"}
    assert len(posts) == counted["posts"] == len({act.key for act in posts})
    assert sum(act.kind == "solved" for act in acts) == sum(act.kind == "answered" for act in acts) == counted["solved"]
    assert (
        sum("." in act.own_kind or act.own_kind == "split_topic" for act in posts if act.kind == "moderated")
        == counted["small"]
    )
    assert sum(act.removed for act in posts) == counted["hidden"]
    assert sum(act.reactions.get("like", 0) for act in acts) == counted["likes"]
    assert {act.who.uid for act in acts if act.who} == people
    assert replies <= {(act.key, act.parent) for act in posts}
    assert {whom.who.uid for act in acts for whom in act.whom} <= people
    assert {act.kind for act in acts} <= KINDS.keys()


def test_single_posts_of_a_real_forum_agree_with_a_plain_count(data: Path) -> None:
    acts, refused = told(data / DELVING)
    with lzma.open(data / DELVING) as file:
        rows = [json.loads(line) for line in file]
    assert not refused and {act.host for act in acts} == {"delvingbitcoin.org"}
    assert Counter((act.key, act.revision) for act in acts) == Counter((f"post:{r['id']}", r["version"]) for r in rows)
    assert {act.who.uid for act in acts if act.who} == {str(row["user_id"]) for row in rows}
    likes = sum(action.get("count", 0) for row in rows for action in row["actions_summary"] if action["id"] == 2)
    assert sum(act.reactions.get("like", 0) for act in acts) == likes
    ids = {(row["topic_id"], row["post_number"]): row["id"] for row in rows}
    answers = {
        (f"post:{row['id']}", f"post:{ids[row['topic_id'], row['reply_to_post_number']]}")
        for row in rows
        if (row["topic_id"], row["reply_to_post_number"]) in ids
    }
    assert answers and answers <= {(act.key, act.parent) for act in acts}


def posts_within(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        if {"post_number", "topic_id", "cooked"} <= document.keys():
            yield f"post:{document['id']}"
        document = list(document.values())
    for part in document if isinstance(document, list) else ():
        yield from posts_within(part)


def test_other_answers_of_the_api_are_refused_with_a_sentence(data: Path) -> None:
    folder = data / "discourse/discourse_api-fixtures"
    acts, refused = told(folder, host="forum.example.org")
    expected = {key for path in folder.glob("*.json") for key in posts_within(json.loads(path.read_text()))}
    assert {act.key for act in acts} == expected and len(expected) == 11
    assert {item.reason for item in refused} == {NO_POSTS}
