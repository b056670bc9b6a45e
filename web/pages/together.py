"""Changing many members of the list at once: those that were ticked, or all that fit. One act of the team, undone as one."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.exceptions import ClientException
from litestar.params import URLEncodedBody

from crm import conditions
from crm.command import dispatch
from crm.errors import Refusal
from crm.together import MOST, OwnerTogether, SideTogether, StageTogether, TagTogether, Together
from projections.segments import Asked as Wanted
from projections.segments import which_ids_fit
from web.address import read_id
from web.i18n import translations
from web.looking_back import as_of
from web.page import Asked, engine, kith, page, redirect, with_query
from web.pages.members import listed
from web.problem import Problem
from web.saying import language_of


class Change(msgspec.Struct):
    """The form: who was ticked, whether those or `all` are meant, which button was pressed, and what stands beside it."""

    member: list[str] | str = []
    whom: str = "ticked"
    what: str = ""
    tag: str = ""
    stage: str = ""
    owner: str = ""
    side: str = ""


@post("/members", sync_to_thread=True)
def change_together(request: Asked, data: URLEncodedBody[Change]) -> Response[Any]:
    """Change them, and go back to the list; the address says which list that is."""
    ticked = [data.member] if isinstance(data.member, str) else data.member
    try:
        command = _command(data, _all_that_fit(request) if data.whom == "all" else _ids(ticked))
        whom = command.of_whom(kith(request))
        done = dispatch(kith(request), command)
    except Refusal as refusal:
        view = listed(request)
        view.ticked, view.problem = ticked, Problem.of(refusal)
        view.draft = {name: getattr(data, name) for name in ("whom", "tag", "stage", "owner", "side")}
        return view.problem.mark(page(request, "members/index.html", view))
    engine(request).catch_up("acts")
    return redirect(with_query(request, offset=None), _notice(data, len(whom), language_of(request)), undo=done)


def _command(data: Change, members: tuple[UUID, ...]) -> Together:
    match data.what:
        case "give" | "take":
            return TagTogether(members=members, tag=data.tag, taken=data.what == "take")
        case "stage":
            return StageTogether(members=members, stage=read_id(data.stage))
        case "owner":
            return OwnerTogether(members=members, owner=read_id(data.owner))
        case "side":
            return SideTogether(members=members, side=data.side)
    raise ClientException(status_code=400)


def _ids(ticked: list[str]) -> tuple[UUID, ...]:
    return tuple(member for one in ticked if (member := read_id(one)))


def _all_that_fit(request: Asked) -> tuple[UUID, ...]:
    """The members of the list, one more than may be changed at once where they are more."""
    wish = conditions.read(dict(parse_qsl(request.url.query)))
    with kith(request).connection() as connection:
        return tuple(which_ids_fit(connection, Wanted(wish, as_of(connection).today), MOST + 1))


def _notice(data: Change, n: int, language: str) -> str:
    say = translations(language)
    told = {
        "give": say.ngettext("%(n)s member tagged “%(tag)s”.", "%(n)s members tagged “%(tag)s”.", n),
        "take": say.ngettext("“%(tag)s” taken off %(n)s member.", "“%(tag)s” taken off %(n)s members.", n),
        "stage": say.ngettext("The stage of %(n)s member is set.", "The stage of %(n)s members is set.", n),
        "owner": say.ngettext("The owner of %(n)s member is set.", "The owner of %(n)s members is set.", n),
        "side": say.ngettext("It is kept what %(n)s member is.", "It is kept what %(n)s members are.", n),
    }
    return told[data.what] % {"n": f"{n:,}", "tag": data.tag.strip().lower()}


ROUTES = [change_together]
