"""Whom a member has most to do with, by name."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from projections import identities, relationships
from projections.identities import Identity
from projections.relationships import Tie


class Close(msgspec.Struct):
    """Somebody a member has to do with."""

    who: Identity
    tie: Tie


def who_is_close_to(connection: Connection[Any], accounts: list[UUID], limit: int, offset: int = 0) -> list[Close]:
    """Whom a member with these accounts has most to do with, the closest first; asked in two questions."""
    ties = relationships.who_is_close(connection, accounts, datetime.now(UTC).date(), limit, offset=offset)
    called = identities.what_are_they_called(connection, [tie.other for tie in ties])
    return [Close(called[tie.other], tie) for tie in ties if tie.other in called]
