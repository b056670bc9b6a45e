"""Merging: two members, or many pairs at once, were found to be one person."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from crm.arranging import Arrange, ArrangeMany
from crm.errors import Refusal
from crm.event import Aggregate
from crm.grouping import Grouping
from crm.installation import Installation
from crm.kinds import _
from crm.membership import MembersMerged


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
