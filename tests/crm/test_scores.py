"""Formulas by their golden numbers, and by what their sources say of them."""

from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm.kinds import KINDS
from crm.scores import formulas
from crm.scores.asking import PASSIVE
from crm.scores.crowd import CLUSTERS, GRID, clusters
from crm.scores.crowd import levels as crowd_levels
from crm.scores.engage_rate import Post, band, by_audience, by_community, by_grin, by_sample
from crm.scores.formula import Formula, Measured
from crm.scores.h_index import g_index, h_index
from crm.scores.orbit_2022 import WEIGHTS, Movement, density, gravity, movement, reach, strength, weighted_commitment
from crm.scores.savannah import gift_impact
from crm.scores.trust import Reading, bars, trust_level

# What all have in common


@pytest.mark.parametrize("formula", formulas().values(), ids=lambda one: one.name)
def test_a_formula_says_what_it_is_in_words_that_can_be_shown(formula: Formula) -> None:
    for words in (formula.label, formula.unit, formula.explained, *formula.editions.values()):
        assert words and words % {} == words
    assert formula.source
    if isinstance(formula, Measured):
        assert set(formula.queries) == set(formula.editions)


# Orbit 2022


def test_every_kind_of_act_weighs_something_or_happens_to_somebody() -> None:
    assert set(WEIGHTS) | set(PASSIVE) == set(KINDS)
    assert not set(WEIGHTS) & set(PASSIVE)
    assert set(WEIGHTS.values()) == set(range(1, 12))
    assert [WEIGHTS[kind] for kind in ("hosted", "proposed", "answered", "attended", "followed")] == [11, 8, 6, 5, 1]


def test_a_connection_fades_by_a_tenth_with_each_idle_month() -> None:
    assert (strength({"direct": 1}, 0), strength({"indirect": 1}, 0)) == (10, 1)
    assert round(strength({"indirect": 7}, 3), 1) == 5.1
    assert round(strength({"indirect": 7}, 12), 2) == 1.98
    assert strength({"direct": 2, "indirect": 3}, 0) == 23


def test_reach_and_density_of_the_example() -> None:
    assert reach([4, 3, 1, 7]) == 15
    assert density(6, 5) == 0.6
    assert density(0, 1) == 0


MONTHS = [(17, 8, 4, 1), (15, 9, 5, 1), (12, 10, 6, 2)]


def by_level(counts: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(("orbit-4", "orbit-3", "orbit-2", "orbit-1"), counts, strict=True))


def test_gravity_of_the_example() -> None:
    first, second, third = map(by_level, MONTHS)
    assert [weighted_commitment(month) for month in (first, second, third)] == [441, 504, 666]
    assert (gravity(first, second), gravity(second, third)) == (2.1, 5.4)
    assert gravity(first, {}) == 0


def test_who_moved_up_held_fell_and_left() -> None:
    outer, inner = [uuid4() for _ in range(20)], [uuid4() for _ in range(2)]
    before = dict.fromkeys(outer, "orbit-4") | dict.fromkeys(inner, "orbit-2")
    after = (
        dict.fromkeys(outer[:4], "orbit-3")
        | dict.fromkeys(outer[4:5], "orbit-1")
        | dict.fromkeys(outer[5:16], "orbit-4")
    )
    found = movement(before, after | {inner[0]: "orbit-3", uuid4(): "orbit-1"})
    assert found["orbit-4"].shares() == (0.25, 0.55, 0, 0.2)
    assert found["orbit-2"] == Movement(up=0, held=0, fell=1, left=1)
    assert found["orbit-1"].shares() == (0, 0, 0, 0)


# Trust levels

REGULAR = Reading(
    topics_entered=200,
    posts_read=500,
    minutes_read=60,
    days_visited=50,
    likes_given=30,
    likes_received=20,
    topics_replied=10,
    days_visited_lately=50,
    topics_replied_lately=10,
    topics_viewed_lately=250,
    posts_read_lately=2_000,
    new_topics=1_000,
    new_posts=8_000,
    flagged_posts=5,
    flaggers=5,
    likes_given_lately=30,
    likes_received_lately=20,
    likers=5,
    liked_days=7,
    sanctions=0,
)
"""Somebody who just meets every bar of level 3."""

BASIC = Reading(
    topics_entered=5, posts_read=30, minutes_read=10, days_visited=1, likes_given=0, likes_received=0, topics_replied=0
)


def test_the_bars_of_the_first_levels() -> None:
    assert trust_level(replace(BASIC, minutes_read=9), 1)[0] == 0
    assert trust_level(BASIC, 1)[0] == 1
    member = replace(
        BASIC,
        topics_entered=20,
        posts_read=100,
        minutes_read=60,
        days_visited=15,
        likes_given=1,
        likes_received=1,
        topics_replied=3,
    )
    assert trust_level(replace(member, topics_replied=2), 1)[0] == 1
    assert trust_level(replace(member, sanctions=1, days_visited_lately=0), 1)[0] == 2


LEAST = {bar.key: bar for bar in bars(REGULAR, 1) if bar.level == 3}


@pytest.mark.parametrize("key", LEAST)
def test_each_bar_of_level_3_alone_keeps_somebody_from_it(key: str) -> None:
    short = replace(REGULAR, **{key: LEAST[key].needed + (1 if LEAST[key].at_most else -1)})
    level, checked = trust_level(short, 1)
    assert (trust_level(REGULAR, 1)[0], level) == (3, 2)
    assert [one.bar.key for one in checked if not one.met] == [key]


def test_likes_must_come_from_several_people_on_several_days() -> None:
    assert (LEAST["likers"].needed, LEAST["liked_days"].needed) == (5, 7)


@pytest.mark.parametrize(
    ("edition", "new", "needed"),
    [
        (1, (100, 100), (25, 25)),
        (1, (4_000, 200_000), (500, 20_000)),
        (2, (4_000, 200_000), (250, 2_000)),
        (1, (2, 1), (1, 0)),
    ],
)
def test_a_quarter_of_what_is_new_up_to_a_cap_that_the_edition_sets(
    edition: int, new: tuple[int, int], needed: tuple[int, int]
) -> None:
    found = {bar.key: bar.needed for bar in bars(Reading(new_topics=new[0], new_posts=new[1]), edition)}
    assert (found["topics_viewed_lately"], found["posts_read_lately"]) == needed


def test_level_3_is_kept_down_to_nine_tenths_and_safe_in_its_first_days() -> None:
    assert trust_level(replace(REGULAR, days_visited_lately=45), 1, held=3, held_days=500)[0] == 3
    lost = replace(REGULAR, days_visited_lately=44)
    assert [trust_level(lost, 1, held=3, held_days=days)[0] for days in (13, 14)] == [3, 2]
    assert [trust_level(lost, 2, held=3, held_days=days)[0] for days in (99, 100)] == [3, 2]


@pytest.mark.parametrize("lost", [{"topics_entered": 199}, {"flaggers": 6}, {"sanctions": 1}])
def test_other_bars_of_level_3_do_not_yield(lost: dict[str, int]) -> None:
    assert trust_level(replace(REGULAR, **lost), 1, held=3, held_days=500)[0] == 2


def test_lower_levels_are_never_lost_and_the_highest_is_given_by_hand() -> None:
    for held in (0, 1, 2, 4):
        assert trust_level(Reading(topics_entered=0), 1, held=held, held_days=500)[0] == held
    assert trust_level(REGULAR, 1)[0] == 3


def test_what_nobody_can_see_is_left_out() -> None:
    level, checked = trust_level(Reading(days_visited=15, topics_replied=3, days_visited_lately=49), 1)
    assert level == 2
    assert {one.bar.key for one in checked if one.met is False} == {"days_visited_lately"}
    assert {one.bar.key for one in checked if one.met} == {"days_visited", "topics_replied"}


# h-index

RESPONDERS = st.lists(st.integers(0, 12), max_size=12)


def test_h_of_the_examples() -> None:
    assert (h_index([10, 8, 5, 4, 3]), h_index([25, 8, 5, 3, 3])) == (4, 3)
    assert (g_index([10, 8, 5, 4, 3]), h_index([]), g_index([0])) == (5, 0, 0)


@given(RESPONDERS)
def test_h_and_g_are_the_largest_that_hold(people: list[int]) -> None:
    best = sorted(people, reverse=True)
    assert h_index(people) == max(h for h in range(len(best) + 1) if sum(n >= h for n in best) >= h)
    assert g_index(people) == max(g for g in range(len(best) + 1) if sum(best[:g]) >= g * g)
    assert h_index(people) <= g_index(people)


# Engagement rate


def test_rates_by_audience() -> None:
    assert by_audience(300, 40, 10, 10_000) == 3.5
    assert by_grin(300, 40, 10_000) == 3.4
    assert by_community(likes=100, comments=40, shares=10, members=1_000) == 4
    with pytest.raises(ValueError, match="audience"):
        by_audience(1, 1, 1, 0)


def test_bands_of_the_folk() -> None:
    assert [band(rate) for rate in (0, 0.99, 1, 3.4, 3.5, 6, 6.1)] == [
        *("low", "low", "ordinary", "ordinary", "high", "high", "very-high")
    ]


FIRST = date(2024, 1, 1)


def posts(count: int, responses: int = 100) -> list[Post]:
    return [Post(FIRST + timedelta(days=day), likes=responses, comments=0) for day in range(count)]


def test_a_sample_takes_the_audience_as_it_was_when_each_post_went_out() -> None:
    grown = [(FIRST + timedelta(days=5), 10_000), (FIRST, 5_000)]
    assert by_sample(posts(10), grown) == pytest.approx((5 * 2 + 5 * 1) / 10)
    assert by_sample(posts(10), [(FIRST + timedelta(days=1), 5_000)]) is None


def test_a_sample_needs_ten_posts_and_an_audience_of_two_thousand() -> None:
    assert by_sample(posts(9), [(FIRST, 2_000)]) is None
    assert by_sample(posts(10), [(FIRST, 1_999)]) is None
    assert by_sample(posts(10), [(FIRST, 2_000)]) == 5


# crowd.dev and Savannah


def test_the_grid_knows_only_kinds_that_there_are() -> None:
    assert set(GRID) <= set(KINDS)


def test_ten_groups_that_lie_apart_are_ten_clusters() -> None:
    values = [group * 10 + member / 10 for group in range(10) for member in range(5)]
    assert clusters(values) == [group for group in range(10) for _ in range(5)]
    members = [(UUID(int=place), value) for place, value in enumerate(values)]
    assert list(dict.fromkeys(crowd_levels(members).values())) == ["silent", "quiet", "engaged", "fan", "ultra"]
    assert crowd_levels([]) == {}


@given(st.lists(st.integers(0, 60).map(lambda tenths: tenths / 10), max_size=60), st.randoms())
def test_clusters_follow_the_values_alone(values: list[float], chance: Random) -> None:
    found = dict(zip(values, clusters(values), strict=True))
    assert clusters(values) == [found[value] for value in values]
    assert [found[value] for value in sorted(values)] == sorted(found[value] for value in values)
    assert all(0 <= cluster < CLUSTERS for cluster in found.values())
    shuffled = values.copy()
    chance.shuffle(shuffled)
    assert dict(zip(shuffled, clusters(shuffled), strict=True)) == found


def test_what_a_gift_did() -> None:
    assert (gift_impact(4, 6), gift_impact(4, 1), gift_impact(0, 3)) == (0.5, -0.75, None)
