"""A served Kith with the sample community in it, others of a test's own, and Debian's chromium to look at them with."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from threading import Thread
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from crm import importing
from crm.installation import Installation
from crm.reading import Inputs
from crm.settings import Settings
from projections.engine import Engine
from projections.follow import Follower
from tests.browser.walk import addresses
from tests.waiting import eventually
from web.app import create_app

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]


class Served(NamedTuple):
    """The address of a Kith, what is behind it, and the engine that keeps its read tables."""

    address: str
    kith: Installation
    engine: Engine


@contextmanager
def serving(database: str, home: Path) -> Iterator[Served]:
    """A Kith on this database, served and followed as `scripts/run` does it, for as long as the block lasts."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with Installation(Settings(home=home, database_url=database, port=port)) as kith:
        engine = Engine(kith)
        engine.catch_up()
        follower = Follower(engine)
        server = uvicorn.Server(
            uvicorn.Config(create_app(kith, engine), host="127.0.0.1", port=port, log_level="warning")
        )
        thread = Thread(target=server.run, daemon=True)
        follower.start()
        thread.start()
        eventually(lambda: server.started)
        yield Served(f"http://127.0.0.1:{port}", kith, engine)
        server.should_exit = True
        thread.join(timeout=10)
        follower.stop()


@pytest.fixture(scope="session")
def site(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Kith that serves the sample community; tests leave it as it is."""
    with serving(new_database(), tmp_path_factory.mktemp("browser")) as served:
        importing.run(served.kith, "sample", Inputs(()))
        served.engine.catch_up()
        yield served.address


@pytest.fixture
def own(database: str, tmp_path: Path) -> Iterator[Served]:
    """A Kith of the test's own in which nothing has happened yet."""
    with serving(database, tmp_path) as served:
        yield served


@pytest.fixture(scope="session")
def everywhere(browser: Browser, site: str) -> list[str]:
    """One address of each family of pages."""
    context = browser.new_context()
    found = addresses(context.new_page(), site)
    context.close()
    return found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of an English reader with nothing chosen yet."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """The same without JavaScript."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for all tests; where there is none they are skipped."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no chromium on this machine; `apt install chromium` brings it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()
