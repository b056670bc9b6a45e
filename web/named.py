"""What acts of the team name: fields, stages and organisations as they were called then, members, and accounts by names of their own."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm.fields import BUILT_IN
from crm.kinds import _
from projections.accounts import which_accounts
from projections.history import Change, what_were_they_called, which_acts
from projections.identities import what_are_they_called
from projections.profile import SIDES
from web.teamlines import Piece


class Named:
    """Everything that these acts name, asked for once; `acts` are they, by position."""

    def __init__(self, connection: Connection[Any], changes: Sequence[Change]) -> None:
        self.acts = which_acts(connection, [one.position for one in changes])
        about = {handle for act in self.acts.values() for handle in act.about}
        values = [value for one in changes for value in (one.old, one.value)]
        self._names = what_were_they_called(connection, {slot for one in changes for slot in _slots(one)})
        self._people = what_are_they_called(connection, list(about | {who for who in map(_id, values) if who}))
        self._accounts = {one.identity: one.name for one in which_accounts(connection, about)}

    def account(self, handle: UUID) -> Piece:
        """An account by its own name: that of its member would not tell it from the others of the same member."""
        return Piece(self._accounts.get(handle, ""), who=self._people.get(handle))

    def field(self, one: Change) -> Piece:
        """What the field that was filled was called."""
        field = one.slot.partition(":")[2]
        return Piece(BUILT_IN[field], ours=True) if field in BUILT_IN else self._called(f"field:{field}", one.position)

    def value(self, one: Change, value: Any) -> Piece:
        """A value as people read it, as of then."""
        if value is None:
            return Piece("")
        if slot := _slot(one, value):
            return self._called(slot, one.position)
        if isinstance(value, dict):
            return _of_parts(value)
        if one.topic == "member.side_set":
            return Piece(SIDES.get(value, ""), ours=True)
        if (who := _id(value)) and who in self._people:
            return Piece(self._people[who].name, who=self._people[who])
        return Piece(", ".join(value) if isinstance(value, list) else str(value))

    def _called(self, slot: str, position: int) -> Piece:
        known = self._names.at(slot, position)
        return Piece(known["name"]) if known else Piece(_("something that is gone"), ours=True)


def _of_parts(value: dict[str, Any]) -> Piece:
    """A level that was set by hand, or an audience; of what else has parts, its words are told apart from the sentence."""
    if "level" in value:
        return Piece(value["level"], ours=True)
    return Piece(f"{value['figure']:,}, {value['platform']}" if "figure" in value else "")


def _slot(one: Change, value: Any) -> str:
    """Under which slot that is set up stands what a value names; empty where it names nothing of the kind."""
    if one.topic == "member.stage_moved":
        return f"stage:{value}"
    return f"organisation:{value['organisation']}" if isinstance(value, dict) and "organisation" in value else ""


def _slots(one: Change) -> Iterable[str]:
    return (slot for slot in (one.slot, _slot(one, one.old), _slot(one, one.value)) if slot)


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None
