"""The stage that the relationship with a member has reached: one of those the team has set up."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from crm.about import AboutMember
from crm.acts import Act
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.stages import StageDefined
from crm.vocabulary import what_is_set_up


class StageMoved(Act, frozen=True, kw_only=True):
    """The relationship reached a stage, one of those the team has set up (`crm.stages`); None takes it off."""

    TOPIC: ClassVar[str] = "member.stage_moved"
    SENTENCE: ClassVar[str] = _("The relationship reached another stage")
    ICON: ClassVar[str] = "git-compare"

    stage: UUID | None

    @property
    def slot(self) -> str:
        return "stage"

    def value(self, personal: Any) -> Any:
        return self.stage and str(self.stage)


class SetStage(AboutMember, frozen=True, kw_only=True):
    """Move the relationship to a stage; None takes it off."""

    stage: UUID | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        must_be_a_stage(kith, self.stage)
        self._must_be_as_seen(kith, "stage")
        yield do(kith, StageMoved, self.member, stage=self.stage)


def must_be_a_stage(kith: Installation, stage: UUID | None) -> None:
    """Refusal for a stage that the team has not set up, or has taken away; None is none, and passes."""
    with kith.connection() as connection:
        known = what_is_set_up(connection, StageDefined)
    if stage and f"stage:{stage}" not in known:
        raise Refusal(_("There is no such stage any more. Load the page again."))
