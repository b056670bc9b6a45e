"""The order in which the stages of a relationship stand, for the team to change."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID, uuid4

from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.stages import StageDefined
from crm.vocabulary import what_is_set_up


class MoveStage(Command, frozen=True, kw_only=True):
    """Let a stage stand one earlier, or one later, in the order of all."""

    IN_TURN: ClassVar[bool] = True

    stage: UUID
    later: bool = False

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        with kith.connection() as connection:
            known = what_is_set_up(connection, StageDefined).values()
        order = sorted(known, key=lambda one: (one.rank, one.name))
        here = next((index for index, one in enumerate(order) if one.stage == self.stage), None)
        if here is None:
            raise Refusal(_("There is no such stage any more. Load the page again."))
        there = here + 1 if self.later else here - 1
        if not 0 <= there < len(order):
            raise Refusal(_("This stage cannot be moved any further."))
        order[here], order[there] = order[there], order[here]
        bulk = uuid4()
        for rank, one in enumerate(order, 1):
            if one.rank != rank:
                yield do(
                    kith, StageDefined, bulk=bulk, stage=one.stage, name=one.name, criteria=one.criteria, rank=rank
                )
