"""A first look at a document, for telling what it is."""

from typing import NamedTuple


class Glimpse(NamedTuple):
    """The first 64 KiB of a document, unpacked. `name` holds the folders of an archive as well, after the file's own name."""

    name: str
    head: bytes

    @property
    def text(self) -> str:
        """The beginning as text, whatever it is; without a mark of byte order."""
        return self.head.decode("utf-8-sig", "replace")
