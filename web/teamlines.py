"""The team's own acts as lines of a stream: what was said of a member and kept about them."""

from datetime import date
from typing import Any

import msgspec

from projections.history import Change
from projections.identities import Identity
from projections.items import DUE
from web.stream import cut


class Piece(msgspec.Struct):
    """What fills a place in a sentence: words, which are a msgid if `ours`, or somebody."""

    text: str
    ours: bool = False
    who: Identity | None = None


class TeamLine(msgspec.Struct):
    """An act of the team in a stream. `text` is what was written, `before` what had been written until then."""

    done: Change
    day: date | None
    icon: str
    kind: str
    sentence: str
    pieces: dict[str, Piece]
    text: str
    before: str

    def words(self) -> str:
        """What was written, cut where it grows long."""
        return cut(self.text)

    def due(self) -> date | None:
        """By when it is to be done; None for what is not to be done, or on no day."""
        day = self.done.value["day"] if self.kind in DUE and self.done.value else None
        return date.fromisoformat(day) if day else None

    def row(self) -> dict[str, Any]:
        """The act as a line of a spreadsheet among lines of interactions, under the names that those have."""
        plain = dict.fromkeys(("id", "own_kind", "place", "thread_title", "touched", "link"), "")
        told = {"at": self.done.at, "kind": self.done.topic, "source": "team", "side": "team", "who": self.done.by}
        return {**plain, **told, "title": self._told(), "text": self.text}

    def change(self) -> dict[str, Any]:
        """The act as a line of a history: what it was before and after, whether it stands, who undid or restored it."""
        done, filled = self.done, {name: piece.text for name, piece in self.pieces.items()}
        return {
            "position": done.position,
            "recorded_at": done.recorded_at,
            "at": done.at,
            "by": done.by,
            "act": done.topic,
            "told": self._told(),
            "old": self.before or filled["old"],
            "new": self.text or filled["new"],
            "stands": done.stands,
            "toggled_by": done.toggled_by,
            "toggled_at": done.toggled_at,
        }

    def _told(self) -> str:
        return self.sentence.format(**{name: piece.text for name, piece in self.pieces.items()})
