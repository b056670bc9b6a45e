"""Tables as people really save them give the same rows, and what is no table says so in a sentence."""

import codecs
import gc
import io
import random
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from crm.activity import Refused
from crm.reading import Inputs, Record
from crm.reading.records import NO_ROWS, NOT_CLOSED, SEPARATORS, records_of

TABLE = "Họ tên,Email,Ghi chú\nAn Nguyễn,an@example.org,chào\nBình Lê,binh@example.org,\n"
ROWS = [
    {"Họ tên": "An Nguyễn", "Email": "an@example.org", "Ghi chú": "chào"},
    {"Họ tên": "Bình Lê", "Email": "binh@example.org", "Ghi chú": ""},
]


def read(path: Path) -> tuple[list[dict[str, str]], list[Refused]]:
    """The cells of the rows, and what was refused."""
    found = list(Inputs([str(path)]).records())
    return [one.cells for one in found if isinstance(one, Record)], [one for one in found if isinstance(one, Refused)]


def saved(folder: Path, content: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(folder: Path, content: bytes) -> list[dict[str, str]]:
    found, refused = read(saved(folder, content))
    assert refused == []
    return found


def refused(folder: Path, content: bytes) -> list[Refused]:
    found, reasons = read(saved(folder, content))
    assert found == []
    return reasons


def workbook(*lines: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le with mark", "utf-16-be with mark"])
def test_however_the_text_is_encoded_it_reads_the_same(tmp_path: Path, encoding: str) -> None:
    name, _, mark = encoding.partition(" ")
    begin = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[name] if mark else b""
    assert rows(tmp_path, begin + TABLE.encode(name)) == ROWS


def test_vietnamese_windows_is_told_from_western_windows(tmp_path: Path) -> None:
    vietnamese = "Tên,Việc\nĐặng Thị Hoà,đã trả lời\n"
    parts = {"Đặng": "Đă\u0323ng", "Thị": "Thi\u0323", "Hoà": "Hoa\u0300", "Việc": "Viê\u0323c", "đã": "đa\u0303"}
    marks = vietnamese.replace("trả lời", "tra\u0309 lơ\u0300i")
    for whole, apart in parts.items():
        marks = marks.replace(whole, apart)
    assert rows(tmp_path, marks.encode("cp1258")) == [{"Tên": "Đặng Thị Hoà", "Việc": "đã trả lời"}]
    western = "Nome,Nota\nNiccolò Zoë,ciò può più – così però\n"
    assert rows(tmp_path, western.encode("cp1252")) == [{"Nome": "Niccolò Zoë", "Nota": "ciò può più – così però"}]


def test_letters_and_marks_are_one_whatever_wrote_them(tmp_path: Path) -> None:
    assert rows(tmp_path, "Te\u0302n\nHoa\u0300\n".encode()) == [{"Tên": "Hoà"}]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_any_separator_is_told_by_the_headings(tmp_path: Path, separator: str) -> None:
    assert rows(tmp_path, TABLE.replace(",", separator).encode()) == ROWS


def test_a_separator_in_quotation_marks_does_not_count(tmp_path: Path) -> None:
    assert rows(tmp_path, b'"a, b, c, d";e\n1;2\n') == [{"a, b, c, d": "1", "e": "2"}]


def test_the_separator_that_excel_is_told_is_no_heading(tmp_path: Path) -> None:
    assert rows(tmp_path, b"sep=;\r\nname;note\r\nAn;1,2,3\r\n") == [{"name": "An", "note": "1,2,3"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_breaks_in_quotation_marks_belong_to_the_text(tmp_path: Path, end: str) -> None:
    table = end.join(["name,text", f'An,"one{end}{end}two ""three"""', "Bo,four", ""])
    assert rows(tmp_path, table.encode()) == [
        {"name": "An", "text": f'one{end}{end}two "three"'},
        {"name": "Bo", "text": "four"},
    ]


def test_a_row_stands_on_the_line_where_it_begins(tmp_path: Path) -> None:
    path = saved(tmp_path, b'a,b\n\n1,"x\ny"\n , \n2,z\n')
    assert [one.line for one in Inputs([str(path)]).records()] == [3, 6]


def test_headings_that_stand_twice_are_told_apart_and_cells_without_a_heading_are_left_out(tmp_path: Path) -> None:
    assert rows(tmp_path, b"name,name,name (2),\nx,y,z,\n") == [{"name": "x", "name (2)": "y", "name (2) (2)": "z"}]


def test_short_rows_are_filled_up_and_a_row_that_is_too_long_is_refused(tmp_path: Path) -> None:
    found, reasons = read(saved(tmp_path, b"a,b,c\n1\n1,2,3,,\n1,2,3,4\n"))
    assert found == [{"a": "1", "b": "", "c": ""}, {"a": "1", "b": "2", "c": "3"}]
    assert [(one.line, "4 cells below 3 headings" in one.reason, one.raw) for one in reasons] == [(4, True, b"1\t2\t3")]


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    found, reasons = read(saved(tmp_path, b'a,b\n1,x\n2,"y\n3,z\n4,"v ""w"""\n5,u\n'))
    assert [row["a"] for row in found] == ["1", "3", "4", "5"]
    assert [(one.line, one.reason) for one in reasons] == [(3, NOT_CLOSED)]


def test_a_quotation_mark_that_is_never_closed_costs_one_row_of_a_long_table(tmp_path: Path) -> None:
    long = b"".join(b"%d,%s\n" % (number, b"x" * 4000) for number in range(2500))
    found, reasons = read(saved(tmp_path, b'a,b\n-1,"y\n' + long))
    assert [row["a"] for row in found] == [str(number) for number in range(2500)]
    assert [one.line for one in reasons] == [2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "empty"),
        (b"name,email\n", NO_ROWS),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100), "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (b"<html><table><tr><td>name</td></tr></table></html>", "web page"),
        (b'name,"email\n', "opened"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    assert [says in one.reason for one in refused(tmp_path, content)] == [True]


def test_a_workbook_shows_dates_and_numbers_as_a_table_would(tmp_path: Path) -> None:
    content = workbook(
        ["Họ tên", "when", "day", "at", "count", "share", "yes", None],
        ["An", datetime(2024, 5, 31, 18, 30, 59), date(2024, 5, 31), time(9, 5), 12.0, 0.5, True, None],
        [],
        [" Bình ", datetime(2024, 5, 31, 0, 0, 0, 400), None, None, 7],
    )
    an = {"Họ tên": "An", "when": "2024-05-31 18:30:59", "day": "2024-05-31", "at": "09:05:00"}
    bo = {"Họ tên": "Bình", "when": "2024-05-31", "day": "", "at": "", "count": "7", "share": "", "yes": ""}
    assert rows(tmp_path, content) == [an | {"count": "12", "share": "0.5", "yes": "True"}, bo]


def test_a_workbook_is_found_in_a_zip_and_in_a_folder(tmp_path: Path) -> None:
    content = workbook(["name"], ["An"])
    saved(tmp_path, content, "one.xlsx")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("in/three.xlsx", content)
        archive.writestr("in/four.csv", "name\nBo\n")
    assert read(tmp_path) == ([{"name": "An"}, {"name": "An"}, {"name": "Bo"}], [])


def test_a_table_may_be_left_before_its_end(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("1.csv", "n\n" + "x\n" * 90_000)
        archive.writestr("2.csv", "n\ny\n")
    held = []
    for document in Inputs([str(tmp_path)]).documents():
        held.append(records_of(document))
        first = next(held[-1])
        assert isinstance(first, Record) and first.cells == {"n": "x" if len(held) == 1 else "y"}
    assert len(held) == 2
    held.clear()
    gc.collect()  # what could not be closed would be told here


@given(st.integers(0, 2**32))
def test_a_broken_workbook_is_refused_and_never_ends_the_reading(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    content = workbook(["name", "when"], *([f"n{n}", datetime(2024, 1, 1)] for n in range(20)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    part = chance.choice([name for name in parts if name.endswith(".xml")])
    for _ in range(chance.randint(1, 4)):
        parts[part][chance.randrange(len(parts[part]))] = chance.randrange(256)
    path = tmp_path_factory.mktemp("broken") / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, bytes(body))
    found, reasons = read(path)
    assert all(one.reason for one in reasons) and len(found) <= 20


@given(st.binary(max_size=300) | st.text('a,;\t"\n\r\0 1é', max_size=80).map(str.encode))
def test_any_bytes_give_rows_or_a_reason(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    found, reasons = read(saved(tmp_path_factory.mktemp("any"), content))
    assert found or reasons
    assert not any("\0" in cell for row in found for cell in row.values())
