"""GH Archive hours: one event of anybody's on a line, in the shape of the REST events API."""

import re
from collections.abc import Iterator

import msgspec

from crm.activity import Activity
from crm.github.event import Event
from crm.github.events import told
from crm.github.place import Repo, locate
from crm.github.shapes import ArchiveEvent
from crm.reading import Row

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

_event = msgspec.json.Decoder(ArchiveEvent).decode


def archived(row: Row, host: str) -> Iterator[Activity]:
    """What one line tells of. `PullRequestReviewEvent` is the webhook's `pull_request_review`."""
    found = _event(row.raw)
    place = locate(found.repo.url, host)
    event = Event(
        kind=HUMP.sub("_", found.type.removesuffix("Event")).lower(),
        id=f"archive:{found.id}",
        repo=Repo(place[0].host if place else host or "github.com", found.repo.name),
        repo_id=found.repo.id,
        sender=found.actor,
        at=found.created_at,
        payload=found.payload,
    )
    yield from told(event)
