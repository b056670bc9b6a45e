"""Undoing whatever the team did, at once or years later, and restoring what was undone. What was done in bulk is undone as one."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from psycopg import Connection

from crm.acts import Act, ActRestored, ActUndone, Toggled
from crm.command import Command
from crm.deeds import deeds
from crm.doing import Deed, must_be_known
from crm.errors import Refusal
from crm.event import REGISTRY, Aggregate, Event
from crm.installation import Installation
from crm.kinds import _
from crm.membership import MembersMerged, who_is_whom
from crm.store import EVENTS
from crm.vault import open_sealed, seal

LARGEST = 100_000
"""Events of a bulk act at most; they stand side by side in the log."""

_WHOLE = f"""
SELECT notification_id, originator_id, topic FROM {EVENTS}
WHERE notification_id BETWEEN %(position)s - {LARGEST} AND %(position)s + {LARGEST} AND batch = %(bulk)s ORDER BY notification_id
LIMIT {LARGEST}
"""


class Undo(Command, frozen=True, kw_only=True):
    """Let the act at this position count no more, with all of the bulk that it is part of; or, if it undid something, undo that.

    Of a merge, `along` are acts done since about the member that it made, that are rather about whoever was merged into it:
    they move there.
    """

    IN_TURN: ClassVar[bool] = True

    position: int
    along: tuple[int, ...] = ()

    def decide(self, kith: Installation) -> Iterable[Aggregate]:
        with kith.connection() as connection:
            rows = _whole(connection, self.position)
        found = deeds(kith, [row["originator_id"] for row in rows])
        bulk = uuid4() if len(rows) + len(self.along) > 1 else None
        changed = [found[row["originator_id"]][0] for row in rows if _toggle(found, row, bulk)]
        if not changed:
            raise Refusal(_("This was undone already."))
        yield from changed
        here = next(row["originator_id"] for row in rows if row["notification_id"] == self.position)
        yield from self._moved(kith, found[here][1], bulk)

    def _moved(self, kith: Installation, merge: Event, bulk: UUID | None) -> Iterable[Deed]:
        """The acts in `along`, undone where they are and done anew where they belong."""
        if not self.along:
            return
        if not isinstance(merge, MembersMerged):
            raise Refusal(_("Only when a merge is undone can something move to the other member."))
        with kith.connection() as connection:
            rows = connection.execute(
                f"SELECT originator_id FROM {EVENTS} WHERE notification_id = ANY(%(along)s) ORDER BY notification_id LIMIT 10000",
                {"along": list(self.along)},
            ).fetchall()
            kept, gone = merge.about
            joined = set(who_is_whom(connection, merge.about).accounts(kept))
        for deed, event in deeds(kith, [row["originator_id"] for row in rows]).values():
            if not isinstance(event, Act) or not deed.stands or joined.isdisjoint(event.about):
                raise Refusal(_("Something chosen to move is no longer there. Look at the merge again."))
            deed.toggle(ActUndone, event.TOPIC, bulk)
            yield deed
            yield _about_another(kith, event, joined, gone, bulk)


def _whole(connection: Connection[Any], position: int) -> list[dict[str, Any]]:
    """The events of the act at a position: itself, or all of its bulk. Refusal where there is nothing to undo."""
    row = connection.execute(
        f"SELECT notification_id, originator_id, topic, batch FROM {EVENTS} WHERE notification_id = %(position)s",
        {"position": position},
    ).fetchone()
    if row is None:
        raise Refusal(_("There is no event at this position of the log."))
    if not issubclass(REGISTRY.get(row["topic"], Event), Act | Toggled):
        raise Refusal(
            _("Only what the team did can be undone. What came with an import goes when the import is taken back.")
        )
    if row["batch"] is None:
        return [row]
    return connection.execute(_WHOLE, {"position": position, "bulk": row["batch"]}).fetchall()


def _toggle(found: dict[UUID, tuple[Deed, Event]], row: dict[str, Any], bulk: UUID | None) -> bool:
    """Undo what the event of this row did; whether there was anything left to undo."""
    deed, event = found[row["originator_id"]]
    wanted = row["topic"] == ActUndone.TOPIC
    if deed.stands == wanted:
        return False
    deed.toggle(ActRestored if wanted else ActUndone, event.TOPIC, bulk)
    return True


def _about_another(kith: Installation, event: Act, joined: set[UUID], other: UUID, bulk: UUID | None) -> Deed:
    """The same act, about this other account in the place of those joined, its personal part under the key of its subject."""
    about = tuple(dict.fromkeys(other if one in joined else one for one in event.about))
    keys = must_be_known(kith, {event.subject, about[0]})
    personal, stream = open_sealed(event, keys), uuid4()
    sealed = seal(keys[about[0]], stream, personal) if personal is not None else b""
    own = set(type(event).__struct_fields__) - set(Act.__struct_fields__) | {"timestamp"}
    fields = {name: getattr(event, name) for name in own}
    return Deed.do(type(event), stream, about, bulk=bulk, sealed=sealed, **fields)
