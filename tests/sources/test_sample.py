"""The sample community: the same each time, ordered, whole, in two languages; people come and go."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from crm.activity import Activity
from crm.kinds import KINDS
from crm.sources.sample import activities

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
VIETNAM = timedelta(hours=7)


@pytest.fixture(scope="module")
def told() -> list[Activity]:
    return list(activities(UNTIL))


def by_key(told: list[Activity]) -> dict[tuple[str, str], Activity]:
    return {(act.host, act.key): act for act in told}


def by_person(told: list[Activity]) -> dict[tuple[str, str], list[Activity]]:
    found: dict[tuple[str, str], list[Activity]] = defaultdict(list)
    for act in told:
        if act.who:
            found[act.host, act.who.uid].append(act)
    return found


def test_the_same_seed_and_day_tell_the_same_story_and_another_seed_another(told: list[Activity]) -> None:
    assert list(activities(UNTIL)) == told
    assert [act.text for act in activities(UNTIL, seed=8)] != [act.text for act in told]


@pytest.mark.parametrize("until", [UNTIL, datetime(2027, 8, 15, tzinfo=UTC)])
@pytest.mark.parametrize("seed", [7, 8, 9])
def test_about_twelve_thousand_acts_of_about_four_hundred_people(until: datetime, seed: int) -> None:
    told = list(activities(until, seed))
    assert 10_500 < len(told) < 13_500
    assert 550 < len(by_person(told)) < 750
    assert len(by_key(told)) == len(told)


def test_it_is_chronological_and_fills_the_two_years_before_the_day(told: list[Activity]) -> None:
    times = [act.at for act in told]
    assert times == sorted(times)
    assert UNTIL - timedelta(days=731) < times[0] < UNTIL - timedelta(days=725)
    assert UNTIL - timedelta(days=1) < times[-1] < UNTIL


def test_every_act_is_of_a_known_kind_on_a_platform_of_its_own(told: list[Activity]) -> None:
    assert {act.kind for act in told} <= KINDS.keys()
    assert {(act.source, act.host) for act in told} == {
        ("discourse", "forum.sample.kith"),
        ("github", "code.sample.kith"),
        ("discord", "chat.sample.kith"),
    }
    assert {"solved", "reviewed", "attended", "joined", "moderated", "reacted", "merged"} <= {a.kind for a in told}


def test_no_answer_without_what_it_answers(told: list[Activity]) -> None:
    known = by_key(told)
    for act in told:
        if act.parent:
            parent = known[act.host, act.parent]
            assert parent.at <= act.at and parent.thread == act.thread
        assert act.kind not in ("replied", "answered", "reviewed", "solved") or act.parent


def test_no_thread_without_an_opener(told: list[Activity]) -> None:
    first: dict[tuple[str, str], Activity] = {}
    for act in told:
        if act.thread:
            first.setdefault((act.host, act.thread), act)
    assert all(act.kind in ("asked", "posted", "proposed", "published") and not act.parent for act in first.values())
    assert all(act.title for act in first.values() if act.source != "discord")


def test_an_accepted_answer_helps_who_asked(told: list[Activity]) -> None:
    known = by_key(told)
    for act in told:
        if act.kind == "solved":
            answer = known[act.host, act.parent]
            question = known[act.host, answer.parent]
            assert (answer.kind, question.kind, answer.who) == ("answered", "asked", act.who)
            assert [(whom.who, whom.role) for whom in act.whom] == [(question.who, "helped")]


def test_nobody_answers_or_thanks_themselves(told: list[Activity]) -> None:
    assert not any(act.who == whom.who for act in told for whom in act.whom)


def test_nobody_acts_before_arriving_and_most_fall_silent(told: list[Activity]) -> None:
    silent = 0
    for acts in by_person(told).values():
        joined = [act for act in acts if act.kind == "joined"]
        assert not joined or acts[0] is joined[0]
        silent += acts[-1].at < UNTIL - timedelta(days=60)
    assert silent > 0.6 * len(by_person(told))


def test_newcomers_arrive_every_month(told: list[Activity]) -> None:
    months = Counter(f"{act.at:%Y-%m}" for act in told if act.kind == "joined")
    assert len(months) >= 24 and min(months.values()) >= 5


def test_a_handful_of_people_give_most_of_the_answers(told: list[Activity]) -> None:
    answers = Counter(act.who.uid for act in told if act.who and act.kind == "answered")
    assert sum(number for _, number in answers.most_common(8)) > 0.5 * answers.total()
    assert len(answers) > 30


def test_both_languages_are_spoken_and_no_slot_is_left_open(told: list[Activity]) -> None:
    texts = [act.text for act in told if act.text]
    vietnamese = sum(any(sign in "ăâđêôơưạảấầẩậắằặẹẻếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷ" for sign in text) for text in texts)
    assert 0.4 < vietnamese / len(texts) < 0.7
    assert not any(sign in act.text + act.title for act in told for sign in "{}")


def test_evenings_are_busy_and_nights_are_quiet(told: list[Activity]) -> None:
    hours = Counter((act.at + VIETNAM).hour for act in told)
    assert sum(hours[hour] for hour in range(19, 23)) > 3 * sum(hours[hour] for hour in range(1, 5))


def test_weekends_are_for_the_chat_and_working_days_for_the_program(told: list[Activity]) -> None:
    def weekend(source: str) -> float:
        acts = [act for act in told if act.source == source and act.kind in ("asked", "posted", "proposed")]
        return sum(act.at.weekday() >= 5 for act in acts) / len(acts)

    assert weekend("github") < 0.2 < weekend("discord")


def test_some_people_are_on_two_platforms_under_different_logins(told: list[Activity]) -> None:
    logins: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for act in told:
        if act.who and act.who.email:
            logins[act.who.email].add((act.source, act.who.login))
    several = [found for found in logins.values() if len({source for source, _ in found}) > 1]
    assert len(several) > 40
    assert sum(len({login for _, login in found}) > 1 for found in several) > 30
