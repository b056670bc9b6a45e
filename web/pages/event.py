"""One event of the log: as a sentence, as it is stored, decrypted for whoever reads it, and proven to be in the ledger."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from crm.interactions import InteractionObserved, InteractionRecorded
from crm.members import IdentitySeen
from projections.log import Logged
from projections.proofs import Proof, how_is_it_proven
from projections.stored import Personal, Stored, how_is_it_stored, what_is_personal, what_stands_at
from web.page import Asked, engine, kith, page

AT_ONCE = 50_000
"""Events of a log over which a proof is made while the page is; over a longer one it is made when asked for."""


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


@get("/system/log/{position:int}", sync_to_thread=True)
def one_event(request: Asked, position: FromPath[int]) -> Response[Any]:
    """One event in every way it can be looked at."""
    stored, size = _stored(request, position), engine(request).head()
    with kith(request).connection() as connection:
        proof = how_is_it_proven(connection, position, stored.leaf) if size <= AT_ONCE else None
    as_stored = msgspec.json.format(msgspec.json.encode(how_is_it_stored(stored)), indent=2).decode()
    personal = what_is_personal(kith(request).vault, stored)
    view = One(stored.told, _columns(stored), stored.leaf.hex(), as_stored, personal, proof, _about(stored), size)
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


ROUTES = [one_event, proof]
