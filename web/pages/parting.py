"""One account of a member's: whether it is somebody else, or another member's; and what that comes to, before it is done."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.parting import MoveIdentity, SplitMember
from projections.accounts import which_handles
from projections.members import Member, Wish, which_members
from projections.merging import Side, what_would_stand
from projections.pairs import Known, who_are_they
from web.address import read_id
from web.page import Asked, engine, kith, page, redirect
from web.problem import Problem

OFFERED = 10


class OneAccount(msgspec.Struct):
    """An account and the member whose it is; how both would stand if it were somebody else (`alone`), or another member's (`into`).

    `rest` is None where the member has no other account.
    """

    member: Known
    identity: UUID
    rest: Side | None
    alone: Side
    q: str
    found: list[Member]
    into: Known | None
    joined: Side | None
    seen: int
    reason: str = ""
    problem: Problem | None = None


class Splitting(msgspec.Struct):
    """The form that splits an account off."""

    reason: str = ""
    seen: int | None = None


class Moving(msgspec.Struct):
    """The form that moves an account to another member."""

    into: UUID
    reason: str = ""
    seen: int | None = None


@get("/members/{member:uuid}/accounts/{identity:uuid}", sync_to_thread=True)
def whose_is_it(
    request: Asked, member: FromPath[UUID], identity: FromPath[UUID], q: FromQuery[str] = "", into: FromQuery[str] = ""
) -> Response[Any]:
    """What splitting this account off, or moving it to another member, would come to."""
    return page(request, "merging/account.html", _view(request, identity, read_id(into), q.strip()))


@post("/members/{member:uuid}/accounts/{identity:uuid}/split", sync_to_thread=True)
def split(
    request: Asked, member: FromPath[UUID], identity: FromPath[UUID], data: URLEncodedBody[Splitting]
) -> Response[Any]:
    """Let this account be somebody of their own."""
    command = SplitMember(member=member, identity=identity, reason=data.reason, seen=data.seen)
    return _done(request, identity, None, data.reason, command, _("The account is a member of its own now."))


@post("/members/{member:uuid}/accounts/{identity:uuid}/move", sync_to_thread=True)
def move(
    request: Asked, member: FromPath[UUID], identity: FromPath[UUID], data: URLEncodedBody[Moving]
) -> Response[Any]:
    """Let this account belong to another member."""
    command = MoveIdentity(identity=identity, into=data.into, reason=data.reason, seen=data.seen)
    return _done(request, identity, data.into, data.reason, command, _("The account belongs to this member now."))


def _done(
    request: Asked, identity: UUID, into: UUID | None, reason: str, command: Command, notice: str
) -> Response[Any]:
    try:
        done = dispatch(kith(request), command)
    except Refusal as refusal:
        engine(request).catch_up("members", "acts")
        view = _view(request, identity, into, "")
        view.reason, view.problem = reason, Problem.of(refusal)
        return view.problem.mark(page(request, "merging/account.html", view))
    engine(request).catch_up("members", "acts")
    with kith(request).connection() as connection:
        member = who_are_they(connection, [identity])[identity].member
    return redirect(f"/members/{member}/accounts", notice, undo=done)


def _view(request: Asked, identity: UUID, into: UUID | None, q: str) -> OneAccount:
    vault, seen = kith(request).vault, engine(request).head()
    with kith(request).connection() as connection:
        known = who_are_they(connection, [one for one in (identity, into) if one])
        if identity not in known:
            raise NotFoundException
        member = known[identity]
        other = known[into] if into in known and known[into].member != member.member else None
        handles = which_handles(connection, [member.member, *([other.member] if other else [])])
        rest = [one for one in handles[member.member] if one != identity]
        label = min(rest) if rest and identity == member.member else member.member
        joined = [*handles[other.member], identity] if other else []
        return OneAccount(
            member=member,
            identity=identity,
            rest=what_would_stand(vault, connection, label, rest) if rest else None,
            alone=what_would_stand(vault, connection, identity, [identity]),
            q=q,
            found=[one for one in which_members(connection, Wish(q=q), limit=OFFERED) if one.member != member.member]
            if q
            else [],
            into=other,
            joined=what_would_stand(vault, connection, other.member, joined) if other else None,
            seen=seen,
        )


ROUTES = [whose_is_it, split, move]
