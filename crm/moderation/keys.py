"""Logs without ids still need keys that stay: made of what a row says, and counted where a file says it twice."""

from hashlib import blake2b

from crm.recent import Recent


class Keys:
    """The keys of one document. Another copy of it counts anew, so that its rows get the same keys."""

    def __init__(self) -> None:
        self._equals: Recent[str, int] = Recent()

    def make(self, kind: str, *parts: str) -> str:
        """A key such as `row:6c1f…`, with a running number behind it from the second equal one on."""
        digest = blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
        key = f"{kind}:{digest}"
        number = (self._equals.get(key) or 0) + 1
        self._equals.put(key, number)
        return key if number == 1 else f"{key}:{number}"
