"""The log browser: every event as a sentence, newest first."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from crm.event import REGISTRY
from projections.log import Logged, Sought, what_was_written
from web.page import Asked, engine, kith, page, redirect, with_query


class Log(msgspec.Struct):
    """A page of the log, the filters that chose it, and every topic there is."""

    rows: list[Logged]
    topic: str
    by: str
    size: int
    topics: list[str]
    older: str


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


def _flat(row: Logged) -> dict[str, Any]:
    sentence = row.sentence.format(**row.fields) if row.sentence else row.topic
    return {
        "position": row.position,
        "recorded_at": row.recorded_at,
        "by": row.by,
        "topic": row.topic,
        "sentence": sentence,
    }


ROUTES = [log, go]
