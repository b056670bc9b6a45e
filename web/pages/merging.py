"""Merging two members: find the other, see side by side what each has and which will show, say why, and do it."""

from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from psycopg import Connection

from crm.command import dispatch
from crm.errors import Refusal
from crm.fields import BUILT_IN
from crm.kinds import _
from crm.merging import MergeMembers
from projections.accounts import which_handles
from projections.addresses import tell_apart
from projections.joined import Judged, who_was_kept_apart
from projections.members import Member, Wish, which_members
from projections.merging import Said, Side, what_is_set_up_called, what_would_stand
from projections.pairs import Known, Pair, who_are_they, who_may_be
from web.address import read_id
from web.page import Asked, engine, kith, page, redirect, with_query
from web.problem import Problem

OFFERED = 10

LABELS = {"stage": _("Stage"), "owner": _("Looked after by"), "side": _("What it is")} | {
    f"field:{key}": label for key, label in BUILT_IN.items()
}
"""What the slots of one value are called that every Kith has."""


class Compared(msgspec.Struct):
    """What is said of both in one slot, and which of it shows when they are one. `label` is a msgid or the team's own word."""

    label: str
    kept: Said | None
    gone: Said | None
    shown: Said | None

    def sides(self) -> list[tuple[str, Said | None]]:
        """What is said of each, and what shows, by the names of columns."""
        return [("kept", self.kept), ("gone", self.gone), ("shown", self.shown)]


class Preview(msgspec.Struct):
    """Two members and what they would be as one. `apart` is who said that they are not the same."""

    kept: Side
    gone: Side
    together: Side
    rows: list[Compared]
    apart: list[Judged]


class Merging(msgspec.Struct):
    """A member, who else may be the same person, and the other one when chosen. `seen` is the end of the log as shown."""

    member: Known
    q: str
    found: list[Member]
    alike: list[Pair]
    preview: Preview | None
    seen: int
    reason: str = ""
    problem: Problem | None = None


class Merge(msgspec.Struct):
    """The form: who else it is, why, and up to where the log was looked at."""

    other: UUID
    reason: str = ""
    seen: int | None = None


@get("/members/{member:uuid}/merge", sync_to_thread=True)
def who_else(
    request: Asked, member: FromPath[UUID], q: FromQuery[str] = "", other: FromQuery[str] = ""
) -> Response[Any]:
    """Find who is the same person, and see what merging the two comes to."""
    view = _view(request, member, read_id(other), q.strip())
    if view.member.member != member:
        return redirect(with_query(request).replace(str(member), str(view.member.member), 1))
    return _page(request, view)


@post("/members/{member:uuid}/merge", sync_to_thread=True)
def merge(request: Asked, member: FromPath[UUID], data: URLEncodedBody[Merge]) -> Response[Any]:
    """Merge the other into this member."""
    command = MergeMembers(kept=member, gone=data.other, reason=data.reason, seen=data.seen)
    try:
        done = dispatch(kith(request), command)
    except Refusal as refusal:
        engine(request).catch_up("members", "acts")
        view = _view(request, member, data.other, "")
        view.reason, view.problem = data.reason, Problem.of(refusal)
        return view.problem.mark(_page(request, view))
    engine(request).catch_up("members", "acts")
    return redirect(f"/members/{member}", _("They are one member now."), undo=done)


def _page(request: Asked, view: Merging) -> Response[Any]:
    rows = [
        {"what": row.label} | {name: one.words if one else "" for name, one in row.sides()}
        for row in (view.preview.rows if view.preview else ())
    ]
    return page(request, "merging/merge.html", view, rows=rows)


def _view(request: Asked, member: UUID, other: UUID | None, q: str) -> Merging:
    seen = engine(request).head()
    with kith(request).connection() as connection:
        known = who_are_they(connection, [one for one in (member, other) if one])
        if member not in known:
            raise NotFoundException
        one = known[member]
        two = known[other].member if other in known else None
        handles = which_handles(connection, [one.member, *([two] if two else [])])
        return Merging(
            member=one,
            q=q,
            found=[each for each in which_members(connection, Wish(q=q), limit=OFFERED) if each.member != one.member]
            if q
            else [],
            alike=_alike(request, connection, handles[one.member]),
            preview=_preview(request, handles, one.member, two) if two and two != one.member else None,
            seen=seen,
            problem=Problem(_("These two are one member already.")) if two == one.member else None,
        )


def _alike(request: Asked, connection: Connection[Any], handles: list[UUID]) -> list[Pair]:
    pairs = who_may_be(connection, handles)
    tell_apart(kith(request).vault, connection, chain.from_iterable(pair.accounts for pair in pairs))
    return pairs


def _preview(request: Asked, handles: dict[UUID, list[UUID]], kept: UUID, gone: UUID) -> Preview:
    vault = kith(request).vault
    with kith(request).connection() as connection:
        one = what_would_stand(vault, connection, kept, handles[kept])
        other = what_would_stand(vault, connection, gone, handles[gone])
        together = what_would_stand(vault, connection, kept, handles[kept] + handles[gone])
        labels = LABELS | what_is_set_up_called(connection)
        apart = [
            said
            for said in who_was_kept_apart(vault, connection, handles[kept])
            if not set(handles[gone]).isdisjoint(said.about)
        ]
    return Preview(one, other, together, _compared(one, other, together, labels), apart)


def _compared(one: Side, other: Side, together: Side, labels: dict[str, str]) -> list[Compared]:
    """A row for each slot in which something is said of either; of fields taken away since nothing is told."""
    mine, theirs = ({each.slot: each for each in side.said} for side in (one, other))
    return [
        Compared(labels[each.slot], mine.get(each.slot), theirs.get(each.slot), each)
        for each in together.said
        if each.slot in labels
    ]


ROUTES = [who_else, merge]
