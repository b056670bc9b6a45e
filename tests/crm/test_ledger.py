"""The ledger finds whatever was done to the log behind its back, names the first broken position and what befell it."""

from collections.abc import Callable
from typing import ClassVar
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg import Cursor

from crm import coding, event, wire
from crm.errors import Refusal
from crm.event import Event
from crm.installation import Installation
from crm.ledger import STEP, Verdict, checkpoint, compare, verify
from crm.merkle import EMPTY_ROOT, Frontier, leaf_hash
from crm.store import EVENTS
from tests.factories import an_act, bring, rows

Tamper = Callable[[Cursor], None]
LAST = 13


class Banned(Event, frozen=True, kw_only=True):
    TOPIC: ClassVar[str] = "tests.banned"
    MODERATION: ClassVar[bool] = True


@pytest.fixture
def filled(kith: Installation) -> Installation:
    """Thirteen events: an import of some acts, and an act of moderation at 7 and at 13."""
    bring(kith, [an_act(key="1"), an_act(key="2")])
    for _ in range(2):
        banned = Banned(originator_id=uuid4(), originator_version=1)
        kith.log.recorder.insert_events([StoredEvent(banned.originator_id, 1, Banned.TOPIC, coding.encode(banned))])
        if kith.log.recorder.max_notification_id() == 7:
            bring(kith, [an_act(key=key) for key in "345"])
    assert kith.log.recorder.max_notification_id() == LAST
    return kith


def verdict(kith: Installation) -> Verdict:
    with kith.connection() as connection:
        return verify(connection, kith.signing_key)


def tamper(kith: Installation, *changes: str | Tamper) -> None:
    """What somebody does who owns the database."""
    with psycopg.connect(kith.conninfo) as connection, connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {EVENTS} DISABLE TRIGGER {EVENTS}_guard")
        for change in changes:
            if callable(change):
                change(cursor)
            else:
                cursor.execute(change)  # type: ignore[arg-type]
        cursor.execute(f"ALTER TABLE {EVENTS} ENABLE TRIGGER {EVENTS}_guard")


def renumber(after: int, by: int) -> list[str]:
    """Shift all positions behind one; twice, as no two may be the same in between."""
    return [
        f"UPDATE {EVENTS} SET notification_id = -notification_id WHERE notification_id > {after}",
        f"UPDATE {EVENTS} SET notification_id = -notification_id + {by} WHERE notification_id < 0",
    ]


def insert(position: int) -> str:
    """An event that looks like the one at 4, under a stream of its own."""
    return f"""INSERT INTO {EVENTS} SELECT (jsonb_populate_record(e, jsonb_build_object(
        'notification_id', {position}, 'originator_id', '{uuid4()}'))).* FROM {EVENTS} AS e WHERE notification_id = 4"""


def rehash(position: int) -> Tamper:
    """Give a row the leaf that fits what it holds now."""

    def change(cursor: Cursor) -> None:
        query = (
            f"COPY (SELECT {wire.COLUMNS} FROM {EVENTS} WHERE notification_id = {position}) TO STDOUT (FORMAT binary)"
        )
        with cursor.copy(query) as copy:
            body = b"".join(bytes(block) for block in copy)[len(wire.SIGNATURE) + 2 : -len(wire.TRAILER)]
        cursor.execute(
            f"UPDATE {EVENTS} SET leaf = %(leaf)s WHERE notification_id = %(position)s",
            {"leaf": leaf_hash(wire.FORMAT + body), "position": position},
        )

    return change


def adjust_head(cursor: Cursor) -> None:
    """Make the head row fit the leaves that stand in the table."""
    frontier = Frontier()
    leaves = cursor.execute(f"SELECT leaf FROM {EVENTS} ORDER BY notification_id").fetchall()
    frontier.extend([bytes(row[0]) for row in leaves])
    acts = cursor.execute(f"SELECT count(act) FROM {EVENTS}").fetchone()
    cursor.execute(
        f"UPDATE {EVENTS}_head SET size = %(size)s, frontier = %(frontier)s, acts = %(acts)s",
        {"size": frontier.size, "frontier": frontier.to_bytes(), "acts": acts and acts[0]},
    )


def test_an_empty_log_is_intact(kith: Installation) -> None:
    assert verdict(kith) == Verdict(True, 0, EMPTY_ROOT.hex())


def test_an_untouched_log_is_intact_and_leaves_a_checkpoint(filled: Installation) -> None:
    found = verdict(filled)
    assert (found.intact, found.events, found.first_broken, found.fault) == (True, LAST, None, "")
    assert rows(filled, "SELECT size FROM checkpoints") == [{"size": LAST}]
    assert verdict(filled) == found
    bring(filled, [an_act(key="6")])
    assert verdict(filled).events > LAST


def test_a_log_longer_than_a_step_is_intact_too(kith: Installation) -> None:
    tails = (wire.tail(uuid4(), 1, "dummy", b"\x80", "tests", event.Columns()) for _ in range(STEP + 5))
    kith.log.recorder.append([(tail, False) for tail in tails])
    heard: list[tuple[int, int]] = []
    with kith.connection() as connection:
        assert verify(connection, kith.signing_key, lambda done, total: heard.append((done, total))).intact
    assert heard == [(STEP, STEP + 5)]


SET = f"UPDATE {EVENTS} SET"
FAULTS: list[tuple[list[str | Tamper], int, str]] = [
    ([f"{SET} state = state || '\\x00' WHERE notification_id = 5"], 5, "Changed"),
    ([f"{SET} kind = 'replied' WHERE notification_id = 5"], 5, "Changed"),
    ([f"{SET} recorded_by = 'somebody' WHERE notification_id = 1"], 1, "Changed"),
    ([f"{SET} leaf = sha256('') WHERE notification_id = {LAST}"], LAST, "Changed"),
    ([f"{SET} act = NULL WHERE notification_id = 7"], 7, "Changed"),
    ([*renumber(3, 100), f"{SET} notification_id = 4 WHERE notification_id = 106",
      f"{SET} notification_id = 106 WHERE notification_id = 104", f"{SET} notification_id = notification_id - 100 WHERE notification_id > 100"], 4, "Reordered"),
    ([f"DELETE FROM {EVENTS} WHERE notification_id = 5"], 5, "Missing"),
    ([f"DELETE FROM {EVENTS} WHERE notification_id = 1"], 1, "Missing"),
    ([f"DELETE FROM {EVENTS} WHERE notification_id = 5", *renumber(5, -1)], 5, "Missing"),
    ([f"DELETE FROM {EVENTS} WHERE notification_id IN (5, 6, 7)", *renumber(5, -3), adjust_head], 5, "Missing"),
    ([f"DELETE FROM {EVENTS} WHERE notification_id > 10"], 11, "Missing"),
    ([insert(LAST + 1)], LAST + 1, "Added"),
    ([*renumber(4, 1), insert(5)], 5, "Added"),
    ([*renumber(4, 1), insert(5), rehash(5)], 5, "Added"),
    ([*renumber(4, 1), insert(5), rehash(5), adjust_head], 5, "Added"),
    ([f"UPDATE {EVENTS}_head SET size = size - 1"], LAST, "Added"),
    ([f"UPDATE {EVENTS}_head SET frontier = sha256('')"], LAST, "Changed"),
    ([f"UPDATE {EVENTS}_head SET acts = 1"], LAST, "Changed"),
    ([f"{SET} act = 3 WHERE notification_id = {LAST}", rehash(LAST)], LAST, "Changed"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "position", "kind"), FAULTS)
def test_what_was_done_to_the_log_is_found_and_named(
    filled: Installation, changes: list[str | Tamper], position: int, kind: str
) -> None:
    tamper(filled, *changes)
    found = verdict(filled)
    assert not found.intact
    assert (found.first_broken, found.fault.partition(":")[0]) == (position, kind), found.fault
    assert rows(filled, "SELECT size FROM checkpoints") == []


def test_an_event_changed_together_with_its_hash_is_found_by_the_head(filled: Installation) -> None:
    tamper(filled, f"{SET} state = state || '\\x00' WHERE notification_id = 10", rehash(10))
    found = verdict(filled)
    assert (found.first_broken, found.fault) == (
        9, "Changed: An event from 9 to 12 was rewritten together with its hash; it no longer agrees with the head of the log.",
    )  # fmt: skip


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize(
    ("changes", "position", "kind"),
    [
        ([f"DELETE FROM {EVENTS} WHERE notification_id > 10", adjust_head], 11, "Missing"),
        ([f"{SET} state = state || '\\x00' WHERE notification_id = 5", rehash(5), adjust_head], 1, "Changed"),
    ],
)
def test_what_was_done_to_the_head_as_well_only_a_checkpoint_shows(
    filled: Installation, changes: list[str | Tamper], position: int, kind: str, elsewhere: bool
) -> None:
    with filled.connection() as connection:
        note = checkpoint(connection, filled.signing_key)
        if not elsewhere:
            compare(connection, filled.signing_key, note)
        tamper(filled, *changes)
        if elsewhere:
            assert verify(connection, filled.signing_key).intact  # nothing in the database speaks against it
            compare(connection, filled.signing_key, note)
    found = verdict(filled)
    assert (found.intact, found.first_broken, found.fault.partition(":")[0]) == (False, position, kind), found.fault


def test_a_checkpoint_narrows_down_where_a_rewritten_event_stands(filled: Installation) -> None:
    verdict(filled)
    bring(filled, [an_act(key="6")])
    verdict(filled)
    tamper(filled, f"{SET} state = state || '\\x00' WHERE notification_id = {LAST + 2}", rehash(LAST + 2), adjust_head)
    assert verdict(filled).first_broken == LAST + 1


def test_a_forged_checkpoint_is_told(filled: Installation) -> None:
    verdict(filled)
    tamper(filled, "UPDATE checkpoints SET note = replace(note, E'\\n13\\n', E'\\n12\\n')")
    assert verdict(filled).fault == "The checkpoint of 13 events is not signed by this log."


def test_a_note_of_another_log_is_refused(filled: Installation, kith: Installation) -> None:
    with filled.connection() as connection, pytest.raises(Refusal):
        compare(connection, filled.signing_key, "kith\n13\nAAAA\n\n— other AAAAAAAA\n")


def test_a_checkpoint_of_the_empty_log_stays_true(kith: Installation) -> None:
    with kith.connection() as connection:
        compare(connection, kith.signing_key, checkpoint(connection, kith.signing_key))
    bring(kith, [an_act()])
    assert verdict(kith).intact


def test_erasing_a_person_leaves_the_log_intact(filled: Installation) -> None:
    before = verdict(filled)
    for row in rows(filled, "SELECT subject FROM vault_keys"):
        filled.vault.destroy(row["subject"])
    assert verdict(filled) == before
