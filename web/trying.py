"""Trying a version out: two versions counted on the same days behind the page's back, so that it can be left and come back to.

Within an hour nothing is counted again, whatever colleagues write down meanwhile, unless an import ended; what is older is shown
while it is counted anew.
"""

import logging
from datetime import UTC, date, datetime
from threading import Lock, Thread

import msgspec
from psycopg import Connection

from crm.installation import Installation
from projections.comparing import count_both
from projections.imports import which_imports
from projections.scores import Version
from projections.standing import where_do_they_stand
from projections.standings import Counting, fingerprint, which_countings
from web.counting import AGED
from web.page import Asked, engine, kith

log = logging.getLogger(__name__)

MOMENT = 0.5
"""Seconds that a page waits for a trial: a small community is counted by then."""

Pair = tuple[Version, Version]
_Key = tuple[str, str, str, tuple[date, ...]]


class Progress(msgspec.Struct):
    """How many of `total` days of both versions are counted. `failed`: it broke off, and begins again when asked once more."""

    done: int
    total: int
    failed: bool = False


class Kept(msgspec.Struct):
    """What is counted of both versions: by day, each in its own dictionary."""

    one: dict[date, Counting]
    two: dict[date, Counting]

    @property
    def all(self) -> list[Counting]:
        """Every one of them."""
        return [*self.one.values(), *self.two.values()]

    def countings(self, days: list[date]) -> tuple[list[int], list[int]] | None:
        """Those of these days, as a comparison takes them; None where one is missing."""
        if not all(day in each for each in (self.one, self.two) for day in days):
            return None
        return [self.one[day].counting for day in days], [self.two[day].counting for day in days]


_under_way: dict[_Key, tuple[Progress, Thread]] = {}
_lock, _turn = Lock(), Lock()


def what_is_kept(connection: Connection[object], pair: Pair, days: list[date]) -> Kept:
    """What was counted of these days, however long ago."""
    return Kept(which_countings(connection, pair[0], days), which_countings(connection, pair[1], days))


def see_to_it(request: Asked, pair: Pair, days: list[date], patience: float) -> Progress | None:
    """See that both versions are counted on these days; how far that is after so many seconds, None where all is there."""
    installation = kith(request)
    with installation.connection() as connection:
        kept = what_is_kept(connection, pair, days)
        standing = where_do_they_stand(connection, list(engine(request).projections))
        imports = which_imports(connection, limit=20)
    head = min((one.position for one in standing if not one.error), default=0)
    ended = [moment for one in imports for moment in (one.finished_at, one.taken_back_at) if moment]
    good = max([datetime.now(UTC) - AGED, *ended])
    is_old = any(one.position < head and one.at < good for one in kept.all)
    if kept.countings(days) and not is_old:
        return None
    upto = head if is_old else min((one.position for one in kept.all), default=head)
    return _go_on(installation, pair, days, upto, patience)


def _go_on(installation: Installation, pair: Pair, days: list[date], upto: int, patience: float) -> Progress | None:
    """Begin, unless it is under way; wait a while, and tell how far it is."""
    key = (installation.conninfo, fingerprint(pair[0]), fingerprint(pair[1]), tuple(days))
    with _lock:
        if key not in _under_way:
            progress = Progress(0, 2 * len(days))
            worker = Thread(
                target=_work, args=(installation, pair, days, upto, key, progress), name="trial", daemon=True
            )
            _under_way[key] = progress, worker
            worker.start()
        progress, worker = _under_way[key]
    worker.join(patience)
    with _lock:
        return _under_way.pop(key, (progress,))[0] if progress.failed else progress if key in _under_way else None


def _work(installation: Installation, pair: Pair, days: list[date], upto: int, key: _Key, progress: Progress) -> None:
    """One trial at a time, for each takes two connections and all that the database can do."""

    def hear(done: int, total: int) -> None:
        progress.done, progress.total = done, total

    try:
        with _turn:
            count_both(installation, *pair, days, upto, hear)
    except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits is told
        log.error("A trial of %s broke off: %s", pair[1].name, type(error).__name__)  # noqa: TRY400 - its words may hold data
        progress.failed = True
        return
    with _lock:
        del _under_way[key]
