"""Interactions: what people did with whom, and later looks at the same thing. Facts from outside, one stream each."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from crm.event import NOBODY, Columns, Fact
from crm.kinds import _


class Words(msgspec.Struct, frozen=True, omit_defaults=True):
    """The personal part of an interaction: what somebody wrote, where it can be read, and the source's own key."""

    key: str
    host: str = ""
    title: str = ""
    text: str = ""
    link: str = ""


class InteractionRecorded(Fact, frozen=True, kw_only=True):
    """Somebody did something, perhaps touching others: `targets` and `roles` stand in the same order."""

    TOPIC: ClassVar[str] = "interaction.recorded"
    SENTENCE: ClassVar[str] = _("Something was done on {source}")
    ICON: ClassVar[str] = "message-square"
    PERSONAL = Words

    occurred_at: datetime
    kind: str
    own_kind: str
    source: str
    precision: str = "instant"
    actor: UUID | None = None
    targets: tuple[UUID, ...] = ()
    roles: tuple[str, ...] = ()
    place: UUID | None = None
    thread: UUID | None = None
    parent: UUID | None = None
    revision: int = 0
    reactions: dict[str, int] = {}
    edited_at: datetime | None = None
    removed: bool = False

    @property
    def subject(self) -> UUID:
        return self.actor or NOBODY

    def seen_again(self, version: int) -> "InteractionObserved":
        return InteractionObserved(
            originator_id=self.originator_id,
            originator_version=version,
            batch=self.batch,
            sealed=self.sealed,
            digest=self.digest,
            source=self.source,
            actor=self.actor,
            revision=self.revision,
            reactions=self.reactions,
            edited_at=self.edited_at,
            removed=self.removed,
        )

    def columns(self) -> Columns:
        return tuple.__new__(  # what Columns(…) comes to, without its Python: there are millions of these
            Columns,
            (
                self.batch,
                self.occurred_at,
                self.kind,
                self.source,
                self.actor,
                self.targets or None,
                self.roles or None,
                self.place,
                self.thread,
                self.parent,
                self.digest,
            ),
        )


class InteractionObserved(Fact, frozen=True, kw_only=True):
    """The same thing looked at again, changed: edited, removed, restored, or its reactions counted anew."""

    TOPIC: ClassVar[str] = "interaction.observed"
    SENTENCE: ClassVar[str] = _("A change was seen on {source}")
    ICON: ClassVar[str] = "pencil"
    PERSONAL = Words

    source: str
    actor: UUID | None = None
    revision: int = 0
    reactions: dict[str, int] = {}
    edited_at: datetime | None = None
    removed: bool = False

    @property
    def subject(self) -> UUID:
        return self.actor or NOBODY

    def columns(self) -> Columns:
        return Columns(batch=self.batch, source=self.source, digest=self.digest)


class PlaceSeen(Fact, frozen=True, kw_only=True):
    """A repository, category or channel, by the name it had. Names of places are not personal: `sealed` is empty."""

    TOPIC: ClassVar[str] = "place.seen"
    SENTENCE: ClassVar[str] = _("The place {name} on {source} was seen")
    ICON: ClassVar[str] = "map-pin"

    source: str
    host: str
    name: str
    link: str = ""

    def columns(self) -> Columns:
        return Columns(batch=self.batch, source=self.source, digest=self.digest)
