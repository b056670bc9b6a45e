"""Who is whom: accounts are facts from outside, which of them are one member is what the team decided, act by act.

A member is called by one of its accounts; an account that nobody joined with another is a member of its own. Who is whom
comes of all acts that stand, in their order. So a merge that is undone leaves no trace but in the log, however much was
joined, parted and written since.
"""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.acts import Act
from crm.deeds import Done, what_was_done
from crm.grouping import Grouping
from crm.kinds import _


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why, in a colleague's words."""

    text: str = ""


class MembershipAct(Act, frozen=True, kw_only=True):
    """Something that says who is whom; `about` two accounts."""

    PERSONAL = Reason

    def arrange(self, grouping: Grouping) -> None:
        """Say it of the grouping."""


class MembersMerged(MembershipAct, frozen=True, kw_only=True):
    """The second is the same person as the first, and is called by the first from now on."""

    TOPIC: ClassVar[str] = "members.merged"
    SENTENCE: ClassVar[str] = _("Two members were found to be one person")
    ICON: ClassVar[str] = "git-compare"

    def arrange(self, grouping: Grouping) -> None:
        grouping.merge(*self.about)


class IdentityMoved(MembershipAct, frozen=True, kw_only=True):
    """The first account belongs to the member that the second is of."""

    TOPIC: ClassVar[str] = "identity.moved"
    SENTENCE: ClassVar[str] = _("An account was moved to another member")
    ICON: ClassVar[str] = "git-compare"

    def arrange(self, grouping: Grouping) -> None:
        identity, into = self.about
        if grouping.of[identity] != grouping.of[into]:
            grouping.part(identity)
            grouping.merge(into, identity)


class MemberSplit(MembershipAct, frozen=True, kw_only=True):
    """The second account is somebody else than the member that the first is of."""

    TOPIC: ClassVar[str] = "member.split"
    SENTENCE: ClassVar[str] = _("An account was found to be somebody else")
    ICON: ClassVar[str] = "git-compare"

    def arrange(self, grouping: Grouping) -> None:
        grouping.part(self.about[1])


class MembersKeptApart(MembershipAct, frozen=True, kw_only=True):
    """These two are not the same person, however alike they look: it is not proposed again."""

    TOPIC: ClassVar[str] = "members.kept_apart"
    SENTENCE: ClassVar[str] = _("Two members were found to be different people")
    ICON: ClassVar[str] = "users"


ARRANGING = (MembersMerged, IdentityMoved, MemberSplit)


class Whom(msgspec.Struct, frozen=True):
    """Of each account the member it is, and the acts that said so, undone ones included, in their order."""

    member: dict[UUID, UUID]
    acts: list[Done]

    def accounts(self, handle: UUID) -> list[UUID]:
        """All accounts of the member that this one is of."""
        return [one for one, member in self.member.items() if member == self.member[handle]]


def who_is_whom(connection: Connection[Any], handles: Iterable[UUID], upto: int | None = None) -> Whom:
    """Who these accounts are, and all that they were ever joined with; as of position `upto` or now."""
    known, fringe = set(handles), set(handles)
    acts: dict[int, Done] = {}
    while fringe:
        found = what_was_done(connection, fringe, ARRANGING, upto)
        acts |= {one.position: one for one in found}
        fringe = {handle for one in found for handle in one.event.about} - known
        known |= fringe
    in_order = [acts[position] for position in sorted(acts)]
    grouping = Grouping(known)
    for one in in_order:
        if one.stands and isinstance(one.event, MembershipAct):
            one.event.arrange(grouping)
    return Whom(grouping.of, in_order)
