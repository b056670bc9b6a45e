"""What every wish about a member has in common: whose accounts it is about, and what a colleague may have said since."""

from typing import Any, ClassVar
from uuid import UUID

from crm.command import Command
from crm.deeds import what_was_done
from crm.errors import Conflict
from crm.installation import Installation
from crm.membership import who_is_whom


class AboutMember(Command, frozen=True, kw_only=True):
    """A wish about one member. `seen` is the act whose outcome was on the page, 0 for none; None asks nothing."""

    IN_TURN: ClassVar[bool] = True

    member: UUID
    seen: int | None = None

    def _must_be_as_seen(self, kith: Installation, slot: str) -> None:
        """Conflict if a colleague settled this slot since, by whichever account of the member.

        0 was seen where nothing stood, or where it had been emptied.
        """
        if self.seen is None:
            return
        handles = accounts(kith, self.member)
        with kith.connection() as connection:
            acts = [one for one in what_was_done(connection, handles) if one.event.slot == slot]
        last = max((one for one in acts if one.stands), key=lambda one: one.position, default=None)
        stands = last.position if last and last.event.value(kith.vault.open_all([last.event])[0]) is not None else 0
        if acts and stands != self.seen:
            latest = max(acts, key=lambda one: one.last)
            raise Conflict(latest.by, latest.at, stands)


def accounts(kith: Installation, member: UUID) -> list[UUID]:
    """The accounts that are one member with this one, as the log has it."""
    with kith.connection() as connection:
        return who_is_whom(connection, [member]).accounts(member)


def standing(kith: Installation, member: UUID, slot: str) -> Any:
    """What stands of a member in a slot, as the log has it; None for nothing."""
    handles = accounts(kith, member)
    with kith.connection() as connection:
        acts = [one for one in what_was_done(connection, handles) if one.stands and one.event.slot == slot]
    return acts[-1].event.value(kith.vault.open_all([acts[-1].event])[0]) if acts else None
