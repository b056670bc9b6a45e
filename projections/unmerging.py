"""What taking a merge back comes to: whose each account would be, and what was done since that may be about either."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection

from crm import coding
from crm.acts import Act
from crm.deeds import Done, what_was_done
from crm.event import Event
from crm.grouping import Grouping
from crm.items import Text
from crm.membership import MembershipAct, MembersMerged, Whom, who_is_whom
from crm.owners import OwnerGiven
from crm.store import EVENTS
from crm.vault import Vault
from projections.identities import what_are_they_called
from projections.merging import ITEMS, what_is_set_up_called


class Merge(NamedTuple):
    """A merge in the log: who did it, of how many that are undone as one it is, and who is whom of all it concerns."""

    position: int
    event: MembersMerged
    by: str
    together: int
    whom: Whom

    @property
    def act(self) -> Done:
        """It with its last change, and whether it stands."""
        return next(one for one in self.whom.acts if one.position == self.position)

    def groups(self) -> list[tuple[UUID, list[UUID]]]:
        """The members that the one of now would be without it, each with its accounts: whoever was kept, then whoever was merged.

        One member alone where they are joined by another act as well.
        """
        after, here = self._without(), self.whom.member[self.event.about[0]]
        groups: dict[UUID, list[UUID]] = {after[one]: [] for one in self.event.about}
        for handle, member in sorted(self.whom.member.items()):
            if member == here:
                groups.setdefault(after[handle], []).append(handle)
        return list(groups.items())

    def _without(self) -> dict[UUID, UUID]:
        """Of each account the member it would be if neither this nor what was done in the same bulk had been done."""
        grouping = Grouping(self.whom.member)
        for one in self.whom.acts:
            of_it = one.position == self.position or (self.event.bulk and one.event.bulk == self.event.bulk)
            if one.stands and not of_it and isinstance(one.event, MembershipAct):
                one.event.arrange(grouping)
        return grouping.of


def find_merge(connection: Connection[Any], position: int) -> Merge | None:
    """The merge at this position of the log, undone or not; None where something else stands there."""
    row = connection.execute(
        f"""SELECT topic, state, recorded_by, (SELECT count(DISTINCT acts.position) FROM acts WHERE acts.bulk = events.batch) AS n
        FROM {EVENTS} AS events WHERE notification_id = %(position)s AND topic = %(topic)s""",
        {"position": position, "topic": MembersMerged.TOPIC},
    ).fetchone()
    event = coding.decode(row["topic"], bytes(row["state"])) if row else None
    if row is None or not isinstance(event, MembersMerged):
        return None
    return Merge(position, event, row["recorded_by"], max(row["n"], 1), who_is_whom(connection, event.about))


class Doubtful(msgspec.Struct):
    """Acts that belong together, done since two members were joined. `sentence` is a msgid that `fields` fill.

    `slot` is what they settle, and `text` to what, in words.
    """

    position: int
    positions: list[int]
    slot: str
    sentence: str
    fields: dict[str, str]
    icon: str
    text: str
    at: datetime
    by: str


def what_is_doubtful(vault: Vault, connection: Connection[Any], merge: Merge) -> list[Doubtful]:
    """What was done since about accounts that would stay with whoever was kept, and stands; the newest first. Whose is it?

    All acts about one item, one tag or one field are one: they stay together.
    """
    groups = merge.groups()
    if len(groups) == 1 or not merge.act.stands:
        return []
    acts = [one for one in what_was_done(connection, groups[0][1]) if one.stands and one.position > merge.position]
    together: dict[str, list[Done]] = {}
    for one in acts:
        if not isinstance(one.event, MembershipAct):
            together.setdefault(_thing(one.event.slot) or str(one.position), []).append(one)
    opened = _opened(vault, (one.event for several in together.values() for one in several))
    called = _called(connection, acts)
    doubtful = [_doubtful(several, opened, called) for several in together.values()]
    return sorted(doubtful, key=lambda one: -one.position)


def _opened(vault: Vault, events: Iterable[Event]) -> dict[UUID, msgspec.Struct | None]:
    several = list(events)
    return {event.originator_id: one for event, one in zip(several, vault.open_all(several), strict=True)}


def _thing(slot: str) -> str:
    """What a slot is about: that an item is done belongs to the item."""
    kind, _, item = slot.partition(":")
    return f"item:{item}" if kind in ("done", *ITEMS) else slot


def _called(connection: Connection[Any], acts: list[Done]) -> dict[str, str]:
    """By its id the name of each stage, and of each colleague who looks after somebody."""
    owners = [one.event.owner for one in acts if isinstance(one.event, OwnerGiven) and one.event.owner]
    stages = {slot.removeprefix("stage:"): name for slot, name in what_is_set_up_called(connection).items()}
    return stages | {str(one.identity): one.name for one in what_are_they_called(connection, owners).values()}


def _doubtful(acts: list[Done], opened: dict[UUID, msgspec.Struct | None], called: dict[str, str]) -> Doubtful:
    first, last = acts[0], acts[-1]
    texts = [_words(one.event, opened[one.event.originator_id], called) for one in acts]
    own = set(type(first.event).__struct_fields__) - set(Act.__struct_fields__)
    return Doubtful(
        position=last.position,
        positions=[one.position for one in acts],
        slot=first.event.slot,
        sentence=first.event.SENTENCE,
        fields={name: str(getattr(first.event, name)) for name in sorted(own)},
        icon=first.event.ICON,
        text=next((text for text in reversed(texts) if text), ""),
        at=last.event.timestamp,
        by=last.by,
    )


def _words(event: Act, personal: msgspec.Struct | None, called: dict[str, str]) -> str:
    """What an act says in words of its own: of an item its text, of a field its value, of a stage or colleague the name."""
    if isinstance(personal, Text):
        return personal.text
    value = event.value(personal)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return (value if personal else called.get(value, "")) if isinstance(value, str) else ""
