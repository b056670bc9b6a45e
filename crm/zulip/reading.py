"""From documents to activities: each row by itself, so that a bad one costs no other; what is left out is said once."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from crm.activity import Activity, Refused
from crm.reading import Document, Row, decode
from crm.zulip.acts import told
from crm.zulip.archive import INDEX, Spot, spot_of
from crm.zulip.audit import logged
from crm.zulip.clock import moment_of
from crm.zulip.realm import Realm
from crm.zulip.shapes import ABSENT, Logged, Message, Probe
from crm.zulip.tables import rows_of_tables

MESSAGES, AUDIT = frozenset(["zerver_message", "messages"]), "zerver_realmauditlog"
NO_HOST = (
    "The address of this Zulip can't be told from the files. Give it with --host, such as chat.example.org: it stands in "
    "the browser when Zulip is open."
)
UNKNOWN = "This is no message, and no table or list of Zulip."


class Reader:
    """Reads what a survey has looked over."""

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.said: set[tuple[str, str]] = set()

    def read(self, document: Document) -> Iterator[Activity | Refused]:
        """Everything that one document tells."""
        if not self.realm.host:
            yield from self.once("", Refused(document.name, 0, NO_HOST))
            return
        spot = spot_of(document.name)
        for table, row in rows_of_tables(document, MESSAGES | {AUDIT}):
            if isinstance(row, Refused):
                yield row
            elif table == AUDIT:
                yield from self.audit(row)
            elif table:
                yield from self.message(row, spot)
            else:
                yield from self.alone(row, spot)

    def alone(self, row: Row, spot: Spot | None) -> Iterator[Activity | Refused]:
        """An object that stands in no table: a message, an answer of the API, or something beside."""
        probe = decode(row, Probe)
        if isinstance(probe, Refused):
            yield probe
        elif probe.result == "error":
            yield row.refuse(f"Zulip answered with an error here: {probe.msg or 'unknown'}")
        elif bytes(probe.message).startswith(b"{"):
            yield from self.message(msgspec.structs.replace(row, raw=bytes(probe.message)), spot)
        elif probe.id != ABSENT and probe.content != ABSENT:
            yield from self.message(row, spot)
        elif not row.file.endswith(INDEX) and probe.user_id == probe.stream_id == ABSENT:
            yield row.refuse(UNKNOWN)

    def message(self, row: Row, spot: Spot | None) -> Iterator[Activity | Refused]:
        message = decode(row, Message)
        if isinstance(message, Refused):
            yield message
            return
        room = self.realm.room_of(message)
        if spot and isinstance(room, str) and message.subject is None and message.display_recipient == ABSENT:
            message.subject, room = spot.topic, self.realm.room(spot.stream, spot.name)
        if isinstance(room, str):
            yield from self.once(row.file, row.refuse(room))
        elif room.private:
            reason = f"“{room.place.name}” is a private channel, and Kith leaves those out."
            yield from self.once("", row.refuse(reason))
        else:
            try:
                yield from told(message, room, self.realm)
            except ValueError as reason:
                yield row.refuse(f"Message {message.id} can't be placed in time: {reason}.")

    def audit(self, row: Row) -> Iterator[Activity | Refused]:
        entry = decode(row, Logged)
        if isinstance(entry, Refused):
            yield entry
            return
        try:
            act = logged(entry, self.realm)
        except ValueError as reason:
            yield row.refuse(f"Entry {entry.id} of the audit log can't be placed in time: {reason}.")
        else:
            yield from [act] if act else []

    def members(self) -> Iterator[Activity]:
        """Everybody on the list of members: as arrivals where the list tells when they came, else as being listed."""
        for who, date in self.realm.people.members():
            try:
                at, told_when = moment_of(date), True
            except ValueError:
                at, told_when = datetime.now(UTC), False
            yield Activity(
                source="zulip",
                host=self.realm.host,
                key=f"{'joined' if told_when else 'listed'}:{who.uid}",
                kind="joined" if told_when else "listed",
                own_kind="member",
                at=at,
                precision="instant" if told_when else "by",
                who=who,
            )

    def once(self, where: str, refused: Refused) -> Iterator[Refused]:
        """A reason that holds for many rows, said for the first of them."""
        if (where, refused.reason) not in self.said:
            self.said.add((where, refused.reason))
            yield refused
