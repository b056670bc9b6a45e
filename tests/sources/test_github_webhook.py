"""GitHub's webhooks: a delivery says the same as every other packing of the same act, however often it comes."""

import gzip
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Refused
from crm.detecting import detected
from crm.github.hooks import IDLE
from crm.installation import Installation
from crm.reading import Inputs, Row
from crm.sources import github, github_webhook

HERE = Path(__file__).parent / "github_webhook"
SAMPLE = HERE / "sample.jsonl"
LINES = SAMPLE.read_text(encoding="utf-8").splitlines()
PAGE = "https://github.com/Teahouse/Kettle"


def read(*paths: Path, host: str = "") -> list[Activity | Refused]:
    return list(github_webhook.read(Inputs(tuple(map(str, paths)), host)))


def written(folder: Path, *documents: Any) -> Path:
    path = folder / "deliveries.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return path


def told(folder: Path, *documents: Any, host: str = "") -> list[Activity]:
    """The acts of documents of which none may be refused."""
    found = read(written(folder, *documents), host=host)
    assert not [one for one in found if isinstance(one, Refused)]
    return [one for one in found if isinstance(one, Activity)]


def plain(found: Activity | Refused) -> dict[str, Any]:
    """All of a fact that is not its default; a refusal by its line and reason. A moment that is only “by now” is left out."""
    if isinstance(found, Refused):
        return {"line": found.line, "refused": found.reason}
    empty = json.loads(msgspec.json.encode(Activity(source="", host="", key="", kind="", own_kind="", at=found.at)))
    filled = json.loads(msgspec.json.encode(found))
    undated = found.precision == "by" and datetime.now(UTC) - found.at < timedelta(minutes=5)
    return {name: value for name, value in filled.items() if value != empty[name] or (name == "at" and not undated)}


def account(number: int, login: str) -> dict[str, Any]:
    return {"id": number, "login": login, "type": "User"}


LINH, MAI, OLI = account(1001, "linh-tran"), account(1005, "mai-le"), account(1003, "Oli-Berg")
REPOSITORY = {"id": 31, "full_name": "Teahouse/Kettle", "html_url": PAGE, "updated_at": "2024-05-01T08:00:00Z"}
ORGANISATION = {"id": 77, "login": "Teahouse", "url": "https://api.github.com/orgs/Teahouse"}
ISSUE = {"number": 7, "title": "Cold", "html_url": f"{PAGE}/issues/7", "user": MAI, "body": "It stays cold."}
ISSUE |= {"created_at": "2024-05-01T07:00:00Z", "updated_at": "2024-05-01T07:30:00Z"}
COMMENT = {"id": 601, "user": LINH, "body": "The fuse.", "html_url": f"{PAGE}/issues/7#issuecomment-601"}
COMMENT |= {"created_at": "2024-05-01T07:30:00Z", "updated_at": "2024-05-01T07:30:00Z"}


def body(**parts: Any) -> dict[str, Any]:
    return {"repository": REPOSITORY, "sender": LINH} | parts


def commented(action: str, **parts: Any) -> dict[str, Any]:
    return body(action=action, issue=ISSUE, comment=COMMENT) | parts


def test_every_delivery_of_the_sample_says_what_was_written_down_for_it() -> None:
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    found = [plain(one) for one in read(SAMPLE)]
    for one, right in zip(found, expected, strict=False):
        assert one == right
    assert len(found) == len(expected)


def test_a_comment_is_one_fact_from_a_webhook_an_archive_a_backup_and_the_api(tmp_path: Path) -> None:
    hour = {"id": "1", "type": "IssueCommentEvent", "actor": LINH, "created_at": "2024-05-01T07:30:00Z"}
    hour |= {"repo": {"id": 31, "name": "teahouse/kettle", "url": "https://api.github.com/repos/teahouse/kettle"}}
    hour |= {"payload": {"action": "created", "issue": ISSUE, "comment": COMMENT}}
    backup = {"type": "issue", "issue": ISSUE, "events": [COMMENT | {"event": "commented", "actor": LINH}]}
    hooked = {(act.source, act.host, act.key, act.text, act.revision) for act in told(tmp_path, commented("created"))}
    for document in (hour, backup, COMMENT):
        (tmp_path / "other.jsonl").write_text(json.dumps(document))
        others = [act for act in github.read(Inputs((str(tmp_path / "other.jsonl"),))) if isinstance(act, Activity)]
        assert {(act.source, act.host, act.key, act.text, act.revision) for act in others} <= hooked
        assert "comment:601" in {act.key for act in others}


def test_every_packing_gives_the_same_acts(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text(f"[{','.join(LINES)}]", encoding="utf-8")
    (tmp_path / "kept.gz").write_bytes(gzip.compress(SAMPLE.read_bytes()))
    with zipfile.ZipFile(tmp_path / "kept.zip", "w") as packed:
        for number, line in enumerate(LINES):
            packed.writestr(f"2024/{number:03}.json", json.dumps(json.loads(line), indent=2))
    keys = [one.key for one in read(SAMPLE) if isinstance(one, Activity)]
    for name in ("kept.json", "kept.gz", "kept.zip"):
        assert [one.key for one in read(tmp_path / name) if isinstance(one, Activity)] == keys, name


def test_an_event_is_told_from_its_body_as_from_its_header(tmp_path: Path) -> None:
    for line in LINES:
        document = json.loads(line)
        if "request" not in document or document["event"] in IDLE:
            continue
        enveloped = github_webhook.of_row(Row("a", 1, line.encode()), "")
        bare = github_webhook.of_row(Row("a", 1, json.dumps(document["request"]["payload"]).encode()), "")
        kinds = [(one.kind, one.own_kind) for one in enveloped if isinstance(one, Activity)]
        assert [(one.kind, one.own_kind) for one in bare if isinstance(one, Activity)] == kinds, document["event"]


@pytest.mark.parametrize("name", ["X-GitHub-Event", "x-github-event", "X-GITHUB-EVENT", "event"])
def test_headers_are_read_in_any_letters(tmp_path: Path, name: str) -> None:
    asked = body(action="blocked", blocked_user=OLI, organization=ORGANISATION)
    headers = {name: "org_block", "X-Github-Delivery": "d-1"}
    for envelope in ({"headers": headers, "payload": asked}, headers | {"body": asked}):
        if name != "event" or "headers" not in envelope:
            assert [(act.own_kind, act.key) for act in told(tmp_path, envelope)] == [("org_block.blocked", "hook:d-1")]


def test_a_delivery_that_is_repeated_is_the_same_act(tmp_path: Path) -> None:
    first = {"event": "org_block", "guid": "d-1", "id": 5, "delivered_at": "2024-05-01T08:00:00Z", "redelivery": False}
    first |= {"request": {"headers": {}, "payload": body(action="blocked", blocked_user=OLI)}}
    again = first | {"id": 6, "delivered_at": "2024-05-09T08:00:00Z", "redelivery": True}
    one, other = told(tmp_path, first, again)
    assert (one.key, one.precision, other.precision) == (other.key, "instant", "by")


def test_bodies_alone_are_told_apart_by_what_they_say_and_not_by_how_they_are_laid_out(tmp_path: Path) -> None:
    blocked = body(action="blocked", blocked_user=OLI)
    turned = dict(reversed(blocked.items()))
    keys = [act.key for act in told(tmp_path, blocked, turned, body(action="blocked", blocked_user=MAI))]
    assert keys[0] == keys[1] != keys[2]


def test_an_edit_is_a_later_look_at_the_same_comment(tmp_path: Path) -> None:
    later = COMMENT | {"body": "The fuse, 16 A.", "updated_at": "2024-05-01T07:40:00Z"}
    created, edited = (
        next(act for act in told(tmp_path, commented(action, comment=words)) if act.key == "comment:601")
        for action, words in (("created", COMMENT), ("edited", later))
    )
    assert (edited.text, edited.edited_at) == ("The fuse, 16 A.", datetime(2024, 5, 1, 7, 40, tzinfo=UTC))
    assert edited.revision > created.revision and created.edited_at is None


def test_who_deletes_what_another_wrote_moderates_and_who_deletes_their_own_does_not(tmp_path: Path) -> None:
    own = {act.key: act for act in told(tmp_path, commented("deleted"))}
    assert own["comment:601"].removed and "deleted:comment:601" not in own
    envelope = {"event": "issue_comment", "delivery": "d", "delivered_at": "2024-05-01T09:00:00Z"}
    acts = {act.key: act for act in told(tmp_path, envelope | {"payload": commented("deleted", sender=OLI)})}
    removal = acts["deleted:comment:601"]
    assert acts["comment:601"].removed and not acts["thread:teahouse/kettle#7"].removed
    assert (removal.kind, removal.who and removal.who.uid, removal.parent) == ("moderated", "1003", "comment:601")
    assert [(whom.role, whom.who.uid) for whom in removal.whom] == [("moderated", "1001")]
    assert (removal.at, removal.precision) == (datetime(2024, 5, 1, 9, tzinfo=UTC), "instant")


@pytest.mark.parametrize("order", [("created", "deleted"), ("deleted", "created")])
def test_a_deleted_comment_stays_deleted_in_whatever_order_deliveries_are_read(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    acts = [act for action in order for act in told(tmp_path, commented(action)) if act.key == "comment:601"]
    assert max(acts, key=lambda act: act.revision).removed


def test_a_star_taken_back_is_gone_and_given_again_is_there(tmp_path: Path) -> None:
    def star(action: str, at: str | None, changed: str) -> Activity:
        given = body(action=action, starred_at=at, repository=REPOSITORY | {"updated_at": changed})
        return told(tmp_path, given)[0]

    first = star("created", "2024-05-01T08:00:00Z", "2024-05-01T08:00:00Z")
    gone = star("deleted", None, "2024-05-02T08:00:00Z")
    again = star("created", "2024-05-03T08:00:00Z", "2024-05-03T08:00:00Z")
    assert first.key == gone.key == again.key and first.revision < gone.revision < again.revision
    assert [act.removed for act in (first, gone, again)] == [False, True, False]
    watched = told(tmp_path, body(action="started", repository=REPOSITORY))[0]
    assert (watched.key, watched.revision) == (first.key, first.revision)


def test_two_who_are_asked_at_once_are_two_acts(tmp_path: Path) -> None:
    asked = [body(action="assigned", issue=ISSUE, assignee=who) for who in (MAI, OLI)]
    acts = [act for act in told(tmp_path, *asked) if act.kind == "assigned"]
    assert len({act.key for act in acts}) == 2


def test_a_thread_pinned_twice_was_pinned_twice(tmp_path: Path) -> None:
    pinned = [{"event": "issues", "delivery": name, "payload": body(action="pinned", issue=ISSUE)} for name in "ab"]
    assert {act.key for act in told(tmp_path, *pinned) if act.kind == "moderated"} == {"hook:a", "hook:b"}


@pytest.mark.parametrize(
    ("parts", "kind", "role"),
    [
        ({"action": "added", "member": MAI}, "invited", "invited"),
        ({"action": "added", "member": LINH}, "joined", None),
        ({"action": "removed", "member": MAI}, "moderated", "moderated"),
        ({"action": "removed", "member": LINH}, "left", None),
        ({"action": "added", "member": MAI, "team": {"id": 1, "name": "Stokers"}}, "invited", "invited"),
        ({"action": "removed", "member": MAI, "team": {"id": 1, "deleted": True}}, "moderated", "moderated"),
        ({"action": "member_added", "membership": {"user": MAI}, "organization": ORGANISATION}, "invited", "invited"),
        ({"action": "member_removed", "membership": {"user": LINH}, "organization": ORGANISATION}, "left", None),
        ({"action": "blocked", "blocked_user": MAI}, "moderated", "moderated"),
        ({"action": "unblocked", "blocked_user": MAI}, "moderated", "moderated"),
    ],
)
def test_coming_and_going_say_who_did_it_to_whom(
    tmp_path: Path, parts: dict[str, Any], kind: str, role: str | None
) -> None:
    act = told(tmp_path, body(**parts))[0]
    assert act.kind == kind
    assert [(whom.role, whom.who.uid) for whom in act.whom] == ([(role, "1005")] if role else [])


def test_an_organisation_is_the_place_where_there_is_no_repository(tmp_path: Path) -> None:
    blocked = {"action": "blocked", "blocked_user": MAI, "organization": ORGANISATION, "sender": LINH}
    act = told(tmp_path, blocked)[0]
    assert act.place and (act.place.key, act.place.link) == ("teahouse", "https://github.com/Teahouse")
    own = ORGANISATION | {"url": "https://git.tea.example/api/v3/orgs/Teahouse"}
    assert told(tmp_path, blocked | {"organization": own})[0].host == "git.tea.example"
    assert told(tmp_path, blocked, host="git.tea.example")[0].host == "git.tea.example"


def test_what_has_no_date_is_dated_as_well_as_can_be(tmp_path: Path) -> None:
    blocked = {"action": "blocked", "blocked_user": MAI, "organization": ORGANISATION, "sender": LINH}
    alone, beside = told(tmp_path, blocked)[0], told(tmp_path, blocked | {"repository": REPOSITORY})[0]
    assert alone.precision == "by" and datetime.now(UTC) - alone.at < timedelta(minutes=5)
    assert (beside.precision, beside.at) == ("since", datetime(2024, 5, 1, 8, tzinfo=UTC))


def test_private_sponsorships_stay_private(tmp_path: Path) -> None:
    sponsored = {"node_id": "S", "created_at": "2024-05-01T08:00:00Z", "sponsorable": MAI, "sponsor": LINH}
    path = written(
        tmp_path, {"action": "created", "sender": LINH, "sponsorship": sponsored | {"privacy_level": "private"}}
    )
    assert [isinstance(one, Refused) and "private" in one.reason for one in read(path)] == [True]


def test_nobody_acts_in_a_ping_or_a_check(tmp_path: Path) -> None:
    idle = [{"event": event, "delivery": event, "payload": body()} for event in sorted(IDLE)]
    assert told(tmp_path, *idle, body(zen="Tea first.", hook_id=1)) == []


@pytest.mark.parametrize("as_form", [False, True])
def test_a_delivery_that_arrives_now_is_read_as_it_comes(as_form: bool) -> None:
    posted = json.dumps(body(action="blocked", blocked_user=MAI))
    raw = urlencode({"payload": posted}) if as_form else posted
    acts = [one for one in github_webhook.delivered("org_block", "d-1", raw.encode()) if isinstance(one, Activity)]
    assert [(act.key, act.kind, act.precision) for act in acts] == [("hook:d-1", "moderated", "instant")]
    assert datetime.now(UTC) - acts[0].at < timedelta(minutes=5)
    hosted = github_webhook.delivered("org_block", "d-1", raw.encode(), "git.tea.example")
    assert {act.host for act in hosted if isinstance(act, Activity)} == {"git.tea.example"}


@pytest.mark.parametrize(
    "raw", [b"", b"tea", b"[]", b"null", b"{}", b'"\\ud800"', b"payload=", b"payload=%FF", b"\xff"]
)
def test_what_arrives_broken_is_refused_with_a_reason(raw: bytes) -> None:
    found = list(github_webhook.delivered("issues", "d-1", raw))
    assert found and all(isinstance(one, Refused) and one.reason for one in found)


def test_neither_nul_nor_half_a_letter_reaches_a_text(tmp_path: Path) -> None:
    raw = json.dumps(commented("created", comment=COMMENT | {"body": "a\x00b\ud83d"}))
    acts = [one for one in github_webhook.delivered("issue_comment", "d", raw.encode()) if isinstance(one, Activity)]
    kept = told(tmp_path, {"event": "issue_comment", "delivery": "d", "payload": raw})
    assert acts[-1].text == kept[-1].text == "a\ufffdb\ufffd"


UNFIT: list[Any] = [None, [], {}, True, "0001-01-01T00:00:00+14:00", "2024-01-01T00:00:00", 10**18, -1]
SPOILT = st.integers() | st.text() | st.sampled_from(UNFIT)


@given(st.data())
def test_a_spoilt_delivery_is_refused_and_stops_nothing(draw: st.DataObject) -> None:
    document = json.loads(draw.draw(st.sampled_from(LINES)))
    part: Any = document
    while True:
        place = draw.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not isinstance(part[place], dict | list) or not part[place] or draw.draw(st.booleans()):
            break
        part = part[place]
    part[place] = draw.draw(SPOILT)
    for found in github_webhook.of_row(Row("a file", 1, json.dumps(document).encode()), ""):
        assert found.reason if isinstance(found, Refused) else found.at.utcoffset() == timedelta(0)


@given(st.binary(max_size=8), st.integers(0, 2**31), st.data())
def test_bytes_that_fell_over_never_raise(noise: bytes, seed: int, draw: st.DataObject) -> None:
    line = draw.draw(st.sampled_from(LINES)).encode()
    at = seed % len(line)
    for found in github_webhook.delivered("issues", "d", line[:at] + noise + line[at + len(noise) :]):
        assert isinstance(found, Activity | Refused)


def test_it_is_recognised_by_what_stands_in_it(tmp_path: Path) -> None:
    assert detected(Inputs((str(SAMPLE),))).NAME == "github-webhook"
    large = {"action": "opened", "pull_request": {"node_id": "P", "body": "x" * 100_000}, **body()}
    path = written(tmp_path, large)
    assert detected(Inputs((str(path),))).NAME == "github-webhook"


def test_importing_twice_adds_nothing(kith: Installation) -> None:
    first = importing.run(kith, "github-webhook", Inputs((str(SAMPLE),)))
    assert first.recorded and first.refused == 6
    again = importing.run(kith, "github-webhook", Inputs((str(SAMPLE),)))
    assert (again.recorded, again.changed) == (0, 0)
