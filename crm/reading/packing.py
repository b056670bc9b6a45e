"""Exports come packed in every way there is, and the name rarely tells how; what lies inside is told by its first bytes.

Whatever goes wrong while unpacking reaches the reader as one `Refusal`, raised by the stream of the document concerned.
"""

import bz2
import gzip
import io
import lzma
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import msgspec

from crm.errors import Refusal
from crm.reading.layers import BROKEN, Layer, Nothing, buffered, sentence
from crm.reading.zips import entries, is_workbook

DEEPEST = 5
"""Packings inside packings that are opened; more is an attack, not an export."""

SPOOL = 16 << 20
"""Bytes of a zip without seeking that are held in memory; a longer one goes to a temporary file."""

OPENERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ\x00": lzma.open, b"BZh": bz2.open}
ZIP = (b"PK\x03\x04", b"PK\x05\x06")


class Document(msgspec.Struct):
    """One file as it lies or as it was packed; `name` is only for sentences, never for ids."""

    name: str
    stream: BinaryIO


def unreadable(name: str, reason: str) -> Document:
    """A document that cannot be opened; whoever reads it gets the reason as a `Refusal`."""
    return Document(name, cast(BinaryIO, io.BufferedReader(Nothing(reason))))


def unpack(name: str, stream: Any, depth: int = 0, seekable: bool = False) -> Iterator[Document]:
    """The documents in a stream, itself if it is not packed; each must be read before the next is asked for."""
    try:
        head = beginning(stream)
    except Refusal as reason:
        yield unreadable(name, str(reason))
        return
    except BROKEN as failure:
        yield unreadable(name, sentence(failure))
        return
    opener = next((OPENERS[magic] for magic in OPENERS if head.startswith(magic)), None)
    if depth > DEEPEST:
        yield unreadable(name, f"it is packed more than {DEEPEST} times over; unpack it first")
    elif opener:
        yield from unpack(name, opener(buffered(Layer(head, stream))), depth + 1)
    elif head.startswith(ZIP):
        yield from unzip(name, head, stream, depth, seekable)
    elif is_tar(head):
        yield from untar(name, Layer(head, stream, soft=True), depth)
    else:
        yield Document(name, cast(BinaryIO, buffered(Layer(head, stream))))


def beginning(stream: Any) -> bytes:
    """The first 512 bytes, or fewer if there are no more."""
    head = b""
    while len(head) < tarfile.BLOCKSIZE and (part := stream.read1(tarfile.BLOCKSIZE - len(head))):
        head += part
    return head


def is_tar(head: bytes) -> bool:
    """Whether the checksum of a tar header fits; the oldest tars have no mark of their own."""
    try:
        return bool(tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape"))
    except tarfile.HeaderError:
        return False


def untar(name: str, layer: Layer, depth: int) -> Iterator[Document]:
    """The files of a tar in their order. Ends with the reason if the tar does not end as it should."""
    try:
        with tarfile.open(fileobj=buffered(layer), mode="r|", bufsize=tarfile.BLOCKSIZE * 64) as tar:
            remembered: Any = tar
            while (member := tar.next()) is not None:
                remembered.members.clear()  # else every member ever seen stays in memory
                if member.isfile() and is_shown(member.name):
                    inside = Layer(b"", tar.extractfile(member))
                    yield from unpack(f"{name}/{member.name}", buffered(inside), depth + 1)
                    if inside.trouble:  # its reader was told, and there is nothing behind it
                        return
    except BROKEN as failure:
        layer.trouble = layer.trouble or sentence(failure)
    if layer.trouble:
        yield unreadable(name, layer.trouble)


def unzip(name: str, head: bytes, stream: Any, depth: int, seekable: bool) -> Iterator[Document]:
    """The files of a zip in the order of its table, which stands at its end: without seeking it is first set aside."""
    with tempfile.SpooledTemporaryFile(SPOOL) as aside:
        if not seekable:
            shutil.copyfileobj(buffered(Layer(head, stream, soft=True)), aside)
        archive = stream if seekable else cast(BinaryIO, aside)
        if is_workbook(archive):
            yield Document(name, cast(BinaryIO, buffered(Layer(b"", archive))))
            return
        found = False
        for inside, opened in entries(archive):
            if is_shown(inside):
                found = True
                yield from unpack(f"{name}/{inside}".rstrip("/"), opened, depth + 1)
        if not found:
            yield Document(name, cast(BinaryIO, buffered(Layer(b"", io.BytesIO()))))


def is_shown(path: str) -> bool:
    """Whether no part of a path is hidden; the copies that macOS adds to a zip are hidden too."""
    parts = path.removeprefix("./").split("/")
    return not any(part.startswith(".") or part == "__MACOSX" for part in parts)
