"""What a team sets up for itself: the stages of a relationship, in their order, and fields of its own."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.fields import DefineField, Type
from crm.kinds import _
from crm.stages import DefineStage, MoveStage
from projections.profile import Field, Stage, which_fields, which_stages
from web.page import Asked, engine, html, kith, page, redirect
from web.problem import Problem

TYPES: dict[str, str] = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Date"),
    "choice": _("One of several choices"),
    "choices": _("Any of several choices"),
    "link": _("Link"),
    "member": _("Member"),
}


class StageForm(msgspec.Struct):
    """The form of a stage; `kept` false takes it away."""

    name: str
    criteria: str = ""
    rank: int | None = None
    kept: bool = True


class Moving(msgspec.Struct):
    """The form that moves a stage one earlier, or one later."""

    later: bool = False


class FieldForm(msgspec.Struct):
    """The form of a field; its choices one a line; `kept` false takes it away."""

    name: str
    type: Type = "text"
    choices: str = ""
    kept: bool = True


class Stages(msgspec.Struct):
    """The stages in their order; `draft` is what a form held that was refused, `of` the stage that it was about."""

    stages: list[Stage]
    draft: StageForm
    of: str = ""
    problem: Problem | None = None


class Fields(msgspec.Struct):
    """The team's own fields by name; `draft` is what a form held that was refused, `of` the field that it was about."""

    fields: list[Field]
    types: dict[str, str]
    draft: FieldForm
    of: str = ""
    problem: Problem | None = None


@get("/settings/stages", sync_to_thread=True)
def stages(request: Asked) -> Response[Any]:
    """The stages that are set up, and a form for one more."""
    view = _stages(request)
    return page(request, "stages/stages.html", view, rows=view.stages)


@post("/settings/stages", sync_to_thread=True)
def add_stage(request: Asked, data: URLEncodedBody[StageForm]) -> Response[Any]:
    """Set a stage up, after the last."""
    return _stage_set(request, data, None)


@post("/settings/stages/{stage:uuid}", sync_to_thread=True)
def change_stage(request: Asked, stage: FromPath[UUID], data: URLEncodedBody[StageForm]) -> Response[Any]:
    """Rename a stage, say when it is left, or take it away."""
    return _stage_set(request, data, stage)


@post("/settings/stages/{stage:uuid}/move", sync_to_thread=True)
def move_stage(request: Asked, stage: FromPath[UUID], data: URLEncodedBody[Moving]) -> Response[Any]:
    """Let a stage stand one earlier, or one later."""
    return _set(request, MoveStage(stage=stage, later=data.later), "/settings/stages", True)


@get("/settings/fields", sync_to_thread=True)
def fields(request: Asked) -> Response[Any]:
    """The fields that the team made, and a form for one more."""
    view = _fields(request)
    return page(request, "stages/fields.html", view, rows=view.fields)


@post("/settings/fields", sync_to_thread=True)
def add_field(request: Asked, data: URLEncodedBody[FieldForm]) -> Response[Any]:
    """Make a field."""
    return _field_set(request, data, None)


@post("/settings/fields/{field:uuid}", sync_to_thread=True)
def change_field(request: Asked, field: FromPath[UUID], data: URLEncodedBody[FieldForm]) -> Response[Any]:
    """Rename a field, change what it takes, or take it away."""
    return _field_set(request, data, field)


def _stage_set(request: Asked, data: StageForm, stage: UUID | None) -> Response[Any]:
    wish = DefineStage(name=data.name, criteria=data.criteria, rank=data.rank, stage=stage, kept=data.kept)
    try:
        return _set(request, wish, "/settings/stages", data.kept)
    except Refusal as refusal:
        view = msgspec.structs.replace(_stages(request), draft=data, of=str(stage or ""), problem=Problem.of(refusal))
        return Problem.of(refusal).mark(_shown(request, "stages/stages.html", view))


def _field_set(request: Asked, data: FieldForm, field: UUID | None) -> Response[Any]:
    choices = tuple(data.choices.splitlines())
    wish = DefineField(name=data.name, type=data.type, choices=choices, field=field, kept=data.kept)
    try:
        return _set(request, wish, "/settings/fields", data.kept)
    except Refusal as refusal:
        view = msgspec.structs.replace(_fields(request), draft=data, of=str(field or ""), problem=Problem.of(refusal))
        return Problem.of(refusal).mark(_shown(request, "stages/fields.html", view))


def _set(request: Asked, wish: Command, path: str, kept: bool) -> Response[Any]:
    done = dispatch(kith(request), wish)
    engine(request).catch_up("members", "acts")
    return redirect(
        path, _("Kept.") if kept else _("It is taken away; what was filled in stays in the history."), undo=done
    )


def _stages(request: Asked) -> Stages:
    with kith(request).connection() as connection:
        return Stages(which_stages(connection), StageForm(name=""))


def _fields(request: Asked) -> Fields:
    with kith(request).connection() as connection:
        return Fields(which_fields(connection), TYPES, FieldForm(name=""))


def _shown(request: Asked, template: str, view: msgspec.Struct) -> Response[str]:
    return html(request, template, {**msgspec.structs.asdict(view), "view": view})


ROUTES = [stages, add_stage, change_stage, move_stage, fields, add_field, change_field]
