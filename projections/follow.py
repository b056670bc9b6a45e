"""Following the log live: one thread that steps all projections when something was appended, and looks each second anyway.

A wake-up can be missed (a notification sent while LISTEN starts, a dropped connection); the look each second is what the
promise rests on, the wake-up is what makes it quick.
"""

import logging
from threading import Event, Thread
from time import sleep

import psycopg

from crm.store import EVENTS
from projections.engine import Engine

log = logging.getLogger(__name__)


class Follower:
    """Runs from `start` to `stop`; survives a database that goes away and comes back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="projections", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._follow()
            except Exception:
                log.exception("The projections lost the database; trying again in a second.")
                sleep(1)

    def _follow(self) -> None:
        with psycopg.connect(self._engine.kith.conninfo, autocommit=True) as connection:
            connection.execute(f"LISTEN {EVENTS}")
            self._engine.catch_up()
            while not self._stopped.is_set():
                if self._engine.is_behind():
                    self._engine.catch_up()
                for _ in connection.notifies(timeout=1, stop_after=1):
                    pass
