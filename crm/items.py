"""What the team keeps about a member: notes, tasks, promises, calls, meetings, messages, gifts.

An item is known by an id of its own; what it says and whether it is done are two slots, so that either is undone alone.
"""

from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from crm.acts import Act
from crm.kinds import _

Kind = Literal["note", "task", "promise", "call", "meeting", "message", "gift"]

CONTACTS = ("call", "meeting", "message", "gift")
"""Kinds that tell of something that happened, on a day of its own."""


class Text(msgspec.Struct, frozen=True):
    """The personal part of an item: what a colleague wrote."""

    text: str


class ItemWritten(Act, frozen=True, kw_only=True):
    """An item was written, or written anew. `day` is when a task is due, or when a call was. Not `kept`: it is gone.

    Words stay sealed: a page opens those that it shows.
    """

    TOPIC: ClassVar[str] = "item.written"
    SENTENCE: ClassVar[str] = _("The team wrote something down about this member")
    ICON: ClassVar[str] = "scroll-text"
    PERSONAL = Text

    item: UUID
    kind: Kind
    day: date | None = None
    owner: UUID | None = None
    kept: bool = True

    @property
    def slot(self) -> str:
        return f"{self.kind}:{self.item}"

    def value(self, personal: Any) -> Any:
        return (
            {"day": self.day and self.day.isoformat(), "owner": self.owner and str(self.owner)} if self.kept else None
        )

    def happened_at(self) -> datetime:
        if self.kind not in CONTACTS or self.day is None or self.day == self.timestamp.date():
            return self.timestamp
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


class ItemDone(Act, frozen=True, kw_only=True):
    """A task was done, a promise kept; or not after all."""

    TOPIC: ClassVar[str] = "item.done"
    SENTENCE: ClassVar[str] = _("Something that was to be done is done")
    ICON: ClassVar[str] = "check"

    item: UUID
    done: bool = True

    @property
    def slot(self) -> str:
        return f"done:{self.item}"

    def value(self, personal: Any) -> Any:
        return True if self.done else None
