"""The fields of its own that a team wants to know of members."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from crm.errors import Refusal
from crm.fields import DefineField, Type
from crm.kinds import _
from projections.profile import Field, which_fields
from web.page import Asked, kith, page
from web.problem import Problem, asked_again
from web.setting_up import set_up

TYPES: dict[str, str] = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Date"),
    "choice": _("One of several choices"),
    "choices": _("Any of several choices"),
    "link": _("Link"),
    "member": _("Member"),
}


class FieldForm(msgspec.Struct):
    """The form of a field; its choices one a line; `kept` false takes it away."""

    name: str
    type: Type = "text"
    choices: str = ""
    kept: bool = True


class Fields(msgspec.Struct):
    """The team's own fields by name; `draft` is what a form held that was refused, `of` the field that it was about."""

    fields: list[Field]
    types: dict[str, str]
    draft: FieldForm
    of: str = ""
    problem: Problem | None = None


@get("/settings/fields", sync_to_thread=True)
def fields(request: Asked) -> Response[Any]:
    """The fields that the team made, and a form for one more."""
    view = _fields(request)
    return page(request, "fields/fields.html", view, rows=view.fields)


@post("/settings/fields", sync_to_thread=True)
def add_field(request: Asked, data: URLEncodedBody[FieldForm]) -> Response[Any]:
    """Make a field."""
    return _field_set(request, data, None)


@post("/settings/fields/{field:uuid}", sync_to_thread=True)
def change_field(request: Asked, field: FromPath[UUID], data: URLEncodedBody[FieldForm]) -> Response[Any]:
    """Rename a field, change what it takes, or take it away."""
    return _field_set(request, data, field)


def _field_set(request: Asked, data: FieldForm, field: UUID | None) -> Response[Any]:
    choices = tuple(data.choices.splitlines())
    wish = DefineField(name=data.name, type=data.type, choices=choices, field=field, kept=data.kept)
    try:
        return set_up(request, wish, "/settings/fields", data.kept)
    except Refusal as refusal:
        return asked_again(request, "fields/fields.html", _fields(request, data, field), refusal)


def _fields(request: Asked, draft: FieldForm | None = None, of: UUID | None = None) -> Fields:
    with kith(request).connection() as connection:
        return Fields(which_fields(connection), TYPES, draft or FieldForm(name=""), str(of or ""))


ROUTES = [fields, add_field, change_field]
