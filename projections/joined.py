"""Who said who is whom: the acts that joined and parted accounts, or kept members apart, with their reasons."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm.acts import Act
from crm.deeds import what_was_done
from crm.membership import ARRANGING, MembersKeptApart
from crm.store import EVENTS
from crm.vault import Vault
from projections.written import what_was_written


class Judged(msgspec.Struct):
    """An act that said who is whom, or that two are not the same: when, by whom, why, and whether it stands.

    `last` is the position of its last change (done, undone, restored); `changed_by` and `changed_at` tell of that.
    """

    position: int
    last: int
    topic: str
    about: tuple[UUID, ...]
    at: datetime
    by: str
    reason: str
    stands: bool
    changed_by: str
    changed_at: datetime


def who_joined_and_parted(
    vault: Vault, connection: Connection[Any], handles: Collection[UUID], kinds: tuple[type[Act], ...] = ARRANGING
) -> list[Judged]:
    """The acts of these kinds about these accounts, undone ones included, the newest first."""
    acts = what_was_done(connection, handles, kinds)
    positions = [one.position for one in acts]
    reasons, by = what_was_written(vault, connection, positions), _who_did(connection, positions)
    return [
        Judged(
            position=one.position,
            last=one.last,
            topic=one.event.TOPIC,
            about=one.event.about,
            at=one.event.timestamp,
            by=by[one.position],
            reason=reasons.get(one.position, ""),
            stands=one.stands,
            changed_by=one.by,
            changed_at=one.at,
        )
        for one in sorted(acts, key=lambda one: -one.position)
    ]


def _who_did(connection: Connection[Any], positions: list[int]) -> dict[int, str]:
    rows = connection.execute(
        f"""SELECT notification_id, recorded_by FROM {EVENTS} WHERE notification_id = ANY(%(positions)s)
        ORDER BY notification_id LIMIT 1000000""",
        {"positions": positions},
    )
    return {row["notification_id"]: row["recorded_by"] for row in rows}


def who_was_kept_apart(vault: Vault, connection: Connection[Any], handles: Collection[UUID]) -> list[Judged]:
    """Who said, and still says, that one of these accounts is not the same person as somebody else."""
    return [one for one in who_joined_and_parted(vault, connection, handles, (MembersKeptApart,)) if one.stands]
