"""Segments: filters of the list of members that somebody gave a name, for themselves or for all of the team."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from crm import conditions
from crm.acts import Act
from crm.command import Command
from crm.conditions import Conditions
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.vocabulary import what_is_set_up

LONGEST = 80
"""Letters of a name at most."""


class SegmentSaved(Act, frozen=True, kw_only=True):
    """Somebody kept a filter under a name, or changed it. `query` is what its address says. Not `kept`: it is gone."""

    TOPIC: ClassVar[str] = "segment.saved"
    SENTENCE: ClassVar[str] = _("The segment {name} was saved")
    ICON: ClassVar[str] = "list-filter"

    segment: UUID
    name: str
    query: dict[str, str]
    shared: bool = True
    kept: bool = True

    @property
    def slot(self) -> str:
        return f"segment:{self.segment}"

    def value(self, personal: Any) -> Any:
        return {"name": self.name, "query": self.query, "shared": self.shared} if self.kept else None


class SaveSegment(Command, frozen=True, kw_only=True):
    """Keep a filter under a name (no `segment` yet), or change one. Not `shared`, it is listed for whoever saved it only."""

    IN_TURN: ClassVar[bool] = True

    name: str
    query: dict[str, str]
    shared: bool = True
    segment: UUID | None = None

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        name, asked = " ".join(self.name.split()), conditions.read(self.query)
        if not name or len(name) > LONGEST:
            raise Refusal(_("A segment needs a name of at most eighty letters."))
        if not asked.asks():
            raise Refusal(_("Choose a filter first: a segment of everybody would be the list itself."))
        known = _known(kith)
        if self.segment and self.segment not in known:
            raise Refusal(_("This segment was removed meanwhile. Save it as a new one."))
        if any(one.name.casefold() == name.casefold() and one.segment != self.segment for one in known.values()):
            raise Refusal(_("There is a segment of that name already."))
        segment = self.segment or uuid4()
        yield do(kith, SegmentSaved, segment=segment, name=name, query=asked.query(), shared=self.shared)


class RemoveSegment(Command, frozen=True, kw_only=True):
    """Let a segment be listed no more."""

    IN_TURN: ClassVar[bool] = True

    segment: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        known = _known(kith).get(self.segment)
        if known is None:
            raise Refusal(_("This segment was removed already."))
        yield do(
            kith,
            SegmentSaved,
            segment=self.segment,
            name=known.name,
            query=known.query,
            shared=known.shared,
            kept=False,
        )


def _known(kith: Installation) -> dict[UUID, SegmentSaved]:
    with kith.connection() as connection:
        return {one.segment: one for one in what_is_set_up(connection, SegmentSaved).values()}


READY: dict[str, tuple[str, Conditions]] = {
    "new-and-active": (
        _("New and active"),
        Conditions(kind="person", new=30, acts=3, within=30, sort="lately"),
    ),
    "recently-quiet": (
        _("Recently quiet"),
        Conditions(kind="person", acts=3, within=120, quiet=30, sort="recent"),
    ),
    "most-active": (
        _("Most active this week"),
        Conditions(kind="person", acts=3, within=7, sort="lately"),
    ),
    "our-team": (
        _("Our own team"),
        Conditions(kind="team"),
    ),
}
"""Segments that every Kith has, by the word in their address: what they are called, and whom they hold."""
