"""A Mattermost server, told right: invented potters whose acts are known, from the bulk export and from the API."""

import json
import shutil
import zipfile
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.kinds import KINDS
from crm.mattermost.answers import UNKNOWN
from crm.mattermost.bulk import PRIVATE
from crm.mattermost.reading import NO_HOST
from crm.mattermost.server import UNLISTED
from crm.mattermost.words import mentioned, text_of
from crm.reading import Glimpse, Inputs
from crm.sources import mattermost

HERE = Path(__file__).parent / "mattermost"
SAMPLE, API = HERE / "sample.jsonl", HERE / "sample-api"
HOST = "chat.lantern.example"
KILN, SQUARE = "potters/kiln", "potters/town-square"
OPENER = f"{KILN}:1709280000000:mai.tran"


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    found = list(mattermost.read(Inputs([str(path) for path in paths], host)))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def by_key(*paths: Path, host: str = "") -> dict[str, Activity]:
    return {act.key: act for act in told(*paths, host=host)[0]}


def named(key: str) -> str:
    """An id of the sample of the API."""
    return f"{key}abcdefghijkmnopqrstuvwxyz13456789"[:26]


def touched(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def actor(act: Activity) -> str:
    return act.who.uid if act.who else ""


def shown(path: Path) -> list[dict[str, Any]]:
    """Everything read, as JSON without what is empty and without paths, for comparing."""
    found = [json.loads(msgspec.json.encode(item)) for item in mattermost.read(Inputs([str(path)]))]
    bare = [{key: value for key, value in item.items() if value} for item in found]
    return [item | {"file": Path(item["file"]).name, "raw": ""} if "file" in item else item for item in bare]


def everything() -> dict[str, list[dict[str, Any]]]:
    return {"bulk": shown(SAMPLE), "api": shown(API)}


def post(**fields: object) -> dict[str, Any]:
    at = {"team": "potters", "channel": "kiln", "user": "tuan", "message": "x", "create_at": 1709280000000}
    return {"type": "post", "post": at | fields}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_the_samples_are_told_as_expected() -> None:
    expected = json.loads((HERE / "expected.json").read_text())
    found = everything()
    assert found.keys() == expected.keys()
    for name, entries in found.items():
        for number, (one, wanted) in enumerate(zip_longest(entries, expected[name])):
            assert one == wanted, f"entry {number} of {name} differs"


def test_only_kinds_that_are_known_are_used_and_each_key_once() -> None:
    for path in (SAMPLE, API):
        acts, _ = told(path)
        assert {act.kind for act in acts} <= KINDS.keys()
        assert len({act.key for act in acts}) == len(acts)


def test_a_thread_holds_its_opener_and_the_answers_to_whoever_began_it() -> None:
    acts = by_key(SAMPLE)
    thread = {key: act for key, act in acts.items() if act.thread == OPENER and act.kind != "reacted"}
    assert [act.kind for act in thread.values()] == ["posted", "replied", "replied", "replied"]
    assert touched(acts[f"{KILN}:1709280060000:tuan"]) == {("replied", "mai.tran")}
    assert touched(acts[f"{KILN}:1709280120000:mai.tran"]) == set(), "nobody answers themselves"
    assert {act.parent for act in thread.values()} == {"", OPENER}


def test_an_answer_of_the_api_comes_before_its_opener_and_still_knows_it() -> None:
    acts = by_key(API)
    assert touched(acts[named("p3")]) == {("replied", named("mai")), ("mentioned", named("mai"))}
    late = acts[named("p8")]
    assert (late.kind, late.parent, late.whom) == ("replied", named("elsewhere"), ())


def test_equal_posts_of_one_moment_are_numbered_anew_in_each_file(tmp_path: Path) -> None:
    twice = {f"{KILN}:1709280200000:mai.tran", f"{KILN}:1709280200000:mai.tran:2"}
    assert twice <= by_key(SAMPLE).keys()
    again = tmp_path / "again.jsonl"
    shutil.copy(SAMPLE, again)
    assert by_key(SAMPLE, again).keys() == by_key(SAMPLE).keys()


def test_who_is_named_is_mentioned_but_not_in_code_or_addresses() -> None:
    assert touched(by_key(SAMPLE)[OPENER]) == {("mentioned", "tuan"), ("mentioned", "lan_h")}
    assert touched(by_key(SAMPLE)[f"{KILN}:1709280060000:tuan"]) == {("replied", "mai.tran")}


def test_reactions_have_givers_and_a_time() -> None:
    act = by_key(SAMPLE)[f"{OPENER}:reaction:+1:tuan"]
    assert (act.precision, actor(act), act.at.microsecond, act.parent) == ("instant", "tuan", 500000, OPENER)
    assert touched(act) == {("reacted", "mai.tran")}
    assert actor(by_key(API)[f"{named('p1')}:reaction:tea:{named('tuan')}"]) == named("tuan")


def test_notices_become_the_acts_that_they_tell_and_no_words() -> None:
    notices = [act for act in told(SAMPLE)[0] if act.own_kind.startswith("system_")]
    assert [(act.kind, actor(act), sorted(touched(act)), act.text) for act in notices] == [
        ("joined", "tuan", [], ""),
        ("invited", "mai.tran", [("invited", "olu")], ""),
        ("joined", "olu", [], ""),
        ("moderated", "mai.tran", [("moderated", "olu")], ""),
        ("moderated", "", [("moderated", "olu")], ""),
        ("edited", "mai.tran", [], "Tea at four"),
        ("left", "tuan", [], ""),
    ]


def test_a_webhook_is_not_whoever_set_it_up() -> None:
    act = by_key(SAMPLE)[f"{KILN}:1709280210000:mai.tran"]
    assert act.who and (act.who.uid, act.who.bot) == ("name:Kiln sensor", True) and act.doubt
    assert act.text == "Kiln at 20 °C\n\nStatus (https://kilns.example/s)\n20 °C"


def test_bots_are_machines_in_both_formats() -> None:
    bots = {act.who.uid for path in (SAMPLE, API) for act in told(path)[0] if act.who and act.who.bot}
    assert bots == {"kilnwatch", "name:Kiln sensor", named("bot")}


def test_edits_and_deletions_are_told_and_former_wordings_are_not_posts() -> None:
    acts = by_key(API)
    opener = acts[named("p1")]
    assert opener.edited_at and (opener.revision, opener.edited_at.microsecond) == (1709280000900, 900000)
    assert acts[named("p4")].removed and acts[named("p4")].text == ""
    assert named("p1old") not in acts


def test_members_arrive_where_it_is_told_when_else_the_idle_are_listed() -> None:
    listed = {actor(act): act for act in told(SAMPLE)[0] if act.own_kind == "member"}
    assert listed.keys() == {"lan_h"} and listed["lan_h"].precision == "by"
    assert listed["lan_h"].at.isoformat() == "2024-04-01T00:00:00.500000+00:00", "when the export was made"
    joined = {actor(act): act.kind for act in told(API)[0] if act.own_kind == "member"}
    assert joined == {named("mai"): "joined", named("tuan"): "joined"}


def test_usernames_and_addresses_join_the_people_of_both_formats() -> None:
    bulk, api = (
        {(act.who.login, act.who.email) for act in told(path)[0] if act.who and act.who.email} for path in (SAMPLE, API)
    )
    assert bulk & api == {("mai.tran", "mai.tran@lantern.example"), ("tuan", "tuan@lantern.example")}


def test_what_is_private_or_broken_is_refused_with_a_reason() -> None:
    board = "“#Board” is a private channel, and Kith leaves those out."
    assert [one.reason for one in told(SAMPLE)[1]] == [
        "the field “create_at” is missing",
        board,
        "A post of “tuan” can't be placed in time: there is no date.",
        "the field “post.create_at” is missing",
        PRIVATE,
    ]
    assert [one.reason for one in told(API)[1]] == [board]
    assert not [act for act in told(SAMPLE)[0] + told(API)[0] if "closed doors" in act.text or "secret" in act.text]


def test_a_time_that_cannot_be_is_refused(tmp_path: Path) -> None:
    acts, refused = told(lines(tmp_path / "a.jsonl", post(create_at=int("9" * 400)), post(create_at=-1)), host=HOST)
    assert not acts and len(refused) == 2


def test_a_channel_in_no_list_is_read_with_a_doubt() -> None:
    assert by_key(API)[named("p6")].doubt == UNLISTED


def test_the_address_is_told_by_links_to_posts_of_a_team_in_the_file_else_asked_for(tmp_path: Path) -> None:
    link = "https://{}/{}/pl/abcdefghijklmnopqrstuvwxyz"
    texts = [link.format("tea.example", "potters"), *[link.format("other.example", "strangers")] * 3]
    assert {act.host for act in told(lines(tmp_path / "a.jsonl", *(post(message=one) for one in texts)))[0]} == {
        "tea.example"
    }
    acts, refused = told(lines(tmp_path / "b.jsonl", post()))
    assert not acts and [one.reason for one in refused] == [NO_HOST]
    assert {act.host for act in told(SAMPLE)[0]} == {HOST}


def test_ids_of_the_api_need_no_address_but_links_do() -> None:
    assert {(act.host, act.link) for act in told(API)[0]} == {("mattermost", "")}
    act = by_key(API, host=HOST)[named("p1")]
    assert act.link == f"https://{HOST}/_redirect/pl/{named('p1')}"
    assert act.place and act.place.link == f"https://{HOST}/potters/channels/town-square"


def test_other_packings_tell_the_same_and_shared_files_are_passed_over(tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(SAMPLE, "import.jsonl")
        archive.writestr("data/20240301/teams/noteam/channels/c/users/u/f/recipe.json", '{"glaze": 1}')
        archive.writestr("data/20240301/teams/noteam/channels/c/users/u/f/kiln.jpg", b"\xff\xd8\xff")
    folder = tmp_path / "data" / "export"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE, folder / "import.jsonl")
    assert told(packed)[0] == told(folder)[0] == told(SAMPLE)[0]
    assert len(told(packed)[1]) == len(told(folder)[1]) == len(told(SAMPLE)[1])


def test_posts_alone_in_lists_and_lines_are_read_too(tmp_path: Path) -> None:
    posts = list(json.loads((API / "posts.json").read_text())["posts"].values())
    listed, one = tmp_path / "list.json", tmp_path / "one.json"
    listed.write_text(json.dumps(posts[:2]))
    one.write_text(json.dumps(posts[3]))
    assert by_key(listed, one).keys() >= {named("p3"), named("p1"), named("p4")}


def test_errors_of_the_api_and_other_documents_are_refused(tmp_path: Path) -> None:
    error = {"id": "api.context.session_expired.app_error", "message": "Log in again", "status_code": 401}
    reasons = [one.reason for one in told(lines(tmp_path / "a.jsonl", error, {"kettle": 1}))[1]]
    assert reasons == ["Mattermost answered with an error here: Log in again", UNKNOWN]


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("@mai.tran. @MAI.tran", ["mai.tran.", "mai.tran"]),
        ("@here a@b.example (@tuan) /@x `@lan`", ["tuan"]),
        ("```\n@mai", []),
    ],
)
def test_the_names_in_a_text_are_found(message: str, names: list[str]) -> None:
    assert mentioned(message) == names


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ('[tea](https://t.example "Tea") `[a](b)`', "tea (https://t.example) `[a](b)`"),
        ("![pot](https://t.example/p.png =100x100)", "pot (https://t.example/p.png)"),
        ("[https://t.example](https://t.example)", "https://t.example"),
    ],
)
def test_links_become_text_that_people_read(message: str, text: str) -> None:
    assert text_of(message, (), ()) == text


def test_the_formats_are_told_by_what_stands_in_them() -> None:
    rest = SAMPLE.read_bytes().split(b"\n")[3:-1]
    heads = [SAMPLE.read_bytes(), *rest, *(path.read_bytes() for path in API.glob("*.json") if path.stem != "teams")]
    assert min(mattermost.fits(Glimpse("x", head)) for head in heads) >= 88


def test_importing_twice_adds_nothing(kith: Installation) -> None:
    for path in (SAMPLE, API):
        first, second = (importing.run(kith, "mattermost", Inputs([str(path)])) for _ in range(2))
        assert first.recorded == len(told(path)[0])
        assert (second.recorded, second.changed, second.known) == (0, 0, first.recorded)
