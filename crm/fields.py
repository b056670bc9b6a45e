"""Fields of a member: those every Kith has, and those a team makes for itself, each with a type that its values must fit."""

from collections.abc import Iterable
from typing import Any, ClassVar, Literal
from uuid import UUID, uuid4

from crm.acts import Act
from crm.command import Command
from crm.doing import do
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.vocabulary import what_is_set_up

Type = Literal["text", "number", "date", "choice", "choices", "link", "member"]

BUILT_IN: dict[str, str] = {
    "name": _("Name"),
    "pronouns": _("Pronouns"),
    "zone": _("Time zone"),
    "languages": _("Languages"),
    "contact": _("How to reach them"),
    "place": _("Where they live"),
    "birthday": _("Birthday"),
}
"""Fields that every Kith has, and what they are called."""

BUILT_IN_TYPES: dict[str, Type] = {"birthday": "date"}
"""The types of those that are not text."""


class FieldDefined(Act, frozen=True, kw_only=True):
    """The team made a field, or changed it. `choices` are those of the types choice and choices. Not `kept`: it is gone."""

    TOPIC: ClassVar[str] = "field.defined"
    SENTENCE: ClassVar[str] = _("The field {name} was set up")
    ICON: ClassVar[str] = "pencil"

    field: UUID
    name: str
    type: Type
    choices: tuple[str, ...] = ()
    kept: bool = True

    @property
    def slot(self) -> str:
        return f"field:{self.field}"

    def value(self, personal: Any) -> Any:
        return {"name": self.name, "type": self.type, "choices": list(self.choices)} if self.kept else None


class DefineField(Command, frozen=True, kw_only=True):
    """Make a field (no `field` yet), change one, or take it away (`kept` false); what was filled in stays in the log."""

    IN_TURN: ClassVar[bool] = True

    name: str
    type: Type = "text"
    choices: tuple[str, ...] = ()
    field: UUID | None = None
    kept: bool = True

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        name, choices = " ".join(self.name.split()), tuple(one.strip() for one in self.choices if one.strip())
        if not name or len(name) > 80:
            raise Refusal(_("A field needs a name of at most eighty letters."))
        if self.type in ("choice", "choices") and len(choices) < 2:
            raise Refusal(_("Give at least two choices, each on a line of its own."))
        with kith.connection() as connection:
            others = what_is_set_up(connection, FieldDefined).values()
        if self.field and all(one.field != self.field for one in others):
            raise Refusal(_("There is no such field any more. Load the page again."))
        if any(one.name.casefold() == name.casefold() and one.field != self.field for one in others):
            raise Refusal(_("There is a field of that name already."))
        id = self.field or uuid4()
        yield do(kith, FieldDefined, field=id, name=name, type=self.type, choices=choices, kept=self.kept)
