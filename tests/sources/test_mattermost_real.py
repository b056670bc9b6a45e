"""Real answers of Mattermost's API, told by the importer and counted with plain JSON, must agree."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from crm.activity import Activity, Refused
from crm.reading import Inputs
from crm.sources import mattermost

FOLDER = "perceval-fixtures/mattermost"


def read(*paths: Path) -> tuple[list[Activity], list[Refused]]:
    found = list(mattermost.read(Inputs([str(path) for path in paths])))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def posts_in(paths: list[Path]) -> dict[str, dict[str, Any]]:
    return {key: post for path in paths for key, post in json.loads(path.read_text())["posts"].items()}


def test_every_post_is_told_with_its_writer_and_thread(data: Path) -> None:
    paths = sorted((data / FOLDER).glob("mattermost_posts*.json"))
    posts = posts_in(paths)
    acts, refused = read(*paths)
    assert not refused and {act.key for act in acts} == posts.keys()
    for act in acts:
        post = posts[act.key]
        assert act.who and act.who.uid == post["user_id"]
        assert act.at.timestamp() * 1000 == post["create_at"]
        if not post["type"]:
            assert (act.parent, act.text) == (post["root_id"], post["message"])


def test_kinds_are_as_the_types_and_roots_of_posts_tell(data: Path) -> None:
    paths = sorted((data / FOLDER).glob("mattermost_posts*.json"))
    posts = posts_in(paths).values()
    joined = sum(post["type"] == "system_join_team" for post in posts)
    replied = sum(bool(post["root_id"]) for post in posts)
    acts, _ = read(*paths)
    assert Counter(act.kind for act in acts) == {
        "joined": joined,
        "replied": replied,
        "posted": len(posts) - joined - replied,
    }


def test_with_members_and_channel_people_have_names_and_only_the_error_is_refused(data: Path) -> None:
    acts, refused = read(data / FOLDER)
    users = [json.loads(path.read_text()) for path in (data / FOLDER).glob("mattermost_user_*.json")]
    assert {act.who.uid: act.who.login for act in acts if act.who and act.who.login} == {
        user["id"]: user["username"] for user in users
    }
    assert sum(act.own_kind == "member" for act in acts) == len(users)
    assert sum(act.kind == "created" for act in acts) == 1
    assert [Path(one.file).name for one in refused] == ["mattermost_erros.json"]
