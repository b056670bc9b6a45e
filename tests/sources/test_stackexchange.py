"""The dump of a Stack Exchange site, told right: invented potters whose acts are known."""

import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.installation import Installation
from crm.kinds import KINDS
from crm.reading import Glimpse, Inputs
from crm.sources import sources, stackexchange
from crm.stackexchange.address import host_in
from crm.stackexchange.compact import Index
from crm.stackexchange.talk import Body

HERE = Path(__file__).parent / "stackexchange"
SAMPLE = HERE / "sample"
GOM = SAMPLE / "gom.stackexchange.com"
HOST = "gom.stackexchange.com"
TABLES = sorted(path.name for path in GOM.iterdir())


def told(*paths: Path, host: str = "") -> tuple[list[Activity], list[Refused]]:
    found = list(stackexchange.read(Inputs([str(path) for path in paths], host)))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def of_sample() -> dict[str, Activity]:
    acts, refused = told(SAMPLE)
    assert not refused
    return {act.key: act for act in acts}


def touched(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def actor(act: Activity) -> str:
    return act.who.uid if act.who else ""


def table(folder: Path, name: str, *rows: str, head: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path, root = folder / f"{name}.xml", name.lower()
    body = "".join(f"  <row {row} />\n" for row in rows)
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{head}<{root}>\n{body}</{root}>')
    return path


def vote(number: int) -> str:
    return f'Id="{number}" PostId="1" VoteTypeId="2" CreationDate="2023-05-01T00:00:00.000"'


def plain(act: Activity) -> dict[str, Any]:
    """An act as JSON has it, without what is empty."""
    built: dict[str, Any] = json.loads(msgspec.json.encode(act))
    empty: tuple[Any, ...] = ("", [], {}, None, False, 0)
    people = [*([built["who"]] if built["who"] else []), *(whom["who"] for whom in built["whom"])]
    for who in people:
        for name in [name for name in who if who[name] in empty]:
            del who[name]
    return {
        name: value for name, value in built.items() if value not in empty and name not in ("source", "host", "place")
    }


def test_the_whole_sample_is_told_as_it_was_checked_by_hand() -> None:
    expected = json.loads((HERE / "expected.json").read_text())
    found = {key: plain(act) for key, act in of_sample().items()}
    assert list(found) == list(expected)
    assert [(found[key], expected[key]) for key in found if found[key] != expected[key]] == []


def test_every_act_stands_on_the_site_that_its_folder_names() -> None:
    acts = of_sample().values()
    assert {(act.source, act.host, act.place and act.place.key) for act in acts} == {("stackexchange", HOST, HOST)}
    assert {act.kind for act in acts} <= KINDS.keys()


def test_tags_of_old_and_new_dumps_stand_below_the_question() -> None:
    acts = of_sample()
    assert acts["post:1"].text.endswith("\n\n[kilns] [electric-heat]")
    assert acts["post:4"].text.endswith("\n\n[men] [an-toàn]")


def test_an_answer_goes_to_whoever_asked_and_to_nobody_if_that_is_its_writer() -> None:
    acts = of_sample()
    assert touched(acts["post:2"]) == {("replied", "2")}
    assert touched(acts["post:5"]) == touched(acts["solved:5"]) == set()
    assert {acts[key].thread for key in ("post:2", "comment:14", "vote:27", "history:50:8")} == {"post:1"}


def test_an_acceptance_has_the_day_of_its_vote_or_else_only_a_lower_bound() -> None:
    acts = of_sample()
    by_vote, without = acts["solved:2"], acts["solved:5"]
    assert (actor(by_vote), touched(by_vote), by_vote.precision) == ("3", {("helped", "2")}, "day")
    assert by_vote.at.date().isoformat() == "2023-05-03"
    assert (without.precision, without.at) == ("since", acts["post:5"].at)


def test_votes_are_nobodys_but_a_favourite_and_a_bounty_are_somebodys() -> None:
    acts = of_sample()
    assert (actor(acts["vote:21"]), acts["vote:21"].precision) == ("", "day")
    assert [acts[f"vote:{number}"].own_kind for number in (21, 22)] == ["upvote", "downvote"]
    assert (actor(acts["vote:24"]), actor(acts["vote:25"]), acts["vote:25"].text) == ("8", "8", "+50")


def test_a_lost_giver_of_a_bounty_is_not_taken_for_the_machine_that_has_its_number() -> None:
    assert of_sample()["vote:26"].who is None


def test_the_machine_called_community_is_a_bot() -> None:
    moved = of_sample()["history:53"].who
    assert moved is not None and (moved.uid, moved.name, moved.bot) == ("-1", "Community", True)


def test_of_a_lost_account_the_name_is_left_and_the_doubt_is_told() -> None:
    acts = of_sample()
    lost = acts["post:3"]
    assert lost.who is not None and (lost.who.uid, lost.who.name) == ("name:user77", "user77") and lost.doubt
    assert acts["post:7"].who is None and not acts["post:7"].doubt


def test_a_downvote_is_for_nobody() -> None:
    assert of_sample()["vote:22"].whom == ()


def test_a_comment_mentions_those_who_were_there_by_their_name_or_the_beginning_of_it() -> None:
    acts = of_sample()
    assert touched(acts["comment:12"]) == {("mentioned", "3")}
    assert touched(acts["comment:13"]) == {("replied", "2"), ("mentioned", "2")}


def test_one_edit_in_several_rows_is_one_act_and_first_words_are_none() -> None:
    history = [act for act in of_sample().values() if act.kind == "edited" and act.parent == "post:1"]
    assert [(act.own_kind, actor(act), act.text) for act in history] == [
        ("edit", "3", "clearer title"),
        ("rollback", "2", "Rollback to [x]"),
    ]


def test_letting_a_suggested_edit_through_is_a_review_by_each_who_did() -> None:
    acts = of_sample()
    assert {actor(act) for act in acts.values() if act.kind == "reviewed"} == {"8", "3"}
    assert touched(acts["history:50:8"]) == {("reviewed", "5")}


def test_a_closing_has_its_reason_and_an_act_for_each_other_voter() -> None:
    acts = of_sample()
    closed = acts["history:51"]
    assert (closed.kind, closed.own_kind, actor(closed)) == ("moderated", "closed", "8")
    assert (touched(closed), closed.text) == ({("moderated", "5")}, f"Duplicate\nhttps://{HOST}/q/1")
    votes = [act for act in acts.values() if act.own_kind == "closed (vote)"]
    assert [(actor(act), act.precision, act.at) for act in votes] == [
        ("3", "by", closed.at),
        ("name:Lost Potter", "by", closed.at),
    ]


def test_people_who_never_did_anything_have_joined() -> None:
    assert of_sample()["user:9"].kind == "joined"


def test_what_stands_on_a_post_that_is_gone_is_kept_without_a_thread() -> None:
    lost = of_sample()["comment:15"]
    assert (lost.thread, lost.parent, lost.whom) == ("", "post:404", ())


def test_a_letter_that_xml_forbids_costs_only_itself() -> None:
    assert of_sample()["post:2"].text == "Replace the fuse. \ufffdPress it hard."


def test_a_link_shows_where_it_leads_unless_its_text_says_so() -> None:
    assert Body().read('<a href="http://a.example/x">here</a>') == "here (http://a.example/x)"
    assert Body().read('<a href="http://a.example/x">a.example/x</a>') == "a.example/x"
    assert Body().read('<a href="http://a.example/p.png"><img src="y"></a>') == "http://a.example/p.png"


@pytest.mark.parametrize("packing", ["zip", "tar.xz", "folder, newest first"])
def test_another_packing_and_any_order_of_the_tables_make_the_same_acts(tmp_path: Path, packing: str) -> None:
    packed = tmp_path / f"{HOST}.{packing}"
    if packing == "zip":
        with zipfile.ZipFile(packed, "w") as archive:
            for name in reversed(TABLES):
                archive.write(GOM / name, name)
    elif packing == "tar.xz":
        with tarfile.open(packed, "w:xz") as archive:
            for name in reversed(TABLES):
                archive.add(GOM / name, f"./{name}")
    else:
        packed = tmp_path / HOST
        packed.mkdir()
        for name in TABLES:
            lines = (GOM / name).read_text("utf-8-sig").splitlines()
            (packed / name).write_text("\n".join([*lines[:2], *reversed(lines[2:-1]), lines[-1]]))
    acts, refused = told(packed)
    there = {(act.key, act.thread, actor(act)) for act in acts}
    assert not refused and there == {(act.key, act.thread, actor(act)) for act in of_sample().values()}


@pytest.mark.parametrize("missing", TABLES)
def test_any_table_may_be_missing(tmp_path: Path, missing: str) -> None:
    folder = tmp_path / HOST
    folder.mkdir()
    for name in TABLES:
        if name != missing:
            (folder / name).write_bytes((GOM / name).read_bytes())
    acts, refused = told(folder)
    assert not refused and {act.key for act in acts if act.kind != "solved"} < of_sample().keys()


def test_each_of_several_sites_has_its_own_people(tmp_path: Path) -> None:
    for host, name in ("a.stackexchange.com", "An"), ("b.meta.stackexchange.com", "Bình"):
        table(tmp_path / host, "Users", f'Id="2" DisplayName="{name}" CreationDate="2023-05-01T00:00:00.000"')
        table(tmp_path / host, "Badges", 'Id="1" UserId="2" Name="Teacher" Date="2023-05-02T00:00:00.000"')
    acts, refused = told(tmp_path)
    assert not refused
    assert {(act.host, act.who.name) for act in acts if act.who} == {
        ("a.stackexchange.com", "An"),
        ("b.meta.stackexchange.com", "Bình"),
    }
    with pytest.raises(Refusal, match="several sites"):
        told(tmp_path, host="c.stackexchange.com")


def test_a_site_that_nothing_names_is_refused_and_a_given_host_overrides(tmp_path: Path) -> None:
    path = table(tmp_path / "my.dump", "Votes", vote(1))
    acts, refused = told(path)
    assert not acts and len(refused) == 1 and "--host" in refused[0].reason
    assert [act.host for act in told(path, host="clay.example")[0]] == ["clay.example"]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("/d/cooking.stackexchange.com/Posts.xml", "cooking.stackexchange.com"),
        ("/d/cooking.meta.stackexchange.com.tar.xz/./Posts.xml", "cooking.meta.stackexchange.com"),
        ("/d/meta.cooking.stackexchange.com/posts.xml", "cooking.meta.stackexchange.com"),
        ("/d/Cooking.StackExchange.com (1).zip/Posts.xml", "cooking.stackexchange.com"),
        ("/d/stackoverflow.com-Posts/Posts.xml", "stackoverflow.com"),
        ("/d/pt.stackoverflow.com/Posts.xml", "pt.stackoverflow.com"),
        ("/d/mathoverflow.net/Posts.xml", "mathoverflow.net"),
        ("/d/stackexchange.com/Posts.xml", ""),
        ("/d/notstackoverflow.com/Posts.xml", ""),
        ("/d/backup.tar.gz/Posts.xml", ""),
    ],
)
def test_which_site_a_name_tells(name: str, host: str) -> None:
    assert host_in(name) == host


def test_a_7z_archive_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "gom.stackexchange.com.7z"
    path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(600))
    assert ["7z" in item.reason and "unpack" in item.reason for item in told(path)[1]] == [True]


def test_a_document_type_and_its_entities_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / HOST, "Votes", vote(1), head='<!DOCTYPE v [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n')
    acts, refused = told(path)
    assert not acts and ["document type" in item.reason for item in refused] == [True]


def test_a_document_type_in_the_midst_of_a_table_is_refused_and_the_rows_are_read(tmp_path: Path) -> None:
    path = table(tmp_path / HOST, "Votes", vote(1))
    path.write_text(path.read_text().replace("<votes>", "<votes><!DOCTYPE v>"))
    acts, refused = told(path)
    assert ["not valid XML" in item.reason for item in refused] == [True] and [act.key for act in acts] == ["vote:1"]


def test_a_file_is_read_as_utf_8_whatever_it_says_of_itself(tmp_path: Path) -> None:
    path = table(tmp_path / HOST, "Badges", 'Id="1" UserId="2" Name="Người thầy" Date="2023-05-02T00:00:00.000"')
    path.write_text(path.read_text().replace('encoding="utf-8"', 'encoding="utf-F"'))
    assert [act.text for act in told(path)[0]] == ["Người thầy"]


@pytest.mark.parametrize(
    "broken",
    [
        'Id="2" PostId="1" VoteTypeId="2" CreationDate="2023-05-01',
        "Id=2 PostId=1",
        'Id="2" Id="2"',
        'Id="2" Text="a & b"',
        'Id="2" Text="&undefined;"',
    ],
)
def test_a_broken_row_costs_itself_and_no_other(tmp_path: Path, broken: str) -> None:
    acts, refused = told(table(tmp_path / HOST, "Votes", vote(1), broken, vote(3), vote(4)))
    assert [act.key for act in acts] == ["vote:1", "vote:3", "vote:4"]
    assert len(refused) == 1 and "not valid XML" in refused[0].reason and refused[0].line in (4, 5)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('Id="1" PostId="1" CreationDate="2023-05-01T00:00:00.000"', "“VoteTypeId” is missing"),
        ('Id="x" PostId="1" VoteTypeId="2" CreationDate="2023-05-01T00:00:00.000"', "should be a whole number"),
        ('Id="1" PostId="99999999999" VoteTypeId="2" CreationDate="2023-05-01T00:00:00.000"', "should be a whole"),
        ('Id="1" PostId="1" VoteTypeId="2" CreationDate="soon"', "is not a date"),
        ('Id="1" PostId="1" VoteTypeId="2"', "there is no date"),
    ],
)
def test_a_row_that_lacks_something_says_what(tmp_path: Path, row: str, reason: str) -> None:
    acts, refused = told(table(tmp_path / HOST, "Votes", row, vote(3)))
    assert [act.key for act in acts] == ["vote:3"]
    assert [(item.line, reason in item.reason) for item in refused] == [(3, True)]


def test_a_file_that_ends_too_early_gives_what_it_has(tmp_path: Path) -> None:
    path = table(tmp_path / HOST, "Votes", vote(1), vote(2))
    path.write_bytes(path.read_bytes()[:-40])
    acts, refused = told(path)
    assert [act.key for act in acts] == ["vote:1"] and "ends too early" in refused[-1].reason


def test_only_tables_of_a_dump_are_taken_for_it() -> None:
    for path in GOM.iterdir():
        glimpse = Glimpse(path.name, path.read_bytes())
        scores = {name: one.fits(glimpse) for name, one in sources().items() if hasattr(one, "fits")}
        assert max(scores, key=lambda name: scores[name]) == "stackexchange" and scores["stackexchange"] >= 90
    for other in (b"", b"{}", b"<html><body>users</body></html>", b"<posts", b"Id,PostTypeId\n1,1\n"):
        assert stackexchange.fits(Glimpse("x", other)) == 0


@given(st.lists(st.integers(-5, 40)))
def test_an_index_finds_the_last_of_each_number(numbers: list[int]) -> None:
    index = Index()
    for number in numbers:
        index.add(number)
    index.settle()
    last = {number: entry for entry, number in enumerate(numbers)}
    assert {number: index.find(number) for number in range(-6, 42)} == {
        number: last.get(number, -1) for number in range(-6, 42)
    }


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(TABLES), st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=6)), min_size=1, max_size=8)
)
def test_mangled_bytes_never_end_the_reading(tmp_path: Path, name: str, changes: list[tuple[int, bytes]]) -> None:
    folder = tmp_path / HOST
    folder.mkdir(exist_ok=True)
    written = bytearray((GOM / name).read_bytes())
    for place, put in changes:
        written[place : place + len(put)] = put
    (folder / "table.xml").write_bytes(written)
    acts, _ = told(folder)
    for act in acts:
        msgspec.json.encode(act)
        assert "\0" not in f"{act.text}{act.title}{act.key}"


def test_a_second_import_adds_nothing(kith: Installation) -> None:
    first = importing.run(kith, "stackexchange", Inputs([str(SAMPLE)]))
    again = importing.run(kith, "stackexchange", Inputs([str(SAMPLE)]))
    assert (first.recorded, first.refused) == (len(of_sample()), 0)
    assert (again.recorded, again.changed, again.known, again.refused) == (0, 0, first.recorded, 0)
