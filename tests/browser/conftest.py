"""A served Kith with the sample community in it, and Debian's chromium to look at it with."""

import shutil
from collections.abc import Callable, Iterator
from socket import socket
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from crm import importing
from crm.installation import Installation
from crm.reading import Inputs
from crm.settings import Settings
from projections.engine import Engine
from tests.waiting import eventually
from web.app import create_app

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def site(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Kith that serves the sample community."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    settings = Settings(home=tmp_path_factory.mktemp("browser"), database_url=new_database(), port=port)
    with Installation(settings) as kith:
        importing.run(kith, "sample", Inputs(()))
        engine = Engine(kith)
        engine.catch_up()
        server = uvicorn.Server(
            uvicorn.Config(create_app(kith, engine), host="127.0.0.1", port=port, log_level="warning")
        )
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        eventually(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(timeout=10)


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
