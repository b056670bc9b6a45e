"""A table from anywhere, told right: invented people whose rows are known."""

import contextlib
import csv
import gzip
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from crm import importing
from crm.activity import Activity, Refused
from crm.csv.dates import EITHER, Dates
from crm.csv.meanings import MEANINGS
from crm.csv.moment import NO_ZONE
from crm.csv.people import BY_NAME
from crm.csv.proposing import propose
from crm.csv.wording import KNOWN, kind_of
from crm.errors import Refusal
from crm.installation import Installation
from crm.kinds import KINDS
from crm.reading import Glimpse, Inputs
from crm.sources import csv as table

HERE = Path(__file__).parent / "csv"


def told(*paths: Path, host: str = "", **mapping: str) -> tuple[list[Activity], list[Refused]]:
    found = list(table.read(Inputs([str(path) for path in paths], host, mapping)))
    acts = [one for one in found if isinstance(one, Activity)]
    return acts, [one for one in found if isinstance(one, Refused)]


def saved(folder: Path, *lines: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def acts_of(folder: Path, *lines: str, **mapping: str) -> list[Activity]:
    acts, refused = told(saved(folder, *lines), **mapping)
    assert refused == []
    return acts


def shown(act: Activity) -> dict[str, Any]:
    """What of an act is not empty, as JSON; a moment that is only that of the reading is left out."""
    whole = json.loads(msgspec.json.encode(act))
    if act.precision == "by":
        del whole["at"]
    return {name: value for name, value in whole.items() if value not in ("", None, [], {}, 0, False)}


@pytest.mark.parametrize("name", ["activities", "members"])
def test_the_sample_is_told_as_expected(name: str) -> None:
    acts, refused = told(HERE / f"{name}.csv")
    found = {"acts": [shown(act) for act in acts], "refused": [[one.line, one.reason] for one in refused]}
    assert found == json.loads((HERE / f"{name}.expected.json").read_text())


def test_the_same_rows_out_of_another_packing_or_a_workbook_are_the_same_acts(tmp_path: Path) -> None:
    keys = [(act.key, act.at, act.who) for act in told(HERE / "activities.csv")[0]]
    packed = tmp_path / "elsewhere" / "other.csv.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress((HERE / "activities.csv").read_bytes()))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO((HERE / "activities.csv").read_text("utf-8-sig")), delimiter=";"):
        sheet.append(row)
    book.save(tmp_path / "table.xlsx")
    assert [(act.key, act.at, act.who) for act in told(packed)[0]] == keys
    assert [(act.key, act.at, act.who) for act in told(tmp_path / "table.xlsx")[0]] == keys


def test_a_later_export_in_another_order_with_more_rows_has_the_same_keys(tmp_path: Path) -> None:
    first = ["who,date,what,text", "An,2024-01-01,post,hi", "Bo,2024-01-02,post,ho", "Bo,2024-01-02,post,ho"]
    early = {act.key for act in acts_of(tmp_path, *first)}
    late = {act.key for act in acts_of(tmp_path, first[0], "Cy,2024-02-01,post,new", *reversed(first[1:]))}
    assert len(early) == 3 and early < late and len(late) == 4


def test_two_imports_add_nothing(kith: Installation) -> None:
    for name in ("activities", "members"):
        done = importing.run(kith, "csv", Inputs([str(HERE / f"{name}.csv")]))
        again = importing.run(kith, "csv", Inputs([str(HERE / f"{name}.csv")]))
        assert (again.recorded, again.changed, again.known) == (0, 0, done.recorded + done.known) and done.recorded


def test_the_same_member_has_one_account_in_a_table_of_members_and_in_one_of_activities() -> None:
    (members, _), (acts, _) = told(HERE / "members.csv"), told(HERE / "activities.csv")
    mo = {act.who.uid for act in (*members, *acts) if act.who and "Mơ" in act.who.name}
    assert mo == {"mo@example.org"}


def test_only_the_columns_that_were_named_count(tmp_path: Path) -> None:
    lines = ("a,b,c,text", "An,2024-01-01,x,secret")
    (act,) = acts_of(tmp_path, *lines, a="name", b="time", c="kind")
    assert (act.kind, act.own_kind, act.text, act.who and act.who.name) == ("did", "x", "", "An")


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"nam": "name"}, "There is no column “nam”"),
        ({"name": "nome"}, "“nome”, given for the column “name”, is not a meaning. Known are: name"),
        ({"when": "time"}, "No column says who it was"),
        ({"name": "name", "when": "name"}, "cannot both be “name”"),
        ({"name": "name", "when": "joined", "text": "text"}, "date of joining belongs to a table of members"),
    ],
)
def test_a_mapping_that_cannot_be_says_what_there_is(tmp_path: Path, mapping: dict[str, str], says: str) -> None:
    path = saved(tmp_path, "name,when,text", "An,2024-01-01,hi")
    with pytest.raises(Refusal, match=says):
        told(path, **mapping)


def test_a_missing_column_is_answered_with_the_columns_there_are(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Its columns are: “name”, “when”"):
        told(saved(tmp_path, "name,when", "An,2024-01-01"), wann="time", name="name")


def test_a_table_that_names_nobody_is_refused_once_with_its_columns(tmp_path: Path) -> None:
    acts, refused = told(saved(tmp_path, "FROM_NODE,TO_NODE", *["1,2"] * 9))
    assert acts == [] and len(refused) == 1 and "“FROM_NODE”, “TO_NODE”" in refused[0].reason


def test_in_a_folder_the_mapping_holds_for_tables_with_its_columns(tmp_path: Path) -> None:
    saved(tmp_path, "x,y", "An,2024-01-01", name="1.csv")
    saved(tmp_path, "name,join date", "Bo,2024-01-02", name="2.csv")
    acts, refused = told(tmp_path, x="name", y="joined")
    assert [(act.kind, act.who and act.who.name) for act in acts] == [("joined", "An"), ("joined", "Bo")]
    assert refused == []


def test_equal_numbers_of_different_columns_are_different_acts(tmp_path: Path) -> None:
    posts = acts_of(tmp_path, "post id,name,date,text", "1,An,2024-01-01,hi")
    events = acts_of(tmp_path, "event id,name,date,title", "1,An,2024-01-01,Meeting")
    assert posts[0].key != events[0].key


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("An,,,", ("name:An", "", "", BY_NAME)),
        ("An,AN@Example.org,an,7", ("7", "an@example.org", "an", "")),
        ("An,AN@Example.org,an,", ("an@example.org", "an@example.org", "an", "")),
        ("An,,@an,", ("an", "", "an", "")),
        ("An <an@example.org>,,,", ("an@example.org", "an@example.org", "", "")),
        ('"""Nguyễn, An"" <an@example.org>",,,', ("an@example.org", "an@example.org", "", "")),
        ("@an,,,", ("an", "", "an", "")),
        ("An,,@an@social.example,", ("an@social.example", "", "an@social.example", "")),
        ("An (an@example.org),,,", ("an@example.org", "an@example.org", "", "")),
        ("<an@example.org; bo@example.org>,,,", ("an@example.org", "an@example.org", "", "")),
        ("an@example.org,,,", ("an@example.org", "an@example.org", "", "")),
        ("An,An <an@example.org>,,", ("an@example.org", "an@example.org", "", "")),
        ("An,NULL,an@example.org,-", ("an@example.org", "an@example.org", "", "")),
    ],
)
def test_a_member_is_known_by_the_best_id_there_is(tmp_path: Path, cells: str, expected: tuple[str, ...]) -> None:
    (act,) = acts_of(tmp_path, "name,email,username,user id", cells)
    assert act.who is not None
    assert (act.who.uid, act.who.email, act.who.login, act.doubt) == expected
    assert act.who.name in {"An", "Nguyễn, An", ""} and (act.key, act.precision) == (f"listed:{expected[0]}", "by")


def test_people_called_null_are_people_and_nobody_is_not(tmp_path: Path) -> None:
    acts, refused = told(saved(tmp_path, "name,email", "Null,", "NULL,", "Na,", "NA,N/A"))
    assert [act.who and act.who.name for act in acts] == ["Null", "Na"]
    assert [one.line for one in refused] == [3, 5]


def test_family_names_come_first_where_they_are_headed_so(tmp_path: Path) -> None:
    assert acts_of(tmp_path, "Họ,Tên", "Nguyễn Văn,An")[0].who == acts_of(tmp_path, "name,x", "Nguyễn Văn An,")[0].who
    western = acts_of(tmp_path, "Last name,First name", "Kiln,Otto")[0].who
    assert western is not None and western.name == "Otto Kiln"


def test_a_bot_is_one_by_its_column_or_by_its_name(tmp_path: Path) -> None:
    acts = acts_of(tmp_path, "name,bot", "Helper,yes", "An,no", "dependabot[bot],", "Máy,có")
    assert [act.who and act.who.bot for act in acts] == [True, False, True, True]


def test_whom_an_act_was_for_stands_in_the_row_or_in_the_row_it_answers(tmp_path: Path) -> None:
    lines = ["id,name,date,type,text,parent id,to", "1,An,2024-01-01,post,hi,,", "2,Bo,2024-01-02,comment,ho,1,"]
    lines += ["3,Bo,2024-01-03,thank you,,,An", "4,An,2024-01-03,reply,me,1,", "5,Cy,2024-01-04,message,x,9,"]
    acts = acts_of(tmp_path, *lines)
    assert [[(whom.role, whom.who.name) for whom in act.whom] for act in acts] == [
        [],
        [("replied", "An")],
        [("thanked", "An")],
        [],
        [],
    ]
    assert [act.kind for act in acts] == ["posted", "replied", "reacted", "replied", "replied"]
    assert [(act.thread, act.parent) for act in acts] == [
        ("id:1", ""),
        ("id:1", "id:1"),
        ("id:3", ""),
        ("id:1", "id:1"),
        ("id:9", "id:9"),
    ]


def test_without_a_word_a_text_is_a_message_and_toward_somebody_a_reply(tmp_path: Path) -> None:
    acts = acts_of(tmp_path, "from,to,date,text", "An,,2024-01-01,hi", "An,Bo,2024-01-01,ho", "An,Bo,2024-01-01,")
    assert [act.kind for act in acts] == ["posted", "replied", "did"]
    assert [[whom.role for whom in act.whom] for act in acts] == [[], ["replied"], ["reacted"]]


def test_gatherings_are_threads_of_their_own_title(tmp_path: Path) -> None:
    acts = acts_of(tmp_path, "name,date,type,title", "An,2024-01-01,attended,Fire", "Bo,2024-01-01,spoke,Fire")
    assert [(act.kind, act.thread, act.title) for act in acts] == [
        ("attended", "title:Fire", "Fire"),
        ("spoke", "title:Fire", "Fire"),
    ]


def test_without_a_column_of_dates_it_was_by_now(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    (act,) = acts_of(tmp_path, "name,text", "An,hi")
    assert act.precision == "by" and act.doubt == "the table has no dates" and before <= act.at <= datetime.now(UTC)


def test_a_time_of_day_in_a_column_of_its_own_belongs_to_the_date(tmp_path: Path) -> None:
    (act,) = acts_of(tmp_path, "Họ tên,Ngày,Giờ,Nội dung", "An,31/05/2024,18:30,chào")
    assert (act.at, act.precision) == (datetime(2024, 5, 31, 18, 30, tzinfo=UTC), "minute")


MAY = datetime(2024, 5, 31, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "precision", "doubt"),
    [
        ("2024-05-31", "day", ""),
        ("2024/05/31", "day", ""),
        ("20240531", "day", ""),
        ("31/05/2024", "day", ""),
        ("31.05.24", "day", ""),
        ("31-5-2024", "day", ""),
        ("31 May 2024", "day", ""),
        ("May 31st, 2024", "day", ""),
        ("31 thg 5, 2024", "day", ""),
        ("Ngày 31 tháng 5 năm 2024", "day", ""),
        ("45443", "day", ""),
        ("2024-05-31T20:05:00+07:00", "instant", ""),
        ("2024-05-31 13:05:00 UTC", "instant", ""),
        ("2024-05-31 20:05:00 +0700", "instant", ""),
        ("2024-05-31 13:05", "minute", NO_ZONE),
        ("2024-05-31 13:05:00", "instant", NO_ZONE),
        ("20240531130500", "instant", NO_ZONE),
        ("31/05/2024 13:05", "minute", NO_ZONE),
        ("31/05/2024 1:05 PM", "minute", NO_ZONE),
        ("31/05/2024 1:05 CH", "minute", NO_ZONE),
        ("13:05 31/05/2024", "minute", NO_ZONE),
        ("31/05/2024, 13h05", "minute", NO_ZONE),
        ("May 31, 2024 at 1:05 PM", "minute", NO_ZONE),
        ("1717160700", "instant", ""),
        ("1717160700.0", "instant", ""),
        ("1717160700000", "instant", ""),
        ("1717160700000000", "instant", ""),
        ("Fri, 31 May 2024 20:05:00 +0700", "instant", ""),
    ],
)
def test_dates_are_read_however_they_are_written(text: str, precision: str, doubt: str) -> None:
    when = Dates().read(text)
    expected = MAY.replace(hour=0, minute=0) if precision == "day" else MAY
    assert (when.at, when.precision, when.doubt) == (expected, precision, doubt)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "2024",
        "31/02/2024",
        "12",
        "-1",
        "1/1",
        "31/05/2024 25:00",
        "0000-00-00",
        "1e9",
        "٢",
        "999999999999999999999999",
    ],
)
def test_what_is_no_date_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|year"):
        Dates().read(text)


def test_one_date_tells_the_order_of_day_and_month_for_the_whole_column() -> None:
    april, march = datetime(2024, 4, 3, tzinfo=UTC), datetime(2024, 3, 4, tzinfo=UTC)
    assert Dates(["03/04/2024", "31/05/2024"]).read("03/04/2024")[::2] == (april, "")
    assert Dates(["03/04/2024", "5/31/24 1:05 PM"]).read("03/04/2024")[::2] == (march, "")
    assert Dates(["03/04/2024"]).read("03/04/2024")[::2] == (april, EITHER)
    assert Dates(["04/04/2024"]).read("04/04/2024").doubt == ""
    with pytest.raises(ValueError, match="written month, day, year"):
        Dates(["05/31/2024"]).read("31/05/2024")


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"]),
)
def test_a_date_that_is_written_is_the_date_that_is_read(at: datetime, shape: str) -> None:
    order = "31/05/2024" if shape.startswith("%d") else "05/31/2024"
    assert Dates([order]).read(at.strftime(shape)).at == at.replace(microsecond=0, tzinfo=UTC)


@given(st.text() | st.text("0123456789/-.: TZamp,+"))
def test_any_text_is_a_date_in_utc_or_none(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert Dates([text]).read(text).at.tzinfo is UTC


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Full Name,E-Mail Address,Joined At", "name,email,joined"),
        ("HỌ VÀ TÊN,email,Ngày tham gia,Ngày sinh", "name,email,joined,birthday"),
        ("ho ten,ngay,noi dung", "name,time,text"),
        ("ID,Name,Email,Created At", "uid,name,email,joined"),
        ("id,author_name,created_at,body,parentId", "key,name,time,text,parent"),
        ("MessageID,Author,Timestamp,Content,Channel", "key,name,time,text,place"),
        ("First Name,Last Name,Name,Title,Location", ",,name,,"),
        ("Tên,Số điện thoại", "name,"),
        ("name,name (2),date,type", "name,,time,kind"),
        ("user_id,username,date,action", "uid,login,time,kind"),
    ],
)
def test_columns_are_known_by_their_headings(headings: str, expected: str) -> None:
    names = headings.split(",")
    assert propose(names, []) == dict(zip(names, expected.split(","), strict=True))


def test_columns_without_a_telling_heading_are_known_by_their_cells() -> None:
    rows = [
        {
            "a": f"an{n}@example.org",
            "b": f"2024-01-{n:02}T10:00:00Z",
            "c": f"https://example.org/{n}",
            "note": "x",
            "text": "y",
            "n": str(n),
        }
        for n in range(1, 20)
    ]
    assert propose(list(rows[0]), rows) == {
        "a": "email",
        "b": "time",
        "c": "link",
        "note": "",
        "text": "text",
        "n": "",
    } | {
        "note": "text",
        "text": "",
    }
    handles = [{"x": "@an"}, {"x": "@bo"}, {"x": ""}]
    assert propose(["x"], handles) == {"x": "login"}
    assert propose(["x"], [{"x": "An <an@example.org>"}, {"x": "NA"}]) == {"x": "name"}


def test_what_stands_in_several_rows_is_not_proposed_as_their_number() -> None:
    rows = [{"id": "1", "name": "An", "text": "x"}, {"id": "1", "name": "Bo", "text": "y"}]
    assert propose(["id", "name", "text"], rows)["id"] == ""


def test_people_that_come_back_make_a_dated_table_one_of_activities() -> None:
    once = [{"name": f"n{n}", "date": "2024-01-01"} for n in range(9)]
    often = [{"name": f"n{n % 3}", "date": "2024-01-01"} for n in range(9)]
    assert propose(["name", "date"], once)["date"] == "joined" and propose(["name", "date"], often)["date"] == "time"


@given(st.lists(st.text(max_size=12), max_size=6, unique=True), st.lists(st.text(max_size=12), max_size=6))
def test_whatever_is_proposed_can_be_read(headings: list[str], cells: list[str]) -> None:
    proposed = propose(headings, [dict(zip(headings, cells, strict=False))])
    assert list(proposed) == headings and set(proposed.values()) <= set(MEANINGS)
    said = [meaning for meaning in proposed.values() if meaning]
    assert len(said) == len(set(said))


def test_every_known_word_stands_for_a_kind() -> None:
    assert set(KNOWN.values()) <= set(KINDS)
    assert [kind_of(word) for word in ("Trả lời", "BINH LUAN", "sign-up", "PullRequest", "xyz")] == [
        "replied",
        "replied",
        "joined",
        "proposed",
        "did",
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"name,email\nAn,an@example.org\n", 20),
        ("Họ tên;Ngày\nAn;31/05/2024\n".encode("utf-16"), 20),
        (b"email\nan@example.org\n", 12),
        (b"FROM_NODE,TO_NODE\n1,2\n", 10),
        (b'{"name": "a, b"}\n', 0),
        (b"31/05/2024, 18:30 - An: hi, you\n31/05/2024, 18:31 - Bo: ho, me\n", 0),
        (b"Dear all, this is a text.\nIt has commas, two, three.\n", 0),
        (b"<table><tr><td>name,email</td></tr></table>", 0),
        (b"name,email\n", 0),
        (b"", 0),
        (b"\0\1\2,\3\n", 0),
    ],
)
def test_only_tables_look_like_tables_and_never_more_than_to_a_source_that_knows_them(
    head: bytes, expected: int
) -> None:
    assert table.fits(Glimpse("x", head)) == expected


def test_mangled_tables_give_acts_or_reasons(tmp_path: Path) -> None:
    whole = (HERE / "activities.csv").read_bytes()
    for seed in range(150):
        chance, content = random.Random(seed), bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path = tmp_path / f"{seed}.csv"
        path.write_bytes(content[: chance.randrange(len(content))])
        acts, refused = told(path)
        assert acts or refused
        msgspec.json.encode([acts, refused])  # no half surrogates
        assert table.fits(Glimpse("x", bytes(content))) <= 20
