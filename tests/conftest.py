"""One PostgreSQL for a whole run (the embedded one, or CRM_DATABASE_URL), and a fresh database for whoever asks."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo

from crm import embedded
from crm.installation import Installation
from tests.factories import opened

# No test may depend on how fast a machine is, nor on luck: `--hypothesis-profile explore` looks for what nobody thought of.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same each time", settings.get_profile("explore"), derandomize=True)
settings.load_profile("same each time")

DATA = Path(__file__).parents[1] / "../shared/data"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Conninfo of a running server on which databases may be made."""
    if url := os.environ.get("CRM_DATABASE_URL"):
        yield url
        return
    home = tmp_path_factory.mktemp("kith")
    yield embedded.start(home, lambda sentence: None)
    embedded.remove(home)


def dropped(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def made(server: str) -> str:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return name


@pytest.fixture(scope="session")
def new_database(server: str) -> Iterator[Callable[[], str]]:
    """A function that makes an empty database and returns its conninfo; all are dropped at the end."""
    names: list[str] = []

    def make() -> str:
        names.append(made(server))
        return make_conninfo(server, dbname=names[-1])

    yield make
    for name in names:
        dropped(server, name)


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """Conninfo of an empty database that is gone afterwards."""
    name = made(server)
    yield make_conninfo(server, dbname=name)
    dropped(server, name)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real communities; tests that need it are skipped where it is absent."""
    if not DATA.exists():
        pytest.skip("the real communities (../shared/data) are not on this machine")
    return DATA


@pytest.fixture
def kith(database: str, tmp_path: Path) -> Iterator[Installation]:
    """An opened Kith in which nothing has happened yet, on a database of its own."""
    with opened(database, tmp_path) as found:
        yield found
