"""Sides: who is one of us, who a bot and who a member, where the sources do not know or are wrong."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crm.about import AboutMember
from crm.acts import Act
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _

SIDES = ("", "person", "team", "bot")


class SideSet(Act, frozen=True, kw_only=True):
    """What somebody is to the community: `person`, `team` or `bot`; empty lets the sources say it again."""

    TOPIC: ClassVar[str] = "member.side_set"
    SENTENCE: ClassVar[str] = _("It was said whether this is a member, a colleague or a bot")
    ICON: ClassVar[str] = "users"

    side: str

    @property
    def slot(self) -> str:
        return "side"

    def value(self, personal: Any) -> Any:
        return self.side or None


class SetSide(AboutMember, frozen=True, kw_only=True):
    """Say what somebody is to the community."""

    side: str

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if self.side not in SIDES:
            raise Refusal(_("Choose whether this is a member, a colleague or a bot."))
        self._must_be_as_seen(kith, "side")
        yield do(kith, SideSet, self.member, side=self.side)
