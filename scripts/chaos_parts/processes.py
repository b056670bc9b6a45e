"""The processes that are killed: importers and servers as people start them, and the PostgreSQL that they brought along."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import psycopg

from crm import embedded

PATIENCE = 120
"""Seconds in which whatever was killed must have come back."""


class Home:
    """A Kith of its own in a folder: `crm` commands, a server, a database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
        self._environment = {**kept, "CRM_HOME": str(folder)}

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A `crm` command, begun."""
        command = [sys.executable, "-m", "crm", *words]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *words: str) -> Any:
        """What a `crm` command answers with --json; the end of all when it does not succeed."""
        with self.start(*words, "--json") as process:
            out, err = process.communicate(timeout=600)
        if process.returncode:
            raise SystemExit(f"crm {' '.join(words)} ended with {process.returncode}: {err}{out}")
        return json.loads(out)

    def kill_postgres(self) -> None:
        """Kill -9 of the database's first process; the others notice and end."""
        with psycopg.connect(self.conninfo()) as connection:
            asked = ["ps", "-o", "ppid=", "-p", str(connection.info.backend_pid)]
            found = subprocess.run(asked, check=True, capture_output=True, text=True)
            os.kill(int(found.stdout), signal.SIGKILL)

    def conninfo(self) -> str:
        """The database, started where it is not running."""
        return embedded.start(self.folder, lambda _: None)


class Server:
    """`crm serve`, on a free port."""

    def __init__(self, home: Home) -> None:
        self.process = home.start("serve", "--port", "0")
        assert self.process.stderr is not None
        self._port = 0
        for line in self.process.stderr:
            if found := re.search(r"127\.0\.0\.1:(\d+)", line):
                self._port = int(found[1])
                break
        else:
            raise SystemExit("The server did not start.")

    def must_answer(self) -> None:
        """The end of all unless the first page comes within the patience."""
        deadline = monotonic() + PATIENCE
        while self._status() != http.client.OK:
            if monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("The server no longer answers.")
            Event().wait(0.1)

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.communicate()

    def _status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()
