"""Opening whatever a community manager has: a file, a folder, a glob or standard input, plain or packed, streamed.

A bad row, file or archive becomes a `Refused` where it stands and never stops the rest.
"""

import atexit
import contextlib
import glob
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from crm.activity import Refused
from crm.errors import Refusal
from crm.reading.glimpse import Glimpse
from crm.reading.layers import Layer, buffered
from crm.reading.packing import Document, is_shown, unpack, unreadable
from crm.reading.records import Record, records_of
from crm.reading.rows import Row, rows_of

__all__ = ["Document", "Glimpse", "Inputs", "Record", "Row", "decode"]

T = TypeVar("T")

DECODERS: dict[type, msgspec.json.Decoder[Any]] = {}
"""Made once for each shape; making one costs more than decoding a row."""

WORDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "yes or no", "null": "empty"}
WORDS |= {"array": "a list", "object": "an object"}
MISSING = re.compile(r"Object missing required field `(?P<name>.+?)`(?: - at `\$(?P<path>.*)`)?$")
UNEXPECTED = re.compile(r"Expected `(?P<want>.+?)`, got `(?P<have>.+?)`(?: - at `\$(?P<path>.*)`)?$")


class Inputs:
    """What an importer was asked to read. `done` and `total` are bytes of the files as they lie, for progress.

    `mapping` says of columns of a table what each means; only tables need it. `names` is what people call paths that
    lie here under another name.
    """

    def __init__(
        self,
        paths: tuple[str, ...] | list[str],
        host: str = "",
        mapping: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.paths = tuple(paths)
        self.host = host
        self.mapping = dict(mapping or {})
        self.names = dict(names or {})
        self._finished = 0
        self._open: Any = None
        self._total: int | None = None

    @property
    def done(self) -> int:
        """Bytes read so far, of standard input too."""
        return self._finished + (self._open.tell() if self._open else 0)

    @property
    def total(self) -> int:
        """Bytes there are; 0 when standard input is among them, as nobody knows its length. Refusal as `files`."""
        if self._total is None:
            found = self.files()
            self._total = 0 if "-" in found else sum(os.path.getsize(path) for path in found)
        return self._total

    def files(self) -> list[str]:
        """Every file to be read, in the order in which it is read. Refusal names a path where there is nothing."""
        return [file for path in self.paths for file in files_at(path)]

    def called(self, path: str) -> str:
        """What people call a path."""
        return self.names.get(path, path)

    def take(self, wanted: Callable[[str], bool]) -> list[str]:
        """The paths that the importer opens in its own way (a repository); they are no longer read as files."""
        taken = [path for path in self.paths if wanted(path)]
        self.paths = tuple(path for path in self.paths if path not in taken)
        self._total = None
        return taken

    def documents(self) -> Iterator[Document]:
        """Each file, unpacked; read it before asking for the next. Its stream raises Refusal where it cannot go on."""
        for path in self.files():
            try:
                opened = self.opened(path)
            except OSError as failure:
                yield unreadable(self.called(path), f"the file cannot be opened ({failure.strerror})")
                continue
            self._open = opened
            with opened:
                try:
                    yield from unpack(self.called(path), opened, seekable=opened.seekable())
                finally:
                    self._finished, self._open = self._finished + length_of(opened), None

    def ahead(self, wanted: Callable[[str], bool]) -> Iterator[Document]:
        """The documents whose names fit, before any is read in earnest: lists of people and rooms that others refer to."""
        self.paths = tuple(set_aside() if path == "-" else path for path in self.paths)
        for path in self.files():
            with contextlib.suppress(OSError), open(path, "rb") as opened:
                documents = unpack(self.called(path), opened, seekable=opened.seekable())
                yield from (found for found in documents if wanted(found.name))

    def opened(self, path: str) -> io.BufferedReader:
        """A file as it lies; standard input and pipes are counted, as they cannot tell how far they were read."""
        raw = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115, closed by its reader
        return cast(io.BufferedReader, raw) if raw.seekable() and path != "-" else buffered(Layer(b"", raw))

    def rows(self) -> Iterator[Row | Refused]:
        """Every JSON document in every file, and a `Refused` for whatever is none."""
        for document in self.documents():
            yield from rows_of(document)

    def records(self) -> Iterator[Record | Refused]:
        """Every row of every table (CSV, TSV, XLSX) under its headings, and a `Refused` for whatever is none."""
        for document in self.documents():
            yield from records_of(document)


def set_aside() -> str:
    """Standard input as a file that can be read twice; it is gone when the program ends."""
    with tempfile.NamedTemporaryFile(prefix="kith-", delete=False) as aside:
        shutil.copyfileobj(sys.stdin.buffer, aside)
    atexit.register(Path(aside.name).unlink, missing_ok=True)
    return aside.name


def length_of(stream: io.BufferedReader) -> int:
    """Bytes of a file, read to its end or not; of a pipe, those that came."""
    return stream.seek(0, os.SEEK_END) if stream.seekable() else stream.tell()


def files_at(path: str) -> list[str]:
    """The files that a path as typed stands for. Refusal when there are none."""
    if path == "-" or (os.path.exists(path) and not os.path.isdir(path)):
        return [path]
    places = [path] if os.path.isdir(path) else sorted(glob.glob(path, recursive=True))
    found = [file for place in places for file in below(place)]
    if not found:
        known = "There are no files in the folder" if os.path.isdir(path) else "There is nothing at"
        raise Refusal(
            f"{known} “{path}”. Give a file, a folder, a pattern such as “exports/*.json”, or - for standard input."
        )
    return found


def below(place: str) -> list[str]:
    """The files of a folder and the folders in it that are not hidden, sorted; of a file, itself."""
    if not os.path.isdir(place):
        return [place]
    walked = ((os.path.relpath(folder, place), folder, names) for folder, _, names in os.walk(place))
    files = (
        os.path.join(folder, name) for inside, folder, names in walked for name in names if is_shown(f"{inside}/{name}")
    )
    return sorted(files)


def decode(row: Row, shape: type[T]) -> T | Refused:
    """A row as the struct it should be, or the row refused with the field that does not fit."""
    decoder: msgspec.json.Decoder[T] | None = DECODERS.get(shape)
    if decoder is None:
        decoder = DECODERS[shape] = msgspec.json.Decoder(shape)
    try:
        return decoder.decode(row.raw)
    except msgspec.ValidationError as failure:
        return row.refuse(worded(str(failure)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return row.refuse("this is not valid JSON")


def worded(failure: str) -> str:
    """What msgspec says about a field, in a sentence for people."""
    if found := MISSING.match(failure):
        field = f"{found['path'] or ''}.{found['name']}".lstrip(".")
        return f"the field “{field}” is missing"
    if found := UNEXPECTED.match(failure):
        field = (found["path"] or "").lstrip(".")
        subject = f"the field “{field}”" if field else "the row"
        return f"{subject} should be {plainly(found['want'])} but is {plainly(found['have'])}"
    return failure


def plainly(types: str) -> str:
    """Types as msgspec names them, in words."""
    return " or ".join(WORDS.get(name, name) for name in types.split(" | "))
