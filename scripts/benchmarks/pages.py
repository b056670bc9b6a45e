"""Pages through real HTTP on this machine, served by a process of its own: p99 with few events and with many."""

import http.client
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from time import monotonic
from uuid import UUID

from crm.installation import Installation
from projections.engine import Engine
from scripts.benchmarks.figures import Figure, against, percentile, seconds
from scripts.benchmarks.place import Place
from scripts.benchmarks.work import filled

FEW = 10_000
ASKED = 200
"""Requests for each page; the first tenth only warms up."""


def pages(place: Place, events: int) -> list[Figure]:
    """The slow end of each page at `events` against the same at ten thousand."""
    if not importlib.util.find_spec("web.app"):
        return [Figure("pages", 0, "ms", note="not there yet: web.app")]
    few, many = measured(place, FEW), measured(place, events)
    return [
        against(f"p99 of {path}, {events:,} acts", many[path], "ms", (f"{FEW:,} acts", few[path]), 2, at_most=True)
        for path in few
    ]


def measured(place: Place, number: int) -> dict[str, float]:
    """Milliseconds at p99 for each kind of page, on a community of so many acts."""
    with place.kith() as kith:
        filled(kith, number)
        Engine(kith).catch_up()
        with served(kith) as port:
            return {kind: p99(port, paths) for kind, paths in asked_for(kith).items()}


def asked_for(kith: Installation) -> dict[str, list[str]]:
    """Paths of each kind, over many members, pairs and threads, the busiest among them."""
    with kith.connection() as connection:
        members = [
            _id(row) for row in connection.execute("SELECT member FROM members ORDER BY acts DESC, member LIMIT 100")
        ]
        threads = [_id(row) for row in connection.execute("SELECT thread FROM threads ORDER BY thread LIMIT 100")]
        pairs = [
            (row["member"], row["other"])
            for row in connection.execute("SELECT member, other FROM ties ORDER BY given DESC, member, other LIMIT 100")
        ]
    return {
        "/": ["/"],
        "/timeline": ["/timeline"],
        "/timeline?kind=posted": ["/timeline?kind=posted"],
        "/members": ["/members"],
        "/members/ID": [f"/members/{one}" for one in members],
        "/members/ID?kind=replied": [f"/members/{one}?kind=replied" for one in members],
        "/members/ID/score/advocacy": [f"/members/{one}/score/advocacy" for one in members],
        "/relationships/ID/ID": [f"/relationships/{one}/{other}" for one, other in pairs],
        "/threads/ID": [f"/threads/{one}" for one in threads],
    }


def p99(port: int, paths: list[str]) -> float:
    """Milliseconds; each answer must be 200, or there is nothing to measure."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(path: str) -> None:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}.")

    taken = [seconds(partial(ask, paths[each % len(paths)])) for each in range(ASKED)]
    connection.close()
    return percentile(taken[ASKED // 10 :], 99) * 1000


@contextmanager
def served(kith: Installation) -> Iterator[int]:
    """The port on which a server of its own process answers."""
    environment = {**os.environ, "CRM_DATABASE_URL": kith.conninfo, "CRM_HOME": str(kith.settings.home)}
    command = [sys.executable, "-m", "crm", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            yield _port(server)
        finally:
            server.terminate()


def _port(server: "subprocess.Popen[str]") -> int:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            port = int(found[1])
            _wait(port)
            return port
    raise SystemExit("The server did not start.")


def _wait(port: int) -> None:
    deadline = monotonic() + 60
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
        except OSError:
            if monotonic() > deadline:
                raise
            Event().wait(0.05)
        else:
            return


def _id(row: dict[str, UUID]) -> UUID:
    return next(iter(row.values()))
