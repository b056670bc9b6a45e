"""Whatever a community manager has on disk is read, and one bad thing in it never costs the rest."""

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading import Inputs, Row

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
    "gz in tar": lambda content: tarred(gzip.compress(content, mtime=0)),
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
    packed = bytearray(gzip.compress(MANY, mtime=0))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = bytes(64)
    (tmp_path / "a").write_bytes(packed)
    (tmp_path / "b").write_bytes(LINES)
    rows, refused = read(tmp_path)
    assert rows[-1] == {"n": 3}
    assert "the archive is damaged" in refused[-1].reason


def test_packing_without_end_is_not_followed(tmp_path: Path) -> None:
    packed = LINES
    for _ in range(9):
        packed = gzip.compress(packed, mtime=0)
    (tmp_path / "a").write_bytes(packed)
    rows, refused = read(tmp_path / "a")
    assert rows == []
    assert "packed more than" in refused[0].reason


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"[]", gzip.compress(b"", mtime=0)])
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
