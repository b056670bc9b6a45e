"""A Discord server as DiscordChatExporter saves it, told right: invented people whose acts are known."""

import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Refused
from crm.discord.cutter import Messages
from crm.discord.room import NO_CHANNEL, PRIVATE
from crm.discord.tables import NOT_EXPORTED
from crm.installation import Installation
from crm.reading import Glimpse, Inputs
from crm.reading.cutting import Piece
from crm.sources import discord

HERE = Path(__file__).parent / "discord"
SAMPLE = [HERE / name for name in ("sample.json", "thread.json", "sample.csv", "newest.csv")]
OLD = "AuthorID;Author;Date;Content;Attachments;Reactions;\n"
NEW = "AuthorID,Author,Date,Content,Attachments,Reactions\n"
MORNING = "01-Mar-24 08:00 AM"


def told(*paths: Path) -> tuple[list[Activity], list[Refused]]:
    found = list(discord.read(Inputs([str(path) for path in paths])))
    return [one for one in found if isinstance(one, Activity)], [one for one in found if isinstance(one, Refused)]


def lean(found: Any) -> Any:
    """An act as plain JSON without what is empty."""
    if isinstance(found, dict):
        parts = {name: lean(part) for name, part in found.items()}
        return {name: part for name, part in parts.items() if part not in ("", [], {}, None, 0, False)}
    return [lean(part) for part in found] if isinstance(found, list | tuple) else found


def written(path: Path, *rows: str, head: str = OLD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + "".join(f"{row}\n" for row in rows))
    return path


def row(words: str, date: str = MORNING, uid: str = "11", name: str = "Mai#0001") -> str:
    return ";".join(f'"{cell}"' for cell in (uid, name, date, words, "", "")) + ";"


def export(path: Path, messages: Iterable[dict[str, Any]], **channel: object) -> Path:
    room = {"id": "300000000000000001", "type": "GuildTextChat", "categoryId": "4", "category": "C", "name": "general"}
    document = {"guild": {"id": "9", "name": "G"}, "channel": room | channel, "messages": list(messages)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document | {"messageCount": 1}, indent=2))
    return path


def said(number: int, **fields: object) -> dict[str, Any]:
    at = f"2024-03-01T08:{number % 60:02}:00.5+00:00"
    author = {"id": str(500 + number % 7), "name": f"user{number % 7}", "discriminator": "0000", "isBot": False}
    return {"id": str(1000 + number), "type": "Default", "timestamp": at, "content": "x", "author": author} | fields


def answer(number: int, to: int) -> dict[str, Any]:
    return said(number, type="Reply", reference={"messageId": str(1000 + to), "channelId": "300000000000000001"})


def by_key(acts: Iterable[Activity]) -> dict[str, Activity]:
    return {act.key: act for act in acts}


def roles(act: Activity) -> set[tuple[str, str]]:
    return {(whom.role, whom.who.uid) for whom in act.whom}


def test_the_sample_is_told_as_expected() -> None:
    acts, refused = told(*SAMPLE)
    expected = {one["key"]: one for one in json.loads((HERE / "expected.json").read_text())}
    found = {act.key: lean(msgspec.to_builtins(act)) for act in acts}
    for one in found.values():
        assert (one.pop("source"), one.pop("host")) == ("discord", "discord.com")
    assert not refused and found.keys() == expected.keys()
    assert [(found[key], expected[key]) for key in expected if found[key] != expected[key]] == []


def test_a_conversation_in_a_channel_is_what_hangs_together_by_answers(tmp_path: Path) -> None:
    acts, _ = told(export(tmp_path / "a.json", [said(1), said(2), answer(3, 1), answer(4, 3), answer(5, 99)]))
    threads = {act.key: act.thread for act in acts}
    assert threads == {"1001": "1001", "1002": "", "1003": "1001", "1004": "1001", "1005": ""}
    assert by_key(acts)["1005"].parent == "1099"


def test_the_newest_first_is_the_same_conversation(tmp_path: Path) -> None:
    messages = [said(1), said(2), answer(3, 1), answer(4, 3)]
    forth, _ = told(export(tmp_path / "a.json", messages))
    back, _ = told(export(tmp_path / "b.json", reversed(messages)))
    assert by_key(forth) == by_key(back)


def test_parts_of_one_export_hang_together(tmp_path: Path) -> None:
    first = export(tmp_path / "G - general [300000000000000001].json", [said(1)])
    second = export(tmp_path / "G - general [300000000000000001] [part 2].json", [answer(2, 1)])
    reply = by_key(told(first, second)[0])["1002"]
    assert reply.thread == "1001" and roles(reply) == {("replied", "501")}


def test_answers_in_a_circle_end(tmp_path: Path) -> None:
    acts, _ = told(export(tmp_path / "a.json", [answer(1, 2), answer(2, 1)]))
    assert {act.thread for act in acts} == {""}


def test_a_post_of_a_forum_opens_the_thread_that_bears_its_name(tmp_path: Path) -> None:
    post = said(1, id="300000000000000007")
    room = {
        "id": "300000000000000007",
        "type": 11,
        "name": "Cracks in the glaze",
        "categoryId": "8",
        "category": "help",
    }
    acts, _ = told(export(tmp_path / "a.json", [post, said(2)], **room))
    opener, reply = acts
    assert (opener.kind, opener.title, opener.thread) == ("posted", "Cracks in the glaze", opener.key)
    assert (reply.kind, reply.title, reply.parent, roles(reply)) == ("replied", "", opener.key, {("replied", "501")})
    assert reply.place is not None and (reply.place.key, reply.place.name) == ("8", "help")


def test_the_first_words_of_a_thread_open_it_only_if_they_were_said_when_it_was_made(tmp_path: Path) -> None:
    made = 1_213_040_531_865_600_000
    for later, title in ((5_000, "Men lam"), (3_600_000, "")):
        first = said(1, id=str(made + (later << 22)))
        acts, _ = told(export(tmp_path / "a.json", [first], id=str(made), type="GuildPublicThread", name="Men lam"))
        assert [act.title for act in acts] == [title]


@pytest.mark.parametrize(
    ("kind", "guild"),
    [("DirectTextChat", "0"), ("DirectGroupTextChat", "0"), ("GuildPrivateThread", "9"), (1, "9"), ("12", "9")],
)
def test_private_conversations_stay_private(tmp_path: Path, kind: str | int, guild: str) -> None:
    path = export(tmp_path / "a.json", [said(1), said(2)], type=kind)
    path.write_text(path.read_text().replace('"id": "9"', f'"id": "{guild}"'))
    acts, refused = told(path)
    assert not acts and [one.reason for one in refused] == [PRIVATE]


def test_a_table_of_a_private_conversation_stays_private(tmp_path: Path) -> None:
    acts, refused = told(written(tmp_path / "Direct Messages - Private - mai [300000000000000001].csv", row("hi")))
    assert not acts and [one.reason for one in refused] == [PRIVATE]


def test_one_spoiled_message_does_not_cost_the_others(tmp_path: Path) -> None:
    path = export(tmp_path / "a.json", [said(1), said(2, timestamp="soon"), said(3, author=5), said(4), said(5)])
    path.write_text(path.read_text().replace('"content": "x",\n      "author": {\n        "id": "504"', '"content": }'))
    acts, refused = told(path)
    assert [act.key for act in acts] == ["1001", "1005"] and len(refused) == 3


def test_an_export_that_broke_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = export(tmp_path / "a.json", [said(1), said(2), said(3)])
    path.write_bytes(path.read_bytes()[:-150])
    acts, refused = told(path)
    assert [act.key for act in acts] == ["1001", "1002"]
    assert [one.reason for one in refused] == ["the document ends too early"]


def test_several_exports_may_stand_in_one_file(tmp_path: Path) -> None:
    one = export(tmp_path / "1.json", [said(1), said(2)])
    two = export(tmp_path / "2.json", [said(3), said(4)], name="two")
    lines = tmp_path / "all.jsonl"
    lines.write_text("\n".join(json.dumps(json.loads(path.read_text())) for path in (one, two)))
    acts, refused = told(lines)
    places = [(act.key, act.place and act.place.name) for act in acts]
    assert not refused
    assert places == [("1001", "general"), ("1002", "general"), ("1003", "two"), ("1004", "two")]


@given(sizes=st.lists(st.integers(1, 400), min_size=1), indent=st.sampled_from([None, 1]), tail=st.booleans())
@settings(max_examples=60)
def test_messages_come_out_whole_however_a_file_is_cut(sizes: list[int], indent: int | None, tail: bool) -> None:
    tricky = '},{"id":"1","type":"x"} [ "messages": [ \\'
    messages = [said(n, content=tricky * (n % 3), embeds=[{"a": [[]]}] * n) for n in range(6)]
    channel = {"id": "3", "topic": '"messages": ['}
    document: dict[str, Any] = {"guild": {"id": "9"}, "channel": channel, "messages": messages}
    if tail:
        document["messageCount"] = 6
    raw, cutter, pieces, turn = json.dumps(document, indent=indent).encode(), Messages(), list[Piece](), 0
    while raw:
        size = sizes[turn % len(sizes)]
        pieces += cutter.feed(raw[:size])
        raw, turn = raw[size:], turn + 1
    pieces += cutter.end()
    assert not any(piece.trouble for piece in pieces)
    assert [json.loads(piece.raw) for piece in pieces if piece.raw.startswith(b"{")][1:] == messages


def test_what_a_reply_notifies_is_no_mention(tmp_path: Path) -> None:
    other = [{"id": "501", "name": "user1"}, {"id": "503", "name": "user3"}]
    acts, _ = told(export(tmp_path / "a.json", [said(1), answer(2, 1) | {"mentions": other}]))
    assert roles(acts[1]) == {("replied", "501"), ("mentioned", "503")}


def test_older_exporters_lack_fields_and_call_an_answer_ordinary(tmp_path: Path) -> None:
    bare = {"id": "1213040531865600000"}
    acts, refused = told(export(tmp_path / "a.json", [said(1), answer(2, 1) | {"type": "Default"}, bare]))
    assert not refused and acts[1].kind == "replied"
    assert acts[2].who is None and acts[2].at.isoformat() == "2024-03-01T08:30:00+00:00"


def test_what_is_no_export_is_refused_with_a_sentence(tmp_path: Path) -> None:
    page, alone, table = (
        tmp_path / "a.html",
        tmp_path / "b.json",
        written(tmp_path / "c.csv", "1,2", head="name,date\n"),
    )
    page.write_text("<!DOCTYPE html>\n<title>general</title>\n<p>x</p>\n")
    alone.write_text(json.dumps([said(1), said(2)]))
    acts, refused = told(page, alone, table)
    assert not acts and [one.reason for one in refused] == [NOT_EXPORTED, NO_CHANNEL, NOT_EXPORTED]


def test_equal_messages_of_a_minute_are_several_and_keep_their_keys_however_they_are_cut(tmp_path: Path) -> None:
    rows = [row("+1"), row("+1"), row("hello"), row("+1"), row("+1", "01-Mar-24 08:01 AM")]
    whole = told(written(tmp_path / "full/support/1.csv", *rows))[0]
    for number, line in enumerate(rows, 9):
        written(tmp_path / f"cut/support/{number}.csv", line)
    cut = told(tmp_path / "cut")[0]
    assert len(by_key(whole)) == 5 and by_key(cut).keys() == by_key(whole).keys()


def test_daily_pulls_and_a_full_pull_of_the_same_days_are_the_same_messages(tmp_path: Path) -> None:
    first, second = [row("+1"), row("+1"), row("good night")], [row("+1", "02-Mar-24 08:00 AM")] * 2
    full = told(written(tmp_path / "full/support/1.csv", *first, *second))[0]
    written(tmp_path / "day 1/talk/support/1.csv", *first)
    written(tmp_path / "day 2/support.csv", *(line.rstrip(";").replace(";", ",") for line in second), head=NEW)
    both = told(tmp_path)[0]
    assert len(full) == 5 and len(both) == 10 and by_key(both).keys() == by_key(full).keys()


def test_renaming_oneself_makes_no_new_message(tmp_path: Path) -> None:
    before, _ = told(written(tmp_path / "a.csv", row("@Mai thanks", uid="12")))
    after, _ = told(written(tmp_path / "b.csv", row("@Mai2024 thanks", uid="12", name="Ngọc#0002")))
    assert before[0].key == after[0].key


def test_a_mention_by_a_name_that_two_have_names_nobody(tmp_path: Path) -> None:
    people = (("11", "Mai Lê#0001"), ("12", "An#0002"), ("13", "An#0003"))
    rows = [row("hi", uid=uid, name=name) for uid, name in people]
    rows.append(row("@mai lê, @An: see @everyone", uid="14", name="Bình#0004"))
    acts, _ = told(written(tmp_path / "a.csv", *rows))
    assert roles(acts[-1]) == {("mentioned", "11")}


@pytest.mark.parametrize(
    ("date", "at", "precision"),
    [
        ("07-Feb-19 12:35 AM", "2019-02-07T00:35", "minute"),
        ("07-Feb-19 12:35 PM", "2019-02-07T12:35", "minute"),
        ("07/02/2019 19:35", "2019-02-07T19:35", "minute"),
        ("19:35 07/02/2019", "2019-02-07T19:35", "minute"),
        ("2/7/2019 7:35 PM", "2019-02-07T19:35", "minute"),
        ("2/7/2019 7:35\u202fPM", "2019-02-07T19:35", "minute"),
        ("07.02.2019 19:35", "2019-02-07T19:35", "minute"),
        ("2019-02-07 19:35", "2019-02-07T19:35", "minute"),
        ("2019/02/07 19:35", "2019-02-07T19:35", "minute"),
        ("2019-02-07T19:35:01.4890000+00:00", "2019-02-07T19:35", "instant"),
        ("2019-02-08T02:35:01.4890000+07:00", "2019-02-07T19:35", "instant"),
    ],
)
def test_dates_of_every_version_and_country(tmp_path: Path, date: str, at: str, precision: str) -> None:
    acts, refused = told(written(tmp_path / "a.csv", row("hi", date)))
    assert not refused
    assert (acts[0].at.isoformat()[:16], acts[0].precision) == (at, precision)
    assert ("zone" in acts[0].doubt) == (precision == "minute")


def test_which_number_is_the_month_is_told_by_any_date_of_the_run(tmp_path: Path) -> None:
    written(tmp_path / "1.csv", row("hi", "2/7/2019 19:35"))
    alone, _ = told(tmp_path)
    written(tmp_path / "2.csv", row("hi", "2/17/2019 19:35"))
    both, _ = told(tmp_path)
    assert ("other way round" in alone[0].doubt, alone[0].at.month) == (True, 7)
    assert ("other way round" in both[0].doubt, both[0].at.month) == (False, 2)


def test_the_oldest_tables_have_names_only(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f'"Mai#0001";"{MORNING}";"hi";"";', head="Author;Date;Content;Attachments;\n")
    act = told(path)[0][0]
    assert act.who is not None and act.who.uid == "name:Mai#0001" and "by its name" in act.doubt


def test_number_0000_is_a_webhook_only_in_tables_older_than_the_names_without_numbers(tmp_path: Path) -> None:
    dates = {MORNING: True, "2024-03-01T08:00:00.0000000+00:00": False}
    for date, bot in dates.items():
        act = told(written(tmp_path / "a.csv", row("hi", date, name="News#0000")))[0][0]
        assert act.who is not None and act.who.bot is bot


@pytest.mark.parametrize(
    ("name", "key", "called"),
    [
        ("G - Chat - general [300000000000000001].csv", "300000000000000001", "general"),
        ("G - general [300000000000000001] (2024-01-01 to 2024-02-01) [part 3].csv", "300000000000000001", "general"),
        ("G - general [300000000000000001] (after 2024-01-01).csv", "300000000000000001", "general"),
        ("support/12.csv", "name:support", "support"),
        ("support/2024-03-01.csv", "name:support", "support"),
        ("support/part.csv", "name:support", "support"),
        ("day/web-3.csv", "name:web-3", "web-3"),
    ],
)
def test_the_channel_of_a_table_is_told_by_its_name_and_is_no_part_of_a_key(
    tmp_path: Path, name: str, key: str, called: str
) -> None:
    act = told(written(tmp_path / name, row("hi")))[0][0]
    assert act.place is not None and (act.place.key, act.place.name) == (key, called)
    assert ("told by the name" in act.doubt) == key.startswith("name:")
    assert act.key == told(written(tmp_path / "other/x.csv", row("hi")))[0][0].key


def test_empty_tables_and_pictures_beside_an_export_are_no_trouble(tmp_path: Path) -> None:
    written(tmp_path / "a.csv")
    written(tmp_path / "b.csv", head="")
    written(tmp_path / "c.html_Files/picture.png", head="\0\1\2")
    assert told(tmp_path) == ([], [])


def test_any_packing_gives_the_same(tmp_path: Path) -> None:
    plain = told(HERE / "sample.json", HERE / "thread.json")[0]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("sample.json", "thread.json"):
            archive.write(HERE / name, f"server/{name}")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name in ("thread.json", "sample.json"):
            tar.add(HERE / name, name)
    (tmp_path / "a.tar.xz").write_bytes(lzma.compress(packed.getvalue()))
    assert told(tmp_path / "a.zip")[0] == plain
    assert by_key(told(tmp_path / "a.tar.xz")[0]).keys() == by_key(plain).keys()


def test_an_export_is_told_by_its_content() -> None:
    heads = {path.name: discord.fits(Glimpse("x", path.read_bytes())) for path in SAMPLE}
    assert set(heads.values()) == {97}
    assert discord.fits(Glimpse("x", b"Author;Date;Content;Attachments;\n")) == 85
    others = (b"", b"{}", b"name,date\n", b'{"messages": []}')
    assert not any(discord.fits(Glimpse("discord.json", head)) for head in others)


def test_a_second_import_adds_nothing(kith: Installation) -> None:
    inputs = tuple(map(str, SAMPLE))
    first = importing.run(kith, "discord", Inputs(inputs))
    again = importing.run(kith, "discord", Inputs(inputs))
    assert (first.refused, first.recorded) == (0, first.read)
    assert (again.recorded, again.changed, again.known) == (0, 0, first.read)
