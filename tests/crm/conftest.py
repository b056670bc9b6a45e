"""A terminal for those who test what is typed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.installation import Installation
from crm.ledger import verify
from crm.settings import Settings

ROOT = Path(__file__).parents[2]


class Shell:
    """A terminal in which Kith was installed."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.home = folder / "kith"
        self.running: list[subprocess.Popen[str]] = []
        self.environment = {
            **os.environ,
            "CRM_HOME": str(self.home),
            "CRM_DATABASE_URL": database,
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *words: object) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-P", "-m", "crm", *map(str, words)]
        started = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe
        )
        self.running.append(started)
        return started

    def leave(self) -> None:
        """End what still runs."""
        for started in self.running:
            started.kill()
            started.communicate()

    def type(self, *words: object, code: int = 0) -> tuple[str, str]:
        """What stood on stdout and on stderr."""
        started = self.start(*words)
        out, said = started.communicate(timeout=120)
        assert "Traceback" not in said
        assert started.returncode == code, said
        return out, said

    def ask(self, *words: object, code: int = 0) -> Any:
        """The one line of JSON that was answered."""
        out, _ = self.type(*words, "--json", code=code)
        assert out.count("\n") == 1
        return json.loads(out)

    def bring(self, *paths: object, code: int = 0) -> tuple[dict[str, Any], str]:
        """The counts of an import of commits, and what was said beside them."""
        out, said = self.type("import", "git", *paths, "--no-projections", "--json", code=code)
        return json.loads(out), said


@pytest.fixture
def shell(tmp_path: Path, database: str) -> Iterator[Shell]:
    """Whatever was typed, the log is intact in the end."""
    made = Shell(tmp_path, database)
    yield made
    made.leave()
    with Installation(Settings(home=made.home, database_url=database)) as kith, kith.connection() as connection:
        assert verify(connection, kith.signing_key).intact
