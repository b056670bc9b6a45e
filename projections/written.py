"""What the team wrote: the words of its acts, opened from the log for those that a page shows."""

from collections.abc import Collection
from typing import Any

from psycopg import Connection

from crm import coding
from crm.items import Text
from crm.membership import Reason
from crm.store import EVENTS
from crm.vault import Vault


def what_was_written(vault: Vault, connection: Connection[Any], positions: Collection[int]) -> dict[int, str]:
    """The words of the acts at these positions: of an item, or why; those that have none are left out."""
    rows = connection.execute(
        f"""SELECT notification_id, topic, state FROM {EVENTS} WHERE notification_id = ANY(%(positions)s)
        ORDER BY notification_id LIMIT 10000""",
        {"positions": list(positions)},
    ).fetchall()
    events = [coding.decode(row["topic"], bytes(row["state"])) for row in rows]
    opened = zip(rows, vault.open_all(events), strict=True)
    return {row["notification_id"]: one.text for row, one in opened if isinstance(one, Text | Reason) and one.text}
