"""The stream of one member: interactions and acts of the team, as far as they had happened and were known."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from psycopg import Connection

from projections import entries, timeline
from projections.acts import NOW
from projections.history import what_changed
from projections.timeline import Filter
from web.about import About
from web.choices import begun
from web.clocks import Clocks
from web.interleaving import together
from web.page import Asked, is_partial, kith
from web.stream import Line, lines
from web.teamlines import TeamLine
from web.telling import team_lines

FAR = datetime.max.replace(tzinfo=UTC)


def within(wish: Filter, clocks: Clocks) -> Filter:
    """What is wanted of the timeline, as far as it had happened and was known."""
    until = min(one for one in (wish.until, clocks.until, FAR) if one)
    return msgspec.structs.replace(wish, until=None if until == FAR else until, known=clocks.position)


def member_stream(
    request: Asked, connection: Connection[Any], head: About, wish: Filter, limit: int
) -> list[Line | TeamLine]:
    """What happened, and unless something is asked for that the team has no part in, what the team did."""
    vault, after = kith(request).vault, begun(wish) if is_partial(request) else None
    rows = [] if wish.side == "team" else timeline.what_happened(connection, head.accounts, wish, limit)
    found = entries.which_entries(vault, connection, [row.position for row in rows])
    told, day = lines(found, head.member.member, after=after), after.at.date() if after else None
    if wish.side not in ("", "team") or wish.kind or wish.source or wish.other:
        return together(told, [], limit, day)
    known = NOW if wish.known is None else wish.known
    span = {"before": wish.before, "position": wish.position, "since": wish.since, "until": wish.until}
    done = what_changed(connection, head.accounts, known, limit=limit, **span)  # type: ignore[arg-type]
    return together(told, team_lines(vault, connection, done), limit, day)
