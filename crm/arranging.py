"""What all wishes about who is whom have in common. Each can be undone, exactly, at any later time."""

from typing import ClassVar
from uuid import UUID

from crm.command import Command
from crm.doing import Deed, do, must_be_known
from crm.errors import Conflict, Refusal
from crm.installation import Installation
from crm.kinds import _
from crm.membership import MembershipAct, Reason, who_is_whom


class Arrange(Command, frozen=True, kw_only=True):
    """A wish about who is whom. `seen` is the end of the log when it was looked at, so that a colleague's change since is told."""

    IN_TURN: ClassVar[bool] = True

    reason: str = ""
    seen: int | None = None

    def _members(self, kith: Installation, *handles: UUID) -> list[UUID]:
        """The members that these accounts are; Refusal for unknown and erased ones, Conflict where somebody joined or parted them since."""
        must_be_known(kith, handles)
        with kith.connection() as connection:
            whom = who_is_whom(connection, handles)
        last = max(whom.acts, key=lambda one: one.last, default=None)
        if last and self.seen is not None and last.last > self.seen:
            raise Conflict(last.by, last.at, last.position)
        return [whom.member[handle] for handle in handles]

    def _do(self, kith: Installation, event: type[MembershipAct], *about: UUID, bulk: UUID | None = None) -> Deed:
        return do(kith, event, *about, personal=Reason(self.reason.strip()) if self.reason.strip() else None, bulk=bulk)


class ArrangeMany(Arrange, frozen=True, kw_only=True):
    """A wish about many pairs, which is one whole: undone as one."""

    pairs: tuple[tuple[UUID, UUID], ...]

    def _by_member(self, kith: Installation) -> list[tuple[UUID, UUID]]:
        """The pairs as the members that they are now, those left out that are one member."""
        handles = list(dict.fromkeys(handle for pair in self.pairs for handle in pair))
        if not handles:
            raise Refusal(_("Tick at least one pair first."))
        member = dict(zip(handles, self._members(kith, *handles), strict=True))
        pairs = [(member[one], member[other]) for one, other in self.pairs if member[one] != member[other]]
        if not pairs:
            raise Refusal(_("All of these are one member already."))
        return pairs
