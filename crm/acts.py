"""Acts of the team: all that colleagues do about members, or set up for everybody. Each is a small stream of its own.

What stands of a thing is the last act on its slot that was not undone. So any act can be undone at any later time, whatever
was done since: it is left out, and all else stands. The log keeps every act, its undoing and its restoring.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID, uuid4

import msgspec
from psycopg import Connection

from crm import coding
from crm.errors import Conflict, Refusal
from crm.event import NOBODY, Aggregate, Columns, Event, TeamCreated, TeamEvent
from crm.installation import Installation
from crm.kinds import _
from crm.store import EVENTS
from crm.vault import seal


class Act(TeamCreated, frozen=True, kw_only=True):
    """What a colleague did. `about` are members, each by one of the accounts that are theirs; `bulk` the whole it is a part of."""

    about: tuple[UUID, ...] = ()
    bulk: UUID | None = None
    sealed: bytes = b""

    @property
    def subject(self) -> UUID:
        return self.about[0] if self.about else NOBODY

    @property
    def slot(self) -> str:
        """What it settles: the last act on the same slot stands. Empty for what settles nothing."""
        return ""

    def value(self, personal: Any) -> Any:
        """What it settles it to, for JSON; None takes it away. `personal` is the opened personal part, None where erased."""
        return None

    def happened_at(self) -> datetime:
        """When what it tells of happened; now, unless it tells of something earlier."""
        return self.timestamp

    def columns(self) -> Columns:
        return Columns(batch=self.bulk, targets=self.about or None)


class Toggled(TeamEvent, frozen=True, kw_only=True):
    """An act was undone, or restored. `undone` is the topic of that act."""

    about: tuple[UUID, ...] = ()
    bulk: UUID | None = None
    undone: str

    def columns(self) -> Columns:
        return Columns(batch=self.bulk, targets=self.about or None)


class ActUndone(Toggled, frozen=True, kw_only=True):
    """The act of this stream counts no more. The log keeps it."""

    TOPIC: ClassVar[str] = "act.undone"
    SENTENCE: ClassVar[str] = _("Something the team did was undone")
    ICON: ClassVar[str] = "undo-2"

    def apply(self, aggregate: Any) -> None:
        aggregate.stands = False


class ActRestored(Toggled, frozen=True, kw_only=True):
    """The act of this stream, undone before, counts again."""

    TOPIC: ClassVar[str] = "act.restored"
    SENTENCE: ClassVar[str] = _("Something that was undone counts again")
    ICON: ClassVar[str] = "redo-2"

    def apply(self, aggregate: Any) -> None:
        aggregate.stands = True


class Deed(Aggregate):
    """One act from its doing on."""

    TOPIC = "act"

    def __init__(self, about: tuple[UUID, ...]) -> None:
        self.about = about
        self.stands = True
        self.did = ""

    @classmethod
    def do(cls, event: type[Act], id: UUID, about: tuple[UUID, ...], **fields: Any) -> Self:
        """A new act. Personal parts are sealed already; `timestamp` among the fields is when it was decided, if not now."""
        return cls._create(event, id=id, about=about, **({"timestamp": datetime.now(UTC)} | fields))

    def toggle(self, event: type[Toggled], undone: str, bulk: UUID | None) -> None:
        """Undo or restore it; `undone` is the topic of what was done."""
        self.trigger_event(event, about=self.about, bulk=bulk, undone=undone)


def do(
    kith: Installation,
    event: type[Act],
    *about: UUID,
    personal: msgspec.Struct | None = None,
    bulk: UUID | None = None,
    **fields: Any,
) -> Deed:
    """A new act about these members, its personal part sealed under the first one's key. Refusal for the unknown and erased."""
    keys = must_be_known(kith, about)
    stream = uuid4()
    sealed = seal(keys[about[0]], stream, personal) if personal is not None else b""
    return Deed.do(event, stream, about, bulk=bulk, sealed=sealed, **fields)


def must_be_known(kith: Installation, handles: Collection[UUID]) -> dict[UUID, Any]:
    """The keys of these members; Refusal where somebody is unknown or was erased."""
    keys = kith.vault.keys(set(handles))
    for handle in handles:
        if handle in keys:
            continue
        with kith.connection() as connection:
            was_here = connection.execute(
                f"SELECT FROM {EVENTS} WHERE originator_id = %(id)s LIMIT 1", {"id": handle}
            ).fetchone()
        if was_here is None:
            raise Refusal(_("Nobody here is known by that id. Look for them by name."))
        raise Refusal(_("This person was erased, so nothing can be written about them any more."))
    return keys


class Done(NamedTuple):
    """An act as the log has it, and whether it stands; `last`, `by` and `at` are of its last change: done, undone, restored."""

    position: int
    event: Act
    stands: bool
    last: int
    by: str
    at: datetime


_ABOUT = f"""
SELECT notification_id, originator_id, originator_version, topic, state, recorded_by, recorded_at FROM {EVENTS}
WHERE digest IS NULL AND targets IS NOT NULL AND targets && %(handles)s
AND (%(upto)s::bigint IS NULL OR notification_id <= %(upto)s) ORDER BY notification_id LIMIT 1000000
"""


def what_was_done(
    connection: Connection[Any], handles: Iterable[UUID], kinds: tuple[type[Act], ...] = (Act,), upto: int | None = None
) -> list[Done]:
    """The acts of these kinds about these accounts, as of position `upto` or now, in the order in which they were done."""
    found: dict[UUID, Done] = {}
    for row in connection.execute(_ABOUT, {"handles": list(handles), "upto": upto}):
        event = coding.decode(row["topic"], bytes(row["state"]))
        stream, position = row["originator_id"], row["notification_id"]
        last = (position, row["recorded_by"], row["recorded_at"])
        if isinstance(event, kinds):
            found[stream] = Done(position, event, True, *last)
        elif isinstance(event, Toggled) and stream in found:
            found[stream] = Done(*found[stream][:2], isinstance(event, ActRestored), *last)
    return list(found.values())


def must_be_as_seen(kith: Installation, handles: Sequence[UUID], slot: str, seen: int | None) -> None:
    """Conflict if a colleague settled this slot since it was looked at. `seen` is the position of the act that was shown.

    0 means that nothing was, or that it had been emptied; None asks nothing.
    """
    if seen is None:
        return
    with kith.connection() as connection:
        acts = [one for one in what_was_done(connection, handles) if one.event.slot == slot]
    stands = max((one for one in acts if one.stands), key=lambda one: one.position, default=None)
    standing = (
        stands.position if stands and stands.event.value(kith.vault.open_all([stands.event])[0]) is not None else 0
    )
    if acts and standing != seen:
        last = max(acts, key=lambda one: one.last)
        raise Conflict(last.by, last.at, standing)


def deeds(kith: Installation, streams: Sequence[UUID]) -> dict[UUID, tuple[Deed, Event]]:
    """These acts with their first events, in one question; streams that hold something else are left out."""
    found: dict[UUID, tuple[Deed, Event]] = {}
    with kith.connection() as connection:
        rows = connection.execute(
            f"""SELECT originator_id, topic, state FROM {EVENTS} WHERE originator_id = ANY(%(streams)s)
            ORDER BY originator_id, originator_version LIMIT 1000000""",
            {"streams": list(streams)},
        ).fetchall()
    for row in rows:
        event = coding.decode(row["topic"], bytes(row["state"]))
        if isinstance(event, Act):
            found[row["originator_id"]] = (event.mutate(None), event)  # type: ignore[assignment]
        elif row["originator_id"] in found:
            event.mutate(found[row["originator_id"]][0])  # type: ignore[attr-defined]
    return found
