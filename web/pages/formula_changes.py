"""Changing a formula: a version is written down, to be tried; adopted with a reason, or dropped. Each can be undone."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.event import NOBODY
from crm.formulas import AdoptFormula, DropFormula, ProposeFormula, must_be_weighted
from crm.kinds import _
from crm.scores.formula import Weighted
from projections.acts import which_traits
from web.formula_forms import Draft, drafted, read
from web.formula_told import Told, told, which_formula
from web.i18n import translations
from web.page import Asked, engine, kith, page, redirect
from web.pages.formulas import formula_view, read_version
from web.problem import Problem, asked_again
from web.saying import language_of


class Changing(msgspec.Struct):
    """The form of a new version, begun from one that there is."""

    told: Told
    draft: Draft
    problem: Problem | None = None


class Choice(msgspec.Struct):
    """Which version is meant, and why it is adopted."""

    version: str
    reason: str = ""


@get("/scores/formulas/{name:str}/change", sync_to_thread=True)
def what_to_change(request: Asked, name: FromPath[str], version: FromQuery[str] = "") -> Response[Any]:
    """The form, filled in with a version."""
    of = _weighted(name)
    view = _changing(request, of, read_version(version))
    return page(request, "formulas/change.html", view)


@post("/scores/formulas/{name:str}/change", sync_to_thread=True)
def propose(
    request: Asked, name: FromPath[str], data: URLEncodedBody[dict[str, str]], version: FromQuery[str] = ""
) -> Response[Any]:
    """Write a version down, and go on to where it is tried."""
    of = _weighted(name)
    settings, errors = read(of, data, _called(request, of))
    refusal = Refusal(_("This was not kept. Look at what is marked."))
    if settings:
        try:
            wish = ProposeFormula(formula=of.name, settings=settings, reason=data.get("reason", ""))
            return _proposed(request, of, dispatch(kith(request), wish))
        except Refusal as told_why:
            refusal = told_why
    view = _changing(request, of, read_version(version))
    view.draft = Draft(data, errors)
    return asked_again(request, "formulas/change.html", view, refusal)


@post("/scores/formulas/{name:str}/adopt", sync_to_thread=True)
def adopt(request: Asked, name: FromPath[str], data: URLEncodedBody[Choice]) -> Response[Any]:
    """Let a version count from now on."""
    said = _("This version counts from now on.")
    return _decided(
        request, name, data, lambda number: AdoptFormula(formula=name, version=number, reason=data.reason), said
    )


@post("/scores/formulas/{name:str}/drop", sync_to_thread=True)
def drop(request: Asked, name: FromPath[str], data: URLEncodedBody[Choice]) -> Response[Any]:
    """Let a proposed version go."""
    said = _("The version is dropped; the history keeps it.")
    return _decided(request, name, data, lambda number: DropFormula(formula=name, version=number), said)


def _decided(request: Asked, name: str, data: Choice, wish: Callable[[int], Command], said: str) -> Response[Any]:
    number = read_version(data.version) or 0
    view = formula_view(request, name, number)
    try:
        done = dispatch(kith(request), wish(number))
    except Refusal as refusal:
        view.draft = data.reason
        return asked_again(request, "formulas/formula.html", view, refusal)
    engine(request).catch_up("members", "acts")
    return redirect(f"/scores/formulas/{name}", said, undo=done)


def _proposed(request: Asked, of: Weighted, done: int) -> Response[Any]:
    engine(request).catch_up("members", "acts")
    with kith(request).connection() as connection:
        found = which_traits(connection, NOBODY, f"formula:{of.name}@")
        counts = told(connection, of).counts
    made = next(one.slot.removeprefix("formula:") for one in found if one.position == done)
    path = f"/scores/formulas/{of.name}/try?one={of.name}@{counts}&two={made}"
    return redirect(path, _("The new version is kept, to be tried. It does not count yet."), undo=done)


def _changing(request: Asked, of: Weighted, version: int | None) -> Changing:
    with kith(request).connection() as connection:
        view = told(connection, of, version)
    assert view.settings
    return Changing(view, drafted(view.settings, _called(request, of)))


def _called(request: Asked, of: Weighted) -> dict[str, str]:
    """What the levels that Kith names are called in the reader's language, by msgid."""
    say = translations(language_of(request)).gettext
    return {level.name: say(level.name) for settings in of.settings.values() for level in settings.ladder}


def _weighted(name: str) -> Weighted:
    return must_be_weighted(which_formula(name).name)


ROUTES = [what_to_change, propose, adopt, drop]
