"""Looks: what a source showed of one interaction, each time it showed something else. Read from the log, kept nowhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from crm import coding
from crm.imports import taken_back
from crm.interactions import InteractionObserved, InteractionRecorded, Words
from crm.store import EVENTS
from crm.vault import Vault


class Look(msgspec.Struct):
    """How an interaction stood when it was looked at. `reworded` tells that the look before had other words."""

    position: int
    seen_at: datetime
    by: str
    batch: UUID
    revision: int
    edited_at: datetime | None
    removed: bool
    reactions: dict[str, int]
    reworded: bool


def which_looks(vault: Vault, connection: Connection[Any], interaction: UUID, limit: int = 100) -> list[Look]:
    """Every look at an interaction that counts, oldest first."""
    rows = connection.execute(
        f"""SELECT notification_id, topic, state, recorded_at, recorded_by FROM {EVENTS}
        WHERE originator_id = %(id)s AND topic LIKE 'interaction.%%' AND batch <> ALL(%(gone)s)
        ORDER BY originator_version LIMIT %(limit)s""",
        {"id": interaction, "gone": taken_back(connection), "limit": limit},
    ).fetchall()
    seen = [coding.decode(row["topic"], bytes(row["state"])) for row in rows]
    words = vault.open_all(seen)
    looks: list[Look] = []
    for row, one, now, before in zip(rows, seen, words, [None, *words], strict=False):
        if isinstance(one, InteractionRecorded | InteractionObserved):
            looks.append(_look(row, one, bool(looks) and _said(now) != _said(before)))
    return looks


def _look(row: dict[str, Any], one: InteractionRecorded | InteractionObserved, reworded: bool) -> Look:
    return Look(
        position=row["notification_id"],
        seen_at=row["recorded_at"],
        by=row["recorded_by"],
        batch=one.batch,
        revision=one.revision,
        edited_at=one.edited_at,
        removed=one.removed,
        reactions=one.reactions,
        reworded=reworded,
    )


def _said(words: msgspec.Struct | None) -> tuple[str, str] | None:
    return (words.title, words.text) if isinstance(words, Words) else None
