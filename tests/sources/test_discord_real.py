"""A real server of 199,398 messages in tables of two versions, and two samples in JSON, agree with a plain count.

The whole is read once; that pulls may overlap is tried on one channel, as the real ones do not.
"""

import csv
import io
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from time import strptime

import pytest

from crm.activity import Activity, Refused
from crm.discord.people import LOST
from crm.discord.room import PRIVATE
from crm.reading import Inputs
from crm.sources import discord

TABLES = "discord/komodo-server-a.dce-csv.tar.xz"
SAMPLES = "chat-analytics-samples/discord"
FULL = "before-2019-Dec-05"
TOTAL = re.compile(r" \((\d+)\)")


def told(*paths: Path) -> tuple[list[Activity], list[Refused]]:
    found = list(discord.read(Inputs([str(path) for path in paths])))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def files(data: Path) -> Iterator[tuple[PurePosixPath, list[list[str]]]]:
    with tarfile.open(data / TABLES) as tar:
        for member in tar:
            if member.isfile() and (file := tar.extractfile(member)):
                text = file.read().decode("utf-8-sig")
                separator = ";" if text.startswith("AuthorID;") else ","
                yield (
                    PurePosixPath(member.name),
                    list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[1:],
                )


def test_a_whole_real_server_agrees_with_a_plain_count(data: Path) -> None:
    counted: Counter[str] = Counter()
    people: set[str] = set()
    channels: Counter[str] = Counter()
    crossing: dict[tuple[str, ...], Counter[str]] = {}
    for path, rows in files(data):
        for uid, _, date, words, attached, reactions, *_ in rows:
            counted["joined"] += words == "Joined the server."
            counted["pinned"] += words == "Pinned a message."
            counted["lost"] += uid == LOST
            counted["reactions"] += sum(map(int, TOTAL.findall(reactions)))
            people.add(uid)
            channels[path.parent.name] += 1
            crossing.setdefault((uid, date, words.strip(), attached), Counter())[path.parent.name] += 1
    in_two_channels = sum(each.total() - max(each.values()) for each in crossing.values())
    acts, refused = told(data / TABLES)
    assert not refused and len(acts) == channels.total() == 199_398
    assert Counter(act.place.name for act in acts if act.place) == channels
    assert {act.who.uid for act in acts if act.who} == people - {LOST}
    kinds = Counter(act.kind for act in acts)
    assert (kinds["joined"], kinds["moderated"]) == (counted["joined"], counted["pinned"])
    assert sum(act.who is None for act in acts) == counted["lost"]
    assert sum(sum(act.reactions.values()) for act in acts) == counted["reactions"]
    assert len(acts) - len({act.key for act in acts}) == in_two_channels == 53


def test_overlapping_pulls_of_a_real_channel_double_nothing(data: Path, tmp_path: Path) -> None:
    rows = [
        row
        for path, found in files(data)
        for row in found
        if path.parent.name == "introductions" and FULL not in path.parts
    ]
    rows.sort(key=lambda row: strptime(row[2], "%d-%b-%y %I:%M %p"))
    pulls = {"full": (rows, 100)} | {
        day: ([row for row in rows if row[2][:9] == day], 37) for day in {row[2][:9] for row in rows}
    }
    for folder, (chosen, size) in pulls.items():
        (tmp_path / folder).mkdir()
        for start in range(0, len(chosen), size):
            with open(tmp_path / folder / f"{start // size + 1}.csv", "w", newline="") as file:
                headings = ["AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"]
                csv.writer(file).writerows([headings, *(row[:6] for row in chosen[start : start + size])])
    full, _ = told(tmp_path / "full")
    both, refused = told(tmp_path)
    assert not refused and len(both) == 2 * len(full) == 2 * len(rows)
    assert {act.key for act in both} == {act.key for act in full} and len({act.key for act in full}) == len(rows)


@pytest.mark.parametrize("name", ["SV_5A_5M.json", "GC_3A_5M.json"])
def test_real_samples_in_json(data: Path, name: str) -> None:
    document = json.loads((data / SAMPLES / name).read_text())
    acts, refused = told(data / SAMPLES / name)
    if document["guild"]["id"] == "0":
        assert not acts and [one.reason for one in refused] == [PRIVATE]
        return
    messages = document["messages"]
    assert not refused and [act.key for act in acts] == [message["id"] for message in messages]
    totals = [sum(one["count"] for one in message["reactions"]) for message in messages]
    assert [sum(act.reactions.values()) for act in acts] == totals
    assert [bool(act.edited_at) for act in acts] == [bool(message["timestampEdited"]) for message in messages]
