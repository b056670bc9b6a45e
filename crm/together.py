"""Acts about many members at once: one wish, one whole in the log, undone as one."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

from crm.acts import Act
from crm.command import Command
from crm.doing import Deed, must_be_known
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.owners import OwnerGiven, must_be_a_colleague
from crm.sides import SIDES, SideSet
from crm.staging import StageMoved, must_be_a_stage
from crm.tags import TagGiven, TagTaken, cleaned

MOST = 10_000
"""Members at once."""


class Together(Command, frozen=True, kw_only=True):
    """A wish about many members. Whoever was erased is left out; Refusal where nobody is left, or where they are too many."""

    members: tuple[UUID, ...]

    def of_whom(self, kith: Installation) -> list[UUID]:
        """The members that it is about, each once."""
        if len(self.members) > MOST:
            raise Refusal(_("That is more than 10,000 members at once. Narrow the list down first."))
        known = kith.vault.keys(set(self.members))
        found = [member for member in dict.fromkeys(self.members) if member in known]
        if not found:
            raise Refusal(_("Nobody was chosen. Tick members in the list first."))
        return found

    def _each(self, kith: Installation, event: type[Act], **fields: Any) -> Iterator[Deed]:
        bulk = uuid4()
        for member in self.of_whom(kith):
            yield Deed.do(event, uuid4(), (member,), bulk=bulk, **fields)


class TagTogether(Together, frozen=True, kw_only=True):
    """Let many members bear a tag, or bear it no longer (`taken`)."""

    tag: str
    taken: bool = False

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        yield from self._each(kith, TagTaken if self.taken else TagGiven, tag=cleaned(self.tag))


class StageTogether(Together, frozen=True, kw_only=True):
    """Move the relationship with many members to a stage; None takes it off."""

    stage: UUID | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        must_be_a_stage(kith, self.stage)
        yield from self._each(kith, StageMoved, stage=self.stage)


class OwnerTogether(Together, frozen=True, kw_only=True):
    """Give many members to a colleague; None takes it off."""

    owner: UUID | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        must_be_known(kith, [self.owner] if self.owner else [])
        must_be_a_colleague(kith, self.owner)
        yield from self._each(kith, OwnerGiven, owner=self.owner)


class SideTogether(Together, frozen=True, kw_only=True):
    """Say what many are to the community: `person`, `team` or `bot`; empty lets the sources say it again."""

    side: str

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if self.side not in SIDES:
            raise Refusal(_("Choose whether they are members, colleagues or bots."))
        yield from self._each(kith, SideSet, side=self.side)
