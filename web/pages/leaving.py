"""Taking an import back: first what would go, by number and by name, then the button. The log keeps both."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from psycopg import Connection

from crm.command import dispatch
from crm.imports import TakeBackImport
from crm.kinds import _
from projections.days import when_was_the_last_day
from projections.falling import Fall, how_would_scores_move
from projections.identities import Identity, what_are_they_called
from projections.imports import which_imports
from projections.leaving import Loss, Shrunk, what_would_go, whom_it_would_touch
from projections.scores import which_version
from web.page import Asked, engine, kith, page, redirect, wanted
from web.pages.sources import Brought, brought

SMALL = 200_000
"""Events of a log that is read anew within a few seconds; after a longer one the reader is not kept waiting."""

SHOWN, WHOLE = 50, 10_000


class Touched(msgspec.Struct):
    """Somebody whose timeline would shrink, and by how much; `score` is how their advocacy would move, None where that was not asked."""

    who: Identity
    loss: Shrunk
    score: Fall | None = None


class Leaving(msgspec.Struct):
    """An import and what would go with it."""

    brought: Brought
    loss: Loss
    touched: list[Touched]


@get("/sources/{batch:uuid}/taking-back", sync_to_thread=True)
def what_goes(request: Asked, batch: FromPath[UUID]) -> Response[Any]:
    """What taking this import back would change."""
    limit = SHOWN if wanted(request) == "html" else WHOLE
    with kith(request).connection() as connection:
        found = which_imports(connection, batch=batch)
        if not found:
            raise NotFoundException
        loss, people = what_would_go(connection, batch), whom_it_would_touch(connection, batch, limit)
        called = what_are_they_called(connection, [one.member for one in people])
        scores = _how_would_scores_move(request, connection, batch, [one.member for one in people])
    touched = [Touched(called[one.member], one, scores.get(one.member)) for one in people if one.member in called]
    rows = [
        {
            "name": one.who.name,
            **msgspec.structs.asdict(one.loss),
            **(msgspec.structs.asdict(one.score) if one.score else {}),
        }
        for one in touched
    ]
    return page(request, "leaving/index.html", Leaving(brought(found[0]), loss, touched), rows=rows)


def _how_would_scores_move(
    request: Asked, connection: Connection[Any], batch: UUID, members: list[UUID]
) -> dict[UUID, Fall]:
    """Asked only of a log that is read within a few seconds, and once scores have come up to it."""
    today = when_was_the_last_day(connection)
    if today is None or not members or engine(request).head() > SMALL:
        return {}
    return how_would_scores_move(connection, which_version(connection, "advocacy"), batch, members, today)


@post("/sources/{batch:uuid}/taking-back", sync_to_thread=True)
def take_back(request: Asked, batch: FromPath[UUID]) -> Response[Any]:
    """Take it back, and bring the pages to where it is gone."""
    dispatch(kith(request), TakeBackImport(batch=batch))
    if not is_gone_at_once(request):
        return redirect(f"/sources/{batch}", _("It is taken back. Within some minutes it is gone from every page."))
    return redirect(f"/sources/{batch}", _("It is taken back and counts no more."))


def is_gone_at_once(request: Asked) -> bool:
    """Bring the pages to where what was taken back is gone; in a long log only the list of imports, the rest follows."""
    steps = engine(request)
    short = steps.head() <= SMALL
    steps.catch_up(*(() if short else ("imports",)))
    return short


ROUTES = [what_goes, take_back]
