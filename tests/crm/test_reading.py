"""Whatever a community manager has on disk is read, and one bad thing in it never costs the rest."""

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.activity import Refused
from crm.cutting import LONGEST, cut
from crm.errors import Refusal
from crm.moments import moment
from crm.reading import Inputs, Row, decode

LINES = b'{"n": 1}\n{"n": 2}\n{"n": 3}\n'
MANY = b"".join(b'{"n": %d, "text": "%s"}\n' % (n, b"%x" % (n**9)) for n in range(60_000))


def read(*paths: object) -> tuple[list[object], list[Refused]]:
    """The rows as Python values, and what was refused."""
    found = list(Inputs([str(path) for path in paths]).rows())
    rows = [json.loads(row.raw) for row in found if isinstance(row, Row)]
    return rows, [row for row in found if isinstance(row, Refused)]


def numbers(*paths: object) -> list[object]:
    rows, refused = read(*paths)
    assert refused == []
    return [row["n"] for row in rows if isinstance(row, dict)]


def zipped(*contents: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"folder/{number}.json", content)
    return packed.getvalue()


def tarred(*contents: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for number, content in enumerate(contents):
            entry = tarfile.TarInfo(f"folder/{number}.json")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda content: gzip.compress(tarred(content)),
    "tar.xz": lambda content: lzma.compress(tarred(content)),
    "zip in xz": lambda content: lzma.compress(zipped(content)),
    "gz in tar": lambda content: tarred(gzip.compress(content)),
    "tar in zip": lambda content: zipped(tarred(content)),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_is_unpacked_by_what_it_holds_whatever_its_name(tmp_path: Path, packing: str) -> None:
    (tmp_path / "export.txt").write_bytes(PACKINGS[packing](LINES))
    assert numbers(tmp_path / "export.txt") == [1, 2, 3]


@pytest.mark.parametrize("packing", PACKINGS)
def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    packed = PACKINGS[packing](LINES)
    reading, writing = os.pipe()
    os.write(writing, packed)
    os.close(writing)
    inputs = Inputs(["-"])
    with open(reading) as pipe:
        monkeypatch.setattr(sys, "stdin", pipe)
        rows = list(inputs.rows())
    assert [row.line for row in rows if isinstance(row, Row)] == [1, 2, 3]
    assert (inputs.total, inputs.done) == (0, len(packed))


def test_a_folder_is_read_in_the_order_of_names_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.json", "a/2.json", "a/1.json", ".hidden.json", ".git/x.json", "c.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"n": name}))
    assert numbers(tmp_path) == ["a/1.json", "a/2.json", "b.json", "c.jsonl"]
    assert numbers(tmp_path / "?.json*") == ["b.json", "c.jsonl"]
    assert numbers(tmp_path / "**" / "*.json") == ["a/1.json", "a/2.json", "b.json"]
    assert numbers(tmp_path / ".hidden.json") == [".hidden.json"]


def test_what_macos_and_others_hide_in_archives_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("__MACOSX/._a.json", b"\0\1")
        archive.writestr(".DS_Store", b"\0\1")
        archive.writestr("a.json", b'{"n": 1}')
    assert numbers(tmp_path / "export.zip") == [1]


@pytest.mark.parametrize("path", ["nothing.json", "*.json", "empty"])
def test_a_path_where_nothing_is_is_named(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refusal, match=path.replace("*", r"\*")):
        Inputs([str(tmp_path / path)]).files()


def test_progress_counts_the_bytes_of_the_files_as_they_lie(tmp_path: Path) -> None:
    for name, packing in (("a", "gz"), ("b", "zip"), ("c", "plain")):
        (tmp_path / name).write_bytes(PACKINGS[packing](MANY))
    inputs = Inputs([str(tmp_path)])
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    seen = [inputs.done for _ in inputs.rows()]
    assert inputs.total == inputs.done == total
    assert 0 < seen[90_000] < total


def test_progress_can_be_asked_after_reading_was_broken_off(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(LINES)
    inputs = Inputs([str(tmp_path)])
    rows = inputs.rows()
    next(rows)
    del rows
    assert inputs.done == len(LINES)


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
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('ab"\\{[]}', max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.lists(st.dictionaries(st.text('xy\\"', max_size=3), json_values, max_size=3), max_size=5),
    st.integers(1, 9),
    st.booleans(),
)
def test_a_list_is_cut_into_its_elements_wherever_the_reads_end(
    rows: list[object], size: int, spaced: bool
) -> None:
    raw = json.dumps(rows, indent=1 if spaced else None).encode()
    pieces = list(cut(raw[start : start + size] for start in range(0, len(raw), size)))
    assert [json.loads(piece.raw) for piece in pieces] == rows
    assert all(not piece.trouble for piece in pieces)
    lines = raw.split(b"\n")
    assert all(
        lines[piece.line - 1].strip(b" ,[").startswith(piece.raw.split(b"\n")[0][:1]) for piece in pieces
    )


def test_a_broken_line_is_refused_where_it_stands_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [f'{{"n": {n}}}' for n in range(1, 11)]
    lines[6] = '{"n": 7'
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    rows, refused = read(tmp_path / "rows.jsonl")
    assert len(rows) == 9
    assert [(bad.file, bad.line, bad.raw) for bad in refused] == [
        (str(tmp_path / "rows.jsonl"), 7, b'{"n": 7')
    ]
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


@pytest.mark.parametrize(
    "text", ['[{"n": 1},\n{"n": 2},', '[{"n": 1},\n{"n": 2},\n{"n":', '{\n"n": 1}\n{"n": 2}{"n']
)
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


@pytest.mark.parametrize("packing", ["gz", "xz", "bz2", "zip", "tar", "tar.gz", "tar.xz", "zip in xz"])
def test_an_archive_that_ends_too_early_keeps_what_came_before(tmp_path: Path, packing: str) -> None:
    packed = PACKINGS[packing](MANY)
    (tmp_path / "a").write_bytes(packed[: len(packed) * 2 // 3])
    (tmp_path / "b").write_bytes(LINES)
    rows, refused = read(tmp_path)
    assert [bad.reason for bad in refused] == ["the archive ends too early"]
    assert rows[-3:] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert rows[:-3] == [json.loads(line) for line in MANY.splitlines()[: len(rows) - 3]]
    assert len(rows) > 5000


def test_the_whole_files_before_the_break_in_a_zip_are_read_whatever_made_it(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    for packing, sink in (
        (zipfile.ZIP_STORED, io.BytesIO()),
        (zipfile.ZIP_DEFLATED, io.BytesIO()),
        (zipfile.ZIP_DEFLATED, Pipe()),
    ):
        with zipfile.ZipFile(sink, "w", packing) as archive:
            archive.mkdir("channel")
            for number in range(9):
                archive.writestr(f"channel/{number}.json", LINES)
        (tmp_path / "export.zip").write_bytes(sink.getvalue()[: len(sink.getvalue()) // 2])
        rows, refused = read(tmp_path / "export.zip")
        assert rows[:9] == [{"n": 1}, {"n": 2}, {"n": 3}] * 3
        assert [bad.reason for bad in refused] == ["the archive ends too early"]


def test_damage_in_an_archive_is_told_and_the_next_file_is_read(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(MANY))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = bytes(64)
    (tmp_path / "a").write_bytes(packed)
    (tmp_path / "b").write_bytes(LINES)
    rows, refused = read(tmp_path)
    assert rows[-1] == {"n": 3}
    assert "the archive is damaged" in refused[-1].reason


def test_packing_without_end_is_not_followed(tmp_path: Path) -> None:
    packed = LINES
    for _ in range(9):
        packed = gzip.compress(packed)
    (tmp_path / "a").write_bytes(packed)
    rows, refused = read(tmp_path / "a")
    assert rows == []
    assert "packed more than" in refused[0].reason


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"[]", gzip.compress(b"")])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "empty").write_bytes(content)
    rows, refused = read(tmp_path / "empty")
    assert (rows, [bad.reason for bad in refused]) == ([], ["the file is empty"])


def test_an_empty_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(zipped())
    assert [bad.reason for bad in read(tmp_path / "empty")[1]] == ["the file is empty"]


def test_a_file_that_is_no_json_is_one_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 40)
    (tmp_path / "b.csv").write_text("id,name\n" + "7,Mai\n" * 5000)
    (tmp_path / "c.md").write_text("# A list\n\nof things\n")
    rows, refused = read(tmp_path)
    assert rows == []
    assert [Path(bad.file).name for bad in refused] == ["a.png", "b.csv", "c.md"]
    assert "binary" in refused[0].reason
    assert "valid JSON" in refused[1].reason


def test_a_file_that_may_not_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a").write_bytes(LINES)
    monkeypatch.setattr(Inputs, "opened", refuse)
    assert "Permission denied" in read(tmp_path / "a")[1][0].reason


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
    assert decode(Row("posts.json", 4, b'{"id": 1, "author": {"name": "Mai"}}'), Post) == Post(
        1, Author("Mai")
    )


@pytest.mark.parametrize("text", ["2024-05-31T18:30:00+07:00", "2024-05-31T11:30:00Z", "2024-05-31 11:30:00"])
def test_moments_become_utc(text: str) -> None:
    assert moment(text) == datetime(2024, 5, 31, 11, 30, tzinfo=UTC)
    assert moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "20000-01-01T00:00:00Z", "soon", "9999-12-31"],
)
def test_dates_that_cannot_be_are_told(text: str) -> None:
    with pytest.raises(ValueError, match="date|year"):
        moment(text)
