"""Doing an act: it begins its own stream, about members whom the log knows, its personal part sealed."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID, uuid4

import msgspec

from crm.acts import Act, Toggled
from crm.errors import Refusal
from crm.event import Aggregate
from crm.installation import Installation
from crm.kinds import _
from crm.store import EVENTS
from crm.vault import seal


class Deed(Aggregate):
    """One act from its doing on."""

    TOPIC = "act"

    def __init__(self, about: tuple[UUID, ...]) -> None:
        self.about = about
        self.stands = True

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
