"""What changed since somebody looked: counted from a position of the log, so that nothing is told twice or missed."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from crm.event import NOBODY
from crm.imports import taken_back
from crm.store import EVENTS
from crm.today import TodayRead

MOST = 1000
"""Counting stops here: more is many."""


class Since(msgspec.Struct):
    """What came after `position`, which was read at `at`: entries of the sources and acts of the team, each up to MOST."""

    position: int
    at: datetime
    entries: int
    acts: int


_SINCE = f"""
WITH read AS (SELECT value::bigint AS position, at FROM traits WHERE member = '{NOBODY}' AND slot = 'read:today')
SELECT position, at, (
    SELECT count(*) FROM (
        SELECT FROM {EVENTS} WHERE notification_id > read.position AND topic = 'interaction.recorded' AND batch <> ALL(%(gone)s)
        LIMIT {MOST}
    ) AS came
) AS entries, (
    SELECT count(*) FROM (
        SELECT DISTINCT position FROM acts WHERE acts.position > read.position AND topic <> '{TodayRead.TOPIC}' LIMIT {MOST}
    ) AS done
) AS acts FROM read
"""


def what_came_since(connection: Connection[Any]) -> Since | None:
    """What came since the page of today was read last; None where it never was."""
    row = connection.execute(_SINCE, {"gone": taken_back(connection)}).fetchone()
    return Since(**row) if row else None
