"""An opened Kith on a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.installation import Installation
from tests.factories import opened


@pytest.fixture
def kith(database: str, tmp_path: Path) -> Iterator[Installation]:
    """A Kith in which nothing has happened yet."""
    with opened(database, tmp_path) as kith:
        yield kith
