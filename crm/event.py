"""Events: what every one has in common, and the registry that finds a class by its topic.

An event class owns all that is true of it: its topic (never a Python path), its version and how older ones are read, its
sentence and icon, which part is personal, and whether it is an act of moderation. Adding an event is adding a class.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

import msgspec
from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate
from eventsourcing.utils import register_topic

import crm

REGISTRY: dict[str, type["Event"]] = {}

NOBODY = UUID(int=0)
"""Stands for the person where a source has lost the account; has a key of its own."""


class Columns(NamedTuple):
    """The facts that stand in typed columns beside the state, so that projections are plain SQL. None personal."""

    batch: UUID | None = None
    occurred_at: datetime | None = None
    kind: str | None = None
    source: str | None = None
    actor: UUID | None = None
    targets: tuple[UUID, ...] | None = None
    roles: tuple[str, ...] | None = None
    place: UUID | None = None
    thread: UUID | None = None
    parent: UUID | None = None
    digest: bytes | None = None


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    rename={"originator_id": "id", "originator_version": "n"},
):
    """Something that happened. Subclasses with a TOPIC are registered; a topic is never given twice.

    SENTENCE is an English msgid, translated where it is shown; its `{fields}` are fields of the event.
    PERSONAL is the struct that `sealed` holds, encrypted under the key of `subject`.
    UPCASTERS lead a state of version n (key) to n + 1; they are pure and see plain dictionaries.
    """

    TOPIC: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    UPCASTERS: ClassVar[Mapping[int, Any]] = {}
    SENTENCE: ClassVar[str] = ""
    ICON: ClassVar[str] = "circle"
    PERSONAL: ClassVar[type[msgspec.Struct] | None] = None
    MODERATION: ClassVar[bool] = False

    originator_id: UUID
    originator_version: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if topic := cls.__dict__.get("TOPIC"):
            if topic in REGISTRY:
                raise TypeError(f"{cls.__name__}: the topic “{topic}” belongs to {REGISTRY[topic].__name__} already.")
            REGISTRY[topic] = cls
            register_topic(topic, cls)

    @property
    def subject(self) -> UUID:
        """The person whose key seals the personal part."""
        return self.originator_id

    def columns(self) -> Columns:
        """What the recorder writes beside the state; nothing unless a subclass says so."""
        return Columns()

    def _as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Fact(Event, frozen=True, kw_only=True, gc=False):
    """Something seen outside. Its stream is made of the source's own key, so that seeing it again adds nothing.

    `digest` tells one state of the same thing from another: a keyed hash of all that a later look could find changed.
    """

    batch: UUID
    sealed: bytes
    digest: bytes

    def renumbered(self, version: int) -> Self:
        """The same fact as another event of its stream: after it was taken back it may be recorded again."""
        return msgspec.structs.replace(self, originator_version=version)

    def seen_again(self, version: int) -> "Fact":
        """The event that says this state was seen of something already known."""
        return self.renumbered(version)


class TeamEvent(Event, CanMutateAggregate[UUID], frozen=True, kw_only=True):
    """Something the team decided: an event of an aggregate."""

    timestamp: datetime


class TeamCreated(TeamEvent, CanInitAggregate[UUID], frozen=True, kw_only=True):
    """The first event of an aggregate."""

    originator_topic: str


class Aggregate(BaseAggregate[UUID]):
    """Base of what the team decides about. Subclasses have a TOPIC; their events stand beside them in the module."""

    TOPIC: ClassVar[str]
    Event = TeamEvent

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        register_topic(cls.TOPIC, cls)


def discover() -> None:
    """Import every module of `crm`, so that each event class is registered, whichever file it stands in."""
    for found in pkgutil.iter_modules(crm.__path__):
        if found.name != "__main__":
            importlib.import_module(f"crm.{found.name}")
