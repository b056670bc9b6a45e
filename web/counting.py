"""Standings as pages show them: what is kept is shown at once, and counted anew behind the page's back when the log went on.

So nobody waits for a recount because a colleague wrote a note; only what was never counted is counted while the page is asked for.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Lock, Thread
from typing import Any

from psycopg import Connection

from crm.installation import Installation
from projections import standings
from projections.scores import Version
from projections.standing import where_do_they_stand
from projections.standings import Counting, fingerprint, which_countings
from web.page import Asked, engine, kith

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=1)
"""So long a counting is good whatever happened since."""

AGED = timedelta(hours=1)
"""The same of earlier days, which are only compared with."""

_busy: set[tuple[str, str]] = set()
_turn = Lock()


def standing_of(request: Asked, version: Version, day: date) -> Counting:
    """The scores of a day: as they are kept, else counted now. What is kept and old is counted anew for whoever comes next."""
    with kith(request).connection() as connection:
        known, head = which_countings(connection, version, [day]).get(day), _how_far(request, connection)
        if known is None:
            return standings.count(connection, version, [day], head)[day]
    if _is_old(known, head, FRESH):
        _count_later(kith(request), version, [day], head)
    return known


def earlier_standings(request: Asked, version: Version, days: Sequence[date]) -> dict[date, Counting]:
    """What is kept of days that a page can do without; the others are counted for whoever comes next."""
    with kith(request).connection() as connection:
        known, head = which_countings(connection, version, days), _how_far(request, connection)
    wanting = [day for day in days if day not in known or _is_old(known[day], head, AGED)]
    if wanting:
        _count_later(kith(request), version, wanting, head)
    return known


@contextmanager
def at_one_moment(connection: Connection[Any]) -> Iterator[None]:
    """Questions within are answered as of one moment, so that a recount does not take away what was begun to be read."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _how_far(request: Asked, connection: Connection[Any]) -> int:
    """The position that all read tables have come to, those left out that stopped."""
    known = where_do_they_stand(connection, list(engine(request).projections))
    return min((one.position for one in known if not one.error), default=0)


def _is_old(known: Counting, head: int, fresh: timedelta) -> bool:
    return known.position < head and datetime.now(UTC) - known.at > fresh


def _count_later(kith: Installation, version: Version, days: list[date], head: int) -> None:
    """Count in a thread, of each version one at a time: who comes while it is at work is shown what is kept."""
    which = (kith.conninfo, fingerprint(version))
    with _turn:
        if which in _busy:
            return
        _busy.add(which)
    Thread(target=_count, args=(kith, version, days, head, which), name=f"scores {version.name}", daemon=True).start()


def _count(kith: Installation, version: Version, days: list[date], head: int, which: tuple[str, str]) -> None:
    try:
        with kith.connection() as connection:
            standings.count(connection, version, days, head)
    except Exception as error:  # noqa: BLE001 - a page can do without; what the database says of it may hold personal data
        log.error("%s could not be counted: %s", version.name, type(error).__name__)  # noqa: TRY400
    finally:
        with _turn:
            _busy.discard(which)
