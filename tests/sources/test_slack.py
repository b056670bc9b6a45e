"""A Slack export, told right: invented people whose acts are known."""

import json
import lzma
import shutil
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crm import importing
from crm.activity import Activity, Refused
from crm.installation import Installation
from crm.kinds import KINDS
from crm.reading import Inputs
from crm.reading.glimpse import Glimpse
from crm.slack import whole
from crm.slack.reading import NO_CHANNEL, NO_WORKSPACE
from crm.slack.words import read_text
from crm.slack.workspace import Workspace
from crm.sources import slack

HERE = Path(__file__).parent / "slack"
SAMPLE = HERE / "sample"
TEAM = "T0LANTERN"


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    acts: list[Activity] = []
    refused: list[Refused] = []
    for item in slack.read(Inputs([str(path) for path in paths], host)):
        if isinstance(item, Activity):
            acts.append(item)
        else:
            refused.append(item)
    return acts, refused


def of_sample() -> dict[str, Activity]:
    return {act.key: act for act in told(SAMPLE)[0]}


def shown(path: Path) -> list[dict[str, Any]]:
    """Everything read, as JSON without what is empty and without paths, for comparing."""
    found = [json.loads(msgspec.json.encode(item)) for item in slack.read(Inputs([str(path)]))]
    bare = [{key: value for key, value in item.items() if value} for item in found]
    return [item | {"file": Path(item["file"]).parent.name} if "file" in item else item for item in bare]


def touched(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def message(ts: str, **fields: object) -> dict[str, Any]:
    return {"type": "message", "user": "U0MAI0001", "text": "x", "ts": ts, "team": TEAM} | fields


def written(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows))
    return path


def test_the_sample_is_told_as_expected() -> None:
    expected = json.loads((HERE / "expected.json").read_text())
    for number, (found, wanted) in enumerate(zip_longest(shown(SAMPLE), expected)):
        assert found == wanted, f"entry {number} differs"


def test_only_kinds_that_are_known_are_used_and_each_key_once_but_for_what_changed() -> None:
    acts, _ = told(SAMPLE)
    changed = {"C0GENERAL:1709370500.000100", "C0GENERAL:1709291300.000100"}
    assert {act.kind for act in acts} <= KINDS.keys()
    assert {act.key for act in acts if sum(other.key == act.key for other in acts) > 1} == changed


def test_one_moment_in_two_channels_is_two_acts() -> None:
    assert {"C0GENERAL:1709280000.000200", "C0POTTERS:1709280000.000200"} <= of_sample().keys()


def test_a_thread_holds_its_opener_and_answers_and_who_is_answered() -> None:
    acts = of_sample()
    opener = "C0GENERAL:1709290000.000100"
    thread = {key for key, act in acts.items() if act.thread == opener and act.kind in ("posted", "replied")}
    assert thread == {opener, *(f"C0GENERAL:1709290{n}00.000100" for n in (1, 2, 3, 4))}
    assert acts[opener].kind == "posted" and acts[opener].parent == ""
    assert touched(acts["C0GENERAL:1709290200.000100"]) == {
        ("replied", "U0MAI0001"),
        ("mentioned", "U0MAI0001"),
        ("mentioned", "U0TUAN002"),
    }
    assert touched(acts["C0GENERAL:1709290300.000100"]) == set(), "nobody answers themselves"
    assert touched(acts["C0GENERAL:1709290400.000100"]) == {("replied", "U0MAI0001")}, "parent_user_id may be missing"


def test_a_message_that_nobody_answered_yet_is_in_its_own_thread_as_it_will_be_when_answered() -> None:
    act = of_sample()["C0GENERAL:1709370500.000100"]
    assert act.thread == act.key


def test_marks_become_text_that_people_read() -> None:
    acts = of_sample()
    assert acts["C0GENERAL:1709290000.000100"].text == (
        "Chào cả nhà :wave: Our kiln stays cold & <E3> blinks.\n\nWho can look? @Tuấn Phạm @here "
        "see the page on E3 (https://kilns.example/e3) or http://kilns.example, help@kilns.example\n"
        "Lò nung (https://lantern-potters.slack.com/files/U0MAI0001/F1/kiln.jpg)"
    )
    assert acts["C0GENERAL:1709290100.000100"].text.endswith("In #potters and #old-club they had it too: `if (a <- 3)`")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<!channel> &amp;lt;", "@channel &lt;"),
        ("<!subteam^S0123456|@kiln-crew>", "@kiln-crew"),
        ("<!subteam^S0123456>", "@group"),
        ("<!date^1392734382^{date}|18 February 2014>", "18 February 2014"),
        ("<@U0STRANGE>", "@U0STRANGE"),
        ("<@U0STRANGE|old.name>", "@old.name"),
        ("<#C0UNKNOWN>", "#C0UNKNOWN"),
        ("<tel:+84123|0123>", "0123"),
        ("x <- c(1) && y > 2", "x <- c(1) && y > 2"),
        ("<not a mark|at all>", "<not a mark|at all>"),
    ],
)
def test_every_mark_of_slack_and_nothing_else_is_resolved(raw: str, text: str) -> None:
    assert read_text(raw, Workspace(TEAM)).text == text


def test_reactions_are_acts_of_those_who_gave_them_and_only_the_rest_is_counted() -> None:
    acts = of_sample()
    key = "C0GENERAL:1709290000.000100"
    fire = acts[f"{key}:reaction:fire:U0HUONG03"]
    assert (fire.kind, fire.precision, fire.at, fire.parent) == ("reacted", "since", acts[key].at, key)
    assert touched(fire) == {("reacted", "U0MAI0001")}
    assert touched(acts[f"{key}:reaction:+1::skin-tone-3:U0MAI0001"]) == set()
    assert acts[key].reactions == {"+1::skin-tone-3": 3}


def test_coming_going_inviting_and_changing_a_channel_are_acts() -> None:
    acts = of_sample()
    came = acts["C0GENERAL:1709280000.000200"]
    assert (came.kind, came.text, came.whom, came.thread) == ("joined", "", (), "")
    invitation = acts["C0GENERAL:1709280000.000200:invited"]
    assert invitation.who is not None and invitation.who.uid == "U0MAI0001"
    assert (invitation.kind, touched(invitation)) == ("invited", {("invited", "U0TUAN002")})
    topic = acts["C0GENERAL:1709370200.000100"]
    assert (topic.kind, topic.own_kind, topic.whom) == ("edited", "channel_topic", ())
    assert topic.text == "set the channel topic: Kilns, @Tuấn Phạm"
    assert acts["C0POTTERS:1709281000.000100"].kind == "edited"
    assert acts["C0GENERAL:1709370400.000100"].kind == "left"
    tab = acts["C0GENERAL:1709370600.000100"]
    assert tab.who is not None and (tab.who.uid, tab.kind) == ("U0TUAN002", "edited")
    assert tab.text == "Tuấn added <Bookmarks> as a tab @Tuấn Phạm"


def test_a_pin_tells_who_pinned_which_message_and_when() -> None:
    pin = of_sample()["C0GENERAL:1709290000.000100:pinned"]
    assert pin.who is not None
    assert (pin.kind, pin.who.uid) == ("moderated", "U0TUAN002")
    assert (pin.at.timestamp(), pin.parent) == (1709290500, "C0GENERAL:1709290000.000100")


def test_an_app_is_one_account_however_it_posts() -> None:
    acts = of_sample()
    alarm, well = acts["C0GENERAL:1709291000.000100"], acts["C0GENERAL:1709291100.000100"]
    assert alarm.who == well.who and well.who is not None
    assert (well.who.uid, well.who.name, well.who.bot) == ("U0KILN004", "Kiln Watch", True)
    assert alarm.text == "Alarm\nE3 at kiln 2 (https://kilns.example/2)\ncold for 2 h\nTemperature: 20"
    weather = acts["C0GENERAL:1709291200.000100"].who
    assert weather is not None and (weather.uid, weather.name, weather.bot) == ("B0WEATHER", "Weather", True)
    owl = next(act for act in told(SAMPLE)[0] if act.key == "C0GENERAL:1709291300.000100")
    assert owl.who is not None and (owl.who.uid, bool(owl.doubt)) == ("name:Owl", True)


def test_an_edit_says_when_and_a_deleted_message_outlives_every_edit() -> None:
    acts, _ = told(SAMPLE)
    edited = next(act for act in acts if act.key == "C0GENERAL:1709290000.000100")
    assert edited.edited_at is not None and edited.edited_at.timestamp() == edited.revision == 1709290060
    gone = next(act for act in acts if act.own_kind == "tombstone")
    assert (gone.removed, gone.who, gone.text, gone.key) == (True, None, "", "C0GENERAL:1709370000.000100")
    assert gone.revision > edited.revision
    answer = next(act for act in acts if act.key == "C0GENERAL:1709370100.000100")
    assert (answer.parent, answer.whom) == (gone.key, ()), "nobody answers Slackbot in place of who is gone"


def test_the_log_of_changes_in_full_exports_is_told_of_the_message_it_is_about() -> None:
    acts, _ = told(SAMPLE)
    waves = [act for act in acts if act.key == "C0GENERAL:1709370500.000100"]
    assert [act.text for act in waves] == ["waves", "waves again"]
    assert waves[1].revision == 1709370900 > waves[0].revision
    owl = [act for act in acts if act.key == "C0GENERAL:1709291300.000100"]
    assert [act.removed for act in owl] == [False, True]


def test_a_shared_message_quotes_who_wrote_it_without_taking_the_words() -> None:
    act = of_sample()["C0GENERAL:1709370700.000100"]
    assert touched(act) == {("quoted", "U0MAI0001")}
    assert act.text.startswith("As Mai said:point_up:https://") and "Chào" not in act.text


def test_a_huddle_is_held_by_one_and_attended_by_the_others() -> None:
    acts = of_sample()
    held = acts["C0GENERAL:1709370800.000100"]
    assert held.who is not None and (held.kind, held.who.uid) == ("hosted", "U0MAI0001")
    assert [key for key in acts if ":attended:" in key] == [f"{held.key}:attended:U0TUAN002"]


def test_people_are_named_as_they_are_in_the_list_or_beside_their_message() -> None:
    acts = of_sample()
    mai = acts["C0GENERAL:1709370500.000100"].who
    assert mai is not None
    assert (mai.login, mai.name, mai.email) == ("mai.le", "Mai Lê", "mai@lantern.example")
    assert mai.avatar.endswith("mai_192.png")
    guest = acts["C0GENERAL:1709290400.000100"].who
    assert guest is not None and (guest.uid, guest.name) == ("U0GUEST07", "Gast Nebenan")
    left = acts["C0GENERAL:1709280001.000200"].who
    assert left is not None and left.name == "Hương & Co"


def test_members_who_did_nothing_are_listed_as_of_their_last_change_and_machines_are_not() -> None:
    acts, _ = told(SAMPLE)
    listed = {act.who.uid: act for act in acts if act.kind == "listed" and act.who}
    assert listed.keys() == {"U0QUIET05", "U0UNSAID6"}
    assert listed["U0QUIET05"].at.timestamp() == 1708000000 and listed["U0QUIET05"].precision == "by"
    assert listed["U0UNSAID6"].at == max(act.at for act in acts), "the last message, where nothing else is told"


def test_folders_that_no_list_names_are_channels_by_the_best_name_there_is() -> None:
    acts, _ = told(SAMPLE)
    keys = {act.text: act.place.key for act in acts if act.place}
    assert keys["The club is closed"] == "C0CLUB001", "a message mentions it with its id"
    assert keys["First pot!"] == "C0POTTERS", "it is the former name of a channel"
    assert keys["Nobody lists this channel"] == "name:1_lost"


def test_a_channel_that_no_list_names_is_one_under_its_former_and_its_later_name(tmp_path: Path) -> None:
    renamed = message("1709280001.000200", subtype="channel_name", old_name="clay", name="loam")
    written(tmp_path / "clay/2024-01-01.json", message("1709280000.000200"))
    written(tmp_path / "loam/2024-01-02.json", renamed)
    assert {act.place.key for act in told(tmp_path)[0] if act.place} == {"name:loam"}
    written(tmp_path / "talk/2024-01-03.json", message("1709280002.000200", text="See <#C0LOAM001|loam>"))
    assert {act.place.key for act in told(tmp_path)[0] if act.place} == {"C0LOAM001", "name:talk"}


def test_a_list_of_channels_from_another_export_of_the_workspace_helps(tmp_path: Path) -> None:
    other = {"id": "C0LOST001", "name": "1_lost", "created": 1706000000, "creator": "U0MAI0001"}
    acts, _ = told(SAMPLE, written(tmp_path / "channels.json", other))
    assert {act.place.key for act in acts if act.place and act.place.name == "#1_lost"} == {"C0LOST001"}


@pytest.mark.parametrize(
    "spelt",
    [lambda name: name, lambda name: unicodedata.normalize("NFD", name), lambda name: name.encode().decode("cp437")],
)
def test_a_channel_with_marks_on_its_letters_is_found_however_the_archive_spells_it(
    tmp_path: Path, spelt: Callable[[str], str]
) -> None:
    channel = {"id": "C0HOIDAP1", "name": "hỏi-đáp", "created": 1706000000, "creator": "U0MAI0001"}
    written(tmp_path / "channels.json", channel)
    written(tmp_path / spelt("hỏi-đáp") / "2024-01-01.json", message("1709280000.000200"))
    acts, refused = told(tmp_path)
    assert not refused and "C0HOIDAP1:1709280000.000200" in {act.key for act in acts}


def test_private_conversations_are_left_out_with_one_sentence_each() -> None:
    acts, refused = told(SAMPLE)
    assert {item.reason for item in refused} == {
        "“secret-team” is a private channel, and Kith leaves those out.",
        "“D0MAITUAN” is a direct message, and Kith leaves those out.",
        "“mpdm-mai--tuan--huong-1” is a direct message of several people, and Kith leaves those out.",
    }
    assert len(refused) == 3 and not any("not for everyone" in act.text for act in acts)


def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "Lantern Slack export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(SAMPLE.rglob("*.json"), reverse=True):
            archive.write(file, file.relative_to(SAMPLE))
    return path


def enclosed(tmp_path: Path) -> Path:
    path = tmp_path / "again.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(SAMPLE, "My export")
    return path


def packed_twice(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip.xz"
    path.write_bytes(lzma.compress(zipped(tmp_path).read_bytes()))
    return path


def moved(tmp_path: Path) -> Path:
    return shutil.copytree(SAMPLE, tmp_path / "T0OTHER" / "x.slack.com")


@pytest.mark.parametrize("pack", [zipped, enclosed, packed_twice, moved])
def test_the_same_export_in_any_packing_is_the_same_acts(tmp_path: Path, pack: Callable[[Path], Path]) -> None:
    def in_order(path: Path) -> list[Activity]:
        return sorted(told(path)[0], key=lambda act: (act.key, act.revision))

    assert in_order(pack(tmp_path)) == in_order(SAMPLE)


def test_a_later_export_with_a_renamed_channel_adds_only_what_is_new(tmp_path: Path) -> None:
    later = shutil.copytree(SAMPLE, tmp_path / "later")
    (later / "general").rename(later / "plaza")
    channels = json.loads((later / "channels.json").read_text())
    channels[0]["name"] = "plaza"
    (later / "channels.json").write_text(json.dumps(channels))
    written(later / "plaza/2024-04-01.json", message("1711929600.000100"))
    before, after = ({act.key for act in told(path)[0]} for path in (SAMPLE, later))
    assert after - before == {"C0GENERAL:1711929600.000100"} and before <= after


def test_the_workspace_is_told_by_whatever_is_there(tmp_path: Path) -> None:
    by_messages = written(tmp_path / "one/general/2024-01-01.json", message("1709280000.000200"))
    address = "https://files.slack.com/files-pri/T0LANTERN-F01/x.png"
    bare = message("1709280000.000200", files=[{"name": "x", "url_private": address}])
    del bare["team"]
    by_file = written(tmp_path / "two/general/2024-01-01.json", bare)
    assert {act.host for path in (by_messages, by_file, SAMPLE) for act in told(path)[0]} == {TEAM}


def test_a_workspace_is_never_guessed_and_the_operator_has_the_last_word(tmp_path: Path) -> None:
    bare = message("1709280000.000200")
    del bare["team"]
    folder = tmp_path / "T0LANTERN.slack.com"
    written(folder / "general/2024-01-01.json", bare)
    written(folder / "general/2024-01-02.json", bare)
    acts, refused = told(folder)
    assert not acts and [item.reason for item in refused] == [NO_WORKSPACE]
    acts, refused = told(folder, host="T0GIVEN01")
    assert not refused and {act.host for act in acts} == {"T0GIVEN01"}


def test_links_lead_to_the_message_where_the_address_is_told() -> None:
    acts = of_sample()
    assert acts["C0GENERAL:1709370500.000100"].link == (
        "https://lantern-potters.slack.com/archives/C0GENERAL/p1709370500000100"
    )
    assert acts["C0GENERAL:1709290300.000100"].link.endswith(
        "/p1709290300000100?thread_ts=1709290000.000100&cid=C0GENERAL"
    )
    assert acts["name:1_lost:1706950000.000100"].link == ""


def test_answers_of_the_api_are_read_where_they_or_their_neighbours_tell_the_channel(tmp_path: Path) -> None:
    history = {"ok": True, "has_more": False, "messages": [message("1709280000.000200")]}
    info = {"ok": True, "channel": {"id": "C0GENERAL", "name": "general", "creator": "U0MAI0001", "is_channel": True}}
    (tmp_path / "history.json").write_text(json.dumps(history))
    acts, refused = told(tmp_path)
    assert not acts and [item.reason for item in refused] == [NO_CHANNEL]
    (tmp_path / "info.json").write_text(json.dumps(info))
    acts, refused = told(tmp_path)
    assert not refused and [act.key for act in acts] == ["C0GENERAL:1709280000.000200"]
    (tmp_path / "other.json").write_text(json.dumps(history | {"channel_id": "C0OTHER01", "name": "other"}))
    assert {act.key for act in told(tmp_path)[0]} == {f"{key}:1709280000.000200" for key in ("C0GENERAL", "C0OTHER01")}


@pytest.mark.parametrize("flag", ["is_im", "is_mpim", "is_private"])
def test_a_private_conversation_of_the_api_is_left_out(tmp_path: Path, flag: str) -> None:
    info = {"channel": {"id": "C0HIDDEN1", "name": "hidden", "creator": "U0MAI0001", flag: True}}
    history = {"ok": True, "channel_id": "C0HIDDEN1", "messages": [message("1709280000.000200")]}
    (tmp_path / "info.json").write_text(json.dumps(info))
    (tmp_path / "history.json").write_text(json.dumps(history))
    acts, refused = told(tmp_path)
    assert not acts and len(refused) == 1 and "Kith leaves those out" in refused[0].reason


def test_one_spoiled_message_does_not_cost_the_others_and_says_where_it_stands(tmp_path: Path) -> None:
    spoiled = [{"type": "message", "text": "no time"}, message("yesterday"), message("1709280003.000200", text=7)]
    good = message("1709280000.000200"), message("1709280009.000200")
    path = written(tmp_path / "general/2024-01-01.json", good[0], *spoiled, good[1])
    path.write_text(path.read_text().replace("}, {", "},\n{"))
    acts, refused = told(path)
    assert [act.at.second for act in acts] == [0, 9]
    assert [item.line for item in refused] == [2, 3, 4]
    assert [word in item.reason for word, item in zip(("ts", "yesterday", "text"), refused, strict=True)] == [True] * 3


def test_a_day_too_long_to_be_held_is_read_by_rows_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once = told(SAMPLE)
    monkeypatch.setattr(whole, "SMALL", 100)
    assert told(SAMPLE) == at_once


def test_halves_of_letters_and_nul_never_reach_a_text(tmp_path: Path) -> None:
    path = tmp_path / "general/2024-01-01.json"
    path.parent.mkdir()
    path.write_text(
        '[{"type":"message","user":"U0MAI0001","team":"T0LANTERN","ts":"1709280000.000200","text":"a\\ud83d\\u0000b"}]'
    )
    acts, _ = told(path)
    assert [act.text for act in acts] == ["a\ufffd\ufffdb"]


def test_what_is_no_slack_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"title": "a recipe"}')
    acts, refused = told(tmp_path, host=TEAM)
    assert not acts and [item.reason for item in refused] == [
        "This is neither a message nor a member nor a channel of Slack."
    ]


def test_a_glimpse_tells_a_slack_export_from_what_only_looks_like_it() -> None:
    def score(text: str) -> int:
        return slack.fits(Glimpse("x.json", text.encode()))

    assert score((SAMPLE / "general/2024-03-01.json").read_text()) >= 90
    assert score((SAMPLE / "users.json").read_text()) >= 90
    assert score((SAMPLE / "channels.json").read_text()) >= 90
    assert score('[{"type": "message", "ts": 12, "text": "1709280000.000200"}]') == 0
    assert score('{"id": "U0MAI0001", "name": "x"}') == 0
    assert score("") == score("\x00\xff[") == 0


def test_importing_the_sample_again_adds_nothing(kith: Installation, tmp_path: Path) -> None:
    first = importing.run(kith, "slack", Inputs((str(SAMPLE),)))
    again = importing.run(kith, "slack", Inputs((str(zipped(tmp_path)),)))
    assert first.recorded == len({act.key for act in told(SAMPLE)[0]}) and first.refused == 3
    assert (again.recorded, again.changed) == (0, 0)
