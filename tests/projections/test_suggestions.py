"""Who may be one person: kept as pairs, whatever the order and the windows in which accounts were seen."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection

from crm import likeness
from crm.activity import Activity, Who
from crm.command import dispatch
from crm.imports import taken_back
from crm.installation import Installation
from crm.likeness.judging import LIKELY, POSSIBLE, TWICE
from crm.mailmap import Signature, VouchFor
from crm.merging import MergeMembers
from projections import acts, identities, members, suggestions
from projections.engine import Engine
from projections.pairs import Pair, how_many_pairs, which_pairs_may_be_one, who_may_be
from projections.projection import defined_in
from projections.rebuild import checksums
from tests.factories import NOON, an_act, bring, opened, take_back

PROJECTION = defined_in(suggestions)


def engine(kith: Installation) -> Engine:
    """Steps what these tests ask."""
    return Engine(kith, [*map(defined_in, (identities, members, acts)), PROJECTION])


@pytest.fixture
def connection(kith: Installation) -> Iterator[Connection]:
    with kith.connection() as connection:
        yield connection


@pytest.fixture(scope="module")
def shared(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One Kith for all the examples of a property."""
    with opened(new_database(), tmp_path_factory.mktemp("shared")) as kith:
        yield kith


def signed(name: str, address: str) -> Who:
    """Who signs a commit."""
    return Who(address, "", name, address, source="git", host="")


def identity(kith: Installation, who: Who) -> UUID:
    return kith.ids.make("identity", who.source or "forum", "forum.example" if who.host is None else who.host, who.uid)


def told(kith: Installation, *people: Who) -> None:
    """These accounts did something, and suggestions are drawn up."""
    bring(kith, [an_act(who=who) for who in people])
    engine(kith).catch_up()


def named(pairs: list[Pair]) -> list[set[str]]:
    return [{pair.one.account.name, pair.other.account.name} for pair in pairs]


def how_many(connection: Connection, least: float = POSSIBLE) -> int:
    """Pairs of at least this confidence."""
    return how_many_pairs(connection, [least])[0]


def test_accounts_that_may_be_one_person_are_listed_surest_first_with_the_reasons(
    kith: Installation, connection: Connection
) -> None:
    told(
        kith,
        Who("1", "cadaver", "Lasse Öörni"),
        signed("Lasse Öörni", "lasse@ludocraft.com"),
        Who("2", "mai", "Mai Lê", "mai@kith.vn"),
        signed("mle", "mai@kith.vn"),
        Who("3", "somebody", "Quite Else"),
    )
    surest, second = which_pairs_may_be_one(connection)
    assert named([surest, second]) == [{"Mai Lê", "mle"}, {"Lasse Öörni"}]
    assert surest.likeness.reasons[0].code == "address"
    (reason,) = second.likeness.reasons
    assert reason.sentence.format(**reason.values) == "Both are called Lasse Öörni"
    assert second.likeness.confidence >= LIKELY
    accounts = [second.one.account, second.other.account]
    assert {account.source for account in accounts} == {"forum", "git"}
    assert {account.login for account in accounts} == {"cadaver", ""}


def test_they_are_counted_and_paged_and_the_unsure_are_left_out_unless_asked_for(
    kith: Installation, connection: Connection
) -> None:
    told(
        kith,
        Who("1", "torsten", "Torsten Klug"),
        Who("2", "tk", "Torsten Klug"),
        signed("Torsten Klug", "t@klug.example"),
        signed("Torsten Klug", "t@else.example"),
    )
    everyone = which_pairs_may_be_one(connection, least=0)
    assert len(everyone) == how_many(connection, 0) == 6
    assert everyone[-1].likeness.confidence == TWICE
    assert len(which_pairs_may_be_one(connection)) == how_many(connection) == 5
    assert [which_pairs_may_be_one(connection, limit=1, offset=n)[0] for n in range(5)] == everyone[:5]


def test_of_one_person_it_is_told_who_else_they_may_be(kith: Installation, connection: Connection) -> None:
    here, there, third = Who("1", "ebba", "Ebba Lund"), signed("Ebba Lund", "e@x.se"), signed("Ebba Lund", "ebba@y.se")
    told(kith, here, there, third, Who("9", "other", "Other Person"), signed("Other Person", "other@b.se"))
    ids = [identity(kith, who) for who in (here, there, third)]

    def others(*known: UUID) -> list[set[UUID]]:
        return [{pair.one.account.identity, pair.other.account.identity} for pair in who_may_be(connection, known)]

    assert {one for pair in others(ids[0]) for one in pair} == set(ids)
    assert len(others(ids[0])) == 2
    dispatch(kith, MergeMembers(kept=ids[0], gone=ids[1]))
    engine(kith).catch_up()
    (left,) = others(*ids[:2])
    assert ids[2] in left, "the pair of the two themselves is left out"
    dispatch(kith, MergeMembers(kept=ids[0], gone=ids[2]))
    engine(kith).catch_up()
    assert others(*ids) == []


def test_a_name_given_up_is_no_reason_any_more(kith: Installation, connection: Connection) -> None:
    bring(kith, [an_act(who=Who("1", "a", "Ebba Lund"), at=NOON), an_act(who=signed("Ebba Lund", "e@x.se"), at=NOON)])
    engine(kith).catch_up()
    assert how_many(connection) == 1
    bring(kith, [an_act(who=Who("1", "a", "Somebody Else"), at=NOON + timedelta(days=1))])
    engine(kith).catch_up()
    assert how_many(connection, 0) == 0


def test_what_an_import_told_is_forgotten_when_it_is_taken_back(kith: Installation, connection: Connection) -> None:
    told(kith, Who("1", "a", "Ebba Lund"))
    progress = bring(kith, [an_act(who=signed("Ebba Lund", "e@x.se"))])
    take_back(kith, progress)
    engine(kith).catch_up()
    assert how_many(connection, 0) == 0


def test_an_erased_person_is_suggested_nowhere_after_the_next_rebuild(
    kith: Installation, connection: Connection
) -> None:
    who = Who("1", "a", "Ebba Lund")
    told(kith, who, signed("Ebba Lund", "e@x.se"))
    kith.vault.destroy(identity(kith, who))
    with kith.connection() as other, other.transaction(force_rollback=True):
        assert len(rows_of(kith, other, "aaaaaaaa_1", [0, engine(kith).head()], "suggestions")) == 0


def test_names_that_a_crowd_bears_suggest_nobody(kith: Installation, connection: Connection) -> None:
    told(kith, *(Who(str(n), f"x{n:04}y", "Nguyễn Văn Anh") for n in range(60)))
    assert how_many(connection, 0) == 0


def test_what_a_mailmap_vouches_for_is_almost_certain_and_what_it_does_not_know_is_left_out(
    kith: Installation, connection: Connection
) -> None:
    told(kith, signed("zed", "z@a.org"), signed("Ebba", "e@b.org"), signed("Other", "o@c.org"))
    groups = ((Signature("", "z@a.org"), Signature("", "e@b.org"), Signature("", "never@seen.org")),)
    dispatch(kith, VouchFor(groups=groups))
    engine(kith).catch_up()
    (pair,) = which_pairs_may_be_one(connection)
    assert named([pair]) == [{"zed", "Ebba"}]
    assert [reason.code for reason in pair.likeness.reasons] == ["vouched"]
    before = engine(kith).head()
    dispatch(kith, VouchFor(groups=groups))
    assert engine(kith).head() == before, "saying it again adds nothing"


def rows_of(kith: Installation, connection: Connection, suffix: str, cuts: list[int], table: str) -> list[dict]:
    """The rows of a table after the log was folded from cut to cut; of a transaction that is rolled back."""
    PROJECTION.create(connection, suffix)
    PROJECTION.index(connection, suffix)
    for lo, hi in itertools.pairwise(cuts):
        engine(kith).fold(connection, PROJECTION, suffix, lo, hi, taken_back(connection, cuts[-1]))
    return connection.execute(f"SELECT * FROM {table}_{suffix} LIMIT 1000").fetchall()


def people() -> st.SearchStrategy[Activity]:
    """Few accounts, called now this and now that."""
    name = st.sampled_from(["Ebba Lund", "Lund Ebba", "Ebba Lundh", "Hoàng Anh Thư", "Hoang Anh Thu", "ebbalund", ""])
    registered = st.builds(Who, st.sampled_from("123"), st.sampled_from(["", "elund", "thuha"]), name)
    author = st.builds(signed, name, st.sampled_from(["e@x.se", "t@kith.vn", "noreply@github.com"]))
    hours = st.integers(0, 50).map(lambda hours: NOON + timedelta(hours=hours))
    return st.builds(lambda who, at: an_act(who=who, at=at), registered | author, hours)


@settings(max_examples=30, deadline=None)
@given(st.lists(people(), min_size=2, max_size=10), st.lists(st.floats(0, 1), max_size=4), st.booleans())
def test_any_windows_come_to_the_same_pairs(
    shared: Installation, found: list[Activity], shares: list[float], vouched: bool
) -> None:
    lo = engine(shared).head()
    bring(shared, found)
    if vouched:
        dispatch(shared, VouchFor(groups=((Signature("", "e@x.se"), Signature("", "t@kith.vn")),)))
    hi = engine(shared).head()
    cuts = sorted({lo, hi} | {lo + round(share * (hi - lo)) for share in shares})
    whole = in_windows(shared, [lo, hi])
    assert in_windows(shared, cuts) == in_windows(shared, list(range(lo, hi + 1))) == whole
    assert at_once(shared, lo, hi) == whole
    with patch.object(suggestions, "AT_ONCE", 2):
        assert in_windows(shared, [lo, hi]) == at_once(shared, lo, hi) == whole


def test_a_name_that_becomes_a_crowds_comes_to_the_same_in_any_windows(kith: Installation) -> None:
    bring(kith, [an_act(who=signed("Ebba Lund", f"{n}@x{n}.se")) for n in range(45)])
    head = engine(kith).head()
    whole = in_windows(kith, [0, head])
    assert in_windows(kith, [*range(0, head, 7), head]) == at_once(kith, 0, head) == whole
    assert whole["suggestions"][0] == 0


def in_windows(kith: Installation, cuts: list[int]) -> dict[str, tuple[int, int | None]]:
    with kith.connection() as connection, connection.transaction(force_rollback=True):
        rows_of(kith, connection, "aaaaaaaa_1", cuts, "suggestions")
        return checksums(connection, PROJECTION, "aaaaaaaa_1")


def at_once(kith: Installation, lo: int, hi: int) -> dict[str, tuple[int, int | None]]:
    """The same of a rebuild, whose tables have no keys yet."""
    with kith.connection() as connection, connection.transaction(force_rollback=True):
        PROJECTION.create(connection, "aaaaaaaa_1")
        engine(kith).fold(connection, PROJECTION, "aaaaaaaa_1", lo, hi, taken_back(connection, hi), fresh=True)
        PROJECTION.index(connection, "aaaaaaaa_1")
        return checksums(connection, PROJECTION, "aaaaaaaa_1")


def test_whoever_changes_the_rules_has_all_pairs_judged_anew() -> None:
    rules = sorted(Path(likeness.__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in rules)).hexdigest()[:8]
    assert digest == suggestions.JUDGED_BY, f"write JUDGED_BY = {digest!r} into projections/suggestions.py"
