"""The engine steps projections along the log: window by window, rows and position in one transaction, so exactly once.

Any process may step any projection at any time; a lock for each makes them take turns, and whoever comes second finds
the work done. So a page that waits for its own command simply steps what it is about to read.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import compress
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

from eventsourcing.persistence import Tracking
from psycopg import Connection

from crm.append import read_head
from crm.imports import TAKEN_BACK
from crm.installation import Installation, alone
from crm.store import EVENTS, KithTracking
from projections import projections, rebuild, state
from projections.projection import Projection, Window
from projections.standing import where_do_they_stand
from projections.state import State

AT_ONCE = 2
"""Projections stepped at the same time: the work is the server's, and it has a process for each."""

Tell = Callable[[str, int, int], None]
"""Hears the name of a projection, the position it has come to, and the one it is going to."""


class Stopped(NamedTuple):
    """The event that a projection could not take in, and what it raised."""

    position: int
    error: Exception


class Engine:
    """Keeps the read tables of one installation: makes them, brings them to the head of the log, rebuilds them."""

    def __init__(
        self,
        kith: Installation,
        known: Iterable[Projection] | None = None,
        tell: Tell = lambda name, position, target: None,
    ) -> None:
        self.kith = kith
        self.projections = {one.name: one for one in (projections().values() if known is None else known)}
        self.tell = tell
        with kith.connection() as connection, alone(connection):
            self.tracking: KithTracking = kith.log.construct_tracking()
            connection.execute(state.SCHEMA)

    def head(self) -> int:
        """The last position of the log."""
        with self.kith.connection() as connection:
            return read_head(connection, EVENTS).size

    def is_behind(self) -> bool:
        """Whether any projection that did not stop has something to take in; one question, so that it may be asked often."""
        with self.kith.connection() as connection:
            head = read_head(connection, EVENTS).size
            standings = where_do_they_stand(connection, list(self.projections))
        return any(one.position < head and not one.error for one in standings)

    def catch_up(self, *names: str) -> None:
        """Bring these projections (or all) to where the log ends now; one that stopped stays where it is."""
        target = self.head()
        wanted = sorted((self.projections[name] for name in names or self.projections), key=lambda one: -one.cost)
        if len(wanted) == 1:
            rebuilt = [self.step(wanted[0], target)]
        else:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                rebuilt = list(threads.map(lambda projection: self.step(projection, target), wanted))
        for projection in compress(wanted, rebuilt):
            with self.kith.connection() as connection:
                projection.tidy(connection, State.of(connection, projection.name).live)

    def step(self, projection: Projection, target: int) -> bool:
        """Bring one projection to `target`; rebuilds it, and says so, where its code changed or an import was taken back since."""
        rebuilt = False
        while True:
            with self.kith.connection() as connection, connection.transaction():
                now, lo, gone = self._standing(connection, projection)
                if (now.version == projection.version and lo >= target) or (
                    now.error and now.failed_version == projection.version
                ):
                    return rebuilt
                hi = min(lo + projection.window, target)
                stale = now.version != projection.version or any(lo < position <= hi for position in gone)
                counted = [batch for position, batch in gone.items() if position <= hi]
                if not stale and (stopped := self.advance(connection, projection, now.live, lo, hi, counted)):
                    state.stop(connection, projection.name, projection.version, *stopped)
            if stale:
                rebuild.rebuild(self, projection)
                rebuilt = True
            else:
                self.tell(projection.name, hi, target)

    def position(self, connection: Connection[Any], projection: Projection, suffix: str) -> int:
        """How far the tables of this suffix have come."""
        with connection.cursor() as cursor:
            return self.tracking._max_tracking_id(f"{projection.name} {suffix}", cursor) or 0  # noqa: SLF001 - in this transaction

    def _standing(self, connection: Connection[Any], projection: Projection) -> tuple[State, int, dict[int, UUID]]:
        """With the lock held: the state, the position, and the imports taken back by the position where that stands.

        Sent together, since a click waits for each trip to the server.
        """
        with connection.pipeline():
            self.lock(connection, projection)
            standing = state.ask(connection, projection.name)
            gone = connection.execute(TAKEN_BACK)
        now, position = state.told(standing)
        return now, position, {row["notification_id"]: row["batch"] for row in gone}

    def lock(self, connection: Connection[Any], projection: Projection) -> None:
        """Take turns with whoever else steps this projection, until the transaction ends."""
        connection.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": crc32(projection.name.encode())})

    def fold(
        self,
        connection: Connection[Any],
        projection: Projection,
        suffix: str,
        lo: int,
        hi: int,
        gone: list[UUID],
        *,
        fresh: bool = False,
    ) -> None:
        """Rows and position of a window, together. Imports in `gone` do not count; `fresh` tables are empty, without keys."""
        with connection.cursor() as cursor:
            projection.fold(Window(cursor, projection.physical(suffix), lo, hi, gone, self.kith.vault, fresh))
            self.tracking._insert_tracking(cursor, Tracking(f"{projection.name} {suffix}", hi))  # noqa: SLF001 - in this transaction

    def advance(
        self, connection: Connection[Any], projection: Projection, suffix: str, lo: int, hi: int, gone: list[UUID]
    ) -> Stopped | None:
        """Fold a window; where it fails, halve it until the event that cannot be taken in stands alone, and stop before that."""
        try:
            with connection.transaction():
                self.fold(connection, projection, suffix, lo, hi, gone)
        except Exception as error:  # noqa: BLE001 - whatever a projection raises stops it alone
            if hi - lo == 1:
                return Stopped(hi, error)
            middle = (lo + hi) // 2
            return self.advance(connection, projection, suffix, lo, middle, gone) or self.advance(
                connection, projection, suffix, middle, hi, gone
            )
        return None
