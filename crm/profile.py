"""What the team writes into the fields of a member.

A value set by hand outranks what a source says, and stays. Who set it, when, and what stood before, the acts tell.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec

from crm.about import AboutMember
from crm.acts import Act
from crm.doing import do
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.values import checked


class Said(msgspec.Struct, frozen=True):
    """The personal part of a field: its value as text, or as texts where there are several."""

    value: str | list[str]


class FieldSet(Act, frozen=True, kw_only=True):
    """A field of a member's was filled, or emptied. `field` is one of `crm.fields.BUILT_IN` or the id of one the team made."""

    TOPIC: ClassVar[str] = "member.field_set"
    SENTENCE: ClassVar[str] = _("Something about this member was written down")
    ICON: ClassVar[str] = "pencil"
    PERSONAL = Said

    field: str

    @property
    def slot(self) -> str:
        return f"field:{self.field}"

    def value(self, personal: Any) -> Any:
        return personal.value or None if isinstance(personal, Said) else None


class SetField(AboutMember, frozen=True, kw_only=True):
    """Write a value into a field; an empty one empties it. Refusal where it does not fit the field's type."""

    field: str
    value: str | list[str]

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        value = checked(kith, self.field, self.value)
        self._must_be_as_seen(kith, f"field:{self.field}")
        yield do(kith, FieldSet, self.member, personal=Said(value), field=self.field)
