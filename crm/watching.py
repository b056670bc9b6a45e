"""Watching: members of whom the team wants to notice everything."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crm.about import AboutMember
from crm.acts import Act
from crm.doing import do
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _


class WatchSet(Act, frozen=True, kw_only=True):
    """Everything that this member does is to be noticed; or no longer."""

    TOPIC: ClassVar[str] = "watch.set"
    SENTENCE: ClassVar[str] = _("It was said whether to notice all that this member does")
    ICON: ClassVar[str] = "eye"

    on: bool

    @property
    def slot(self) -> str:
        return "watch"

    def value(self, personal: Any) -> Any:
        return True if self.on else None


class Watch(AboutMember, frozen=True, kw_only=True):
    """Notice all that a member does, or stop that."""

    on: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        yield do(kith, WatchSet, self.member, on=self.on)
