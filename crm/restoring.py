"""A fresh Kith becomes what an archive tells: the same events at the same positions, sealed under keys of its own.

It can be stopped at any instant and run again: the log is as long as what was taken in.
"""

from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from crm import wire
from crm.append import read_head
from crm.archive import VERSION, Columns, Cover, Kept, Told
from crm.errors import Refusal
from crm.event import REGISTRY
from crm.importing import RawRow
from crm.installation import Installation
from crm.mappings import remember
from crm.sealing import Draft, sealed
from crm.store import EVENTS, packed
from crm.vault import seal

AT_ONCE = 20_000
Line = Cover | Told | Kept | Columns
_decode = msgspec.json.Decoder(Line).decode
BROKEN = "This is not an archive of Kith, or it was damaged: line {} cannot be read."


def restore(
    kith: Installation, archive: Iterator[bytes], tell: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Take in an archive, line by line, and say how many events the log has now; `tell` hears how far it is.

    Refusal where it is none, ends too early, or this Kith holds something else already.
    """
    documents = _documents(archive)
    cover = next(documents, None)
    if not isinstance(cover, Cover) or cover.version > VERSION:
        raise Refusal(BROKEN.format(1) if not isinstance(cover, Cover) else "This archive was made by a newer Kith.")
    _begin(kith, cover)
    rest: list[Kept | Columns] = []
    events = islice(_sorted(documents, rest), _size(kith), None)
    while some := list(islice(events, AT_ONCE)):
        _append(kith, some)
        tell(some[-1].n, cover.events)
    if (size := _size(kith)) < cover.events:
        raise Refusal(
            f"The archive ends too early: {size:,} of {cover.events:,} events were taken in. Give the whole file."
        )
    _keep(kith, rest)
    return size


def _documents(archive: Iterator[bytes]) -> Iterator[Line]:
    for number, line in enumerate(archive, 1):
        try:
            yield _decode(line)
        except msgspec.MsgspecError:
            raise Refusal(BROKEN.format(number)) from None


def _sorted(documents: Iterator[Line], rest: list[Kept | Columns]) -> Iterator[Told]:
    for document in documents:
        if isinstance(document, Told):
            yield document
        elif isinstance(document, Kept | Columns):
            rest.append(document)


def _begin(kith: Installation, cover: Cover) -> None:
    if cover.ids != kith.ids.secret:
        if _size(kith):
            raise Refusal(
                "This Kith is not empty. An archive can only be taken into a fresh one: choose another CRM_HOME."
            )
        kith.adopt_ids(cover.ids)


def _append(kith: Installation, some: list[Told]) -> None:
    if some[0].n != _size(kith) + 1:
        raise Refusal("Something else was recorded in this Kith. An archive can only be taken into a fresh one.")
    drafts = [_draft(told) for told in some]
    facts = sealed(kith.vault, drafts)
    moments = [wire.microseconds(told.at) for told in some]
    kith.log.recorder.append((packed(fact, told.by) for fact, told in zip(facts, some, strict=True)), moments)


def _draft(told: Told) -> Draft:
    shape = REGISTRY.get(told.topic)
    if shape is None:
        raise Refusal(f"Event {told.n} is a “{told.topic}”, which this Kith does not know. Use a newer one.")
    try:
        event = msgspec.json.decode(told.event, type=shape)
        named = told.personal is not msgspec.UNSET and shape.PERSONAL
        personal = msgspec.json.decode(told.personal, type=shape.PERSONAL) if named else None  # type: ignore[arg-type]
    except msgspec.MsgspecError:
        raise Refusal(f"Event {told.n} in the archive is damaged.") from None
    return Draft(event, personal)  # type: ignore[arg-type]


def _keep(kith: Installation, rest: list[Kept | Columns]) -> None:
    for columns in rest:
        if isinstance(columns, Columns):
            remember(kith, columns.headings, columns.mapping)
    refused = [one for one in rest if isinstance(one, Kept)]
    keys = kith.vault.keys({one.batch for one in refused}, make=True)
    rows = [
        {**msgspec.structs.asdict(one), "raw": seal(keys[one.batch], one.batch, RawRow(one.raw))} for one in refused
    ]
    with kith.connection() as connection, connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO refused_rows (batch, number, file, line, reason, raw)
            VALUES (%(batch)s, %(number)s, %(file)s, %(line)s, %(reason)s, %(raw)s) ON CONFLICT DO NOTHING""",
            rows,
        )


def _size(kith: Installation) -> int:
    with kith.connection() as connection:
        return read_head(connection, EVENTS).size
