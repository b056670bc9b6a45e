"""What stands at the head of every page about a member, and where that page is when the account belongs to another."""

from collections import Counter
from typing import Any
from uuid import UUID

import msgspec
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from psycopg import Connection

from projections import members, relationships, timeline
from projections.members import Member
from projections.placing import Glance, how_does_one_stand
from projections.scores import which_version
from projections.timeline import KindCount
from web.page import Asked, redirect

SCORE = "advocacy"
"""Kith's own, which is told beside the name."""


class About(msgspec.Struct):
    """The head of a page about a member; `accounts` are all of theirs, `ties` is with how many others they had to do.

    `score` is that of Kith's own formula on the newest day, where it is kept.
    """

    member: Member
    accounts: list[UUID]
    kinds: list[KindCount]
    ties: int
    score: Glance | None = None

    def mostly(self) -> list[str]:
        """The one or two kinds that make up most of what they did."""
        done: Counter[str] = Counter()
        for each in self.kinds:
            done[each.kind] += each.did
        common = [kind for kind, n in done.most_common(2) if n]
        return common[:1] if len(common) == 2 and done[common[1]] * 4 < done[common[0]] else common

    def where(self) -> list[str]:
        """The sources on which they did something, or are known from."""
        return sorted({each.source for each in self.kinds if each.did}) or [self.member.source]


def about(connection: Connection[Any], account: UUID) -> About:
    """The member whose account this is; 404 where there is none."""
    member = members.who_is(connection, account)
    if member is None:
        raise NotFoundException
    accounts = members.which_identities(connection, member.member)
    ties = relationships.how_many_ties(connection, accounts)
    score = how_does_one_stand(connection, which_version(connection, SCORE), member.member)
    return About(member, accounts, timeline.what_kinds(connection, accounts), ties, score)


def elsewhere(request: Asked, member: UUID) -> Redirect:
    """The same page about the member that an account belongs to now; what else the address asks is kept."""
    rest = request.url.path.split("/")[3:]
    query = f"?{request.url.query}" if request.url.query else ""
    return redirect("/".join(("/members", str(member), *rest)) + query)
