"""Everything can be taken out and into a fresh Kith, and nothing is lost on the way."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm import archive, ledger
from crm.activity import Refused
from crm.errors import Refusal
from crm.installation import Installation
from crm.mappings import recall, remember
from crm.restoring import restore
from projections.engine import Engine
from projections.rebuild import checksums
from projections.state import State
from tests.factories import a_reply, an_act, bring, opened, rows, store, take_back

EVENTS = "SELECT notification_id, recorded_at, recorded_by, topic, originator_id, originator_version, act FROM kith_events ORDER BY 1"


@pytest.fixture
def fresh(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Installation]:
    """Another Kith, with a master key of its own, in which nothing has happened."""
    home = tmp_path / "fresh"
    home.mkdir()
    with opened(new_database(), home) as found:
        yield found


@pytest.fixture
def lived_in(kith: Installation) -> Installation:
    """A Kith with a history: replies, an edit, a refused row, an import taken back, columns that were explained."""
    bring(kith, [*(an_act() for _ in range(30)), a_reply(by="ben", to="ann"), Refused("a.csv", 3, "no date", b"Ben;;")])
    bring(kith, [an_act(key="edited"), an_act(key="edited", text="better", revision=1)])
    take_back(kith, bring(kith, [an_act(by="zoe")]))
    remember(kith, ["Họ tên", "Ngày"], {"Họ tên": "name"})
    return kith


def every_table(kith: Installation) -> dict[str, tuple[int, int | None]]:
    engine = Engine(kith)
    engine.catch_up()
    with kith.connection() as connection:
        return {
            f"{name}.{table}": sums
            for name, projection in engine.projections.items()
            for table, sums in checksums(connection, projection, State.of(connection, name).live).items()
        }


def test_a_fresh_kith_becomes_the_same(lived_in: Installation, fresh: Installation) -> None:
    restore(fresh, archive.lines(lived_in))
    assert rows(fresh, EVENTS) == rows(lived_in, EVENTS)
    assert every_table(fresh) == every_table(lived_in)
    assert recall(fresh, ["Họ tên", "Ngày"]) == {"Họ tên": "name"}
    kept = "SELECT batch, number, file, line, reason FROM refused_rows ORDER BY 1, 2"
    assert rows(fresh, kept) == rows(lived_in, kept) != []
    with fresh.connection() as connection:
        assert ledger.verify(connection, fresh.signing_key).intact


def test_it_is_sealed_under_keys_of_its_own(lived_in: Installation, fresh: Installation) -> None:
    restore(fresh, archive.lines(lived_in))
    sealed = "SELECT state FROM kith_events WHERE topic = 'interaction.recorded' ORDER BY notification_id"
    assert {row["state"] for row in rows(fresh, sealed)}.isdisjoint(row["state"] for row in rows(lived_in, sealed))


def test_what_is_imported_later_meets_what_was_imported_before(
    kith: Installation, new_database: Callable[[], str], tmp_path: Path
) -> None:
    found = [an_act() for _ in range(5)]
    store(kith, found)
    database = new_database()
    with opened(database, tmp_path / "moved") as moved:
        restore(moved, archive.lines(kith))
    with opened(database, tmp_path / "moved") as moved:
        assert store(moved, found).recorded == 0


def test_who_was_erased_stays_erased(kith: Installation, fresh: Installation) -> None:
    bring(kith, [an_act(by="ann", text="secret of ann"), an_act(by="ben", text="words of ben")])
    ann = rows(kith, "SELECT actor FROM kith_events WHERE kind = 'posted' ORDER BY notification_id")[0]["actor"]
    kith.vault.destroy(ann)
    lines = list(archive.lines(kith))
    assert b"secret of ann" not in b"".join(lines) and b"words of ben" in b"".join(lines)
    restore(fresh, iter(lines))
    assert every_table(fresh) == every_table(kith)


def test_it_goes_on_where_it_broke_off(
    lived_in: Installation, fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.restoring.AT_ONCE", 7)
    lines = list(archive.lines(lived_in))
    with pytest.raises(Refusal, match=r"ends too early: \d+ of \d+ events"):
        restore(fresh, iter(lines[:20]))
    restore(fresh, iter(lines))
    assert rows(fresh, EVENTS) == rows(lived_in, EVENTS)


def test_a_kith_with_a_history_of_its_own_is_left_alone(lived_in: Installation, fresh: Installation) -> None:
    bring(fresh, [an_act()])
    before = rows(fresh, EVENTS)
    with pytest.raises(Refusal, match="not empty"):
        restore(fresh, archive.lines(lived_in))
    assert rows(fresh, EVENTS) == before


@pytest.mark.parametrize("first", [b"", b"\x00\xff", b"[]\n", b'{"is":"event"}\n', b'{"is":"archive","version":1}\n'])
def test_what_is_no_archive_is_refused(fresh: Installation, first: bytes) -> None:
    with pytest.raises(Refusal, match="not an archive of Kith"):
        restore(fresh, iter([first] if first else []))
    assert rows(fresh, EVENTS) == []


def test_a_damaged_event_is_named(lived_in: Installation, fresh: Installation) -> None:
    lines = list(archive.lines(lived_in))
    third = json.loads(lines[3])
    lines[3] = json.dumps(third | {"event": {"id": 1}}).encode()
    with pytest.raises(Refusal, match="Event 3 in the archive is damaged"):
        restore(fresh, iter(lines))
