"""What a message says and whom it names, whichever way Zulip hands it out."""

from typing import NamedTuple


class Named(NamedTuple):
    """Somebody in a text, by number if it is told."""

    uid: int | None
    name: str


class Quote(NamedTuple):
    """Words taken from somebody, and the number of the message they stood in, if it is told."""

    whose: Named
    message: str


class Words(NamedTuple):
    """`text` is without what was quoted; `mentions` are in the order in which they were named."""

    text: str
    mentions: list[Named]
    quotes: list[Quote]
