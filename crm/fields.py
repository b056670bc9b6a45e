"""Fields of a member: those every Kith has, and those a team makes for itself, each with a type that its values must fit."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID, uuid4

from crm.acts import Act, do, must_be_known
from crm.command import Command
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

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")

LONGEST = 2_000
"""Letters of a value at most."""


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
            others = [one for one in what_is_set_up(connection, FieldDefined).values() if isinstance(one, FieldDefined)]
        if self.field and all(one.field != self.field for one in others):
            raise Refusal(_("There is no such field any more. Load the page again."))
        if any(one.name.casefold() == name.casefold() and one.field != self.field for one in others):
            raise Refusal(_("There is a field of that name already."))
        yield do(
            kith,
            FieldDefined,
            field=self.field or uuid4(),
            name=name,
            type=self.type,
            choices=choices,
            kept=self.kept,
        )


def checked(kith: Installation, field: str, value: str | list[str]) -> str | list[str]:
    """The value as it is kept. Refusal for an unknown field, or a value that does not fit its type; empty always fits."""
    if field in BUILT_IN:
        return _CHECKS[BUILT_IN_TYPES.get(field, "text")](value) if value else ""
    with kith.connection() as connection:
        known = what_is_set_up(connection, FieldDefined).get(f"field:{field}")
    if not isinstance(known, FieldDefined):
        raise Refusal(_("There is no such field any more. Load the page again."))
    if known.type in ("choice", "choices"):
        return _chosen(known, value)
    text = _text(value)
    if known.type == "member" and text:
        must_be_known(kith, [_member(text)])
    return _CHECKS[known.type](text) if text else ""


def _text(value: str | list[str]) -> str:
    text = (value if isinstance(value, str) else ", ".join(value)).strip()
    if len(text) > LONGEST:
        raise Refusal(_("This is too long: two thousand letters at most."))
    return text


def _number(value: str | list[str]) -> str:
    text = _text(value).replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise Refusal(_("This field takes a number, such as 12 or 3.5."))
    return text


def _date(value: str | list[str]) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        raise Refusal(_("This field takes a date, such as 2024-05-31.")) from None


def _link(value: str | list[str]) -> str:
    text = _text(value)
    if not text.startswith(("https://", "http://")) or " " in text:
        raise Refusal(_("This field takes a link that begins with https://."))
    return text


def _member(value: str | list[str]) -> UUID:
    try:
        return UUID(_text(value))
    except ValueError:
        raise Refusal(_("This field takes a member. Choose one from the list.")) from None


def _chosen(known: FieldDefined, value: str | list[str]) -> str | list[str]:
    several = [value] if isinstance(value, str) else value
    chosen = [one for one in known.choices if one in several]
    if len(chosen) < len([one for one in several if one]):
        raise Refusal(_("Choose from what this field offers."))
    return chosen if known.type == "choices" else "".join(chosen[:1])


_CHECKS: dict[str, Callable[[str | list[str]], str]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "link": _link,
    "member": _text,
}
