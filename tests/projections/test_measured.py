"""Formulas that ask the facts: given what people did, when their score is asked, then it is this."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from crm import importing
from crm.activity import Activity, Role, Whom
from crm.command import dispatch
from crm.installation import Installation
from crm.merging import MergeMembers
from crm.reading import Inputs
from crm.scores import formulas
from crm.scores.asking import PASSIVE
from crm.scores.formula import Measured
from crm.scores.orbit_2022 import WEIGHTS
from crm.sides import SetSide
from projections.engine import Engine
from projections.facts import relations
from projections.points import MILLIONTHS
from projections.scores import what_are_the_scores, which_version
from tests.factories import NOON, a_mention, an_act, bring, opened, rows, someone

TODAY = NOON.date()
MEASURED = {name: one for name, one in formulas().items() if isinstance(one, Measured)}
EDITIONS = [(name, edition) for name, one in MEASURED.items() for edition in one.editions]

Scores = dict[UUID, tuple[float, str, dict[str, Any]]]


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


def ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def asked(kith: Installation, name: str, edition: int = 1, today: date = TODAY) -> Scores:
    """Value, level and what was seen, of every member that the formula knows anything of."""
    Engine(kith).catch_up()
    with kith.connection() as connection, connection.transaction():
        found = what_are_the_scores(connection, which_version(connection, f"{name}@{edition}"), [today])
        return {one.member: (one.points / MILLIONTHS, one.level, one.told or {}) for one in found}


def of(
    kith: Installation, person: str, name: str, edition: int = 1, today: date = TODAY
) -> tuple[float, str, dict[str, Any]]:
    return asked(kith, name, edition, today)[who(kith, person)]


def a_response(role: Role, *, by: str, to: str, post: str, at: datetime = NOON) -> Activity:
    kind = "reacted" if role == "thanked" else role
    return an_act(kind, by=by, whom=(Whom(someone(to), role),), parent=post, at=at)


# What all have in common


def busy(ann: str, twin: str) -> list[Activity]:
    """A small community in which Ann does a bit of everything, every second time by the other name."""
    names = [ann, twin]
    acts = [
        an_act(kind, by=names[n % 2], key=f"p{n}", at=ago(n * 3))
        for n, kind in enumerate(["posted", "answered", "hosted"] * 9)
    ]
    acts += [a_response("replied", by=names[n % 2], to="ben", post=f"b{n}", at=ago(n)) for n in range(20)]
    acts += [
        a_response("reacted", by=by, to=names[n % 2], post=f"p{n}", at=ago(n))
        for n in range(9)
        for by in ("ben", "chi")
    ]
    acts += [a_mention(by="ben", of=(names[n % 2],), at=ago(n * 7)) for n in range(5)]
    return [*acts, *(an_act(by="chi", at=ago(n * n)) for n in range(30))]


@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_the_accounts_of_a_member_score_as_one(
    new_database: Any, tmp_path: Path, kith: Installation, name: str, edition: int
) -> None:
    bring(kith, busy("ann", "dora"))
    dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "dora")))
    with opened(new_database(), tmp_path / "other") as other:
        bring(other, busy("ann", "ann"))
        one = asked(other, name, edition)
        expected = [one.get(who(other, person)) for person in ("ann", "ben", "chi")]
    joined = asked(kith, name, edition)
    assert [joined.get(who(kith, person)) for person in ("ann", "ben", "chi")] == expected
    assert expected[0] and len(joined) == len(one)


@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_levels_and_what_was_seen_are_in_words_that_the_formula_knows(
    kith: Installation, name: str, edition: int
) -> None:
    bring(kith, busy("ann", "dora"))
    formula, found = MEASURED[name], asked(kith, name, edition)
    assert {level for _value, level, _told in found.values()} <= {*formula.levels, *([] if formula.levels else [""])}
    assert {key for *_, told in found.values() for key in told} <= set(formula.words)


@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_colleagues_and_bots_have_no_score_and_give_none(kith: Installation, name: str, edition: int) -> None:
    bring(kith, busy("ann", "ann"))
    alone = asked(kith, name, edition)
    robot = replace(someone("robot"), bot=True)
    theirs = [a_response("replied", by="tess", to="ann", post=f"p{n}", at=ago(n)) for n in range(9)]
    bring(kith, [*theirs, *(replace(act, who=robot, key=f"robot/{act.key}") for act in theirs)])
    dispatch(kith, SetSide(member=who(kith, "tess"), side="team"))
    assert asked(kith, name, edition) == alone
    dispatch(kith, SetSide(member=who(kith, "chi"), side="bot"))
    assert set(asked(kith, name, edition)) == set(alone) - {who(kith, "chi")}


@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_a_past_day_knows_nothing_of_what_came_after(kith: Installation, name: str, edition: int) -> None:
    acts = busy("ann", "ann")
    bring(kith, [act for act in acts if act.at.date() <= TODAY - timedelta(days=10)])
    past = asked(kith, name, edition, TODAY - timedelta(days=10))
    bring(kith, acts)
    assert asked(kith, name, edition, TODAY - timedelta(days=10)) == past != asked(kith, name, edition)
    assert asked(kith, name, edition, date(2010, 1, 1)) == {}


# Orbit 2022

MONDAY = datetime.combine(date(2024, 3, 4), NOON.timetz())


def likes(*days: int) -> list[Activity]:
    """A click, which weighs two, so many days after the Monday."""
    return [an_act("reacted", by="ann", at=MONDAY + timedelta(days=day)) for day in days]


def test_the_heaviest_act_of_the_year_gives_the_level(kith: Installation) -> None:
    bring(
        kith,
        [an_act("hosted", at=ago(365)), an_act("answered", at=ago(1)), an_act("answered", at=ago(1)), an_act("posted")],
    )
    assert of(kith, "ann", "orbit-2022") == (6, "orbit-3", {"answered": 2, "days": 2})
    assert of(kith, "ann", "orbit-2022", today=TODAY - timedelta(days=1))[:2] == (11, "orbit-1")


@pytest.mark.parametrize(
    ("days", "value", "told"),
    [
        ([0], 2, {"reacted": 1, "days": 1}),
        ([6, 7], 2, {"reacted": 2, "days": 2}),
        ([5, 6], 4, {"weeks": 1, "days": 2}),
        ([0, 6, 7, 8], 5, {"weeks": 2, "days": 4}),
        ([0, 6, 7, 8, 21, 22, 28, 29], 6, {"weeks": 4, "days": 8}),
        ([0, 4, 8, 12, 16, 20, 24], 7, {"months": 1, "days": 7}),
        ([*range(0, 21, 3), *range(28, 49, 3)], 8, {"months": 2, "days": 14}),
        ([*range(-60, -39, 3), *range(0, 21, 3), *range(28, 49, 3)], 9, {"months": 3, "days": 21}),
        (range(-36, -6), 10, {"quarters": 1, "days": 30}),
        (range(-6, 59), 11, {"quarters": 2, "days": 65}),
    ],
)
def test_being_there_gives_a_level_too(kith: Installation, days: list[int], value: int, told: dict[str, int]) -> None:
    bring(kith, likes(*days))
    assert of(kith, "ann", "orbit-2022") == (value, f"orbit-{4 - (value - 1) // 3}", told)


def test_who_only_stood_on_a_list_has_no_level(kith: Installation) -> None:
    bring(kith, [an_act("listed"), an_act("awarded", at=ago(1)), an_act("posted", by="ben")])
    assert set(asked(kith, "orbit-2022")) == {who(kith, "ben")}


# Trust


def test_days_replies_and_likes_either_way_make_level_2(kith: Installation) -> None:
    bring(kith, [a_response("replied", by="ann", to="ben", post=f"b{n % 3}", at=ago(n)) for n in range(15)])
    assert of(kith, "ann", "trust") == (
        *(2, "trust-2"),
        {"days_visited": 15, "days_visited_lately": 15, "topics_replied": 3, "topics_replied_lately": 3}
        | {"flaggers": 0, "sanctions": 0},
    )
    bring(kith, [a_response("reacted", by="ann", to="ben", post="b1")])
    assert of(kith, "ann", "trust")[:2] == (1, "trust-1")
    bring(kith, [a_response("thanked", by="ben", to="ann", post="a1")])
    assert of(kith, "ann", "trust")[:2] == (2, "trust-2")


def regular(likers: int = 5, days: int = 7) -> list[Activity]:
    """What makes Ann a regular: fifty days, ten answers, thirty likes given, twenty received."""
    return [
        *(an_act(at=ago(n)) for n in range(50)),
        *(a_response("replied", by="ann", to="ben", post=f"b{n}") for n in range(10)),
        *(a_response("reacted", by="ann", to="ben", post=f"c{n}") for n in range(30)),
        *(a_response("reacted", by=f"p{n % likers}", to="ann", post=f"a{n}", at=ago(n % days)) for n in range(20)),
    ]


@pytest.mark.parametrize(("likers", "days", "level"), [(5, 7, 3), (4, 7, 2), (5, 6, 2)])
def test_a_regular_is_liked_by_several_people_on_several_days(
    kith: Installation, likers: int, days: int, level: int
) -> None:
    bring(kith, regular(likers, days))
    value, _level, told = of(kith, "ann", "trust", edition=2)
    assert (value, told["likers"], told["liked_days"]) == (level, likers, days)


def laid(act: str, days: int, on: str = "ann") -> Activity:
    return replace(an_act("moderated", by="mod", whom=(Whom(someone(on), "moderated"),), at=ago(days)), own_kind=act)


def test_a_sanction_of_the_last_six_months_that_stands_bars_the_way_to_level_3(kith: Installation) -> None:
    bring(kith, [*regular(), laid("suspend", 200), laid("warn", 3)])
    assert of(kith, "ann", "trust")[0] == 3
    bring(kith, [laid("silence", 20)])
    assert of(kith, "ann", "trust")[0] == 2
    bring(kith, [laid("unsilence", 10)])
    assert of(kith, "ann", "trust")[0] == 3
    assert of(kith, "ann", "trust", today=TODAY - timedelta(days=11))[2]["sanctions"] == 1


def test_a_sanction_counts_on_whichever_account_it_was_laid(kith: Installation) -> None:
    bring(kith, [*regular(), laid("ban", 20, on="dora")])
    assert of(kith, "ann", "trust")[0] == 3
    dispatch(kith, MergeMembers(kept=who(kith, "ann"), gone=who(kith, "dora")))
    assert of(kith, "ann", "trust")[0] == 2


def test_reports_by_more_than_five_people_bar_the_way_to_level_3(kith: Installation) -> None:
    reports = [an_act("reported", by=f"p{n}", whom=(Whom(someone("ann"), "moderated"),), parent="a1") for n in range(6)]
    bring(kith, [*regular(), *reports[:5]])
    assert of(kith, "ann", "trust")[0] == 3
    bring(kith, reports)
    value, _level, told = of(kith, "ann", "trust")
    assert (value, told["flaggers"]) == (2, 6)


# RFM


def test_equal_values_share_a_fifth(kith: Installation) -> None:
    bring(
        kith,
        [an_act(by=name, at=ago(days)) for name, days in [("ann", 0), ("ben", 0), ("chi", 5), ("dan", 9), ("eve", 9)]],
    )
    found = {name: of(kith, name, "rfm") for name in ("ann", "ben", "chi", "dan", "eve")}
    assert [one[2]["rfm"] for one in found.values()] == ["5-1-1", "5-1-1", "3-1-1", "2-1-1", "2-1-1"]
    assert [one[0] for one in found.values()] == [511, 511, 311, 211, 211]
    assert {one[1] for one in found.values()} == {"new"}


def test_segments(kith: Installation) -> None:
    often = [an_act("answered", by="ann", at=ago(n)) for n in range(9)]
    gone = [an_act("hosted", by="ben", at=ago(300 + n)) for n in range(8)]
    rising = [an_act(by="chi", at=ago(n)) for n in (1, 2)]
    old = [an_act(by="dan", at=ago(days)) for days in (2000, 100)]
    bring(kith, [*often, *gone, *rising, *old, an_act(by="eve", at=ago(350))])
    assert {name: of(kith, name, "rfm")[1] for name in ("ann", "ben", "chi", "dan", "eve")} == {
        "ann": "champions",
        "ben": "at-risk",
        "chi": "rising",
        "dan": "others",
        "eve": "lost",
    }


def test_who_came_long_ago_is_never_new_and_who_was_on_a_list_then_neither(kith: Installation) -> None:
    bring(kith, [an_act("listed", by="ann", at=ago(3000)), *(an_act(by=name, at=ago(2)) for name in ("ann", "ben"))])
    told = of(kith, "ann", "rfm")[2]
    assert (told["first"], told["active"], told["weight"]) == (str(ago(3000).date()), 1, 4)
    assert [of(kith, name, "rfm")[1] for name in ("ann", "ben")] == ["others", "new"]


def test_who_did_nothing_in_the_year_is_not_sorted(kith: Installation) -> None:
    bring(kith, [an_act(by="ann", at=ago(365)), an_act(by="ben", at=ago(364))])
    assert set(asked(kith, "rfm")) == {who(kith, "ben")}


# h-index


@pytest.mark.parametrize(
    ("people", "h", "g"), [((10, 8, 5, 4, 3), 4, 5), ((25, 8, 5, 3, 3), 3, 5), ((1,), 1, 1), ((5,), 1, 1)]
)
def test_h_counts_different_people_by_post(kith: Installation, people: tuple[int, ...], h: int, g: int) -> None:
    roles: tuple[Role, ...] = ("replied", "reacted", "thanked", "reviewed")
    bring(
        kith,
        [
            a_response(roles[(post + n) % 4], by=f"p{n}", to="ann", post=f"a{post}", at=ago(again))
            for post, count in enumerate(people)
            for n in range(count)
            for again in (0, 1)
        ],
    )
    assert of(kith, "ann", "h-index") == (h, "", {"posts": len(people), "most": people[0], "g": g})


def test_who_is_quoted_in_a_reply_to_somebody_else_has_no_post_there(kith: Installation) -> None:
    whom = (Whom(someone("ann"), "replied"), Whom(someone("chi"), "quoted"))
    bring(kith, [an_act("replied", by="ben", whom=whom, parent="a1")])
    assert set(asked(kith, "h-index")) == {who(kith, "ann")}


# Engagement rate


def test_of_what_one_person_answered_on_a_day_the_heaviest_counts(kith: Installation) -> None:
    both = (Whom(someone("ann"), "replied"), Whom(someone("ann"), "quoted"))
    bring(
        kith,
        [
            a_response("reacted", by="eve", to="ann", post="a1"),
            a_response("reacted", by="ben", to="ann", post="a1"),
            a_response("replied", by="ben", to="ann", post="a1"),
            an_act("replied", by="chi", whom=both, parent="a1"),
            a_response("replied", by="dan", to="ann", post="a0", at=ago(365)),
            *(an_act(by=f"p{n}") for n in range(37)),
        ],
    )
    assert of(kith, "ann", "engage-rate") == (4, "high", {"likes": 1, "comments": 1, "shares": 1, "members": 40})


@pytest.mark.parametrize(
    ("members", "level"), [(16, "very-high"), (17, "high"), (28, "high"), (29, "ordinary"), (101, "low")]
)
def test_bands_of_a_post_that_mentions_somebody(kith: Installation, members: int, level: str) -> None:
    bring(kith, [a_mention(by="p0"), *(an_act(by=f"p{n}") for n in range(members))])
    assert of(kith, "ann", "engage-rate")[:2] == (round(100 / members, 6), level)


# crowd.dev


def test_a_score_by_months_of_even_work(kith: Installation) -> None:
    acts = [
        ("posted", 0),
        ("posted", 0),
        ("answered", 3),
        ("proposed", 40),
        ("reacted", 70),
        ("hosted", 3),
        ("posted", 400),
    ]
    bring(kith, [an_act(kind, at=ago(days)) for kind, days in acts])
    points = {"posted": 8, "answered": 6, "proposed": 10, "reacted": 1}
    expected = 0.0
    for back, (year, month) in enumerate([(2024, 5), (2024, 4), (2024, 3)]):
        daily = [0.0] * monthrange(year, month)[1]
        for kind, days in acts:
            if (ago(days).year, ago(days).month) == (year, month):
                daily[ago(days).day - 1] += points.get(kind, 0)
        part = fmean(daily) / (1 + pstdev(daily)) * 0.9**back * 10 / 13
        expected += part * 31 / 30 if back == 0 else part
    value, _level, told = of(kith, "ann", "crowd")
    assert value == pytest.approx(expected, abs=2e-6)
    assert told == {"points": 33, "months": 3}


def test_a_running_month_is_judged_by_its_days_so_far(kith: Installation) -> None:
    bring(kith, [an_act("posted", at=datetime(2024, 5, day, tzinfo=NOON.tzinfo)) for day in range(1, 11)])
    assert of(kith, "ann", "crowd", today=date(2024, 5, 10))[0] == pytest.approx(8 * 10 / 13 * 10 / 30, abs=1e-6)


def test_a_burst_earns_less_than_the_same_work_spread(kith: Installation) -> None:
    burst = [an_act(by="ann", at=ago(40)) for _ in range(20)]
    bring(kith, [*burst, *(an_act(by="ben", at=ago(31 + n)) for n in range(20)), an_act(by="chi")])
    found = {name: of(kith, name, "crowd") for name in ("ann", "ben", "chi")}
    assert found["ann"][2]["points"] == found["ben"][2]["points"] == 160
    assert found["chi"][0] < found["ann"][0] < found["ben"][0]
    assert [found[name][1] for name in ("chi", "ann", "ben")] == ["silent", "quiet", "quiet"]


# Savannah


@pytest.mark.parametrize(
    ("talk", "gifts", "levels"),
    [
        (1, 0, ("visitor", "visitor")),
        (3, 0, ("visitor", "participant")),
        (10, 0, ("participant", "participant")),
        (0, 1, ("contributor", "contributor")),
        (99, 5, ("contributor", "core")),
        (0, 10, ("core", "core")),
    ],
)
def test_levels_by_conversations_and_contributions(
    kith: Installation, talk: int, gifts: int, levels: tuple[str, str]
) -> None:
    bring(
        kith,
        [
            *(an_act() for _ in range(talk)),
            *(an_act("contributed") for _ in range(gifts)),
            an_act("hosted", at=ago(365)),
        ],
    )
    for edition, level in enumerate(levels, 1):
        assert of(kith, "ann", "savannah", edition)[1:] == (level, {"conversations": talk, "contributions": gifts})


def test_who_only_clicks_is_no_visitor(kith: Installation) -> None:
    bring(kith, [an_act("reacted", by="ann"), an_act("starred", by="ann")])
    assert asked(kith, "savannah") == {}


# A real community

DAYS = [date(2015, 6, 30), date(2019, 6, 30)]


@pytest.fixture(scope="module")
def urho(new_database: Any, tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Installation]:
    """The forum and the history of a game engine; whoever was busiest on either is taken for one person."""
    with opened(new_database(), tmp_path_factory.mktemp("urho")) as kith:
        for source in ("discourse", "git"):
            (path,) = (data / source).glob("urho3d*")
            importing.run(kith, source, Inputs((str(path),)))
        Engine(kith).catch_up()
        busiest = rows(
            kith,
            """SELECT DISTINCT ON (source) source, t.identity FROM tallies AS t JOIN identities AS i ON i.identity = t.identity
            ORDER BY source, acts DESC LIMIT 2""",
        )
        dispatch(kith, MergeMembers(kept=busiest[0]["identity"], gone=busiest[1]["identity"]))
        Engine(kith).catch_up()
        yield kith


def told_by_the_log(kith: Installation, today: date) -> dict[UUID, list[tuple[date, str]]]:
    """What each member did up to that day, straight from the events."""
    events = rows(kith, "SELECT actor, occurred_at, kind FROM kith_events WHERE kind IS NOT NULL AND actor IS NOT NULL")
    bots = {row["identity"] for row in rows(kith, "SELECT identity FROM identities WHERE bot")}
    members = {row["handle"]: row["member"] for row in rows(kith, "SELECT handle, member FROM membership")}
    found = defaultdict(list)
    for event in events:
        if event["occurred_at"].date() <= today and event["actor"] not in bots:
            found[members.get(event["actor"], event["actor"])].append((event["occurred_at"].date(), event["kind"]))
    return found


def step(acts: list[tuple[date, str]], today: date) -> int | None:
    """The step of Orbit 2022 by its definition."""
    lately = [(day, kind) for day, kind in acts if (today - day).days < 365 and kind not in PASSIVE]
    if not lately:
        return None
    steps = [max(WEIGHTS[kind] for _day, kind in lately)]
    days = {day for day, _kind in lately}
    for least, base, period in (
        (2, 3, lambda day: day.isocalendar()[:2]),
        (7, 6, lambda day: (day.year, day.month)),
        (30, 9, lambda day: (day.year, (day.month - 1) // 3)),
    ):
        full = sum(count >= least for count in Counter(map(period, days)).values())
        steps += [base + min(full, 3)] if full else []
    return max(steps)


@pytest.mark.parametrize("today", DAYS)
def test_orbit_2022_worked_out_by_hand_for_all_members_is_the_same(urho: Installation, today: date) -> None:
    by_hand = {member: step(acts, today) for member, acts in told_by_the_log(urho, today).items()}
    found = {member: value for member, (value, _level, _told) in asked(urho, "orbit-2022", today=today).items()}
    assert found == {member: value for member, value in by_hand.items() if value}
    assert len(found) > 150


@pytest.mark.parametrize("today", DAYS)
def test_members_who_are_equal_are_in_the_same_fifth_and_fifths_keep_their_order(
    urho: Installation, today: date
) -> None:
    told = [one[2] for one in asked(urho, "rfm", today=today).values()]
    for place, key, sign in ((0, "since", -1), (1, "active", 1), (2, "weight", 1)):
        fifths = {sign * one[key]: set() for one in told}  # type: dict[int, set[str]]
        for one in told:
            fifths[sign * one[key]].add(one["rfm"].split("-")[place])
        assert all(len(shared) == 1 for shared in fifths.values())
        ordered = [min(fifths[value]) for value in sorted(fifths)]
        assert ordered == sorted(ordered) and ordered[-1] == "5"


@pytest.mark.parametrize(("name", "edition"), EDITIONS)
def test_another_plan_gives_the_same_bits(urho: Installation, name: str, edition: int) -> None:
    found = []
    for plan in ("", "SET LOCAL enable_hashagg = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_seqscan = off"):
        with urho.connection() as connection, connection.transaction():
            query = f"WITH {relations(connection)}, found AS ({MEASURED[name].queries[edition]}) SELECT member, value, level, told::text FROM found"
            connection.execute(plan)
            found.append(
                sorted(tuple(row.values()) for row in connection.execute(query, {"today": DAYS[1]}).fetchall())
            )
    assert found[0] == found[1] and found[0]
