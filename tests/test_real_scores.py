"""Scores of a whole real community: worked out by other means they are the same, and each number opens to acts that make it up."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from crm import importing
from crm.activity import Activity
from crm.installation import Installation
from crm.reading import Inputs
from crm.scores import formula
from crm.scores.formula import Weighted
from crm.sources import source
from projections.engine import Engine
from projections.scores import Version, what_are_the_scores
from projections.why import Asking, what_earned_it
from tests.by_hand import points_of
from tests.factories import opened

DAYS = [date(2015, 6, 30), date(2022, 10, 31)]


@pytest.fixture(scope="module")
def files(data: Path) -> Inputs:
    return Inputs(tuple(str(path) for path in sorted((data / "discourse").glob("urho3d*"))))


@pytest.fixture(scope="module")
def forum(
    files: Inputs, new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    with opened(new_database(), tmp_path_factory.mktemp("forum")) as kith:
        importing.run(kith, "discourse", files, by="tests")
        Engine(kith).catch_up()
        yield kith


def version(name: str) -> Version:
    of = formula(name)
    assert isinstance(of, Weighted)
    return Version(of, 1, of.settings[1])


def test_scores_are_those_worked_out_by_other_means_and_open_to_the_acts_that_make_them_up(
    files: Inputs, forum: Installation
) -> None:
    acts = [one for one in source("discourse").read(files) if isinstance(one, Activity)]
    for name in ("advocacy", "orbit-2019"):
        for day in DAYS:
            of = version(name)
            with forum.connection() as connection, connection.transaction():
                scores = {one.member: one.points for one in what_are_the_scores(connection, of, [day])}
            by_hand = worked_out(forum, acts, of, day)
            assert ranked(scores) == ranked(by_hand)
            assert scores == by_hand
        if name == "advocacy":  # the other has fewer ways to count
            every_number_opens(forum, of, scores)


def worked_out(forum: Installation, acts: list[Activity], of: Version, day: date) -> dict[UUID, int]:
    assert isinstance(of.formula, Weighted)
    assert of.settings
    expected = points_of(acts, of.formula, of.settings.earnings, day)
    return {forum.ids.make("identity", *each): number for each, number in expected.items()}


def ranked(scores: dict[UUID, int]) -> list[UUID]:
    return sorted(scores, key=lambda one: (-scores[one], one))


def every_number_opens(forum: Installation, of: Version, scores: dict[UUID, int]) -> None:
    with forum.connection() as connection:
        for member, points in scores.items():
            told = what_earned_it(connection, Asking(of, member, [member], DAYS[-1]), limit=100_000)
            assert sum(one.points for one in told) == points
