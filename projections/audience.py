"""The audience of a member elsewhere, as it was seen: figures with their days, read from what the team wrote down."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row


class Figure(msgspec.Struct):
    """How many people followed a member on a platform on a day; `by` wrote it down."""

    platform: str
    day: date
    figure: int
    link: str
    by: str


def which_figures(connection: Connection[Any], member: UUID, today: date, limit: int = 200) -> list[Figure]:
    """The figures seen by that day, platform by platform, the latest of each first."""
    with connection.cursor(row_factory=class_row(Figure)) as cursor:
        return cursor.execute(
            """SELECT value->>'platform' AS platform, (value->>'day')::date AS day, (value->>'figure')::bigint AS figure,
                value->>'link' AS link, by FROM traits
            WHERE member = %(member)s AND starts_with(slot, 'audience:') AND (value->>'day')::date <= %(today)s
            ORDER BY lower(value->>'platform'), day DESC LIMIT %(limit)s""",
            {"member": member, "today": today, "limit": limit},
        ).fetchall()
