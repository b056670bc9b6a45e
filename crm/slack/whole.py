"""Small documents, held at once: an export has thousands, and cutting them into rows took five times as long as all the rest.

Only what is sound is given so; with anything amiss the document is read by rows, which tell what is wrong and where.
"""

from io import BufferedReader
from typing import BinaryIO, cast

from crm.errors import Refusal
from crm.reading.layers import Layer, Nothing, buffered
from crm.reading.packing import Document
from crm.reading.rows import SUSPECT

SMALL = 8 << 20
"""Bytes that may be held at once; a longer document is streamed."""

CHUNK = 1 << 16


def whole(document: Document) -> tuple[bytes, Document]:
    """The bytes of a small and sound document, else none; and the document with what was read put back."""
    raw, below = bytearray(), document.stream
    try:
        while len(raw) <= SMALL and (part := cast(BufferedReader, below).read1(CHUNK)):
            raw += part
        sound = len(raw) <= SMALL
    except Refusal as reason:
        below, sound = cast(BinaryIO, BufferedReader(Nothing(str(reason)))), False
    again = Document(document.name, cast(BinaryIO, buffered(Layer(bytes(raw), below))))
    return bytes(raw) if sound and not SUSPECT.search(raw) else b"", again
