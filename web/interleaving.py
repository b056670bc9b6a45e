"""What happened and what the team did, in one stream."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from web.stream import Line
from web.teamlines import TeamLine


def together(
    lines: Sequence[Line], team: Sequence[TeamLine], limit: int, begun: date | None = None
) -> list[Line | TeamLine]:
    """Both in one stream, the newest first, cut at `limit`; days begin anew, and a thread goes on only where nothing lies between.

    `begun` is the day in which the page before ended.
    """
    found: list[Line | TeamLine] = [*lines, *team]
    both = sorted(found, key=place, reverse=True)[:limit]
    above: Line | TeamLine | None = None
    for line in both:
        day = place(line)[0].date()
        line.day = day if day != begun else None
        if isinstance(line, Line):
            line.continues = line.continues and isinstance(above, Line) and line.day is None
        above, begun = line, day
    return both


def place(line: Line | TeamLine) -> tuple[Any, int]:
    """Where a line stands in its stream: when, and its position in the log."""
    return (line.done.at, line.done.position) if isinstance(line, TeamLine) else (line.entry.at, line.entry.position)
