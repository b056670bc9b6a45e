"""The library as it comes: its aggregates, its JSON, its recorder, its projection runner, on the same server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import singledispatchmethod
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict

from crm.interactions import InteractionRecorded, Words


class Interaction(Aggregate):
    """One interaction as the library's tutorial would keep it."""

    @event("Recorded")
    def __init__(
        self, occurred_at: datetime, kind: str, actor: UUID, targets: list[UUID], place: UUID, thread: UUID, text: str
    ) -> None:
        self.occurred_at = occurred_at
        self.kind = kind
        self.actor = actor
        self.targets = targets
        self.place = place
        self.thread = thread
        self.text = text


class Interactions(Application[UUID]):
    """The library's application."""


def made_of(fact: InteractionRecorded, words: Words) -> Interaction:
    """The same interaction as an aggregate of the library."""
    known: dict[str, Any] = {"actor": fact.actor, "place": fact.place, "thread": fact.thread}
    return Interaction(fact.occurred_at, fact.kind, targets=list(fact.targets), text=words.text, **known)


def environment(conninfo: str) -> dict[str, str]:
    """What the library wants to be told of a database."""
    parts = conninfo_to_dict(conninfo)
    named = {name: str(parts.get(name) or "") for name in ("dbname", "host", "port", "user", "password")}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        **{f"POSTGRES_{name.upper()}": value for name, value in named.items()},
    }


@contextmanager
def application(conninfo: str) -> Iterator[Interactions]:
    """The library's application, open."""
    opened = Interactions(environment(conninfo))
    try:
        yield opened
    finally:
        opened.close()


class Counter(PostgresTrackingRecorder):
    """A trivial view: how many there were, kept by the tracking itself."""

    def count(self, tracking: Tracking) -> None:
        """One more."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)


class Counting(Projection[Counter]):
    """The least that a projection of the library can do for an event."""

    name = "counting"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(tracking)


def run_through(conninfo: str, last: int) -> TrackingRecorder:
    """Let the runner come to the last position."""
    with ProjectionRunner(
        application_class=Interactions, projection_class=Counting, view_class=Counter, env=environment(conninfo)
    ) as runner:
        runner.wait(last, timeout=600)
        return runner.view
