"""Commands about who is whom: merge, split, move, keep apart. Each can be undone, exactly, at any later time."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID, uuid4

from crm.acts import Deed, do, must_be_known
from crm.command import Command
from crm.errors import Conflict, Refusal
from crm.event import Aggregate
from crm.grouping import Grouping
from crm.installation import Installation
from crm.kinds import _
from crm.membership import (
    IdentityMoved,
    MembershipAct,
    MembersKeptApart,
    MembersMerged,
    MemberSplit,
    Reason,
    who_is_whom,
)


class Arrange(Command, frozen=True, kw_only=True):
    """A wish about who is whom. `seen` is the end of the log when it was looked at, so that a colleague's change since is told."""

    IN_TURN: ClassVar[bool] = True

    reason: str = ""
    seen: int | None = None

    def _members(self, kith: Installation, *handles: UUID) -> list[UUID]:
        """The members that these accounts are; Refusal for unknown and erased ones, Conflict where somebody joined or parted them since."""
        must_be_known(kith, handles)
        with kith.connection() as connection:
            whom = who_is_whom(connection, handles)
        last = max(whom.acts, key=lambda one: one.last, default=None)
        if last and self.seen is not None and last.last > self.seen:
            raise Conflict(last.by, last.at, last.position)
        return [whom.member[handle] for handle in handles]

    def _do(self, kith: Installation, event: type[MembershipAct], *about: UUID, bulk: UUID | None = None) -> Deed:
        return do(kith, event, *about, personal=Reason(self.reason.strip()) if self.reason.strip() else None, bulk=bulk)


class MergeMembers(Arrange, frozen=True, kw_only=True):
    """`gone` is the same person as `kept`, and is called as `kept` is."""

    kept: UUID
    gone: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        if self.kept == self.gone:
            raise Refusal(_("A member cannot be merged with themselves. Choose two different members."))
        kept, gone = self._members(kith, self.kept, self.gone)
        if kept == gone:
            raise Refusal(_("These two are one member already."))
        yield self._do(kith, MembersMerged, kept, gone)


class SplitMember(Arrange, frozen=True, kw_only=True):
    """This account is not this member, but somebody of their own."""

    member: UUID
    identity: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        member, identity = self._members(kith, self.member, self.identity)
        if member != identity:
            raise Refusal(_("This account does not belong to this member, so it cannot be split off."))
        with kith.connection() as connection:
            others = list(who_is_whom(connection, [self.identity]).member.values()).count(member) - 1
        if not others:
            raise Refusal(_("This member has only this one account, so there is nothing to split."))
        yield self._do(kith, MemberSplit, member, self.identity)


class MoveIdentity(Arrange, frozen=True, kw_only=True):
    """This account belongs to that member."""

    identity: UUID
    into: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        identity, into = self._members(kith, self.identity, self.into)
        if identity == into:
            raise Refusal(_("This account belongs to this member already."))
        yield self._do(kith, IdentityMoved, self.identity, into)


class KeepApart(Arrange, frozen=True, kw_only=True):
    """These two are different people: it is remembered for good."""

    one: UUID
    other: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        one, other = self._members(kith, self.one, self.other)
        if one == other:
            raise Refusal(_("These two are one member now. Split them first."))
        yield self._do(kith, MembersKeptApart, one, other)


class ArrangeMany(Arrange, frozen=True, kw_only=True):
    """A wish about many pairs, which is one whole: undone as one."""

    pairs: tuple[tuple[UUID, UUID], ...]

    def _by_member(self, kith: Installation) -> list[tuple[UUID, UUID]]:
        """The pairs as the members that they are now, those left out that are one member."""
        handles = list(dict.fromkeys(handle for pair in self.pairs for handle in pair))
        if not handles:
            raise Refusal(_("Tick at least one pair first."))
        member = dict(zip(handles, self._members(kith, *handles), strict=True))
        pairs = [(member[one], member[other]) for one, other in self.pairs if member[one] != member[other]]
        if not pairs:
            raise Refusal(_("All of these are one member already."))
        return pairs


class MergeMany(ArrangeMany, frozen=True, kw_only=True):
    """In each pair the second is the same person as the first and is called as the first is.

    Pairs may hang together: all of such are called as the first of them that is second in no pair.
    """

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        pairs, bulk = self._by_member(kith), uuid4()
        members, gone = dict.fromkeys(one for pair in pairs for one in pair), {other for _, other in pairs}
        grouping = Grouping(members)
        for one, other in pairs:
            grouping.merge(one, other)
        together: dict[UUID, list[UUID]] = {}
        for member in members:
            together.setdefault(grouping.of[member], []).append(member)
        for group in together.values():
            kept = next((one for one in group if one not in gone), group[0])
            yield from (self._do(kith, MembersMerged, kept, one, bulk=bulk) for one in group if one != kept)


class KeepApartMany(ArrangeMany, frozen=True, kw_only=True):
    """In each pair the two are different people: it is remembered for good."""

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        pairs, bulk = self._by_member(kith), uuid4()
        for one, other in pairs:
            yield self._do(kith, MembersKeptApart, one, other, bulk=bulk)
