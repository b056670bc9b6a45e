"""Rhythms: how often to keep in touch with whom. Whether a word is due follows from what happened since; here stands only the wish."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from crm.about import AboutMember
from crm.acts import Act
from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.stages import StageDefined
from crm.tags import cleaned
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


def _must_fit(days: int | None, least: int) -> None:
    if days is not None and not least <= days <= LONGEST:
        raise Refusal(_("A rhythm is a number of days, from one to two years."))
