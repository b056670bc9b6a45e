"""The network as of any day: ties that fade, who stands where, groups, and the circle of one member."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from crm.activity import Activity
from crm.command import dispatch
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.sides import SetSide
from projections import graph, network
from projections.bonds import Bond, how_strong_are_all
from projections.circle import Circle, which_circle
from projections.engine import Engine
from projections.influence import ENOUGH, measured, who_stands_out
from projections.members import which_identities
from projections.network import which_network, which_places
from tests.factories import a_reply, an_act, bring, opened, someone, take_back

JANUARY = datetime(2024, 1, 15, 12, tzinfo=UTC)


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def replies(n: int, *, by: str, to: str, at: datetime = JANUARY) -> list[Activity]:
    return [a_reply(by=by, to=to, at=at) for _ in range(n)]


def ties(kith: Installation, today: date) -> dict[frozenset[str], float]:
    """The strength of each tie by the names of the two."""
    names = {who(kith, name): name for name in ("ann", "ben", "chi", "dan", "robot", "tess")}
    Engine(kith).catch_up()
    with kith.connection() as connection:
        return {
            frozenset((names[one.one], names[one.two])): one.strength for one in how_strong_are_all(connection, today)
        }


def circle(kith: Installation, name: str, today: date, limit: int = 150) -> Circle:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        member = who(kith, name)
        return which_circle(connection, member, which_identities(connection, member), today, limit)


# Ties


def test_a_tie_keeps_nine_tenths_with_each_idle_month_as_in_the_orbit_model(kith: Installation) -> None:
    bring(kith, replies(7, by="ben", to="ann"))
    pair = frozenset(("ann", "ben"))
    assert ties(kith, date(2024, 1, 31)) == {pair: 7}
    assert ties(kith, date(2024, 2, 29)) == {pair: 7}
    assert round(ties(kith, date(2024, 5, 1))[pair], 1) == 5.1
    assert ties(kith, date(2024, 5, 1))[pair] == pytest.approx(7 * 0.9**3)
    assert int(ties(kith, date(2025, 2, 1))[pair] * 100) == 197


def test_a_tie_that_is_kept_up_loses_nothing_in_either_direction(kith: Installation) -> None:
    answers = [
        a_reply(by=by, to=to, at=JANUARY.replace(month=month)) for month in range(1, 7) for by, to in [("ann", "ben")]
    ]
    bring(kith, [*answers, a_reply(by="ben", to="ann", at=JANUARY.replace(month=8))])
    pair = frozenset(("ann", "ben"))
    assert ties(kith, date(2024, 6, 30))[pair] == pytest.approx(6)
    assert ties(kith, date(2024, 8, 31))[pair] == pytest.approx(6 * 0.9 + 1)


def test_what_is_less_than_a_tenth_of_an_act_is_no_tie(kith: Installation) -> None:
    bring(kith, replies(1, by="ben", to="ann"))
    assert ties(kith, date(2025, 11, 30))
    assert not ties(kith, date(2025, 12, 1))


def test_of_the_month_of_the_day_only_what_had_happened_counts(kith: Installation) -> None:
    days = [JANUARY, JANUARY.replace(day=20), JANUARY.replace(day=21, hour=0)]
    bring(kith, [a_reply(by="ben", to="ann", at=day) for day in days])
    found = [ties(kith, date(2024, 1, day)) for day in (14, 15, 20, 21)]
    assert [sum(each.values()) for each in found] == [0, 1, 2, 3]


def test_who_names_somebody_twice_in_one_act_did_one_act(kith: Installation) -> None:
    act = a_reply(by="ben", to="ann", at=JANUARY)
    bring(kith, [replace(act, whom=act.whom * 2)])
    assert ties(kith, date(2024, 1, 15)) == ties(kith, date(2024, 1, 31)) == {frozenset(("ann", "ben")): 1}


def test_bots_and_colleagues_are_no_part_of_it(kith: Installation) -> None:
    bring(kith, [a_reply(by=by, to="ann", at=JANUARY) for by in ("robot", "tess", "ben")])
    dispatch(kith, SetSide(member=who(kith, "robot"), side="bot"))
    dispatch(kith, SetSide(member=who(kith, "tess"), side="team"))
    assert ties(kith, date(2024, 1, 31)) == {frozenset(("ann", "ben")): 1}


def test_merged_accounts_are_one_member_and_have_no_tie_with_themselves(kith: Installation) -> None:
    later = JANUARY.replace(month=2)
    acts = [*replies(2, by="ben", to="ann"), *replies(3, by="ann", to="chi"), *replies(1, by="chi", to="ben", at=later)]
    bring(kith, acts)
    dispatch(kith, MergeMembers(kept=who(kith, "ben"), gone=who(kith, "chi")))
    found = ties(kith, date(2024, 2, 29))
    assert found == {frozenset(("ann", "ben")): 5}
    (near,) = circle(kith, "ben", date(2024, 2, 29)).neighbours
    assert (near.member, near.given, near.received) == (who(kith, "ann"), 2, 3)


# Measures, by hand, as networkx defines them


def test_degree_is_the_part_of_all_others() -> None:
    assert graph.degrees(4, [(0, 1), (0, 2), (0, 3)]) == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3])
    assert graph.degrees(1, []) == [0]


@pytest.mark.parametrize(
    ("size", "pairs", "told"),
    [
        pytest.param(5, [(0, 1), (1, 2), (2, 3), (3, 4)], [0, 3 / 6, 4 / 6, 3 / 6, 0], id="a chain"),
        pytest.param(4, [(0, 1), (0, 2), (0, 3)], [1, 0, 0, 0], id="a star"),
        pytest.param(4, [(0, 1), (1, 2), (2, 3), (3, 0)], [0.5 / 3] * 4, id="a ring, where two shortest ways share"),
        pytest.param(3, [(0, 1), (1, 2), (0, 2)], [0, 0, 0], id="all with all"),
        pytest.param(2, [(0, 1)], [0, 0], id="too few for anybody to lie between"),
    ],
)
def test_betweenness_is_the_part_of_pairs_whose_ways_lead_through(
    size: int, pairs: list[graph.Pair], told: list[float]
) -> None:
    assert graph.betweennesses(size, pairs) == pytest.approx(told)


def test_pagerank_follows_the_ways_by_their_weight_and_is_shared_by_who_has_none() -> None:
    # 0 gives 3 parts to 1 and 1 part to 2; 1 gives all to 0; 2 gives nothing, so its part goes to everybody alike.
    zero, one, two = graph.pageranks(3, [(0, 1), (0, 2), (1, 0)], [3, 1, 1])
    everybody = 0.15 / 3 + 0.85 * two / 3
    assert zero == pytest.approx(everybody + 0.85 * one)
    assert one == pytest.approx(everybody + 0.85 * zero * 3 / 4)
    assert two == pytest.approx(everybody + 0.85 * zero / 4)
    assert zero + one + two == pytest.approx(1)


def test_two_cliques_that_a_single_tie_joins_are_two_groups() -> None:
    cliques = [(one, two) for low in (0, 4) for one in range(low, low + 4) for two in range(one + 1, low + 4)]
    assert graph.communities(9, [*cliques, (3, 4)], [1.0] * 13) == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]
    assert graph.communities(2, [], []) == [[0], [1]]


# Who stands where


def bonds(pairs: Iterable[tuple[int, int]], strength: float = 2) -> list[Bond]:
    """Ties between people who are numbers, as strong from either side."""
    return [Bond(UUID(int=one), UUID(int=two), strength / 2, strength / 2) for one, two in sorted(pairs)]


def test_who_joins_two_groups_reaches_both_and_has_the_ways_between_them() -> None:
    """Two cliques of four, and 9 between them."""
    cliques = [(one, two) for low in (1, 5) for one in range(low, low + 4) for two in range(one + 1, low + 4)]
    found = measured(bonds([*cliques, (1, 9), (5, 9)]), date(2024, 1, 1))
    people = {one.member.int: one for one in found.people}
    assert [group.people for group in found.groups] == [5, 4]
    assert people[9].betweenness == pytest.approx(4 * 4 / 28)
    assert people[9].reaches == 2
    assert {people[n].reaches for n in (2, 3, 4, 6, 7, 8)} == {1}
    assert (found.ties, found.density) == (14, pytest.approx(14 / 36))
    assert (people[1].reach, people[1].ties, people[1].degree) == (8, 4, 4 / 8)


@pytest.mark.parametrize(
    ("values", "stand_out"),
    [
        pytest.param([5.0, *[1.0] * (ENOUGH - 1)], {0}, id="the first of forty"),
        pytest.param([5.0, *[1.0] * (ENOUGH - 2)], set(), id="a community too small"),
        pytest.param([5.0, 5.0, *[1.0] * (ENOUGH - 2)], set(), id="two alike where there is room for one"),
        pytest.param([9.0, 5.0, 5.0, 7.0, *[1.0] * 96], {0, 3}, id="room for three, but two are alike there"),
        pytest.param([0.0] * 100, set(), id="nobody has any"),
    ],
)
def test_a_word_is_for_the_highest_three_in_a_hundred(values: Sequence[float], stand_out: set[int]) -> None:
    assert who_stands_out(list(values)) == stand_out


def test_hub_bridge_and_respected_are_told_in_words() -> None:
    """Sixty around 1 of whom each knows a neighbour; 2 alone ties them to a clique of four."""
    around = [(1, other) for other in range(100, 160)] + [(n, n + 1) for n in range(100, 159, 2)]
    clique = [(one, two) for one in range(200, 204) for two in range(one + 1, 204)]
    words = {
        one.member.int: one.words
        for one in measured(bonds([*around, (1, 2), (2, 200), *clique]), date(2024, 1, 1)).people
    }
    assert words[1] == ["hub", "bridge", "respected"]
    assert not any(words[n] for n in range(100, 160))


def test_only_of_the_strongest_of_a_large_community_betweenness_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.influence.STRONGEST", 3)
    found = measured([*bonds([(1, 2), (2, 3)], 10), *bonds([(3, 4), (4, 5)], 1)], date(2024, 1, 1))
    told = {one.member.int: one.betweenness for one in found.people}
    assert (told, found.among) == ({1: 0, 2: 1, 3: 0, 4: 0, 5: 0}, 3)


def test_in_whatever_order_things_come_in_ties_are_the_same_to_the_bit(
    kith: Installation, new_database: Callable[[], str], tmp_path: Path
) -> None:
    names = ("ann", "ben", "chi", "dan")
    months = (1, 3, 4)
    acts = [
        a_reply(by=by, to=to, at=JANUARY.replace(month=m)) for m in months for by in names for to in names if by < to
    ]
    bring(kith, [*acts, *replies(2, by="dan", to="ann")])
    with opened(new_database(), tmp_path / "other") as other:
        for act in reversed([*acts, *replies(2, by="dan", to="ann")]):
            bring(other, [act])
        assert ties(other, date(2024, 7, 1)) == ties(kith, date(2024, 7, 1)) != {}


def test_measuring_twice_gives_the_same_bits() -> None:
    pairs = {
        (min(pair), max(pair))
        for n in range(1, 400)
        for pair in [(n, n * 7919 % 401), (n, n * 104729 % 401)]
        if pair[0] != pair[1]
    }
    ties = [Bond(UUID(int=one + 1), UUID(int=two + 1), one % 7 + 0.1, two % 5 + 0.3) for one, two in sorted(pairs)]
    assert measured(ties, date(2024, 1, 1)) == measured(list(ties), date(2024, 1, 1))


# What is remembered


def test_the_network_is_measured_once_until_something_changes(
    kith: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = bring(kith, [*replies(3, by="ben", to="ann"), *replies(2, by="chi", to="ann")])
    Engine(kith).catch_up()
    asked: list[date] = []
    monkeypatch.setattr(network, "measured", lambda ties, today: asked.append(today) or measured(ties, today))
    today = date(2024, 1, 31)

    def people() -> set[UUID]:
        Engine(kith).catch_up()
        with kith.connection() as connection:
            return {one.member for one in which_network(connection, today).people}

    ann, ben, chi = (who(kith, name) for name in ("ann", "ben", "chi"))
    assert people() == people() == {ann, ben, chi}
    assert asked == [today]
    dispatch(kith, SetSide(member=chi, side="bot"))
    assert people() == {ann, ben}
    dispatch(kith, SetSide(member=chi, side="person"))
    dispatch(kith, MergeMembers(kept=ben, gone=chi))
    assert people() == {ann, ben}
    take_back(kith, progress)
    assert people() == set()
    assert len(asked) > 3


def test_a_formula_is_told_what_everybody_measures_the_highest_first(kith: Installation) -> None:
    bring(kith, [a_reply(by=by, to="ann", at=JANUARY) for by in ("ben", "chi", "dan")])
    Engine(kith).catch_up()
    with kith.connection() as connection:
        told = which_places(connection, date(2024, 1, 31), "degree")
    assert told[0] == (who(kith, "ann"), 1.0)
    assert told[1:] == [
        (member, pytest.approx(1 / 3)) for member in sorted(who(kith, name) for name in ("ben", "chi", "dan"))
    ]


def test_nobody_has_a_tie_in_an_empty_kith(kith: Installation) -> None:
    Engine(kith).catch_up()
    with kith.connection() as connection:
        found = which_network(connection, date(2024, 1, 31))
    assert (found.people, found.groups, found.ties, found.density) == ([], [], 0, 0)


# The circle of a member


def test_a_circle_tells_who_listens_who_knows_whom_and_who_stands_behind(kith: Installation) -> None:
    acts = [
        *replies(4, by="ben", to="ann"),
        *replies(2, by="ann", to="chi"),
        *replies(1, by="chi", to="ben"),
        *replies(1, by="dan", to="chi"),
        an_act(by="eve", at=JANUARY),
    ]
    bring(kith, acts)
    found = circle(kith, "ann", date(2024, 1, 31))
    assert [(one.member, one.strength, one.share, one.knows) for one in found.neighbours] == [
        (who(kith, "ben"), 4, 1, 1),
        (who(kith, "chi"), 2, 0.5, 1),
    ]
    assert (found.reach, found.ties, found.heard_by, found.turns_to, found.beyond) == (6, 2, 1, 1, 1)
    assert [{tie.one, tie.two} for tie in found.mutual] == [{who(kith, "ben"), who(kith, "chi")}]


def test_of_a_large_circle_the_nearest_are_told_and_all_are_counted(kith: Installation) -> None:
    bring(kith, [*replies(3, by="ben", to="ann"), *replies(1, by="chi", to="ann"), *replies(1, by="dan", to="chi")])
    found = circle(kith, "ann", date(2024, 1, 31), limit=1)
    assert [one.member for one in found.neighbours] == [who(kith, "ben")]
    assert (found.ties, found.reach, found.beyond) == (2, 4, 1)


def test_behind_a_circle_stand_those_whose_old_ties_have_not_faded_yet(kith: Installation) -> None:
    """Eve had much to do with Ben long ago and Fay little; with Gus and Hoa there was something lately."""
    long_ago, lately = JANUARY.replace(year=2021), JANUARY.replace(year=2023, month=12)
    acts = [
        *replies(1, by="ben", to="ann"),
        *replies(60, by="eve", to="ben", at=long_ago),
        *replies(1, by="fay", to="ben", at=long_ago),
        *replies(1, by="gus", to="ben", at=lately),
        *replies(1, by="hoa", to="ben"),
        *replies(1, by="robot", to="ben", at=lately),
    ]
    bring(kith, acts)
    dispatch(kith, SetSide(member=who(kith, "robot"), side="bot"))
    assert circle(kith, "ann", date(2024, 1, 31)).beyond == 3
    dispatch(kith, MergeMembers(kept=who(kith, "gus"), gone=who(kith, "hoa")))
    assert circle(kith, "ann", date(2024, 1, 31)).beyond == 2


def test_before_anything_happened_a_circle_is_empty(kith: Installation) -> None:
    bring(kith, replies(3, by="ben", to="ann"))
    found = circle(kith, "ann", date(2024, 1, 14))
    assert (found.neighbours, found.reach, found.ties, found.beyond) == ([], 0, 0, 0)
