"""Files and archives fail in a dozen ways, each with an exception of its own; here all of them become one sentence.

A stream of this file raises `Refusal` where it cannot go on, and nothing that was read before that is lost.
"""

import io
import lzma
import tarfile
import zipfile
import zlib
from typing import Any, cast

from crm.errors import Refusal

EARLY = "the archive ends too early"
BROKEN: tuple[type[Exception], ...] = (
    *(OSError, EOFError, ValueError, NotImplementedError, RuntimeError),
    *(zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile),
)


class Layer(io.RawIOBase):
    """A stream with its first bytes put back, whose failures are a `Refusal` or, when `soft`, an early end."""

    def __init__(self, head: bytes, below: Any, soft: bool = False) -> None:
        self.head, self.below, self.soft, self.trouble, self.count = head, below, soft, "", 0

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any) -> int:
        """At most one read of the stream below, so that nothing read before a failure is lost."""
        part, self.head = self.head[: len(space)], self.head[len(space) :]
        if not part and not self.trouble:
            part = self.further(len(space))
        space[: len(part)] = part
        self.count += len(part)
        return len(part)

    def tell(self) -> int:
        """Bytes read so far, also where the stream below cannot tell."""
        return self.count

    def further(self, size: int) -> bytes:
        try:
            return cast(bytes, self.below.read1(size))
        except BROKEN as failure:
            self.trouble = sentence(failure)
            if self.soft:
                return b""
            raise Refusal(self.trouble) from failure


class Nothing(io.RawIOBase):
    """A stream of which there is nothing but the reason why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def readable(self) -> bool:
        return True

    def readinto(self, _: Any) -> int:
        raise Refusal(self.reason)


def sentence(failure: Exception) -> str:
    """Why a file or an archive could not be read on, in a person's words."""
    text = str(failure)
    if isinstance(failure, EOFError) or "unexpected end" in text or "not a zip file" in text:
        return EARLY
    if isinstance(failure, PermissionError):
        return "the file may not be read; ask its owner for permission"
    if "password" in text:
        return "the archive is locked with a password; unpack it first"
    return f"the archive is damaged ({text or type(failure).__name__})"


def buffered(layer: Layer) -> io.BufferedReader:
    return io.BufferedReader(layer, 1 << 17)
