"""Stages of a relationship, by the names that the team gives them, with what must hold to go on to the next."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from crm.acts import Act
from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.vocabulary import what_is_set_up


class StageDefined(Act, frozen=True, kw_only=True):
    """The team set a stage up, or changed it. `rank` is its place in the order; `criteria` what must hold to leave it for the next."""

    TOPIC: ClassVar[str] = "stage.defined"
    SENTENCE: ClassVar[str] = _("The stage {name} was set up")
    ICON: ClassVar[str] = "git-compare"

    stage: UUID
    name: str
    criteria: str = ""
    rank: int = 0
    kept: bool = True

    @property
    def slot(self) -> str:
        return f"stage:{self.stage}"

    def value(self, personal: Any) -> Any:
        return {"name": self.name, "criteria": self.criteria, "rank": self.rank} if self.kept else None


class DefineStage(Command, frozen=True, kw_only=True):
    """Set a stage up (no `stage` yet), change one, or take it away (`kept` false)."""

    IN_TURN: ClassVar[bool] = True

    name: str
    criteria: str = ""
    rank: int | None = None
    stage: UUID | None = None
    kept: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        name = " ".join(self.name.split())
        if not name or len(name) > 80:
            raise Refusal(_("A stage needs a name of at most eighty letters."))
        with kith.connection() as connection:
            known = what_is_set_up(connection, StageDefined).values()
        if self.stage and all(one.stage != self.stage for one in known):
            raise Refusal(_("There is no such stage any more. Load the page again."))
        if any(one.name.casefold() == name.casefold() and one.stage != self.stage for one in known):
            raise Refusal(_("There is a stage of that name already."))
        last = max((one.rank for one in known), default=0) + 1
        yield do(
            kith,
            StageDefined,
            stage=self.stage or uuid4(),
            name=name,
            criteria=self.criteria.strip()[:2000],
            rank=last if self.rank is None else self.rank,
            kept=self.kept,
        )
