"""A site over a community of its own: what is brought in shows at once, as it does for people."""

from collections.abc import Iterator
from csv import DictReader
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from litestar.testing import TestClient

from crm.activity import Activity
from crm.importing import Progress
from crm.installation import Installation
from projections.engine import Engine
from tests.factories import bring, opened, someone
from web.app import create_app


class Site(NamedTuple):
    """A browser (`client`), the Kith behind it, and the engine that keeps its read tables."""

    client: TestClient[Any]
    kith: Installation
    engine: Engine

    def bring(self, *acts: Activity) -> Progress:
        """Import these acts and let the pages know of them."""
        progress = bring(self.kith, acts)
        self.engine.catch_up()
        return progress

    def who(self, name: str) -> UUID:
        """The id of somebody whom `tests.factories.someone` made."""
        return self.kith.ids.make("identity", "forum", "forum.example", someone(name).uid)

    def act(self, key: str) -> UUID:
        """The id of the interaction with this key."""
        return self.kith.ids.make("interaction", "forum", "forum.example", key)

    def thread(self, key: str) -> UUID:
        """The id of the thread with this key."""
        return self.kith.ids.make("thread", "forum", "forum.example", key)

    def page(self, path: str, status: int = 200, **headers: str) -> str:
        """What stands at an address, as a whole page."""
        answer = self.client.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    def part(self, path: str) -> str:
        """What htmx gets at an address."""
        return self.page(path, **{"HX-Request": "true", "HX-Request-Type": "partial"})

    def json(self, path: str) -> Any:
        """The data of a page."""
        return self.client.get(f"{path}{'&' if '?' in path else '?'}as=json").json()

    def csv(self, path: str) -> list[dict[str, str]]:
        """The rows of a page as a spreadsheet opens them."""
        text = self.client.get(f"{path}{'&' if '?' in path else '?'}as=csv").text
        return list(DictReader(StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[Site]:
    """A site in which nothing has happened yet, asked in English."""
    with opened(database, tmp_path) as kith:
        engine = Engine(kith)
        engine.catch_up()
        port = kith.settings.port
        with TestClient(create_app(kith, engine), base_url=f"http://127.0.0.1:{port}") as client:
            client.headers["Accept-Language"] = "en"
            yield Site(client, kith, engine)
