"""A zip is read by the table at its end; when a download broke off there is none, and the files before it still count."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from crm.reading.layers import BROKEN, Nothing, sentence

HEADER = struct.Struct("<4s5H3I2H")
"""Mark, version, flags, method, time, date, checksum, packed and plain size, lengths of name and extras (APPNOTE 4.3.7)."""

MARK, TRAILER = b"PK\x03\x04", b"PK\x07\x08"
STORED, DEFLATED = 0, 8
SIZES_BEHIND, UTF_8 = 1 << 3, 1 << 11


def entries(archive: BinaryIO) -> Iterator[tuple[str, Any]]:
    """The name and the stream of each file in a zip that can seek; read one before asking for the next."""
    try:
        table = zipfile.ZipFile(archive)
    except BROKEN as failure:
        yield from rescued(archive, sentence(failure))
        return
    for entry in table.infolist():
        if not entry.is_dir():
            try:
                yield entry.filename, table.open(entry)
            except BROKEN as failure:
                yield entry.filename, nothing(sentence(failure))


def is_workbook(archive: BinaryIO) -> bool:
    """Whether a zip that can seek is a workbook (XLSX) and should be left as it is."""
    try:
        return "xl/workbook.xml" in zipfile.ZipFile(archive).namelist()
    except BROKEN:
        return False
    finally:
        archive.seek(0)


def nothing(reason: str) -> io.BufferedReader:
    return io.BufferedReader(Nothing(reason))


class Packed(io.RawIOBase):
    """One file of a zip whose end is found by reading it; `size` is None when only its packing tells where it ends."""

    def __init__(self, archive: BinaryIO, size: int | None) -> None:
        self.archive, self.left, self.failed = archive, size, False
        self.inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any) -> int:
        part = b""
        while not part and not (self.inflate.eof or self.left == 0):
            part = self.stored(len(space)) if self.left is not None else self.inflated(len(space))
        space[: len(part)] = part
        return len(part)

    def stored(self, size: int) -> bytes:
        part = self.more(min(size, self.left or 0))
        self.left = (self.left or 0) - len(part)
        return part

    def inflated(self, size: int) -> bytes:
        part = self.inflate.decompress(self.inflate.unconsumed_tail or self.more(1 << 16), size)
        if self.inflate.eof:
            self.archive.seek(-len(self.inflate.unused_data), io.SEEK_CUR)
        return part

    def more(self, size: int) -> bytes:
        part = self.archive.read(size)
        if not part:
            self.failed = True
            raise EOFError
        return part


def rescued(archive: BinaryIO, reason: str) -> Iterator[tuple[str, Any]]:
    """What lies in a zip before it breaks off, then the reason, unless the reader of the last file has met it already."""
    archive.seek(0)
    while len(header := archive.read(HEADER.size)) == HEADER.size and header.startswith(MARK):
        _, _, flags, method, _, _, _, size, _, named, extra = HEADER.unpack(header)
        name = archive.read(named).decode("utf-8" if flags & UTF_8 else "cp437", "replace")
        archive.seek(extra, io.SEEK_CUR)
        if method not in (STORED, DEFLATED) or (method == STORED and flags & SIZES_BEHIND):
            break
        packed = Packed(archive, size if method == STORED else None)
        stream = io.BufferedReader(packed)
        if not name.endswith("/"):
            yield name, stream
        if packed.failed:
            return
        if not passed(cast(BinaryIO, stream)):
            break
        if flags & SIZES_BEHIND:
            archive.seek(12 if archive.read(4) == TRAILER else 8, io.SEEK_CUR)
    yield "", nothing(reason)


def passed(stream: BinaryIO) -> bool:
    """Whether what is left of a stream could be skipped."""
    try:
        while stream.read(1 << 16):
            pass
    except BROKEN:
        return False
    return True
