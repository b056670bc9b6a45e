"""Commands: what somebody of the team asks for. One way leads from a wish to the log: authorise, decide, append.

A command is a struct whose fields are the form, the JSON and the command line at once; it carries its own limits. It decides
over aggregates and never writes: `dispatch` does, and answers with the position from which the effect can be read.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import ClassVar

import msgspec

from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation, taking_turns


class Actor(msgspec.Struct, frozen=True):
    """Who asks. Until there is sign-in everybody on this machine is the operator."""

    name: str
    roles: frozenset[str] = frozenset({"owner"})


OPERATOR = Actor("operator")


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A wish. ALLOWED are the roles that may have it; checked here, not on the page.

    Those that look at what stands before they decide are IN_TURN: one after the other, in all processes.
    """

    ALLOWED: ClassVar[frozenset[str]] = frozenset({"owner"})
    IN_TURN: ClassVar[bool] = False

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        """The aggregates that changed, with their pending events; Refusal where the rules forbid it."""
        raise TypeError(f"{type(self).__name__} does not say what it decides.")


def dispatch(kith: Installation, command: Command, actor: Actor = OPERATOR) -> int:
    """Carry a command out; the position of its last event, or of the log's end where nothing had to change."""
    if not command.ALLOWED & actor.roles:
        raise Refusal(
            f"{actor.name} may not do this; it takes one of these roles: {', '.join(sorted(command.ALLOWED))}."
        )
    with taking_turns(kith) if command.IN_TURN else nullcontext():
        changed = list(command.decide(kith))
        recordings = kith.log.save(*changed, by=actor.name)
    return recordings[-1].notification.id if recordings else kith.log.recorder.max_notification_id() or 0
