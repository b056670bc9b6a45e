"""The stages of a relationship as a team sets them up, in their order."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from crm.errors import Refusal
from crm.ranking import MoveStage
from crm.stages import DefineStage
from projections.profile import Stage, which_stages
from web.page import Asked, kith, page
from web.problem import Problem, asked_again
from web.setting_up import set_up


class StageForm(msgspec.Struct):
    """The form of a stage; `kept` false takes it away."""

    name: str
    criteria: str = ""
    rank: int | None = None
    kept: bool = True


class Moving(msgspec.Struct):
    """The form that moves a stage one earlier, or one later."""

    later: bool = False


class Stages(msgspec.Struct):
    """The stages in their order; `draft` is what a form held that was refused, `of` the stage that it was about."""

    stages: list[Stage]
    draft: StageForm
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
    return set_up(request, MoveStage(stage=stage, later=data.later), "/settings/stages")


def _stage_set(request: Asked, data: StageForm, stage: UUID | None) -> Response[Any]:
    wish = DefineStage(name=data.name, criteria=data.criteria, rank=data.rank, stage=stage, kept=data.kept)
    try:
        return set_up(request, wish, "/settings/stages", data.kept)
    except Refusal as refusal:
        return asked_again(request, "stages/stages.html", _stages(request, data, stage), refusal)


def _stages(request: Asked, draft: StageForm | None = None, of: UUID | None = None) -> Stages:
    with kith(request).connection() as connection:
        return Stages(which_stages(connection), draft or StageForm(name=""), str(of or ""))


ROUTES = [stages, add_stage, change_stage, move_stage]
