"""The field names of a JSON document tell what it is better than any words in it, even where its end is out of sight."""

import re
from functools import lru_cache

from crm.reading.glimpse import Glimpse

TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*(:?)|[{}\[\]]', re.DOTALL)
OPENING, CLOSING = b"{[", b"}]"


@lru_cache(maxsize=64)
def fields_in(glimpse: Glimpse) -> frozenset[str]:
    """The names in the first JSON object of a document, or of the list that it is, as far as the glimpse shows it.

    Nothing where the document is no JSON.
    """
    start = glimpse.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] not in (b"{", b"["):
        return frozenset()
    depth, inside = 0, 1 if start.startswith(b"{") else 2
    names: set[str] = set()
    for found in TOKEN.finditer(start):
        token = found[0]
        if token in OPENING:
            depth += 1
        elif token in CLOSING:
            depth -= 1
            if depth < inside and names:
                break
        elif found[2] and depth == inside:
            names.add(found[1].decode("utf-8", "replace"))
    return frozenset(names)
