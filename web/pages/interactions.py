"""One interaction under its own address: what it answers, what answers it, and how it was seen to change."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from projections import entries, looks, threads
from projections.looks import Look
from web.address import Cursor
from web.page import Asked, kith, page
from web.stream import Line, lines

ANSWERS = 20


class Interaction(msgspec.Struct):
    """An entry, its parent, the first answers to it, every look at it. `in_thread` opens its thread just there."""

    line: Line
    parent: Line | None
    answers: list[Line]
    looks: list[Look]
    in_thread: str | None


@get("/interactions/{interaction:uuid}", sync_to_thread=True)
def what_is_it(request: Asked, interaction: FromPath[UUID]) -> Response[Any]:
    """An interaction, found by its id for ever."""
    view = _interaction(request, interaction)
    return page(request, "interactions/interaction.html", view, rows=[view.line.row()])


def _interaction(request: Asked, interaction: UUID) -> Interaction:
    vault = kith(request).vault
    with kith(request).connection() as connection:
        position = entries.where_is(connection, interaction)
        found = entries.which_entries(vault, connection, [position]) if position else []
        if not found:
            raise NotFoundException
        entry = found[0]
        answers = threads.what_answers(connection, interaction, ANSWERS)
        parent = [entry.quote.position] if entry.quote else []
        around = {one.position: one for one in entries.which_entries(vault, connection, [*parent, *answers])}
        seen = looks.which_looks(vault, connection, interaction)
    just_before = Cursor(entry.at, entry.position - 1)
    return Interaction(
        line=lines(found)[0],
        parent=lines([around[parent[0]]])[0] if parent and parent[0] in around else None,
        answers=lines([around[each] for each in answers if each in around]),
        looks=seen,
        in_thread=f"/threads/{entry.thread}?after={just_before}#e{entry.position}" if entry.thread else None,
    )


ROUTES = [what_is_it]
