"""Care: how often to keep in touch with whom, whom to watch, and up to where the page of today was read.

Whether somebody is due follows from what happened since; here stands only what the team wishes.
"""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from crm.acts import Act, do
from crm.command import Command
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.profile import AboutMember, cleaned
from crm.stages import StageDefined
from crm.vocabulary import what_is_set_up

LONGEST = 730
"""Days of a rhythm at most."""


class RhythmSet(Act, frozen=True, kw_only=True):
    """How many days may pass until the next contact: with a member, or about nobody and for `scope`, `tag:NAME` or `stage:ID`.

    0 asks for no contact, whatever the member's stage and tags say; None lets those say it.
    """

    TOPIC: ClassVar[str] = "rhythm.set"
    SENTENCE: ClassVar[str] = _("It was said how often to keep in touch")
    ICON: ClassVar[str] = "calendar-clock"

    days: int | None
    scope: str = ""

    @property
    def slot(self) -> str:
        return f"rhythm:{self.scope}" if self.scope else "rhythm"

    def value(self, personal: Any) -> Any:
        return self.days


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


class SetRhythm(AboutMember, frozen=True, kw_only=True):
    """Say how often to keep in touch with a member."""

    days: int | None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        _must_fit(self.days, least=0)
        self._must_be_as_seen(kith, "rhythm")
        yield do(kith, RhythmSet, self.member, days=self.days)


class SetRhythmOf(Command, frozen=True, kw_only=True):
    """Say how often to keep in touch with everybody at a stage, or with everybody who bears a tag; None takes it away."""

    IN_TURN: ClassVar[bool] = True

    days: int | None
    tag: str = ""
    stage: UUID | None = None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        _must_fit(self.days, least=1)
        yield do(kith, RhythmSet, days=self.days, scope=self._scope(kith))

    def _scope(self, kith: Installation) -> str:
        if self.stage is None:
            return f"tag:{cleaned(self.tag)}"
        with kith.connection() as connection:
            known = what_is_set_up(connection, StageDefined)
        if f"stage:{self.stage}" not in known:
            raise Refusal(_("There is no such stage any more. Reload the page and choose another."))
        return f"stage:{self.stage}"


class Watch(AboutMember, frozen=True, kw_only=True):
    """Notice all that a member does, or stop that."""

    on: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        yield do(kith, WatchSet, self.member, on=self.on)


class ReadToday(Command, frozen=True, kw_only=True):
    """Say that what changed up to a position of the log was read."""

    position: int

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if not 0 <= self.position <= (kith.log.recorder.max_notification_id() or 0):
            raise Refusal(_("Nothing has happened up to there yet. Reload the page and try again."))
        yield do(kith, TodayRead, position=self.position)


def _must_fit(days: int | None, least: int) -> None:
    if days is not None and not least <= days <= LONGEST:
        raise Refusal(_("A rhythm is a number of days, from one to two years."))
