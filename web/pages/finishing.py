"""Saying from wherever a task or a promise is shown that it is done, or not after all."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import FromPath, URLEncodedBody

from crm.command import dispatch
from crm.errors import Refusal
from crm.items import Kind
from crm.kinds import _
from crm.writing import FinishItem
from projections.items import DUE
from web.page import Asked, kith, redirect
from web.writing import back


class Finishing(msgspec.Struct):
    """The form that says whether something is done."""

    kind: Kind
    done: bool = True
    next: str = ""


@post("/members/{member:uuid}/items/{item:uuid}/done", sync_to_thread=True)
def finish(
    request: Asked, member: FromPath[UUID], item: FromPath[UUID], data: URLEncodedBody[Finishing]
) -> Response[Any]:
    """Say that something is done, or not after all."""
    kind = data.kind if data.kind in DUE else "task"
    wish = FinishItem(member=member, kind="task" if kind == "task" else "promise", item=item, done=data.done)
    notice = _("Done.") if data.done else _("It is to be done again.")
    try:
        done = dispatch(kith(request), wish)
    except Refusal as refusal:
        return redirect(data.next or f"/members/{member}", str(refusal))
    return back(request, member, data.next, notice, done)


ROUTES = [finish]
