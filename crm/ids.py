"""Ids of things outside: the same at each import, yet not to be guessed from a public handle or a post's number.

UUIDs of version 8 from HMAC-SHA-256 under a secret of the installation.
"""

import hmac
from uuid import UUID

_VERSION_8 = 8 << 76 | 2 << 62
_KEPT = ~(15 << 76 | 3 << 62)
"""RFC 9562: four bits say the version, two the variant; `UUID(version=8)` needs Python 3.14."""


class Ids:
    """Makes ids and digests under one installation's secret."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def make(self, what: str, source: str, host: str, key: str) -> UUID:
        """The id of `what` (interaction, identity, thread, place) that `source` at `host` calls `key`."""
        number = int.from_bytes(self.digest(f"{what}\0{source}\0{host}\0{key}".encode("utf-8", "replace")))
        return UUID(int=number & _KEPT | _VERSION_8)

    def digest(self, content: bytes) -> bytes:
        """Sixteen bytes that tell contents apart without telling what they are."""
        return hmac.digest(self.secret, content, "sha256")[:16]
