"""Every real history of moderation that is at hand: what Kith tells agrees with a count by other means."""

import csv
import io
import json
import lzma
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from crm.activity import Activity, Refused
from crm.reading import Inputs
from crm.sources import moderation

LISTS = ["mastodon.social", "gardenfence"]


def told(path: Path, host: str = "") -> list[Activity]:
    found = list(moderation.read(Inputs([str(path)], host)))
    assert not [one for one in found if isinstance(one, Refused)]
    acts = [one for one in found if isinstance(one, Activity)]
    assert len({act.key for act in acts}) == len(acts)
    return acts


def test_every_line_of_a_public_log_is_told(data: Path) -> None:
    acts = told(data / "moderation/nixos-moderation-log.csv")
    rows = list(csv.DictReader(io.StringIO((data / "moderation/nixos-moderation-log.csv").read_text(encoding="utf-8"))))
    added = [row for row in rows if row["change"] == "added"]
    assert len(acts) == len(rows) == 69
    assert sum(act.own_kind == "entry removed" for act in acts) == len(rows) - len(added)
    speaking = [row["text"] for row in added if row["text"].lstrip("@").startswith("member-")]
    sanctions = Counter(act.own_kind for act in acts if act.whom and act.own_kind != "entry removed")
    assert sanctions.total() == len(speaking)
    assert sanctions["mute"] == sum(" muted " in text for text in speaking)
    assert sanctions["ban"] + sanctions["entry corrected"] >= sum(" banned " in text for text in speaking)
    pseudonyms = {name for act in acts for whom in act.whom if (name := whom.who.name.partition(":")[0])}
    words = {word for row in rows for word in row["text"].replace("(", " ").replace(")", " ").split()}
    assert pseudonyms == {
        word.strip("@,.").partition(":")[0] for word in words if word.lstrip("@").startswith("member-")
    }


def test_every_reworded_line_of_a_public_log_points_to_what_it_replaces(data: Path) -> None:
    acts = told(data / "moderation/nixos-moderation-log.csv")
    keys = {act.key for act in acts}
    later = [act for act in acts if act.own_kind.startswith("entry")]
    assert len(later) == 20 and all(act.parent in keys for act in later)


def test_a_recorded_report_is_told_with_all_that_became_of_it(data: Path) -> None:
    path = data / "moderation/mastodon-admin-reports.jsonl"
    exchanges = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [
        one["uri"].rpartition("/")[2] for one in exchanges if one["method"] == "POST" and "/reports/" in one["uri"]
    ]
    names = {"": "opened", "resolve": "resolved", "reopen": "reopened", "assign_to_self": "assigned"}
    acts = told(path)
    assert [act.own_kind for act in acts] == [f"report {names.get(verb, f'{verb}ed')}" for verb in asked]
    assert {act.precision for act in acts} == {"instant"} and {act.host for act in acts} == {"localhost:3000"}


def test_the_accounts_of_an_administrators_list_are_told_once(data: Path) -> None:
    path = data / "moderation/mastodon-admin-accounts.jsonl"
    found: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)["response"]
        found |= {one["id"] for one in (answer if isinstance(answer, list) else [answer]) if "confirmed" in one}
    acts = told(path)
    assert sorted(act.who.uid for act in acts if act.who) == sorted(found)
    assert {act.kind for act in acts} == {"joined"}


@pytest.mark.parametrize("name", LISTS)
def test_block_lists_tell_every_addition_change_and_removal(data: Path, name: str) -> None:
    path = data / f"moderation/blocklist-{name}.tar.xz"
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    with lzma.open(path) as packed, tarfile.open(fileobj=packed) as tar:
        for member in tar:
            if member.isfile() and (opened := tar.extractfile(member)):
                rows = csv.DictReader(io.TextIOWrapper(opened, "utf-8"))
                flags = ("reject_media", "reject_reports", "obfuscate")
                lists[member.name.rpartition("/")[2]] = {
                    row["domain"]: (row["severity"], row["public_comment"].strip(), *(row[one] for one in flags))
                    for row in rows
                }
    count: Counter[str] = Counter()
    before: dict[str, tuple[str, ...]] = {}
    for day in sorted(lists):
        now = lists[day]
        count["domain unblock"] += len(before.keys() - now.keys())
        for domain, state in now.items():
            old = before.get(domain)
            if old is None or old[0] != state[0]:
                count[f"domain {state[0]}"] += 1
            elif [one.lower() == "true" for one in old[2:]] != [one.lower() == "true" for one in state[2:]] or (
                old[1] != state[1]
            ):
                count["domain block changed"] += 1
        before = now
    assert Counter(act.own_kind for act in told(path, name)) == +count
