"""Undoing what was just done, or what a history shows. A merge after which more was written asks first whose that is."""

from typing import Any

import msgspec
from litestar import Response, post
from litestar.params import URLEncodedBody

from crm.command import dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.undoing import Undo
from web.page import Asked, engine, kith, redirect
from web.pages.unmerging import has_doubtful


class Undoing(msgspec.Struct):
    """The position in the log of what is to be undone, and the page to go back to."""

    position: int
    next: str = "/"


@post("/undo", sync_to_thread=True)
def undo(request: Asked, data: URLEncodedBody[Undoing]) -> Response[Any]:
    """Undo it, with all that was done in the same bulk; undoing an undoing lets it count again."""
    if has_doubtful(kith(request), data.position):
        return redirect(f"/merges/{data.position}")
    try:
        done = dispatch(kith(request), Undo(position=data.position))
    except Refusal as refusal:
        return redirect(data.next, str(refusal))
    engine(request).catch_up("members", "acts")
    return redirect(data.next, _("Undone."), undo=done)


ROUTES = [undo]
