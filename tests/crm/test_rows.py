"""JSON comes in every form there is; each document in it is a row, and one bad thing never costs the rest."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.activity import Refused
from crm.moments import moment
from crm.reading import Inputs, Row, decode
from crm.reading.cutting import LONGEST, cut


def read(*paths: object) -> tuple[list[object], list[Refused]]:
    """The rows as Python values, and what was refused."""
    found = list(Inputs([str(path) for path in paths]).rows())
    rows = [json.loads(row.raw) for row in found if isinstance(row, Row)]
    return rows, [row for row in found if isinstance(row, Refused)]


def numbers(*paths: object) -> list[object]:
    rows, refused = read(*paths)
    assert refused == []
    return [row["n"] for row in rows if isinstance(row, dict)]


@pytest.mark.parametrize(
    "text",
    [
        '{"n": 1}\n\n  \n{"n": 2}\n{"n": 3}',
        '{"n": 1}\r\n{"n": 2}\r\n{"n": 3}\r\n',
        '{"n": 1}{"n": 2} {"n": 3}',
        '[{"n": 1}, {"n": 2}, {"n": 3}]',
        '\n[\n{"n": 1},\n{"n": 2},\n{"n": 3}\n]\n',
        '[{"n": 1}]\n[{"n": 2}, {"n": 3}]',
        '{\n "n": 1\n}\n{\n "n": 2\n}{\n "n": 3}',
        '{"n": 1,\n "a": [{"}": "\\"]"}]}\n{"n": 2,\n"a": []}\n{"n": 3}',
        '\ufeff{"n": 1}\n{"n": 2}\n{"n": 3}\n',
        '\ufeff[{"n": 1}, {"n": 2, "\\\\": "\\\\"}, {"n": 3}]',
        '\x1e{"n": 1}\n\x1e{"n": 2}\n\x1e{"n": 3}\n',
    ],
)
def test_rows_are_found_in_every_way_that_json_is_published(tmp_path: Path, text: str) -> None:
    (tmp_path / "rows").write_text(text, encoding="utf-8", newline="")
    assert numbers(tmp_path / "rows") == [1, 2, 3]


def test_a_document_over_many_lines_is_one_row(tmp_path: Path) -> None:
    document = {"posts": [{"id": 1, "text": "a } b"}, {"id": 2, "text": 'c " [ d'}], "more": {"a": []}}
    (tmp_path / "topic.json").write_text(json.dumps(document, indent=2))
    assert read(tmp_path / "topic.json") == ([document], [])


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab"\\{[]}', max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.lists(st.dictionaries(st.text('xy\\"', max_size=3), json_values, max_size=3), max_size=5),
    st.integers(1, 9),
    st.booleans(),
)
def test_a_list_is_cut_into_its_elements_wherever_the_reads_end(rows: list[object], size: int, spaced: bool) -> None:
    raw = json.dumps(rows, indent=1 if spaced else None).encode()
    pieces = list(cut(raw[start : start + size] for start in range(0, len(raw), size)))
    assert [json.loads(piece.raw) for piece in pieces] == rows
    assert all(not piece.trouble for piece in pieces)
    lines = raw.split(b"\n")
    assert all(lines[piece.line - 1].strip(b" ,[").startswith(piece.raw.split(b"\n")[0][:1]) for piece in pieces)


def test_a_broken_line_is_refused_where_it_stands_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [f'{{"n": {n}}}' for n in range(1, 11)]
    lines[6] = '{"n": 7'
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    rows, refused = read(tmp_path / "rows.jsonl")
    assert len(rows) == 9
    assert [(bad.file, bad.line, bad.raw) for bad in refused] == [(str(tmp_path / "rows.jsonl"), 7, b'{"n": 7')]
    assert "not valid JSON" in refused[0].reason


def test_a_broken_first_line_does_not_swallow_the_others(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"n": 1\n{"n": 2}\n{"n": 3}\n')
    rows, refused = read(tmp_path / "rows.jsonl")
    assert (rows, [bad.line for bad in refused]) == ([{"n": 2}, {"n": 3}], [1])


def test_a_broken_element_of_a_list_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text('[{"n": 1},\n{"n": },\n{"n": 3},\n17\n]')
    rows, refused = read(tmp_path / "rows.json")
    assert (rows, [(bad.line, bad.raw) for bad in refused]) == (
        [{"n": 1}, {"n": 3}],
        [(2, b'{"n": }'), (3, b"17")],
    )


@pytest.mark.parametrize("text", ['[{"n": 1},\n{"n": 2},', '[{"n": 1},\n{"n": 2},\n{"n":', '{\n"n": 1}\n{"n": 2}{"n'])
def test_a_document_that_ends_too_early_keeps_what_came_before(tmp_path: Path, text: str) -> None:
    (tmp_path / "rows.json").write_text(text)
    rows, refused = read(tmp_path / "rows.json")
    assert rows == [{"n": 1}, {"n": 2}]
    assert [bad.reason.partition(" ")[2].partition(" ")[2] for bad in refused] == ["ends too early"]


@pytest.mark.parametrize("before", ["", "["], ids=["line", "list"])
def test_a_row_of_endless_length_is_passed_over_without_being_held(tmp_path: Path, before: str) -> None:
    path = tmp_path / "rows.json"
    with path.open("w") as file:
        file.write(before + '{"n": 1}' + (",\n" if before else "\n") + '{"n": 2, "text": "')
        for _ in range(3 * LONGEST >> 20):
            file.write("x" * (1 << 20))
        file.write('"}' + (',\n{"n": 3}]' if before else '\n{"n": 3}\n'))
    tracemalloc.start()
    rows, refused = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == [{"n": 1}, {"n": 3}]
    assert [(bad.line, len(bad.raw)) for bad in refused] == [(2, 2000)]
    assert "longer than 32 MiB" in refused[0].reason
    assert peak < 2.6 * LONGEST


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb'"\ud800"', "\ufffd"),
        (rb'"\udc00x"', "\ufffdx"),
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd😀"),
        (rb'"\\ud800"', "\\ud800"),
        (rb'"\\\ud800"', "\\\ufffd"),
        (rb'"a\u0000b"', "a\ufffdb"),
        (rb'"\\u0000"', "\\u0000"),
        (b'"a\0b"', "a b"),
        (b'"a\x1bb\tc"', "a b c"),
        (b'"caf\xe9"', "caf\ufffd"),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
        ('"Nguyễn"'.encode(), "Nguyễn"),
    ],
)
def test_texts_hold_nothing_that_the_log_cannot(tmp_path: Path, raw: bytes, text: str) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'{"text": ' + raw + b"}\n")
    assert read(tmp_path / "rows.jsonl") == ([{"text": text}], [])
    [row] = Inputs([str(tmp_path / "rows.jsonl")]).rows()
    assert isinstance(row, Row)
    assert msgspec.json.decode(row.raw) == {"text": text}


def test_nesting_that_would_break_the_reader_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'{"n": 1}\n{"n": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n")
    rows, refused = read(tmp_path / "rows.jsonl")
    assert (rows, [bad.reason for bad in refused]) == ([{"n": 1}], ["this is nested too deeply to be read"])


class Author(msgspec.Struct):
    name: str


class Post(msgspec.Struct):
    id: int
    author: Author


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"id": 1, "author": {}}', "the field “author.name” is missing"),
        (b'{"author": {"name": "Mai"}}', "the field “id” is missing"),
        (b'{"id": "1", "author": {"name": "Mai"}}', "the field “id” should be a whole number but is text"),
        (b'{"id": 1, "author": {"name": null}}', "the field “author.name” should be text but is empty"),
        (b"[1]", "the row should be an object but is a list"),
        (b"nonsense", "this is not valid JSON"),
    ],
)
def test_a_row_that_does_not_fit_names_its_field(raw: bytes, reason: str) -> None:
    assert decode(Row("posts.json", 4, raw), Post) == Refused("posts.json", 4, reason, raw)


def test_a_row_that_fits_is_decoded() -> None:
    assert decode(Row("posts.json", 4, b'{"id": 1, "author": {"name": "Mai"}}'), Post) == Post(1, Author("Mai"))


@pytest.mark.parametrize("text", ["2024-05-31T18:30:00+07:00", "2024-05-31T11:30:00Z", "2024-05-31 11:30:00"])
def test_moments_become_utc(text: str) -> None:
    assert moment(text) == datetime(2024, 5, 31, 11, 30, tzinfo=UTC)
    assert moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "20000-01-01T00:00:00Z", "soon", "9999-12-31"],
)
def test_dates_that_cannot_be_are_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|year"):
        moment(text)
