"""Files on their way in from a browser, written to disk as they come, so that no length of them is too much.

On disk they are only numbers. The names that people gave them are kept beside, for sentences, and never lead anywhere.
"""

import errno
import shutil
from datetime import UTC, datetime
from io import FileIO
from typing import Self
from uuid import UUID, uuid4

from crm.detecting import detect
from crm.errors import Refusal
from crm.installation import Installation
from crm.kinds import _
from crm.reading.packing import is_shown
from crm.uploads import Upload, file_of, folder_of, inputs_of, insert

LONGEST = 200
"""Letters of a name that are kept, its end."""


class Arrival:
    """Files that arrive, one after the other. What was not kept when its `with` ends is thrown away."""

    def __init__(self, kith: Installation, by: str) -> None:
        self._kith = kith
        self._upload = Upload(id=uuid4(), at=datetime.now(UTC), by=by)
        self._file: FileIO | None = None
        self._kept = False

    def begin(self, name: str) -> None:
        """From here on what is written belongs to this file; a hidden one in a folder is passed over."""
        self._close()
        known = tame(name)
        if "/" in known and not is_shown(known):
            return
        path = file_of(self._kith, self._upload.id, len(self._upload.files))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = path.open("xb", buffering=0)
        path.chmod(0o600)
        self._upload.files.append(known or _("a file without a name"))

    def write(self, part: bytes | bytearray) -> None:
        """The next bytes of the file. Refusal where there is no room for them."""
        if self._file is None:
            return
        try:
            rest = memoryview(part)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as failure:
            if failure.errno != errno.ENOSPC:
                raise
            raise Refusal(_("The disk of the server is full. Nothing of these files was kept.")) from None
        self._upload.size += len(part)

    def keep(self) -> UUID:
        """Tell what the files are and keep them. Refusal where none came."""
        self._close()
        if not self._upload.files:
            raise Refusal(_("No file was chosen. Choose one or more, then send them."))
        found = detect(inputs_of(self._kith, self._upload))
        self._upload.source = found[0].NAME if found else ""
        insert(self._kith, self._upload)
        self._kept = True
        return self._upload.id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        if not self._kept:
            shutil.rmtree(folder_of(self._kith, self._upload.id), ignore_errors=True)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def tame(name: str) -> str:
    """A name without roads out of a folder and without what steers a screen; folders above it are kept."""
    parts = [part.strip() for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    return "".join(letter for letter in "/".join(parts) if letter.isprintable())[-LONGEST:]
