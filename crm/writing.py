"""Commands about what the team keeps: write something down or anew, take it away, say that it is done."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from crm.about import AboutMember, standing
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.items import CONTACTS, ItemDone, ItemWritten, Kind, Text
from crm.kinds import _

LONGEST = 20_000
"""Letters of an item at most."""


class WriteItem(AboutMember, frozen=True, kw_only=True):
    """Write something down about a member, or (with `item`) write it anew. `owner` is the colleague who is to do it."""

    kind: Kind
    text: str
    day: date | None = None
    owner: UUID | None = None
    item: UUID | None = None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if not (text := self.text.strip()):
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
