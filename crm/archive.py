"""Everything in one file that needs no Kith to be read: a JSON document a line, first what it is, then each event in its order.

Personal parts stand in it in clear: it is for moving house and for leaving, and must be kept as carefully as the master key.
It also holds the secret under which ids are made, so that what is imported later meets what was imported before.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from crm import coding
from crm.event import Event
from crm.importing import RawRow
from crm.installation import Installation
from crm.store import EVENTS
from crm.vault import unseal

VERSION = 1
AT_ONCE = 5_000
"""Events read and opened together."""


class Cover(msgspec.Struct, tag="archive", tag_field="is"):
    """The first line. `ids` is the secret under which ids are made, `events` how many follow."""

    version: int
    ids: bytes
    events: int


class Told(msgspec.Struct, tag="event", tag_field="is"):
    """An event: its position, who recorded it when, its class by topic, its fields, and the personal part in clear.

    `personal` is missing where the person was erased or there is none.
    """

    n: int
    by: str
    at: datetime
    topic: str
    event: msgspec.Raw
    personal: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Kept(msgspec.Struct, tag="refused", tag_field="is"):
    """A row that an import could not read, with its first bytes."""

    batch: UUID
    number: int
    file: str
    line: int
    reason: str
    raw: bytes


class Columns(msgspec.Struct, tag="columns", tag_field="is"):
    """What the columns of a table with these headings mean."""

    headings: list[str]
    mapping: dict[str, str]


_encode = msgspec.json.Encoder().encode


def lines(kith: Installation, tell: Callable[[int, int], None] = lambda done, total: None) -> Iterator[bytes]:
    """The archive up to where the log ends now, some lines at a time; `tell` hears how many events are through, of how many."""
    total = kith.log.recorder.max_notification_id() or 0
    yield _line(Cover(VERSION, kith.ids.secret, total))
    for done in range(0, total, AT_ONCE):
        upto = min(done + AT_ONCE, total)
        yield from map(_line, _events(kith, done, upto))
        tell(upto, total)
    yield from map(_line, _kept(kith))
    with kith.connection() as connection:
        rows = connection.execute(
            "SELECT headings, mapping FROM column_mappings ORDER BY headings LIMIT 10000"
        ).fetchall()
    yield from (_line(Columns(row["headings"], row["mapping"])) for row in rows)


def _line(document: msgspec.Struct) -> bytes:
    return _encode(document) + b"\n"


def _events(kith: Installation, after: int, upto: int) -> Iterator[Told]:
    with kith.connection() as connection:
        rows = connection.execute(
            f"""SELECT notification_id, recorded_by, recorded_at, topic, state FROM {EVENTS}
            WHERE notification_id > %(after)s AND notification_id <= %(upto)s ORDER BY notification_id LIMIT %(limit)s""",
            {"after": after, "upto": upto, "limit": AT_ONCE},
        ).fetchall()
    events = [coding.decode(row["topic"], row["state"]) for row in rows]
    for row, event, personal in zip(rows, events, kith.vault.open_all(events), strict=True):
        yield _told(row, event, personal)


def _told(row: dict[str, Any], event: Event, personal: msgspec.Struct | None) -> Told:
    bare = msgspec.structs.replace(event, sealed=b"") if getattr(event, "sealed", b"") else event
    told = Told(
        row["notification_id"], row["recorded_by"], row["recorded_at"], row["topic"], msgspec.Raw(_encode(bare))
    )
    if personal is not None:
        told.personal = msgspec.Raw(_encode(personal))
    return told


def _kept(kith: Installation) -> Iterator[Kept]:
    batch, number = UUID(int=0), 0
    while True:
        with kith.connection() as connection:
            rows = connection.execute(
                """SELECT batch, number, file, line, reason, raw FROM refused_rows
                WHERE (batch, number) > (%(batch)s, %(number)s) ORDER BY batch, number LIMIT %(limit)s""",
                {"batch": batch, "number": number, "limit": AT_ONCE},
            ).fetchall()
        if not rows:
            return
        keys = kith.vault.keys({row["batch"] for row in rows})
        for row in rows:
            batch, number = row["batch"], row["number"]
            raw = unseal(keys[batch], batch, row.pop("raw"), RawRow) if batch in keys else RawRow(b"")
            assert isinstance(raw, RawRow)
            yield Kept(**row, raw=raw.raw)
