"""Taking a merge back on a later day: who would have what again, and whose is what was done since."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from crm.command import dispatch
from crm.errors import Conflict, Refusal
from crm.installation import Installation
from crm.kinds import _
from crm.undoing import Undo
from projections.merging import Side, what_is_set_up_called, what_would_stand
from projections.unmerging import Doubtful, find_merge, what_is_doubtful
from projections.written import what_was_written
from web.page import Asked, engine, kith, page, redirect
from web.pages.merging import LABELS
from web.problem import Problem

CHOICE = "act-"
"""How the name of a field begins that says whether what was done at a position moves."""


class Unmerging(msgspec.Struct):
    """A merge, the members there would be without it (whoever was kept first), and what may be about either of the first two.

    `changed_by` and `changed_at` tell of its undoing where it does not stand. `together` is how many merges were one bulk:
    of more than one what is doubtful stays. `labels` tell what a slot is called; `moves` are the positions of what was chosen to move.
    """

    position: int
    last: int
    at: datetime
    by: str
    reason: str
    stands: bool
    changed_by: str
    changed_at: datetime
    together: int
    sides: list[Side]
    doubtful: list[Doubtful]
    labels: dict[str, str]
    moves: list[int]
    seen: int
    problem: Problem | None = None


@get("/merges/{position:int}", sync_to_thread=True)
def what_would_part(request: Asked, position: FromPath[int]) -> Response[Any]:
    """What undoing this merge would come to."""
    view = _view(request, position, [])
    return page(request, "merging/undo.html", view, rows=view.doubtful)


@post("/merges/{position:int}", sync_to_thread=True)
def part(request: Asked, position: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Response[Any]:
    """Undo it; what was chosen moves along to whoever was merged."""
    chosen = [int(name.removeprefix(CHOICE)) for name, to in data.items() if name.startswith(CHOICE) and to == "moves"]
    view = _view(request, position, chosen)
    try:
        _must_be_as_seen(view, data.get("seen", ""))
        along = [each for one in view.doubtful if one.position in chosen for each in one.positions]
        done = dispatch(kith(request), Undo(position=position, along=tuple(along)))
    except Refusal as refusal:
        view.problem = Problem.of(refusal)
        return view.problem.mark(page(request, "merging/undo.html", view))
    engine(request).catch_up("members", "acts")
    return redirect(f"/members/{view.sides[0].member}", _("They are two members again."), undo=done)


def has_doubtful(kith: Installation, position: int) -> bool:
    """Whether there is a merge at this position that stands, and something was done since that may be about either."""
    with kith.connection() as connection:
        merge = find_merge(connection, position)
        return merge is not None and bool(what_is_doubtful(kith.vault, connection, merge))


def _must_be_as_seen(view: Unmerging, seen: str) -> None:
    """Conflict if something doubtful was done since somebody looked."""
    later = [one for one in view.doubtful if seen.isdecimal() and one.position > int(seen)]
    if later:
        raise Conflict(later[0].by, later[0].at, later[0].position)


def _view(request: Asked, position: int, moves: list[int]) -> Unmerging:
    vault, seen = kith(request).vault, engine(request).head()
    with kith(request).connection() as connection:
        merge = find_merge(connection, position)
        if merge is None:
            raise NotFoundException
        groups = merge.groups() if merge.act.stands else []
        return Unmerging(
            position=position,
            last=merge.act.last,
            at=merge.event.timestamp,
            by=merge.by,
            reason=what_was_written(vault, connection, [position]).get(position, ""),
            stands=merge.act.stands,
            changed_by=merge.act.by,
            changed_at=merge.act.at,
            together=merge.together,
            sides=[what_would_stand(vault, connection, *group) for group in groups],
            doubtful=what_is_doubtful(vault, connection, merge),
            labels=LABELS | what_is_set_up_called(connection),
            moves=moves,
            seen=seen,
        )


ROUTES = [what_would_part, part]
