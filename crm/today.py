"""Up to where the page of today was read, so that it begins where the reader left it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crm.acts import Act
from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _


class TodayRead(Act, frozen=True, kw_only=True):
    """Somebody read what had changed up to this position of the log."""

    TOPIC: ClassVar[str] = "today.read"
    SENTENCE: ClassVar[str] = _("What had changed was read")
    ICON: ClassVar[str] = "check"

    position: int

    @property
    def slot(self) -> str:
        return "read:today"

    def value(self, personal: Any) -> Any:
        return self.position


class ReadToday(Command, frozen=True, kw_only=True):
    """Say that what changed up to a position of the log was read."""

    position: int

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if not 0 <= self.position <= (kith.log.recorder.max_notification_id() or 0):
            raise Refusal(_("Nothing has happened up to there yet. Reload the page and try again."))
        yield do(kith, TodayRead, position=self.position)
