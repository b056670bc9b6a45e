"""Real gatherings, told by the importer and counted by other means, must agree."""

import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crm.activity import Activity, Refused
from crm.reading import Inputs
from crm.sources import events

YEARS = [f"events/rladies-meetup-events-{year}.json.xz" for year in (2017, 2018, 2019)]
MEETUP = "perceval-fixtures/meetup"


def told(*paths: Path) -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in events.read(Inputs([str(path) for path in paths])):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def plain(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(lzma.open(path).read() if path.suffix == ".xz" else path.read_bytes())
    return found


@pytest.mark.parametrize("name", YEARS)
def test_a_year_of_gatherings_agrees_with_a_plain_count(data: Path, name: str) -> None:
    acts, refused = told(data / name)
    whole = plain(data / name)
    assert not refused and len(acts) == len({act.key for act in acts}) == len(whole)
    assert {act.kind for act in acts} == {"hosted"} and not any(act.who or act.whom for act in acts)
    assert sum(act.removed for act in acts) == sum(one["status"] == "CANCELLED" for one in whole)
    assert sum(act.reactions.get("registered", 0) for act in acts) == sum(one["rsvps"]["yesCount"] for one in whole)
    assert sum(act.reactions.get("waiting", 0) for act in acts) == sum(one["rsvps"]["waitlistCount"] for one in whole)
    assert {act.place.key for act in acts if act.place} == {one["group"]["urlname"].lower() for one in whole}
    assert {f"event:{one['id']}": one["title"] for one in whole} == {act.key: act.title for act in acts}
    assert not any(act.doubt for act in acts) and {act.precision for act in acts} == {"minute"}
    days = Counter(one["dateTime"][:4] for one in whole)
    assert abs(Counter(str(act.at.year) for act in acts)[name[-12:-8]] - days[name[-12:-8]]) <= 5  # the new year in UTC


def test_every_chapter_is_a_place_that_was_founded(data: Path) -> None:
    acts, refused = told(data / "events/rladies-chapters.json.xz")
    whole = plain(data / "events/rladies-chapters.json.xz")
    assert not refused and [act.title for act in acts] == [one["name"] for one in whole]
    assert {act.kind for act in acts} == {"created"}
    assert sum(act.reactions.get("members", 0) for act in acts) == sum(
        one["memberships"]["totalCount"] for one in whole
    )
    assert len({act.place.key for act in acts if act.place}) == len({one["urlname"].lower() for one in whole})


def test_the_events_of_an_ambassador_programme_have_owners_by_number(data: Path) -> None:
    acts, refused = told(data / "events/mozilla-reps-remo.perceval.json.xz")
    whole = [one["data"] for one in plain(data / "events/mozilla-reps-remo.perceval.json.xz")]
    assert not refused and len(acts) == len(whole)
    assert len({act.key for act in acts}) == len({one["remo_url"] for one in whole})
    owners = {one["owner"]["_url"].rstrip("/").rpartition("/")[2] for one in whole}
    assert {act.who.uid for act in acts if act.who} == owners
    assert [act.reactions["expected"] for act in acts] == [one["estimated_attendance"] for one in whole]


def test_reports_typed_in_by_hand_are_all_read_but_those_without_a_possible_date(data: Path) -> None:
    acts, refused = told(data / "events/mozilla-clubs.perceval.json.xz")
    whole = [one["data"] for one in plain(data / "events/mozilla-clubs.perceval.json.xz")]
    impossible = [one for one in whole if one["Date of Event"].endswith("/0001")]
    assert len(acts) == len({act.key for act in acts}) == len(whole) - len(impossible)
    assert [one.reason for one in refused] == ["“9/3/0001” is not a date that Kith can read, such as 2024-05-31 18:30."]
    counted = sum(int(one["Attendance"]) for one in whole if one not in impossible)
    assert sum(act.reactions.get("attended", 0) for act in acts) == counted
    assert len({act.place.key for act in acts if act.place}) == len(
        {" ".join(one["Club Name"].casefold().split()) for one in whole if one not in impossible}
    )


@pytest.mark.parametrize("name", ["meetup_events.json", "meetup_events_next.json", "meetup_events_range.json"])
def test_the_old_interface_tells_the_gatherings_with_their_hosts(data: Path, name: str) -> None:
    acts, refused = told(data / MEETUP / name)
    whole = plain(data / MEETUP / name)
    assert not refused
    gatherings = [act for act in acts if act.key == act.thread]
    assert [act.key for act in gatherings] == [f"event:{one['id']}" for one in whole]
    assert [int(act.at.timestamp() * 1000) for act in gatherings] == [one["time"] for one in whole]
    assert [act.reactions.get("registered", 0) for act in gatherings] == [one["yes_rsvp_count"] for one in whole]
    hosts = {(f"event:{one['id']}", str(host["id"])) for one in whole for host in one["event_hosts"]}
    assert {(act.thread, act.who.uid) for act in acts if act.who} == hosts
    assert not any("<p>" in act.text for act in acts)


def test_answers_and_comments_alone_are_told_of_their_gathering(data: Path) -> None:
    answers, refused = told(data / MEETUP / "meetup_rsvps.json")
    assert not refused and [act.kind for act in answers] == ["registered"] * 3
    assert {(act.thread, act.who.uid) for act in answers if act.who} == {
        (f"event:{one['event']['id']}", str(one["member"]["id"])) for one in plain(data / MEETUP / "meetup_rsvps.json")
    }
    comments, refused = told(data / MEETUP / "meetup_comments.json")
    assert not refused and [(act.kind, act.thread) for act in comments] == [("replied", answers[0].thread)] * 2
    assert [act.reactions["like"] for act in comments] == [1, 2]


def test_an_empty_answer_is_named(data: Path) -> None:
    acts, refused = told(data / MEETUP / "meetup_events_empty.json")
    assert not acts and [one.reason for one in refused] == ["the file is empty"]
