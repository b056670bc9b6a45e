"""Acts of the team: all that colleagues do about members, or set up for everybody. Each is a small stream of its own.

What stands of a thing is the last act on its slot that was not undone. So any act can be undone at any later time, whatever
was done since: it is left out, and all else stands. The log keeps every act, its undoing and its restoring.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from crm.event import NOBODY, Columns, TeamCreated, TeamEvent
from crm.kinds import _


class Act(TeamCreated, frozen=True, kw_only=True):
    """What a colleague did. `about` are members, each by one of the accounts that are theirs; `bulk` the whole it is a part of."""

    about: tuple[UUID, ...] = ()
    bulk: UUID | None = None
    sealed: bytes = b""

    @property
    def subject(self) -> UUID:
        return self.about[0] if self.about else NOBODY

    @property
    def slot(self) -> str:
        """What it settles: the last act on the same slot stands. Empty for what settles nothing."""
        return ""

    def value(self, personal: Any) -> Any:
        """What it settles it to, for JSON; None takes it away. `personal` is the opened personal part, None where erased."""
        return None

    def happened_at(self) -> datetime:
        """When what it tells of happened; now, unless it tells of something earlier."""
        return self.timestamp

    def columns(self) -> Columns:
        return Columns(batch=self.bulk, targets=self.about or None)


class Toggled(TeamEvent, frozen=True, kw_only=True):
    """An act was undone, or restored. `undone` is the topic of that act."""

    about: tuple[UUID, ...] = ()
    bulk: UUID | None = None
    undone: str

    def columns(self) -> Columns:
        return Columns(batch=self.bulk, targets=self.about or None)


class ActUndone(Toggled, frozen=True, kw_only=True):
    """The act of this stream counts no more. The log keeps it."""

    TOPIC: ClassVar[str] = "act.undone"
    SENTENCE: ClassVar[str] = _("Something the team did was undone")
    ICON: ClassVar[str] = "undo-2"

    def apply(self, aggregate: Any) -> None:
        aggregate.stands = False


class ActRestored(Toggled, frozen=True, kw_only=True):
    """The act of this stream, undone before, counts again."""

    TOPIC: ClassVar[str] = "act.restored"
    SENTENCE: ClassVar[str] = _("Something that was undone counts again")
    ICON: ClassVar[str] = "redo-2"

    def apply(self, aggregate: Any) -> None:
        aggregate.stands = True
