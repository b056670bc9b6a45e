"""The team's own acts as lines of a stream: what was said of a member and kept about them, in words, from old to new."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.event import REGISTRY
from crm.fields import BUILT_IN
from crm.kinds import _
from crm.vault import Vault
from projections.accounts import which_accounts
from projections.history import Change, what_were_they_called, which_acts
from projections.identities import Identity, what_are_they_called
from projections.items import DUE
from projections.profile import SIDES
from projections.written import what_was_written
from web.stream import Line, cut
from web.teamwords import ITEMS, PICTURES, TOLD


class Piece(msgspec.Struct):
    """What fills a place in a sentence: words, which are a msgid if `ours`, or somebody."""

    text: str
    ours: bool = False
    who: Identity | None = None


class TeamLine(msgspec.Struct):
    """An act of the team in a stream. `text` is what was written, `before` what had been written until then."""

    done: Change
    day: date | None
    icon: str
    kind: str
    sentence: str
    pieces: dict[str, Piece]
    text: str
    before: str

    def words(self) -> str:
        """What was written, cut where it grows long."""
        return cut(self.text)

    def due(self) -> date | None:
        """By when it is to be done; None for what is not to be done, or on no day."""
        day = self.done.value["day"] if self.kind in DUE and self.done.value else None
        return date.fromisoformat(day) if day else None

    def row(self) -> dict[str, Any]:
        """The act as a line of a spreadsheet among lines of interactions, under the names that those have."""
        plain = dict.fromkeys(("id", "own_kind", "place", "thread_title", "touched", "link"), "")
        told = {"at": self.done.at, "kind": self.done.topic, "source": "team", "side": "team", "who": self.done.by}
        return {**plain, **told, "title": self._told(), "text": self.text}

    def change(self) -> dict[str, Any]:
        """The act as a line of a history: what it was before and after, whether it stands, who undid or restored it."""
        done, filled = self.done, {name: piece.text for name, piece in self.pieces.items()}
        return {
            "position": done.position,
            "recorded_at": done.recorded_at,
            "at": done.at,
            "by": done.by,
            "act": done.topic,
            "told": self._told(),
            "old": self.before or filled["old"],
            "new": self.text or filled["new"],
            "stands": done.stands,
            "toggled_by": done.toggled_by,
            "toggled_at": done.toggled_at,
        }

    def _told(self) -> str:
        return self.sentence.format(**{name: piece.text for name, piece in self.pieces.items()})


def team_lines(vault: Vault, connection: Connection[Any], changes: Sequence[Change]) -> list[TeamLine]:
    """These acts in words, in the order given; all that they name and hold is asked once for all of them."""
    return _Telling(vault, connection, changes).lines()


class _Telling:
    """One page's worth of telling."""

    def __init__(self, vault: Vault, connection: Connection[Any], changes: Sequence[Change]) -> None:
        self._changes = changes
        self._acts = which_acts(connection, [one.position for one in changes])
        told = {each for one in changes for each in (one.position, one.old_position, one.about_position) if each}
        self._words = what_was_written(vault, connection, told)
        self._names = what_were_they_called(connection, set(self._slots()))
        self._people = what_are_they_called(connection, list(set(self._meant())))
        about = {handle for act in self._acts.values() for handle in act.about}
        self._accounts = {one.identity: one.name for one in which_accounts(connection, about)}

    def lines(self) -> list[TeamLine]:
        return [self._line(one) for one in self._changes]

    def _line(self, one: Change) -> TeamLine:
        kind = one.slot.partition(":")[0] if one.topic == "item.written" else ""
        step = 2 if one.value is None else 1 if one.old is not None else 0
        event = REGISTRY[one.topic]
        sentence = ITEMS[kind][step] if kind else TOLD.get(one.topic, (event.SENTENCE,) * 3)[step if one.slot else 0]
        return TeamLine(
            done=one,
            day=None,
            icon=PICTURES.get(kind, event.ICON),
            kind=kind,
            sentence=sentence,
            pieces=self._pieces(one),
            text=self._words.get(one.about_position or one.position, ""),
            before=self._words.get(one.old_position, "") if kind else "",
        )

    def _pieces(self, one: Change) -> dict[str, Piece]:
        """Whatever a sentence about this act may name."""
        act = self._acts[one.position]
        own = {name: Piece(str(getattr(act, name))) for name in act.__struct_fields__ if name != "sealed"}
        about = dict(zip(("first", "second"), (self._account(each) for each in act.about), strict=False))
        field = one.slot.partition(":")[2]
        label = Piece(BUILT_IN[field], ours=True) if field in BUILT_IN else self._called(f"field:{field}", one.position)
        old, new = self._piece(one, one.old), self._piece(one, one.value)
        return {**own, **about, "by": Piece(one.by[:1].upper() + one.by[1:]), "field": label, "old": old, "new": new}

    def _piece(self, one: Change, value: Any) -> Piece:
        """A value as people read it, as of then."""
        if value is None or (isinstance(value, dict) and "organisation" not in value):
            return Piece("")
        if one.topic == "member.stage_moved":
            return self._called(f"stage:{value}", one.position)
        if one.topic == "member.affiliated":
            return self._called(f"organisation:{value['organisation']}", one.position)
        if one.topic == "member.side_set":
            return Piece(SIDES.get(value, ""), ours=True)
        if (who := _id(value)) and who in self._people:
            return self._person(who)
        return Piece(", ".join(value) if isinstance(value, list) else str(value))

    def _called(self, slot: str, position: int) -> Piece:
        known = self._names.at(slot, position)
        return Piece(known["name"]) if known else Piece(_("something that is gone"), ours=True)

    def _account(self, handle: UUID) -> Piece:
        """An account by its own name: that of its member would not tell it from the others of the same member."""
        name = self._accounts.get(handle, "")
        return Piece(name, who=self._people.get(handle))

    def _person(self, who: UUID) -> Piece:
        known = self._people.get(who)
        return Piece(known.name if known else "", who=known)

    def _slots(self) -> Iterable[str]:
        for one in self._changes:
            yield one.slot
            for value in (one.old, one.value):
                if one.topic == "member.stage_moved":
                    yield f"stage:{value}"
                elif isinstance(value, dict) and "organisation" in value:
                    yield f"organisation:{value['organisation']}"

    def _meant(self) -> Iterable[UUID]:
        for act in self._acts.values():
            yield from act.about
        for one in self._changes:
            yield from (who for who in (_id(one.old), _id(one.value)) if who)


def _id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def together(
    lines: Sequence[Line], team: Sequence[TeamLine], limit: int, begun: date | None = None
) -> list[Line | TeamLine]:
    """Both in one stream, the newest first, cut at `limit`; days begin anew, and a thread goes on only where nothing lies between.

    `begun` is the day in which the page before ended.
    """
    found: list[Line | TeamLine] = [*lines, *team]
    both = sorted(found, key=place, reverse=True)[:limit]
    above: Line | TeamLine | None = None
    for line in both:
        day = place(line)[0].date()
        line.day = day if day != begun else None
        if isinstance(line, Line):
            line.continues = line.continues and isinstance(above, Line) and line.day is None
        above, begun = line, day
    return both


def place(line: Line | TeamLine) -> tuple[Any, int]:
    """Where a line stands in its stream: when, and its position in the log."""
    return (line.done.at, line.done.position) if isinstance(line, TeamLine) else (line.entry.at, line.entry.position)
