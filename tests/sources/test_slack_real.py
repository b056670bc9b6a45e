"""A real Slack workspace and real answers of Slack's API, told by the importer and counted by other means, must agree."""

import io
import json
import lzma
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Refused
from crm.kinds import KINDS
from crm.reading import Inputs
from crm.sources import slack

EXPORT = "slack/r-contributors-slack-export.zip.xz"
API = "perceval-fixtures/slack"
DAY = re.compile(r"(.+)/\d{4}-\d\d-\d\d\.json")


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in slack.read(Inputs([str(path) for path in paths], host)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


@pytest.fixture(scope="module")
def acts(data: Path) -> list[Activity]:
    found, refused = told(data / EXPORT)
    assert not refused
    return found


@pytest.fixture(scope="module")
def archive(data: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(lzma.decompress((data / EXPORT).read_bytes())))


@pytest.fixture(scope="module")
def messages(archive: zipfile.ZipFile) -> list[tuple[str, dict[str, Any]]]:
    return list(messages_in(archive))


def messages_in(archive: zipfile.ZipFile) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in archive.namelist():
        if found := DAY.fullmatch(name):
            yield from ((found[1], message) for message in json.loads(archive.read(name)))


def listed(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(name))
    return found


def test_every_message_of_every_channel_is_one_act(
    acts: list[Activity], messages: list[tuple[str, dict[str, Any]]]
) -> None:
    told_of = [act for act in acts if act.place and act.key == f"{act.place.key}:{act.key.rpartition(':')[2]}"]
    of_messages = [act for act in told_of if act.own_kind != "channel_created"]
    assert Counter((act.place.name, act.key.rpartition(":")[2]) for act in of_messages if act.place) == Counter(
        (f"#{folder}", message["ts"]) for folder, message in messages
    )
    assert len(of_messages) == 12_564 and len({act.key for act in acts}) == len(acts)
    assert {act.kind for act in acts} <= KINDS.keys() and {act.host for act in acts} == {"T01DW9DLB2A"}


def test_threads_reactions_edits_joins_and_invitations_agree_with_a_plain_count(
    acts: list[Activity], messages: list[tuple[str, dict[str, Any]]]
) -> None:
    counted: Counter[str] = Counter()
    for _, message in messages:
        subtype = message.get("subtype", "")
        counted["replied"] += message.get("thread_ts", message["ts"]) != message["ts"]
        counted["reacted"] += sum(len(one["users"]) for one in message.get("reactions", ()))
        counted["edited"] += "edited" in message
        counted["removed"] += subtype == "tombstone"
        counted["joined"] += subtype == "channel_join"
        counted["invited"] += message.get("inviter", message.get("user")) != message.get("user")
    kinds = Counter(act.kind for act in acts)
    found = {kind: kinds[kind] for kind in ("replied", "reacted", "joined", "invited")}
    found["edited"] = sum(act.edited_at is not None for act in acts)
    found["removed"] = sum(act.removed for act in acts)
    assert found == counted
    assert (kinds["replied"], kinds["reacted"], kinds["joined"]) == (3_447, 4_874, 1_487)


def test_everybody_in_the_list_of_members_is_there_and_nobody_twice(
    acts: list[Activity], archive: zipfile.ZipFile, messages: list[tuple[str, dict[str, Any]]]
) -> None:
    people = {user["id"] for user in listed(archive, "users.json") if not user["is_bot"]}
    machines = {user["profile"]["bot_id"]: user["id"] for user in listed(archive, "users.json") if user["is_bot"]}
    met = Counter(act.who.uid for act in acts if act.who)
    assert people <= met.keys()
    posters = {message["user"] for _, message in messages if message.get("user") and "tombstone" not in str(message)}
    apps = {message["bot_id"] for _, message in messages if not message.get("user")}
    assert posters <= met.keys() and {machines.get(app, app) for app in apps} <= met.keys()
    assert all(met[act.who.uid] == 1 for act in acts if act.kind == "listed" and act.who)
    assert not met.keys() & machines.keys(), "an app with an account is that account"


def test_mentions_reach_the_people_they_name(acts: list[Activity], messages: list[tuple[str, dict[str, Any]]]) -> None:
    expected = set()
    for folder, message in messages:
        if message.get("subtype") in (None, "thread_broadcast", "me_message"):
            for uid in set(re.findall(r"<@(U[A-Z0-9]+)(?:\|[^>]*)?>", message["text"])) - {message["user"]}:
                expected.add((f"#{folder}", message["ts"], uid))
    found = {
        (act.place.name, act.key.rpartition(":")[2], whom.who.uid)
        for act in acts
        for whom in act.whom
        if act.place and whom.role == "mentioned" and act.own_kind in ("message", "thread_broadcast", "me_message")
    }
    without_text = {(f"#{folder}", message["ts"]) for folder, message in messages if not message["text"]}
    assert len(expected) > 1000 and expected <= found
    assert {(place, ts) for place, ts, _ in found - expected} <= without_text, "there the mention stands in a block"
    assert not [act.key for act in acts if re.search(r"<@U[A-Z0-9]{6,}", act.text)]


def test_channels_go_by_their_id_wherever_the_export_tells_it(acts: list[Activity], archive: zipfile.ZipFile) -> None:
    places = {act.place.name: act.place.key for act in acts if act.place}
    channels = {f"#{channel['name']}": channel["id"] for channel in listed(archive, "channels.json")}
    assert len(places) == 33 and channels.items() <= places.items()
    mentioned = {"#core-translation-ca", "#core-translation-es", "#core-translation-po-bugs"}
    assert {name for name in places.keys() - channels.keys() if places[name].startswith("C0")} == mentioned
    assert {name for name, key in places.items() if key == f"name:{name[1:]}"} == (
        places.keys() - channels.keys() - mentioned
    )


def test_answers_of_the_api_agree_with_a_plain_count(data: Path) -> None:
    acts, refused = told(data / API)
    answers = [json.loads(path.read_text()) for path in sorted((data / API).glob("*.json"))]
    sent = [message for answer in answers for message in answer.get("messages", ())]
    of_messages = [act for act in acts if act.kind not in ("created", "listed")]
    assert Counter(act.key for act in of_messages) == Counter(f"C011DUKE8:{message['ts']}" for message in sent)
    assert {act.host for act in acts} == {"T0001"}
    assert len(refused) == sum(not answer["ok"] for answer in answers) == 2
    members = {uid for answer in answers for uid in answer.get("members", ())}
    assert members <= {act.who.uid for act in acts if act.kind == "listed" and act.who}
