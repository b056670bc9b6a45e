"""The engine: exactly once in any windows, alone or with others, whatever fails and whatever is taken back."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event as Flag
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.activity import Activity
from crm.command import Command, dispatch
from crm.errors import Refusal
from crm.importing import Progress
from crm.imports import taken_back
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.parting import KeepApart, SplitMember
from crm.store import EVENTS
from crm.tags import GiveTag
from crm.undoing import Undo
from crm.writing import WriteItem
from projections import projections, state
from projections.engine import Engine
from projections.follow import Follower
from projections.projection import Projection, Window
from projections.rebuild import Differs, checksums, rebuild
from projections.state import State
from tests.factories import a_mention, a_reply, acts, an_act, bring, opened, rows, someone, take_back
from tests.waiting import eventually

Sums = dict[str, tuple[int, int | None]]


@pytest.fixture(scope="module")
def shared(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One Kith for all the examples of a property."""
    with opened(new_database(), tmp_path_factory.mktemp("shared")) as kith:
        yield kith


def in_windows(engine: Engine, projection: Projection, suffix: str, cuts: list[int]) -> Sums:
    """What the tables hold after the log between the first cut and the last was folded, a window from cut to cut."""
    with engine.kith.connection() as connection, connection.transaction(force_rollback=True):
        projection.create(connection, suffix)
        projection.index(connection, suffix)
        gone = taken_back(connection, cuts[-1])
        for lo, hi in itertools.pairwise(cuts):
            engine.fold(connection, projection, suffix, lo, hi, gone)
        return checksums(connection, projection, suffix)


def live(engine: Engine, projection: Projection) -> Sums:
    """What the tables that serve hold."""
    with engine.kith.connection() as connection:
        return checksums(connection, projection, State.of(connection, projection.name).live)


def where(engine: Engine, name: str) -> State:
    with engine.kith.connection() as connection:
        return State.of(connection, name)


def wishes() -> st.SearchStrategy[Command]:
    """What the team may do about the people of `acts`, by the names that they bear there."""
    one = st.sampled_from(["ann", "ben", "chi", "dũng"])
    return st.one_of(
        st.builds(lambda kept, gone: MergeMembers(kept=kept, gone=gone), one, one),
        st.builds(lambda member, identity: SplitMember(member=member, identity=identity), one, one),
        st.builds(lambda one, other: KeepApart(one=one, other=other), one, one),
        st.builds(lambda member, tag: GiveTag(member=member, tag=tag), one, st.sampled_from(["a", "b"])),
        st.builds(lambda member, text: WriteItem(member=member, kind="note", text=text), one, st.just("Hello.")),
        st.builds(lambda back: Undo(position=back), st.integers(0, 6)),
    )


def carry_out(engine: Engine, wish: Command) -> None:
    """Do what is wished, by people's names and by how far back what is undone stands; what is refused is not done."""
    kith = engine.kith
    named: dict[str, Any] = {
        name: kith.ids.make("identity", "forum", "forum.example", someone(value).uid)
        for name, value in msgspec.structs.asdict(wish).items()
        if name in ("kept", "gone", "member", "identity", "one", "other")
    }
    if isinstance(wish, Undo):
        named = {"position": engine.head() - wish.position}
    with suppress(Refusal):
        dispatch(kith, msgspec.structs.replace(wish, **named))


@settings(max_examples=25, deadline=None)
@given(st.lists(acts(), min_size=1, max_size=8), st.lists(wishes(), max_size=6), st.lists(st.floats(0, 1), max_size=4))
def test_any_windows_give_what_one_by_one_gives(
    shared: Installation, found: list[Activity], wished: list[Command], shares: list[float]
) -> None:
    engine = Engine(shared)
    lo = engine.head()
    bring(shared, found)
    for wish in wished:
        carry_out(engine, wish)
    hi = engine.head()
    inner = {lo + round(share * (hi - lo)) for share in shares}
    for projection in engine.projections.values():
        whole = in_windows(engine, projection, "aaaaaaaa_1", [lo, hi])
        assert in_windows(engine, projection, "aaaaaaaa_2", list(range(lo, hi + 1))) == whole, projection.name
        assert in_windows(engine, projection, "aaaaaaaa_3", sorted({lo, hi} | inner)) == whole, projection.name


class File(msgspec.Struct):
    """What is brought in, how far is followed then, and which of the imports so far is taken back after that, if any."""

    found: list[Activity]
    share: float
    gone: int | None


def files() -> st.SearchStrategy[list[File]]:
    one = st.builds(File, st.lists(acts(), max_size=4), st.floats(0, 1), st.none() | st.integers(0, 3))
    return st.lists(one, min_size=2, max_size=4)


@settings(max_examples=8, deadline=None)
@given(files())
def test_following_an_import_taken_back_in_the_middle_gives_what_a_rebuild_gives(
    shared: Installation, files: list[File]
) -> None:
    engine = Engine(shared)
    brought: list[Progress] = []
    for file in files:
        start = engine.head()
        brought.append(bring(shared, file.found))
        for projection in engine.projections.values():
            engine.step(projection, start + round(file.share * (engine.head() - start)))
        if file.gone is not None:
            take_back(shared, brought[file.gone % len(brought)])
    engine.catch_up()
    for projection in engine.projections.values():
        assert live(engine, projection) == in_windows(engine, projection, "aaaaaaaa_1", [0, engine.head()]), (
            projection.name
        )
        rebuild(engine, projection, asked=True)  # and finds no difference itself


def counting(seen: str = "fold", *, version: str = "00000001", window: int = 5, refuses: str = "") -> Projection:
    """A projection of one table that holds the positions of interactions; it cannot take in those of one kind."""

    def fold(window: Window) -> None:
        window.run("INSERT INTO {seen} SELECT notification_id, kind FROM {facts}")
        if (
            refuses
            and window.cursor.execute(f"SELECT 1 FROM {window.tables['seen']} WHERE kind = '{refuses}'").fetchone()
        ):
            raise ValueError(f"no idea what to do with “{refuses}”\nand more of it")

    return Projection(
        name=seen, tables={"seen": "position bigint PRIMARY KEY, kind text"}, fold=fold, window=window, version=version
    )


def interactions(kith: Installation) -> list[int]:
    query = f"SELECT notification_id AS n FROM {EVENTS} WHERE topic = 'interaction.recorded' ORDER BY 1"
    return [row["n"] for row in rows(kith, query)]


def seen(kith: Installation) -> list[int]:
    return [row["position"] for row in rows(kith, "SELECT position FROM seen ORDER BY 1")]


def poisoned(kith: Installation) -> int:
    """Twenty good events with one in their midst that no good can be made of; its position."""
    bring(kith, [*(an_act() for _ in range(10)), an_act("left"), *(an_act() for _ in range(10))])
    return int(rows(kith, f"SELECT notification_id AS n FROM {EVENTS} WHERE kind = 'left'")[0]["n"])


@pytest.mark.parametrize("built_before", [True, False])
def test_a_projection_stops_alone_at_the_event_it_cannot_take_in_and_goes_on_when_mended(
    kith: Installation, built_before: bool
) -> None:
    others = [one for one in projections().values() if one.name in ("members", "timeline")]
    broken, mended = counting(refuses="left"), counting()
    engine = Engine(kith, [broken, *others])
    if built_before:
        engine.catch_up()
    poison = poisoned(kith)
    engine.catch_up()
    stopped = where(engine, "fold")
    assert (stopped.error, stopped.failed_at) == ("ValueError: no idea what to do with “left”", poison)
    assert seen(kith) == [position for position in interactions(kith) if position < poison]
    for other in others:
        assert live(engine, other) == in_windows(engine, other, "aaaaaaaa_1", [0, engine.head()])
    bring(kith, [an_act()])
    engine.catch_up()
    assert where(engine, "fold").failed_at == poison
    assert len(seen(kith)) == 10

    engine = Engine(kith, [mended, *others])
    engine.catch_up()
    assert len(seen(kith)) == 10  # until somebody lets it try again
    with kith.connection() as connection:
        state.retry(connection, "fold")
    engine.catch_up()
    assert seen(kith) == interactions(kith)
    assert (where(engine, "fold").error, where(engine, "fold").failed_at) == ("", None)


def test_a_rebuild_that_cannot_take_in_an_event_leaves_the_old_tables_serving_and_others_going_on(
    kith: Installation,
) -> None:
    members = projections()["members"]
    Engine(kith, [counting()]).catch_up()
    poison = poisoned(kith)
    Engine(kith, [counting()]).catch_up()
    changed = Engine(kith, [counting(version="00000002", refuses="left"), members])
    changed.catch_up()
    changed.catch_up()
    stopped = where(changed, "fold")
    assert (stopped.version, stopped.failed_at, stopped.rebuilding) == ("00000001", poison, None)
    assert seen(kith) == interactions(kith)
    assert live(changed, members) == in_windows(changed, members, "aaaaaaaa_1", [0, changed.head()])
    with pytest.raises(Refusal, match=f"fold could not take in event {poison}"):
        rebuild(changed, changed.projections["fold"], asked=True)
    mended = Engine(kith, [counting(version="00000003")])
    mended.catch_up()
    assert (where(mended, "fold").version, where(mended, "fold").error) == ("00000003", "")
    assert seen(kith) == interactions(kith)


def test_changed_code_rebuilds_by_itself_and_the_old_rows_serve_meanwhile(kith: Installation) -> None:
    Engine(kith, [counting()]).catch_up()
    bring(kith, [an_act(), a_reply()])
    Engine(kith, [counting()]).catch_up()
    filling, looked = Flag(), Flag()

    def slowly(window: Window) -> None:
        filling.set()
        assert looked.wait(10)
        window.run("INSERT INTO {seen} SELECT notification_id, 'anew' FROM {facts}")

    changed = msgspec.structs.replace(counting(version="00000002"), fold=slowly)
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(Engine(kith, [changed]).catch_up)
        assert filling.wait(10)
        assert {row["kind"] for row in rows(kith, "SELECT kind FROM seen")} == {"posted", "replied"}
        bring(kith, [an_act()])
        looked.set()
        running.result()
    assert {row["kind"] for row in rows(kith, "SELECT kind FROM seen")} == {"anew"}
    assert seen(kith) == interactions(kith)
    left = rows(kith, "SELECT tablename FROM pg_tables WHERE tablename LIKE 'seen\\_%%'")
    assert [row["tablename"] for row in left] == ["seen_00000002_2"]


def test_many_that_step_at_once_do_it_once(kith: Installation) -> None:
    bring(kith, [a_mention(by="ben", of=["ann", "chi"], key=str(n)) for n in range(60)])
    narrow = [msgspec.structs.replace(one, window=7) for one in projections().values()]

    def follow(_: int) -> None:
        engine = Engine(kith, narrow)
        for target in (20, 40, engine.head()):
            for projection in narrow:
                engine.step(projection, target)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(follow, range(4)))
        bring(kith, [a_reply(key=f"r{n}") for n in range(30)])
        list(threads.map(follow, range(4)))
    engine = Engine(kith, narrow)
    for projection in narrow:
        assert live(engine, projection) == in_windows(engine, projection, "aaaaaaaa_1", [0, engine.head()]), (
            projection.name
        )


def test_a_rebuild_that_somebody_asks_for_finds_rows_that_were_changed_by_hand(kith: Installation) -> None:
    bring(kith, [an_act(), a_reply()])
    engine = Engine(kith, [counting()])
    engine.catch_up()
    with kith.connection() as connection:
        connection.execute(f"DELETE FROM seen_{where(engine, 'fold').live}")  # type: ignore[arg-type]
    with pytest.raises(Differs):
        rebuild(engine, engine.projections["fold"], asked=True)
    assert seen(kith) == interactions(kith)


def test_an_import_taken_back_while_a_projection_was_behind_counts_nowhere(kith: Installation) -> None:
    engine = Engine(kith, [counting(window=2)])
    engine.catch_up()
    first = bring(kith, [an_act() for _ in range(5)])
    engine.step(engine.projections["fold"], 4)
    take_back(kith, first)
    kept = bring(kith, [an_act()])
    engine.catch_up()
    with kith.connection() as connection:
        assert taken_back(connection) == [first.batch]
    query = f"SELECT notification_id AS n FROM {EVENTS} WHERE batch = %(batch)s AND kind IS NOT NULL"
    assert seen(kith) == [row["n"] for row in rows(kith, query, batch=kept.batch)]


@contextmanager
def followed(kith: Installation) -> Iterator[None]:
    """The log is followed with all projections, which are built already."""
    engine = Engine(kith)
    engine.catch_up()
    follower = Follower(engine)
    follower.start()
    yield
    follower.stop()


def acts_of_ann(kith: Installation) -> int:
    return sum(row["acts"] for row in rows(kith, "SELECT acts FROM members"))


def test_the_follower_catches_up_after_all_its_connections_were_killed(kith: Installation) -> None:
    with followed(kith), opened(kith.conninfo, kith.settings.home) as elsewhere:
        bring(elsewhere, [an_act()])
        eventually(lambda: acts_of_ann(elsewhere) == 1)
        with elsewhere.connection() as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
                AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 100"""
            )
            elsewhere.log.recorder.datastore.pool.check()
        bring(elsewhere, [an_act()])
        eventually(lambda: acts_of_ann(elsewhere) == 2)


def test_the_follower_sees_events_of_which_nobody_told_it(kith: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.follow.EVENTS", "a_channel_on_which_nothing_is_said")
    with followed(kith):
        bring(kith, [an_act()])
        eventually(lambda: acts_of_ann(kith) == 1)


def test_a_table_may_move_to_another_projection(kith: Installation) -> None:
    bring(kith, [an_act(), an_act()])
    before = counting()
    Engine(kith, [before]).catch_up()
    owner = msgspec.structs.replace(before, name="its new owner", version="00000002")
    Engine(kith, [owner]).catch_up()
    assert seen(kith) == interactions(kith)
