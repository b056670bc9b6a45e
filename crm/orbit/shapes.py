"""The answers of Orbit's API, as far as Kith reads them; they follow JSON:API, with members in `included`.

Everything is optional but what an act cannot do without: exports leave out what was empty.
"""

from typing import Any

import msgspec

ABSENT = msgspec.Raw()


class Thing(msgspec.Struct, gc=False):
    """One object of any type; what it holds depends on its `type`."""

    id: str | int
    type: str
    attributes: dict[str, Any] = {}
    relationships: dict[str, Any] = {}


class Page(msgspec.Struct):
    """A document: one object or a list of them, and the objects that they refer to."""

    data: msgspec.Raw = ABSENT
    included: list[Thing] = []
    type: str = ""
    event: str = ""
