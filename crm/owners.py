"""Owners: the colleague who looks after a member, so that everybody knows whose turn it is."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from crm.about import AboutMember, standing
from crm.acts import Act
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _


class OwnerGiven(Act, frozen=True, kw_only=True):
    """A colleague (a member who is one of the team) looks after the member; None takes it off."""

    TOPIC: ClassVar[str] = "member.owner_given"
    SENTENCE: ClassVar[str] = _("A colleague looks after this member")
    ICON: ClassVar[str] = "user"

    owner: UUID | None

    @property
    def slot(self) -> str:
        return "owner"

    def value(self, personal: Any) -> Any:
        return self.owner and str(self.owner)


class SetOwner(AboutMember, frozen=True, kw_only=True):
    """Say which colleague looks after a member; None takes it off."""

    owner: UUID | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        must_be_a_colleague(kith, self.owner)
        self._must_be_as_seen(kith, "owner")
        yield do(kith, OwnerGiven, self.member, owner=self.owner)


def must_be_a_colleague(kith: Installation, owner: UUID | None) -> None:
    """Refusal for somebody who is not one of the team; None is nobody, and passes."""
    if owner and standing(kith, owner, "side") != "team":
        raise Refusal(_("Only a colleague can look after a member. Say on their page that they are one."))
