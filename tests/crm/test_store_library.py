"""Our recorder and tracking pass the library's own test cases, unchanged but for how they are constructed."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    TrackingRecorderTestCase,
)

from crm.store import Datastore, KithRecorder, KithTracking


@pytest.fixture(scope="class", autouse=True)
def empty_database(request: pytest.FixtureRequest, new_database: Any) -> None:
    request.cls.new_database = staticmethod(new_database)


class _OnPostgres:
    """Makes the recorder that a test case asks for, on a database of its own."""

    new_database: Any

    def setUp(self) -> None:
        self.datastore = Datastore(self.new_database(), pool_size=2, max_overflow=20)

    def tearDown(self) -> None:
        self.datastore.close()

    def new_originator_id(self) -> UUID:
        return uuid4()

    def create_recorder(self) -> Any:
        recorder = KithRecorder(self.datastore)
        recorder.create_table()
        return recorder


class TestApplicationRecorder(_OnPostgres, ApplicationRecorderTestCase[KithRecorder]):
    pass


class TestNonInterleaving(_OnPostgres, NonInterleavingNotificationIDsBaseCase):
    insert_num = 1000

    def create_recorder(self) -> Any:
        return _OnPostgres.create_recorder(self)


class TestTrackingRecorder(_OnPostgres, TrackingRecorderTestCase):
    def create_recorder(self) -> Any:
        tracking = KithTracking(self.datastore)
        tracking.create_table()
        return tracking


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase, TrackingRecorderTestCase
