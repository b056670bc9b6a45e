"""The log browser: every event as a sentence and as it is stored, newest first, with the proof that it is in the ledger."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from crm.event import REGISTRY
from crm.interactions import InteractionObserved, InteractionRecorded
from crm.members import IdentitySeen
from projections.log import (
    Logged,
    Personal,
    Sought,
    Stored,
    how_is_it_stored,
    what_is_personal,
    what_stands_at,
    what_was_written,
)
from projections.proofs import Proof, how_is_it_proven
from web.page import Asked, engine, kith, page, redirect, with_query

AT_ONCE = 50_000
"""Events of a log over which a proof is made while the page is; over a longer one it is made when asked for."""


class Log(msgspec.Struct):
    """A page of the log, the filters that chose it, and every topic there is."""

    rows: list[Logged]
    topic: str
    by: str
    size: int
    topics: list[str]
    older: str


class Column(msgspec.Struct):
    """A typed column of the row, in words."""

    name: str
    value: str


class One(msgspec.Struct):
    """One event. `as_stored` is JSON, `about` the address of the page it concerns; `proof` None where it takes a while."""

    event: Logged
    columns: list[Column]
    leaf: str
    as_stored: str
    personal: Personal
    proof: Proof | None
    about: str
    size: int


@get("/system/log", sync_to_thread=True)
def log(
    request: Asked, topic: FromQuery[str] = "", by: FromQuery[str] = "", before: FromQuery[int] = 0
) -> Response[Any]:
    """Events, newest first, those of a topic or of somebody."""
    with kith(request).connection() as connection:
        found = what_was_written(connection, Sought(topic, by.strip(), before))
    older = with_query(request, before=found.older) if found.older else ""
    view = Log(found.rows, topic, by, engine(request).head(), sorted(REGISTRY), older)
    return page(request, "system/log.html", view, rows=[_flat(row) for row in found.rows])


@get("/system/log/go", sync_to_thread=False)
def go(position: FromQuery[int]) -> Response[Any]:
    """From the box in which a position is typed to the event that stands there."""
    return redirect(f"/system/log/{position}")


@get("/system/log/{position:int}", sync_to_thread=True)
def one_event(request: Asked, position: FromPath[int]) -> Response[Any]:
    """One event in every way it can be looked at."""
    stored, size = _stored(request, position), engine(request).head()
    with kith(request).connection() as connection:
        proof = how_is_it_proven(connection, position, stored.leaf) if size <= AT_ONCE else None
    as_stored = msgspec.json.format(msgspec.json.encode(how_is_it_stored(stored)), indent=2).decode()
    personal = what_is_personal(kith(request).vault, stored)
    view = One(stored.logged, _columns(stored), stored.leaf.hex(), as_stored, personal, proof, _about(stored), size)
    return page(request, "system/event.html", view, rows=view.columns)


@get("/system/log/{position:int}/proof", sync_to_thread=True)
def proof(request: Asked, position: FromPath[int]) -> Proof:
    """The inclusion proof as JSON, to be checked by any tool that knows the trees of RFC 9162."""
    stored = _stored(request, position)
    with kith(request).connection() as connection:
        return how_is_it_proven(connection, position, stored.leaf)


def _stored(request: Asked, position: int) -> Stored:
    with kith(request).connection() as connection:
        found = what_stands_at(connection, position)
    if found is None:
        raise NotFoundException
    return found


def _flat(row: Logged) -> dict[str, Any]:
    sentence = row.sentence.format(**row.fields) if row.sentence else row.topic
    return {
        "position": row.position,
        "recorded_at": row.recorded_at,
        "by": row.by,
        "topic": row.topic,
        "sentence": sentence,
    }


def _columns(stored: Stored) -> list[Column]:
    """The columns that hold something, but for the state and its leaf."""
    held = {name: getattr(stored, name) for name in stored.__struct_fields__ if name not in ("state", "leaf")}
    return [Column(name, _said(value)) for name, value in held.items() if value is not None]


def _said(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _about(stored: Stored) -> str:
    if stored.topic in (InteractionRecorded.TOPIC, InteractionObserved.TOPIC):
        return f"/interactions/{stored.originator_id}"
    if stored.topic == IdentitySeen.TOPIC:
        return f"/members/{stored.originator_id}"
    return f"/sources/{stored.batch}" if stored.batch else ""


ROUTES = [log, go, one_event, proof]
