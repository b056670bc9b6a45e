"""Parting: an account is somebody else's, or two members are different people and stay so."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from crm.arranging import Arrange, ArrangeMany
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.membership import IdentityMoved, MembersKeptApart, MemberSplit, who_is_whom


class SplitMember(Arrange, frozen=True, kw_only=True):
    """This account is not this member, but somebody of their own."""

    member: UUID
    identity: UUID

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        member, identity = self._members(kith, self.member, self.identity)
        if member != identity:
            raise Refusal(_("This account does not belong to this member, so it cannot be split off."))
        with kith.connection() as connection:
            accounts = who_is_whom(connection, [self.identity]).accounts(self.identity)
        if accounts == [self.identity]:
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


class KeepApartMany(ArrangeMany, frozen=True, kw_only=True):
    """In each pair the two are different people: it is remembered for good."""

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        pairs, bulk = self._by_member(kith), uuid4()
        for one, other in pairs:
            yield self._do(kith, MembersKeptApart, one, other, bulk=bulk)
