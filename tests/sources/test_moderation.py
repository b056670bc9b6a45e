"""Histories of moderation, told right: invented members and moderators whose acts are known."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.kinds import KINDS
from crm.moderation.blocks import date_in
from crm.moderation.headings import moderates
from crm.moderation.sentences import read
from crm.moderation.words import lasting, spelled
from crm.reading import Inputs
from crm.sources import csv, discourse, moderation

HERE = Path(__file__).parent / "moderation"
SAMPLES = sorted(HERE.glob("sample*"))
HOSTED = {"sample-discourse.csv": "forum.lantern.example"}
LISTS = [path for path in SAMPLES if "blocks" in path.name]


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in moderation.read(Inputs([str(path) for path in paths], host)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def acts_of(name: str, host: str = "") -> dict[str, Activity]:
    return {act.key: act for act in told(HERE / name, host=host)[0]}


def by_word(name: str, host: str = "") -> dict[str, list[Activity]]:
    found: dict[str, list[Activity]] = {}
    for act in acts_of(name, host).values():
        found.setdefault(act.own_kind, []).append(act)
    return found


def touched(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def plain(act: Activity) -> dict[str, Any]:
    """An act as the golden file keeps it; the moment of reading is no part of it."""
    at = "when it was read" if act.at.year > 2025 else act.at.isoformat()
    return {
        "key": act.key,
        "kind": act.kind,
        "own_kind": act.own_kind,
        "at": f"{act.precision} {at}",
        "host": act.host,
        "who": [act.who.source, act.who.uid, act.who.login, act.who.name, act.who.bot] if act.who else None,
        "whom": [[whom.role, whom.who.source, whom.who.uid] for whom in act.whom],
        "place": act.place.name if act.place else "",
        "thread": act.thread,
        "parent": act.parent,
        "title": act.title,
        "text": act.text,
        "link": act.link,
        "doubt": act.doubt,
    }


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_a_sample_is_told_as_it_is_known(path: Path) -> None:
    host = HOSTED.get(path.name, "pond.example" if path in LISTS else "")
    acts, refused = told(path, host=host)
    found = {"acts": [plain(act) for act in acts], "refused": [f"{one.line}: {one.reason}" for one in refused]}
    assert found == json.loads((HERE / "expected.json").read_text(encoding="utf-8"))[path.name]
    assert {act.kind for act in acts} <= set(KINDS)


def test_a_forums_member_is_the_one_of_the_forums_own_importer(tmp_path: Path) -> None:
    log = acts_of("sample-discourse.json")["staff:91"]
    poster = {"id": 1, "topic_id": 5, "post_number": 1, "username": "tuan.le", "user_id": 23, "cooked": "x"}
    file = written(tmp_path, "p.json", json.dumps(poster | {"created_at": "2024-01-01T00:00:00Z"}))
    post = next(iter(discourse.read(Inputs([str(file)], "forum.lantern.example"))))
    assert isinstance(post, Activity) and post.who
    whom = log.whom[0].who
    assert (whom.source, log.host, whom.uid) == (post.source, post.host, post.who.uid)


def test_without_a_host_the_csv_of_a_staff_log_and_a_block_list_are_refused_with_what_to_do() -> None:
    for path in (HERE / "sample-discourse.csv", LISTS[0]):
        acts, refused = told(path)
        assert not acts and "--host" in refused[0].reason


def test_what_runs_the_site_is_no_act_of_moderation() -> None:
    log = by_word("sample-discourse.json")
    assert [act.kind for act in log["change theme"]] == ["did"]
    assert [act.kind for act in log["suspend"]] == ["moderated"]


def test_a_moderator_who_acts_on_themselves_touches_nobody() -> None:
    assert not by_word("sample-discourse.json")["change trust level"][0].whom


def test_a_line_put_in_place_of_another_about_the_same_members_corrects_it() -> None:
    history = by_word("sample-history.csv")
    first = history["suspend"][0]
    corrected = history["entry corrected"][0]
    assert (corrected.parent, corrected.thread) == (first.key, first.key)
    assert touched(corrected) == {("moderated", "name:thu:kettle.example"), ("moderated", "name:bao")}
    assert len(history["suspend"]) == 1


def test_a_ban_in_place_of_a_suspension_is_a_ban_that_follows_it() -> None:
    history = by_word("sample-history.csv")
    ban = history["ban"][0]
    assert ban.parent == history["suspend"][0].key
    assert touched(ban) == {("moderated", "name:quynh"), ("mentioned", "name:vinh:kettle.exmaple")}


def test_a_typing_mistake_in_a_handle_is_corrected_by_the_line_that_replaces_it() -> None:
    history = by_word("sample-history.csv")
    mistaken = next(act for act in history["ban"] if "kettel" in act.text)
    mended = next(act for act in history["entry corrected"] if "hai" in act.text)
    assert mended.parent == mistaken.key
    assert touched(mended) == {("moderated", "name:hai:kettle.example")}


def test_a_line_taken_out_stays_an_act_and_so_does_what_it_had_said() -> None:
    history = by_word("sample-history.csv")
    taken = next(act for act in history["entry removed"] if "lan:pot" in act.text)
    assert taken.parent == history["mute"][0].key and not history["mute"][0].removed


@pytest.mark.parametrize(
    ("line", "act", "members"),
    [
        ("- @mai:kettle.example was permanently banned for spam", "ban", ("mai:kettle.example",)),
        ("mai (mai-2) has been timed out", "timeout", ("mai", "mai-2")),
        ("mai, bao và linh đã bị đình chỉ 7 ngày", "suspend", ("mai", "bao", "linh")),
        ("Our dear old friend was banned", "", ()),
        ("mai wrote that bao was banned", "", ()),
        ("", "", ()),
    ],
)
def test_whom_a_line_is_about_is_read_only_where_handles_stand_before_the_verb(
    line: str, act: str, members: tuple[str, ...]
) -> None:
    assert (read(line).act, read(line).members) == (act, members)


def test_a_vietnamese_sheet_keeps_case_rule_length_and_reporter() -> None:
    sheet = by_word("sample-sheet-vi.csv")
    assert sheet["mute"][0].text == "Quảng cáo lần ba\n\nRule: Điều 3\n\nFor 7 ngày, until 08/06/2024."
    assert sheet["mute"][0].thread == sheet["warn"][0].thread == "case:12"
    assert touched(sheet["warn"][0]) == {("moderated", "name:tuan.le"), ("reported", "name:Linh Trần")}


def test_a_reason_that_was_reworded_is_a_later_look_at_the_same_act(tmp_path: Path) -> None:
    heading = "Case,Date,Moderator,Member,Action,Reason\n"
    first = written(tmp_path, "a.csv", heading + "1,2024-05-01,hoa,tuan,ban,spam\n")
    later = written(tmp_path, "b.csv", heading + "1,2024-05-01,hoa,tuan,ban,spam and insults\n")
    assert {act.key for act in told(first)[0]} == {act.key for act in told(later)[0]}


def test_a_table_is_one_of_moderation_only_if_its_headings_say_so() -> None:
    assert moderates(frozenset(["moderator", "member", "action", "date"]))
    assert moderates(frozenset(["thanh vien", "hinh thuc xu ly", "ngay"]))
    assert not moderates(frozenset(["moderator", "title", "date"]))
    assert not moderates(frozenset(["user", "action", "date", "text"]))
    assert not moderates(frozenset(["name", "type", "reason", "created at"]))


def test_other_tables_and_documents_are_refused_with_what_is_expected(tmp_path: Path) -> None:
    table = written(tmp_path, "a.csv", "name,title,date\nMai,Hello,2024-05-01\n")
    document = written(tmp_path, "a.json", '{"name": "Mai"}')
    assert "does not look like one of moderation" in told(table)[1][0].reason
    assert "Discourse" in told(document)[1][0].reason


def test_a_report_is_signed_by_its_reporter_though_the_first_answer_does_not_name_them() -> None:
    report = acts_of("sample-mastodon.jsonl")["report:7"]
    assert report.who and (report.who.uid, report.who.source) == ("21", "mastodon")
    assert touched(report) == {("moderated", "30")}
    assert report.text.endswith("Reported post 501: Tea, cheap!")


def test_a_report_of_which_nobody_tells_the_reporter_is_kept_without() -> None:
    report = acts_of("sample-mastodon.jsonl")["report:8"]
    assert report.who is None and touched(report) == {("moderated", "30")}


def test_what_became_of_a_report_is_told_by_comparing_looks() -> None:
    found = by_word("sample-mastodon.jsonl")
    assert {word: found[word][0].precision for word in found if word.startswith("report")} == {
        "report opened": "instant",
        "report assigned": "instant",
        "report resolved": "instant",
        "report unassigned": "by",
        "report reopened": "by",
    }
    assert "report:7" in {act.parent for act in found["silence"]}


def test_an_answer_of_the_api_alone_tells_the_same_report_as_the_recording(tmp_path: Path) -> None:
    exchange = json.loads((HERE / "sample-mastodon.jsonl").read_text(encoding="utf-8").splitlines()[2])
    alone = written(tmp_path, "reports.json", json.dumps(exchange["response"]))
    acts, refused = told(alone)
    recorded = acts_of("sample-mastodon.jsonl")["report:7"]
    assert not refused
    assert [(act.host, act.key, act.who, act.text) for act in acts] == [
        (recorded.host, recorded.key, recorded.who, recorded.text)
    ]


def test_a_posts_moderator_on_discord_is_the_account_of_discords_own_importer() -> None:
    ban = by_word("sample-discord.json")["ban"][0]
    assert ban.who and (ban.who.source, ban.who.host, ban.who.uid) == ("discord", "discord.com", "300000000000000001")


def test_what_discords_rules_did_is_nobodys_act_toward_the_member() -> None:
    block = by_word("sample-discord.json")["automatic message block"][0]
    assert block.who is None and touched(block) == {("moderated", "300000000000000003")}


def test_a_case_keeps_its_key_when_its_server_numbers_anew(tmp_path: Path) -> None:
    bumped = json.loads((HERE / "sample-zeppelin.json").read_text(encoding="utf-8"))
    for case in bumped["cases"]:
        case["case_number"] += 100
    again, _ = told(written(tmp_path, "export.json", json.dumps(bumped)))
    assert {act.key for act in again} == set(acts_of("sample-zeppelin.json"))


def test_a_case_that_was_amended_is_a_later_look_at_it() -> None:
    case = acts_of("sample-red.json")["red:600000000000000001:1"]
    assert case.edited_at and case.revision == int(case.edited_at.timestamp())
    assert "Until 2024-02-08 15:06 UTC." in case.text


def test_lists_tell_what_was_added_changed_and_removed_in_the_order_of_their_dates() -> None:
    for order in (LISTS, LISTS[::-1]):
        acts, _ = told(*order, host="pond.example")
        assert [act.at.month for act in acts] == [1, 1, 1, 2, 2, 2, 2]
        assert {(act.thread, act.own_kind) for act in acts[3:]} == {
            ("domain:mud.example", "domain block changed"),
            ("domain:fog.example", "domain suspend"),
            ("domain:dust.example", "domain unblock"),
            ("domain:smog.example", "domain suspend"),
        }
        assert not any(act.who or act.whom for act in acts)


def test_a_list_read_alone_adds_nothing_to_what_all_lists_told() -> None:
    together = {act.key for act in told(*LISTS, host="pond.example")[0]}
    assert {act.key for path in LISTS for act in told(path, host="pond.example")[0]} < together


def test_a_server_blocked_again_in_the_same_words_is_another_act(tmp_path: Path) -> None:
    for month, severity in enumerate(("suspend", "silence", "suspend"), 1):
        written(tmp_path, f"list-2024-0{month}-01.csv", f"#domain,#severity\nmud.example,{severity}\n")
    acts, _ = told(tmp_path, host="pond.example")
    assert [act.own_kind for act in acts] == ["domain suspend", "domain silence", "domain suspend"]
    assert len({act.key for act in acts}) == 3


def test_lists_without_a_date_take_nobody_off_a_list(tmp_path: Path) -> None:
    for name, domain in (("a.csv", "mud.example"), ("b.csv", "fog.example")):
        written(tmp_path, name, f"domain,severity\n{domain},suspend\n")
    acts, _ = told(tmp_path, host="pond.example")
    assert [(act.own_kind, act.precision) for act in acts] == [("domain suspend", "by")] * 2


def test_only_a_files_own_name_dates_a_list() -> None:
    assert str(date_in("lists/2024-01-31.csv")) == str(date_in("x/list20240131.csv")) == "2024-01-31"
    assert date_in("2024-01-31/list.csv") is None and date_in("list-2024-13-45.csv") is None


def test_words_of_one_act_have_one_spelling() -> None:
    assert {spelled(word) for word in ("Banned", "BAN", "ban_user", "Cấm vĩnh viễn")} == {"ban"}
    assert (spelled("Verbal  Warning"), spelled("Shadow_Ban"), spelled("")) == ("warn", "shadow ban", "")
    assert (lasting("7 days", ""), lasting("", "2024-05-01"), lasting("", "")) == (
        "For 7 days.",
        "Until 2024-05-01.",
        "",
    )


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_out_of_an_archive_it_is_the_same(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(path, folder / path.name)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    assert [act.key for act in told(Path(archive), host="pond.example")[0]] == [
        act.key for act in told(path, host="pond.example")[0]
    ]


def test_a_table_of_posts_by_moderators_is_left_to_the_importer_of_tables() -> None:
    activities = HERE.parent / "csv" / "activities.csv"
    acts = [one for one in csv.read(Inputs([str(activities)])) if isinstance(one, Activity)]
    assert acts and not told(activities)[0]


def test_importing_all_again_adds_nothing(kith: Installation) -> None:
    paths = tuple(str(path) for path in SAMPLES)
    first = importing.run(kith, "moderation", Inputs(paths, "pond.example"))
    again = importing.run(kith, "moderation", Inputs(paths, "pond.example"))
    assert first.recorded and (again.recorded, again.changed) == (0, 0)
    assert again.read == first.read
