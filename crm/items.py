"""What the team keeps about a member: notes, tasks, promises, calls, meetings, messages, gifts.

An item is known by an id of its own; what it says and whether it is done are two slots, so that either is undone alone.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID, uuid4

import msgspec

from crm.acts import Act, do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.profile import AboutMember, standing

Kind = Literal["note", "task", "promise", "call", "meeting", "message", "gift"]

CONTACTS = ("call", "meeting", "message", "gift")
"""Kinds that tell of something that happened, on a day of its own."""

LONGEST = 20_000
"""Letters of an item at most."""


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


class WriteItem(AboutMember, frozen=True, kw_only=True):
    """Write something down about a member, or (with `item`) write it anew. `owner` is the colleague who is to do it."""

    kind: Kind
    text: str
    day: date | None = None
    owner: UUID | None = None
    item: UUID | None = None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        text = self.text.strip()
        if not text:
            raise Refusal(_("Write something first; nothing was kept."))
        if len(text) > LONGEST:
            raise Refusal(_("This is too long: twenty thousand letters at most."))
        if self.kind in CONTACTS and self.day and self.day > (datetime.now(UTC) + timedelta(days=1)).date():
            raise Refusal(_("This day is still to come. For what is planned, add a task."))
        if self.item:
            self._must_be_as_seen(kith, f"{self.kind}:{self.item}")
            must_be_there(kith, self.member, self.kind, self.item)
        yield do(
            kith,
            ItemWritten,
            self.member,
            personal=Text(text),
            item=self.item or uuid4(),
            kind=self.kind,
            day=self.day or (datetime.now(UTC).date() if self.kind in CONTACTS else None),
            owner=self.owner,
        )


class RemoveItem(AboutMember, frozen=True, kw_only=True):
    """Take an item away; the log keeps it, and it can be undone."""

    kind: Kind
    item: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        self._must_be_as_seen(kith, f"{self.kind}:{self.item}")
        must_be_there(kith, self.member, self.kind, self.item)
        yield do(kith, ItemWritten, self.member, item=self.item, kind=self.kind, kept=False)


class FinishItem(AboutMember, frozen=True, kw_only=True):
    """Say that a task is done or a promise kept; or, with `done` false, not after all."""

    kind: Literal["task", "promise"]
    item: UUID
    done: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        must_be_there(kith, self.member, self.kind, self.item)
        if bool(standing(kith, self.member, f"done:{self.item}")) == self.done:
            raise Refusal(_("A colleague said so already."))
        yield do(kith, ItemDone, self.member, item=self.item, done=self.done)


def must_be_there(kith: Installation, member: UUID, kind: Kind, item: UUID) -> None:
    """Refusal for what was removed in the meantime, or never was."""
    if standing(kith, member, f"{kind}:{item}") is None:
        raise Refusal(_("This is not here any more: a colleague removed it. The history has it."))
