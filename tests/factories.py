"""Builders for tests that speak of people and what they did, and an import of what they built."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Place, Refused, Who, Whom
from crm.bulk import Bulk, Stored
from crm.importing import Progress
from crm.imports import Import
from crm.installation import Installation
from crm.intake import Intake
from crm.reading import Inputs
from crm.settings import Settings

NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)
HALL = Place("1", "The hall", "https://forum.example/c/1")
_numbers = count(1)


def opened(database: str, home: Path) -> Installation:
    """A Kith on an empty database, its master key in `home`."""
    return Installation(Settings(home=home, database_url=database))


def someone(name: str) -> Who:
    """An account whose uid is made of the name."""
    return Who(uid=f"uid-{name}", login=name, name=f"{name.title()} Example", email=f"{name}@example.org")


def an_act(kind: str = "posted", *, by: str | None = "ann", **more: Any) -> Activity:
    """Somebody did something in the hall, at noon unless said otherwise, under a key of its own."""
    known = {
        "key": f"{kind}/{next(_numbers)}",
        "at": NOON,
        "place": HALL,
        "text": "Hello.",
        "who": by and someone(by),
    } | more
    return Activity(source="forum", host="forum.example", kind=kind, own_kind=kind, **known)


def a_reply(*, by: str = "ben", to: str = "ann", **more: Any) -> Activity:
    """Somebody answered somebody."""
    return an_act("replied", by=by, whom=(Whom(someone(to), "replied"),), **more)


def a_mention(*, by: str = "ben", of: Iterable[str] = ("ann",), **more: Any) -> Activity:
    """Somebody named others in a post."""
    return an_act("posted", by=by, whom=tuple(Whom(someone(name), "mentioned") for name in of), **more)


def acts() -> st.SearchStrategy[Activity]:
    """Anything few people may do within some days: with nobody known, to themselves, to one person twice, changed later."""
    people = st.sampled_from(["ann", "ben", "chi", "dũng"])
    roles = st.sampled_from(["replied", "mentioned", "thanked"])
    return st.builds(
        an_act,
        st.sampled_from(["posted", "replied", "reacted"]),
        by=st.none() | people,
        key=st.integers(1, 8).map(str),
        at=st.integers(0, 4_000).map(lambda hours: NOON + timedelta(hours=hours)),
        whom=st.lists(st.builds(Whom, people.map(someone), roles), max_size=3).map(tuple),
        place=st.none() | st.sampled_from([HALL, Place("2", "The yard"), Place("2", "The court")]),
        thread=st.sampled_from(["", "t1", "t2"]),
        text=st.sampled_from(["Hello.", "Hello!", "Xin chào"]),
        reactions=st.sampled_from([{}, {"heart": 1}, {"heart": 2}]),
    )


class Brought:
    """A source that yields what it was given."""

    NAME = "brought"

    def __init__(self, found: Iterable[Activity | Refused]) -> None:
        self._found = found

    def read(self, _: Inputs) -> Iterator[Activity | Refused]:
        yield from self._found


def bring(
    kith: Installation, found: Iterable[Activity | Refused], tell: Callable[[Progress], None] = lambda _: None
) -> Progress:
    """Import these acts as a file of a source would be."""
    with patch.object(importing, "find_source", return_value=Brought(found)):
        return importing.run(kith, "brought", Inputs(()), by="tests", tell=tell)


def store(kith: Installation, found: Iterable[Activity], run: Import | None = None) -> Stored:
    """Seal and store these acts as one batch, without the import around it; safe from many threads."""
    batch = (run or Import.start("brought", ())).id
    return Bulk(kith.log, kith.vault, "import brought").store(Intake(kith.ids, batch).drafts(found))


def take_back(kith: Installation, progress: Progress) -> None:
    """Let an import count no more."""
    run: Import = kith.log.repository.get(progress.batch)
    run.take_back()
    kith.log.save(run, by="tests")


def rows(kith: Installation, query: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a query answers."""
    with kith.connection() as connection:
        return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]
