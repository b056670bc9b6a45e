"""A Zulip organisation, told right: invented potters whose acts are known, from the export, the API and a public archive."""

import json
import shutil
import tarfile
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.kinds import KINDS
from crm.reading import Document, Glimpse, Inputs
from crm.sources import zulip
from crm.zulip.reading import NO_HOST, UNKNOWN
from crm.zulip.realm import NO_CHANNEL, PRIVATE
from crm.zulip.rendered import read_rendered
from crm.zulip.tables import rows_of_tables
from crm.zulip.written import read_written

HERE = Path(__file__).parent / "zulip"
SAMPLE, API, ARCHIVE = HERE / "sample", HERE / "sample.messages.json", HERE / "sample-archive"
HOST = "chat.lantern.example"


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    found = list(zulip.read(Inputs([str(path) for path in paths], host)))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def by_key(*paths: Path, host: str = "") -> dict[str, Activity]:
    return {act.key: act for act in told(*paths, host=host)[0]}


def touched(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def actor(act: Activity) -> str:
    return act.who.uid if act.who else ""


def shown(*paths: Path, host: str = "") -> list[dict[str, Any]]:
    """Everything read, as JSON without what is empty and without paths, for comparing."""
    found = zulip.read(Inputs([str(path) for path in paths], host))
    bare = [{key: value for key, value in json.loads(msgspec.json.encode(item)).items() if value} for item in found]
    return [item | {"file": Path(item["file"]).name, "raw": ""} if "file" in item else item for item in bare]


def message(number: int, **fields: object) -> dict[str, Any]:
    return {"id": number, "content": "x", "sender_id": 11, "sender_full_name": "Mai Trần", "stream_id": 3} | {
        "display_recipient": "general",
        "subject": "Tea",
        "timestamp": 1709280000,
        **fields,
    }


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_the_samples_are_told_as_expected() -> None:
    expected = json.loads((HERE / "expected.json").read_text())
    found = {"export": shown(SAMPLE), "api": shown(API), "archive": shown(ARCHIVE, host=HOST)}
    assert found.keys() == expected.keys()
    for name, entries in found.items():
        for number, (one, wanted) in enumerate(zip_longest(entries, expected[name])):
            assert one == wanted, f"entry {number} of {name} differs"


def test_only_kinds_that_are_known_are_used_and_each_key_once() -> None:
    acts, _ = told(SAMPLE)
    assert {act.kind for act in acts} <= KINDS.keys()
    assert len({act.key for act in acts}) == len(acts)


def test_a_topic_is_one_conversation_resolved_or_not_in_any_case_of_letters() -> None:
    acts = by_key(SAMPLE)
    thread = [key for key, act in acts.items() if act.thread == "4:cold kiln" and act.kind in ("posted", "replied")]
    assert thread == ["101", "102", "103", "104", "105"]
    assert acts["101"].kind == "posted" and acts["101"].title == "Cold kiln"
    assert [acts[key].title for key in thread[1:]] == [""] * 4


def test_nobody_is_answered_but_who_is_quoted() -> None:
    acts = by_key(SAMPLE)
    assert touched(acts["102"]) == {("replied", "11"), ("quoted", "11")} and acts["102"].parent == "101"
    assert touched(acts["103"]) == touched(acts["107"]) == set() and acts["107"].parent == ""


def test_who_is_named_is_mentioned_but_not_in_code_in_quotes_or_among_all() -> None:
    acts = by_key(SAMPLE)
    assert touched(acts["101"]) == {("mentioned", "12"), ("mentioned", "13")}
    assert touched(acts["104"]) == {("mentioned", "12")}


def test_a_name_that_two_accounts_have_mentions_neither(tmp_path: Path) -> None:
    people = [{"user_id": number, "full_name": "Mai Trần"} for number in (11, 12)]
    texts = [message(1, content="@**Mai Trần** or @**Mai Trần|12**?", content_type="text/x-markdown")]
    listed = written(tmp_path / "users.json", {"members": people})
    acts = by_key(listed, written(tmp_path / "m.json", {"messages": texts}), host=HOST)
    assert touched(acts["1"]) == {("mentioned", "12")}


def test_the_export_and_the_api_tell_the_same_message() -> None:
    export, api = by_key(SAMPLE), by_key(API)
    assert api["101"].text == export["101"].text.replace("`", "").replace(
        "#general > glazes", f"#general > glazes (https://{HOST}/#narrow/stream/3-general/topic/glazes)"
    )
    for key in ("101", "102"):
        assert touched(api[key]) == touched(export[key])
        assert (api[key].host, api[key].thread, api[key].parent) == (
            export[key].host,
            export[key].thread,
            export[key].parent,
        )
    assert api.keys() & export.keys() >= {"101", "102", "101:reaction:+1:12", "101:reaction:kiln:11"}
    assert "moved:4:Cold kiln:1709283000" in api.keys() & export.keys()


def test_reactions_have_givers_but_no_time() -> None:
    act = by_key(SAMPLE)["101:reaction:+1:12"]
    assert (act.precision, actor(act), act.parent, act.text) == ("since", "12", "101", ":+1:")
    assert touched(act) == {("reacted", "11")}
    assert touched(by_key(SAMPLE)["101:reaction:kiln:11"]) == set(), "nobody reaches themselves"


def test_resolving_closes_a_topic_and_reopening_opens_it(tmp_path: Path) -> None:
    act = by_key(SAMPLE)["moved:4:Cold kiln:1709283000"]
    assert (act.kind, actor(act), act.thread) == ("closed", "11", "4:cold kiln")
    history = [
        {"user_id": 12, "timestamp": 1709290000, "prev_topic": "✔ Tea", "topic": "Tea"},
        {"user_id": 11, "timestamp": 1709285000, "prev_subject": "Tea"},
    ]
    acts = by_key(written(tmp_path / "m.json", {"messages": [message(1, edit_history=history)]}), host=HOST)
    assert [(act.kind, actor(act)) for act in acts.values()][1:] == [("reopened", "12"), ("closed", "11")]


def test_a_moved_topic_is_a_change_and_no_edit_of_what_was_said() -> None:
    acts = by_key(SAMPLE)
    act = acts["moved:3:Off topic:1709287000"]
    assert (act.kind, act.own_kind, act.text, actor(act)) == ("edited", "topic.moved", "Tea break", "12")
    assert acts["109"].edited_at is None and acts["109"].thread == "4:tea break"
    assert acts["104"].edited_at is not None and acts["104"].edited_at.timestamp() == 1709280500


def test_a_topic_that_was_renamed_by_a_later_export_keeps_its_messages(tmp_path: Path) -> None:
    later = message(1, subject="Coffee", last_edit_timestamp=1709290000)
    before, after = (
        by_key(written(tmp_path / "m.json", {"messages": [one]}), host=HOST)["1"] for one in (message(1), later)
    )
    assert before.key == after.key and (before.thread, after.thread) == ("3:tea", "3:coffee")


def test_a_message_that_was_emptied_is_removed() -> None:
    act = by_key(SAMPLE)["108"]
    assert act.removed and act.text == ""


def test_bots_are_machines() -> None:
    acts = by_key(SAMPLE)
    bots = {act.who.uid: act.who.name for act in acts.values() if act.who and act.who.bot}
    assert bots == {"14": "Kiln Watch", "7": "Notification Bot"}


def test_addresses_that_zulip_made_up_are_no_addresses() -> None:
    people = {act.who.uid: act.who.email for act in told(SAMPLE)[0] if act.who}
    assert people["11"] == "mai@lantern.example" and people["13"] == "lan@lantern.example"
    assert {act.who.email for act in told(API)[0] if act.who} == {""}


def test_members_arrive_when_they_joined_and_bots_do_not() -> None:
    joined = {actor(act): act.at.timestamp() for act in told(SAMPLE)[0] if act.own_kind == "member"}
    assert joined.keys() == {"11", "12", "13", "15"} and joined["13"] == 1709064000


def test_the_audit_log_tells_moderation_departures_and_new_channels() -> None:
    acts = {key: act for key, act in by_key(SAMPLE).items() if key.startswith("audit:")}
    kinds = {key: act.kind for key, act in acts.items()}
    assert kinds == {"audit:2": "created", "audit:3": "moderated", "audit:4": "left", "audit:8": "moderated"}
    assert touched(acts["audit:3"]) == {("moderated", "15")} and touched(acts["audit:4"]) == set()


def test_what_is_private_or_broken_is_refused_with_a_reason() -> None:
    _, refused = told(SAMPLE)
    assert [one.reason for one in refused] == [
        PRIVATE,
        "“#board” is a private channel, and Kith leaves those out.",
        "Message 114 can't be placed in time: “-5” seconds after 1970 is no time at which something was written.",
        "the field “id” should be a whole number but is text",
    ]
    assert [one.reason for one in told(API)[1]] == [PRIVATE]


def test_nothing_of_a_private_channel_or_direct_message_is_told() -> None:
    assert not [act for act in told(SAMPLE)[0] + told(API)[0] if "secret" in act.text or "Hush" in act.text]
    assert not [act for act in told(SAMPLE)[0] if act.place and act.place.key == "5"]


def test_messages_without_the_lists_of_their_export_might_be_private() -> None:
    acts, refused = told(SAMPLE / "messages-000001.json", host=HOST)
    assert not acts and NO_CHANNEL in {one.reason for one in refused}


def test_the_address_is_told_by_made_up_addresses_or_by_quotes_else_asked_for(tmp_path: Path) -> None:
    said = "@_**Mai|11** [said](https://tea.example/#narrow/stream/3-general/topic/Tea/near/1):\n```quote\nx\n```\nYes"
    quoting = written(tmp_path / "a.json", {"messages": [message(2, content=said, content_type="text/x-markdown")]})
    assert {act.host for act in told(quoting)[0]} == {"tea.example"}
    assert {act.host for act in told(SAMPLE)[0] + told(API)[0]} == {HOST}
    acts, refused = told(written(tmp_path / "b.json", {"messages": [message(1)]}))
    assert not acts and [one.reason for one in refused] == [NO_HOST]


def test_an_archive_tells_channel_and_topic_by_where_a_file_lies() -> None:
    acts = by_key(ARCHIVE, host=HOST)
    assert acts["106"].thread == "3:glazes & salt." and acts["106"].title == "Glazes & salt."
    assert acts["131"].place and acts["131"].place.name == "#Kiln talk", "the index has the name as it is"
    assert actor(acts["106"]) == "name:Tuấn Phạm" and acts["106"].doubt


def test_an_archive_with_the_list_of_members_has_their_numbers(tmp_path: Path) -> None:
    listed = written(tmp_path / "users.json", {"members": [{"user_id": 12, "full_name": "Tuấn Phạm", "is_bot": False}]})
    acts = by_key(ARCHIVE, listed, host=HOST)
    assert actor(acts["106"]) == "12" and acts["106"].doubt == ""
    assert acts["listed:12"].precision == "by"


def test_other_packings_and_folders_tell_the_same(tmp_path: Path) -> None:
    packed = tmp_path / "lantern-export.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(SAMPLE, "zulip-export-x1")
    elsewhere = tmp_path / "uploads" / "here"
    shutil.copytree(SAMPLE, elsewhere)
    assert told(packed)[0] == told(elsewhere)[0] == told(SAMPLE)[0]


def test_pictures_and_shared_files_are_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    shutil.copytree(SAMPLE, folder)
    for name, content in [
        ("avatars/2/a.png", b"\x89PNG"),
        ("uploads/2/x.json", b"{"),
        ("stats.txt", b"5 zerver_realm"),
    ]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert len(told(folder)[1]) == len(told(SAMPLE)[1])


def test_a_table_is_cut_into_rows_however_they_lie(tmp_path: Path) -> None:
    rows = [{"id": 1, "a": '}],"zerver_x":[{'}, {"id": 2, "b": [{"c": {"d": {"e": {}}}}]}, {"id": 3, "b": []}]
    content = {"zerver_usermessage": rows, "count": 3, "zerver_message": rows, "messages": []}
    for text in (json.dumps(content), json.dumps(content, indent=1), json.dumps(content, separators=(",", ":"))):
        path = tmp_path / "x.json"
        path.write_text(text)
        with path.open("rb") as stream:
            found = list(rows_of_tables(Document("x.json", stream), frozenset(["zerver_message"])))
        assert [table for table, _ in found] == ["zerver_message"] * 3
        assert [json.loads(row.raw) for _, row in found] == rows


def test_one_message_and_lines_of_messages_are_read_too(tmp_path: Path) -> None:
    lines = tmp_path / "m.jsonl"
    lines.write_text("\n".join(json.dumps(message(number, reactions=[])) for number in (1, 2)))
    alone = written(tmp_path / "one.json", {"result": "success", "message": message(3)})
    assert by_key(lines, alone, host=HOST).keys() == {"1", "2", "3"}


def test_errors_of_the_api_and_other_documents_are_refused(tmp_path: Path) -> None:
    error = written(tmp_path / "a.json", {"result": "error", "msg": "Invalid API key", "code": "X"})
    other = written(tmp_path / "b.json", {"kettle": 1})
    reasons = [one.reason for one in told(error, other, host=HOST)[1]]
    assert reasons == ["Zulip answered with an error here: Invalid API key", UNKNOWN]


def test_a_reaction_with_an_impossible_number_costs_only_itself(tmp_path: Path) -> None:
    rows = [{"message": number, "user_profile": 12, "emoji_name": "+1"} for number in (1 << 70, 1)]
    listed = written(tmp_path / "realm.json", {"zerver_reaction": rows})
    acts, refused = told(listed, written(tmp_path / "m.json", {"messages": [message(1)]}), host=HOST)
    assert [act.key for act in acts] == ["1", "1:reaction:+1:12"] and len(refused) == 1


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("@*potters* <time:2024-03-01T10:00:00+07:00>", "@potters 2024-03-01T10:00:00+07:00"),
        ("#**general>tea@12** [https://x.example](https://x.example)", "#general > tea https://x.example"),
        ("~~~\n@**Mai** > x\n~~~", "~~~\n@**Mai** > x\n~~~"),
        ("```quote\nold\n```", ""),
        ("```quote\nnever closed", ""),
        ("a ** b @ ** c", "a ** b @ ** c"),
    ],
)
def test_what_was_typed_becomes_text_that_people_read(raw: str, text: str) -> None:
    assert read_written(raw, HOST).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &lt;b&gt; <img alt=':kiln:' class='emoji' src='x'></p>", "a <b> :kiln:"),
        ("<p>x</p><blockquote><p>y</p></blockquote><p>z</p>", "x\n\nz"),
        ("<p><a href='http://[bad'>here</a></p>", "here (http://[bad)"),
        ("<p><span class='user-mention' data-user-id='5'>@A &amp; B", ""),
    ],
)
def test_what_is_shown_becomes_text_that_people_read(html: str, text: str) -> None:
    assert read_rendered(html, HOST).text == text


def test_the_formats_are_told_by_what_stands_in_them() -> None:
    documents = [SAMPLE / "realm.json", SAMPLE / "messages-000001.json", API, *ARCHIVE.rglob("*.json")]
    assert min(zulip.fits(Glimpse("x", path.read_bytes())) for path in documents) >= 85


def test_importing_twice_adds_nothing(kith: Installation) -> None:
    first, second = (importing.run(kith, "zulip", Inputs([str(SAMPLE)])) for _ in range(2))
    assert first.recorded == len(told(SAMPLE)[0])
    assert (second.recorded, second.changed, second.known) == (0, 0, first.recorded)
