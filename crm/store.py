"""The only file that wires the `eventsourcing` library to PostgreSQL: our recorder, mapper and tracking, and the log itself.

Everything else of Kith sees `Log`: the library's Application, whose events table has typed columns and Merkle leaves.
"""

from collections.abc import Iterable, Sequence
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    BaseInfrastructureFactory,
    InfrastructureFactory,
    Mapper,
    StoredEvent,
    WaitInterruptedError,
)
from eventsourcing.postgres import (
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
    PostgresSubscription,
    PostgresTrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composed

from crm import coding, wire
from crm.append import Entry, append, read_head, schema
from crm.event import REGISTRY, Columns, Event
from crm.writer import Writer

NAME = "kith"
EVENTS = f"{NAME}_events"
TRACKING = f"{NAME}_tracking"


class Datastore(PostgresDatastore):
    """The library's pool on whatever a conninfo string says, options that the library does not know included."""

    def __init__(self, conninfo: str, *, pool_size: int = 1, max_overflow: int = 15) -> None:
        parts: dict[str, Any] = conninfo_to_dict(conninfo)
        super().__init__(
            dbname=parts.pop("dbname", ""),
            host=parts.pop("host", ""),
            port=parts.pop("port", ""),
            user=parts.pop("user", ""),
            password=parts.pop("password", ""),
            pool_size=pool_size,
            max_overflow=max_overflow,
            connect_timeout=30,
            idle_in_transaction_session_timeout=60,
        )
        assert isinstance(self.pool.kwargs, dict)
        self.pool.kwargs.update(parts)
        self.pool.kwargs |= {name: None for name in ("host", "port", "user", "password") if not self.pool.kwargs[name]}


class KithMapper(Mapper[UUID]):
    """Events as msgpack under their topics; older versions are led up to today's as they are read."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        assert isinstance(domain_event, Event)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.TOPIC,
            state=coding.encode(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        return coding.decode(stored_event.topic, stored_event.state)


def packed(decided: Event, by: str) -> Entry:
    """An event as a row to append, without the library's detour over a stored event."""
    state = coding.encode(decided)
    tail = wire.tail(decided.originator_id, decided.originator_version, decided.TOPIC, state, by, decided.columns())
    return tail, decided.MODERATION


def entry(stored: StoredEvent, by: str) -> Entry:
    """A stored event as a row to append, its typed columns read from the event that it holds."""
    known = REGISTRY.get(stored.topic)
    columns = coding.decode(stored.topic, stored.state).columns() if known else Columns()
    stream = stored.originator_id if isinstance(stored.originator_id, UUID) else UUID(stored.originator_id)
    tail = wire.tail(stream, stored.originator_version, stored.topic, stored.state, by, columns)
    return tail, known is not None and known.MODERATION


class KithSubscription(PostgresSubscription):
    """The library's subscription, which also looks each second: it can miss an event written while LISTEN starts."""

    def _loop_on_pull(self) -> None:
        try:
            self._pull()
            while not self._has_been_stopped:
                self._has_been_notified.wait(timeout=1)
                self._pull()
        except BaseException as error:  # noqa: BLE001 - whoever iterates hears of it
            self._thread_error = self._thread_error or error
            self.stop()


class KithRecorder(PostgresApplicationRecorder):
    """The library's recorder over our table: typed columns on every path, positions without gaps, appends gathered."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = EVENTS) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.sql_create_statements: list[Composed] = [SQL(text).format() for text in schema(events_table_name)]
        self._writer = Writer(self.append)

    def insert_events(self, stored_events: Sequence[StoredEvent], *, by: str = "", **_: Any) -> Sequence[int] | None:
        """Append what the library hands over; `by` says who decided it. The positions, in order."""
        if not stored_events:
            return None
        return self._writer.append([entry(stored, by) for stored in stored_events])

    def append(self, entries: Iterable[Entry], moments: Sequence[int] | None = None) -> int:
        """Append prepared rows in one transaction and return the last position; the library's IntegrityError for a known one.

        `moments` as in `crm.append`.
        """
        with self.datastore.get_connection() as connection:
            return append(connection, self.events_table_name, entries, moments)

    def max_notification_id(self) -> int | None:
        with self.datastore.get_connection() as connection:
            return read_head(connection, self.events_table_name).size or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> KithSubscription:
        """The events after position `gt`, those of these topics or all, as they come, without an end."""
        return KithSubscription(recorder=self, gt=gt, topics=topics)


class KithTracking(PostgresTrackingRecorder):
    """The library's tracking, with a wait that looks again after a millisecond, then ever more rarely up to twenty."""

    def wait(
        self,
        application_name: str,
        notification_id: int | None,
        timeout: float = 1.0,
        interrupt: Any = None,
    ) -> None:
        deadline, pause = monotonic() + timeout, 0.001
        while not self.has_tracking_id(application_name, notification_id):
            if interrupt is not None and interrupt.is_set():
                raise WaitInterruptedError
            if monotonic() > deadline:
                raise TimeoutError(f"{application_name} has not come to position {notification_id} in {timeout} s.")
            sleep(pause)
            pause = min(pause * 1.5, 0.02)


class _Factory(PostgresFactory):
    """The library's factory on a datastore made elsewhere."""

    def __init__(self, env: Environment, datastore: PostgresDatastore) -> None:
        BaseInfrastructureFactory.__init__(self, env)
        self.datastore = datastore


class Log(Application[UUID]):
    """The log. `save(aggregate, by=…)` appends what was decided; `recorder`, `repository` are the library's."""

    name = NAME
    recorder: KithRecorder

    def __init__(self, conninfo: str, env: EnvType | None = None) -> None:
        self._conninfo = conninfo
        super().__init__(env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return _Factory(env, Datastore(self._conninfo))

    def construct_mapper(self) -> Mapper[UUID]:
        return KithMapper(self.construct_transcoder())

    def construct_recorder(self) -> KithRecorder:
        recorder = KithRecorder(self.factory.datastore)  # type: ignore[attr-defined]
        recorder.create_table()
        return recorder

    def construct_tracking(self) -> KithTracking:
        """The table in which followers keep how far they have come."""
        tracking = KithTracking(self.recorder.datastore, tracking_table_name=TRACKING)
        tracking.create_table()
        return tracking

    def connection(self) -> Any:
        """A pooled connection in autocommit; rows come as dictionaries."""
        return self.recorder.datastore.pool.connection()
