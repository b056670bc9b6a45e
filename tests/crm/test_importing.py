"""Running an import: counts that add up, twice is once, and what cannot be read or cannot be true is told."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import importing
from crm.activity import Activity, Refused
from crm.errors import Refusal
from crm.imports import Import
from crm.installation import Installation
from crm.interactions import Words
from crm.reading import Inputs
from crm.store import EVENTS
from crm.vault import open_sealed
from tests.factories import a_mention, a_reply, acts, an_act, bring, opened, rows


@pytest.fixture(scope="module")
def shared(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One Kith for all the examples of a property."""
    with opened(new_database(), tmp_path_factory.mktemp("shared")) as kith:
        yield kith


def size(kith: Installation) -> int:
    return kith.log.recorder.max_notification_id() or 0


@settings(max_examples=50, deadline=None)
@given(st.lists(acts(), max_size=12))
def test_importing_twice_is_importing_once(shared: Installation, found: list[Activity]) -> None:
    first = bring(shared, found)
    before = size(shared)
    second = bring(shared, found)
    assert size(shared) == before + 2  # that it began and that it ended
    assert (second.recorded, second.changed, second.known) == (0, 0, len(found))
    assert first.read == first.recorded + first.known == len(found)


@settings(max_examples=50, deadline=None)
@given(st.lists(acts(), max_size=8), st.data())
def test_the_order_and_the_cut_of_files_do_not_matter(
    shared: Installation, found: list[Activity], data: st.DataObject
) -> None:
    bring(shared, found)
    before = size(shared)
    shuffled = data.draw(st.permutations(found))
    cut = data.draw(st.integers(0, len(found)))
    bring(shared, shuffled[:cut])
    bring(shared, shuffled[cut:])
    assert size(shared) == before + 4


def test_an_import_tells_what_came_of_it(kith: Installation) -> None:
    refused = Refused("posts.json", 3, "this is not valid JSON", b"{oops")
    too_late = an_act(at=datetime.now(UTC) + timedelta(days=3))
    unknown = an_act("danced")
    heard: list[int] = []
    progress = bring(kith, [an_act(), refused, a_reply(), too_late, unknown], tell=lambda one: heard.append(one.read))
    assert (progress.read, progress.recorded, progress.refused, progress.known) == (5, 2, 3, 0)
    assert heard[-1] == 5
    run: Import = kith.log.repository.get(progress.batch)
    assert run.finished
    kept = rows(kith, "SELECT line, reason FROM refused_rows ORDER BY number")
    assert kept[0] == {"line": 3, "reason": "this is not valid JSON"}
    assert "before 1970 or after tomorrow" in kept[1]["reason"]
    assert "“danced” is no kind of interaction" in kept[2]["reason"]
    assert rows(kith, "SELECT finished, refused FROM import_progress") == [{"finished": True, "refused": 3}]


def test_refused_rows_are_kept_sealed(kith: Installation) -> None:
    bring(kith, [Refused("posts.json", 1, "no", b"ann@example.org wrote")])
    assert b"ann@example.org" not in bytes(rows(kith, "SELECT raw FROM refused_rows")[0]["raw"])


def test_an_import_in_batches_says_how_far_it_is(kith: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    heard: list[int] = []
    progress = bring(kith, [an_act(by=f"m{n % 4}") for n in range(10)], tell=lambda one: heard.append(one.recorded))
    assert progress.recorded == 10
    assert heard == [3, 6, 9, 10]
    assert size(kith) == 10 + 4 + 1 + 2  # the acts, the people, the place, begun and ended


def test_words_are_sealed_and_open_again(kith: Installation) -> None:
    bring(kith, [an_act(key="42", text="Xin chào Đà Nẵng", title="Hi", link="https://forum.example/42")])
    recorder = kith.log.recorder
    found = [one for one in recorder.select_notifications(1, 10) if one.topic == "interaction.recorded"]
    decoded = [kith.log.mapper.to_domain_event(one) for one in found]
    keys = kith.vault.keys([one.subject for one in decoded])  # type: ignore[attr-defined]
    words = [open_sealed(one, keys) for one in decoded]  # type: ignore[arg-type]
    assert words == [Words("42", "forum.example", "Hi", "Xin chào Đà Nẵng", "https://forum.example/42")]
    assert all("Nẵng".encode() not in one.state for one in found)


def test_whoever_was_touched_stands_beside_their_roles(kith: Installation) -> None:
    bring(kith, [a_mention(by="ben", of=["ann", "chi", "ann", "ben"])])
    found = rows(kith, f"SELECT actor, targets, roles FROM {EVENTS} WHERE kind IS NOT NULL")[0]
    ben: UUID = found["actor"]
    assert found["roles"] == ["mentioned"] * 4
    assert found["targets"][3] == ben
    assert sorted(Counter(found["targets"]).values()) == [1, 1, 2]


def test_what_breaks_in_the_middle_leaves_what_was_stored_and_goes_on_the_next_time(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 4)
    found = [an_act() for _ in range(10)]

    def breaking() -> Iterator[Activity]:
        yield from found[:8]
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        bring(kith, breaking())
    progress = bring(kith, found)
    assert (progress.recorded, progress.known) == (2, 8)


def test_a_source_that_nobody_knows_is_refused_and_no_import_begins(kith: Installation) -> None:
    with pytest.raises(Refusal, match="There is no source called “nowhere”"):
        importing.run(kith, "nowhere", Inputs(()))
    assert size(kith) == 0


def test_a_path_where_there_is_nothing_is_refused_and_no_import_begins(kith: Installation, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is nothing at"):
        importing.run(kith, "github", Inputs([str(tmp_path / "absent.json")]))
    assert size(kith) == 0
