"""Naming organisations: one is made known, called otherwise, taken off the list."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from crm.command import dispatch
from crm.errors import Refusal
from crm.kinds import _
from crm.organisations import NameOrganisation
from projections import organisations
from web.clocks import read_clocks
from web.page import Asked, engine, kith, page, redirect
from web.pages.organisation import one_of
from web.pages.organisations import Naming, list_of
from web.problem import Problem


@post("/organisations", sync_to_thread=True)
def name_organisation(request: Asked, data: URLEncodedBody[Naming]) -> Response[Any]:
    """Make an organisation known."""
    try:
        position = dispatch(kith(request), _command(data))
    except Refusal as refusal:
        problem = Problem.of(refusal)
        return problem.mark(
            page(request, "organisations/index.html", list_of(request, read_clocks(request), data, problem))
        )
    engine(request).catch_up("acts")
    return redirect("/organisations", _("The organisation was added."), undo=position)


@post("/organisations/{organisation:uuid}", sync_to_thread=True)
def rename(request: Asked, organisation: FromPath[UUID], data: URLEncodedBody[Naming]) -> Response[Any]:
    """Change what an organisation is called."""
    try:
        position = dispatch(kith(request), _command(data, organisation))
    except Refusal as refusal:
        view = one_of(request, organisation, read_clocks(request))
        view.draft, view.problem = data, Problem.of(refusal)
        return view.problem.mark(page(request, "organisations/organisation.html", view))
    engine(request).catch_up("acts")
    return redirect(f"/organisations/{organisation}", _("The organisation was changed."), undo=position)


@post("/organisations/{organisation:uuid}/removal", sync_to_thread=True)
def remove(request: Asked, organisation: FromPath[UUID]) -> Response[Any]:
    """Take an organisation off the list; who belonged to it comes back with it when that is undone."""
    with kith(request).connection() as connection:
        known = organisations.which_organisations(connection).get(organisation)
    if known is None:
        raise NotFoundException
    position = dispatch(kith(request), NameOrganisation(name=known.name, organisation=organisation, kept=False))
    engine(request).catch_up("acts")
    return redirect("/organisations", _("The organisation was taken off the list."), undo=position)


def _command(data: Naming, organisation: UUID | None = None) -> NameOrganisation:
    return NameOrganisation(name=data.name, domains=tuple(data.domains.splitlines()), organisation=organisation)


ROUTES = [name_organisation, rename, remove]
