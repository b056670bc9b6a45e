"""What the team wishes of care: rhythms, watching, and up to where today was read."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from crm.command import dispatch
from crm.errors import Conflict, Refusal
from crm.event import NOBODY
from crm.installation import Installation
from crm.rhythms import SetRhythm, SetRhythmOf
from crm.stages import DefineStage
from crm.tags import GiveTag
from crm.today import ReadToday
from crm.undoing import Undo
from crm.watching import Watch
from projections.acts import which_traits
from projections.engine import Engine
from tests.factories import an_act, bring, someone


@pytest.fixture
def ann(kith: Installation) -> UUID:
    bring(kith, [an_act(by="ann")])
    return kith.ids.make("identity", "forum", "forum.example", someone("ann").uid)


def said(kith: Installation, member: UUID) -> dict[str, Any]:
    Engine(kith).catch_up("members", "acts")
    with kith.connection() as connection:
        return {one.slot: one.value for one in which_traits(connection, member)}


def test_a_rhythm_is_set_changed_and_taken_away(kith: Installation, ann: UUID) -> None:
    dispatch(kith, SetRhythm(member=ann, days=30))
    dispatch(kith, SetRhythm(member=ann, days=14))
    assert said(kith, ann) == {"rhythm": 14}
    dispatch(kith, SetRhythm(member=ann, days=None))
    assert said(kith, ann) == {}


def test_a_rhythm_of_a_tag_is_kept_under_the_tag_as_it_is_given(kith: Installation, ann: UUID) -> None:
    dispatch(kith, GiveTag(member=ann, tag="Câu  Lạc Bộ"))
    dispatch(kith, SetRhythmOf(tag="Câu Lạc Bộ", days=60))
    assert said(kith, NOBODY) == {"rhythm:tag:câu lạc bộ": 60}
    assert "tag:câu lạc bộ" in said(kith, ann)


def test_who_is_watched_is_watched_until_that_is_stopped_or_undone(kith: Installation, ann: UUID) -> None:
    began = dispatch(kith, Watch(member=ann))
    assert said(kith, ann) == {"watch": True}
    stopped = dispatch(kith, Watch(member=ann, on=False))
    assert said(kith, ann) == {}
    dispatch(kith, Undo(position=stopped))
    assert said(kith, ann) == {"watch": True}
    dispatch(kith, Undo(position=began))
    assert said(kith, ann) == {}


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (lambda ann: SetRhythm(member=ann, days=-1), "number of days"),
        (lambda ann: SetRhythm(member=ann, days=731), "number of days"),
        (lambda ann: SetRhythm(member=uuid4(), days=7), "Nobody here"),
        (lambda ann: SetRhythmOf(tag=" ", days=7), "needs a name"),
        (lambda ann: SetRhythmOf(tag="speaker", days=0), "number of days"),
        (lambda ann: SetRhythmOf(stage=uuid4(), days=7), "no such stage"),
        (lambda ann: Watch(member=uuid4()), "Nobody here"),
        (lambda ann: ReadToday(position=10_000), "Nothing has happened"),
        (lambda ann: ReadToday(position=-1), "Nothing has happened"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(kith: Installation, ann: UUID, wish: Any, sentence: str) -> None:
    before = kith.log.recorder.max_notification_id()
    with pytest.raises(Refusal, match=sentence):
        dispatch(kith, wish(ann))
    assert kith.log.recorder.max_notification_id() == before


def test_a_stage_that_was_taken_away_gets_no_rhythm(kith: Installation) -> None:
    dispatch(kith, DefineStage(name="Regular"))
    stage = next(iter(said(kith, NOBODY))).removeprefix("stage:")
    dispatch(kith, SetRhythmOf(stage=UUID(stage), days=90))
    dispatch(kith, DefineStage(name="Regular", stage=UUID(stage), kept=False))
    with pytest.raises(Refusal, match="no such stage"):
        dispatch(kith, SetRhythmOf(stage=UUID(stage), days=30))


def test_whoever_looked_before_a_colleague_set_the_rhythm_is_told(kith: Installation, ann: UUID) -> None:
    dispatch(kith, SetRhythm(member=ann, days=30))
    with pytest.raises(Conflict):
        dispatch(kith, SetRhythm(member=ann, days=7, seen=0))
    assert said(kith, ann) == {"rhythm": 30}
