"""Versions of a formula are proposed, tried, adopted for a reason, or dropped; what cannot be is refused at its field."""

import math
from typing import Any

import pytest
from msgspec.structs import replace

from crm.command import dispatch
from crm.errors import Refusal
from crm.event import NOBODY
from crm.formulas import AdoptFormula, DropFormula, ProposeFormula, which_version_counts, which_versions
from crm.installation import Installation
from crm.levels import SetLevel
from crm.scores import formula, formulas
from crm.scores.formula import Central, Earning, Level, Measured, Settings, Weighted
from crm.undoing import Undo
from tests.factories import an_act, bring, someone

ADVOCACY = formula("advocacy")
assert isinstance(ADVOCACY, Weighted)
SETTINGS = ADVOCACY.settings[1]


def changed(rule: str = "answers", **more: Any) -> Settings:
    return replace(SETTINGS, earnings=SETTINGS.earnings | {rule: replace(SETTINGS.earnings[rule], **more)})


def counts(kith: Installation) -> int:
    with kith.connection() as connection:
        return which_version_counts(connection, ADVOCACY)


def versions(kith: Installation) -> list[int]:
    with kith.connection() as connection:
        return list(which_versions(connection, ADVOCACY))


def propose(kith: Installation, settings: Settings) -> int:
    return dispatch(kith, ProposeFormula(formula="advocacy", settings=settings, reason="Answers matter more to us."))


def test_a_version_counts_once_it_is_adopted_and_the_one_before_when_that_is_undone(kith: Installation) -> None:
    propose(kith, changed(weight=6.5))
    assert versions(kith) == [1, 2]
    assert counts(kith) == 1
    adopted = dispatch(kith, AdoptFormula(formula="advocacy", version=2, reason="Tried on two years."))
    assert counts(kith) == 2
    dispatch(kith, Undo(position=adopted))
    assert counts(kith) == 1
    with kith.connection() as connection:
        assert which_versions(connection, ADVOCACY)[2] == changed(weight=6.5), "old versions stay readable"


def test_a_number_is_never_given_twice(kith: Installation) -> None:
    dispatch(kith, Undo(position=propose(kith, changed(weight=6))))
    propose(kith, changed(weight=7))
    dispatch(kith, DropFormula(formula="advocacy", version=3))
    propose(kith, changed(weight=8))
    assert versions(kith) == [1, 4]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (changed(half_life=-1), "answers.half_life"),
        (changed(half_life=math.nan), "answers.half_life"),
        (changed(weight=math.inf), "answers.weight"),
        (changed(weight=10_001), "answers.weight"),
        (changed(cap=-1), "answers.cap"),
        (changed("heard", cap=3), "heard.cap"),
        (replace(SETTINGS, holding=25), "holding"),
        (replace(SETTINGS, ladder=(Level("One", 5), Level("Two", 5))), "level.1.points"),
        (replace(SETTINGS, ladder=(Level("One", 5), Level("Two", 3))), "level.1.points"),
        (replace(SETTINGS, ladder=(Level("One", 5), Level("one ", 9))), "level.1.name"),
        (replace(SETTINGS, ladder=(Level(" ", 5),)), "level.0.name"),
        (replace(SETTINGS, ladder=(Level("One", math.nan),)), "level.0.points"),
        (replace(SETTINGS, ladder=tuple(Level(f"L{place}", place) for place in range(13))), "ladder"),
        (replace(SETTINGS, earnings={"answers": Earning(1)}), "solved.weight"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(
    kith: Installation, settings: Settings, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        propose(kith, settings)
    assert refused.value.field == field
    assert versions(kith) == [1]


def test_a_version_that_says_the_same_is_not_proposed(kith: Installation) -> None:
    with pytest.raises(Refusal, match="already says"):
        propose(kith, SETTINGS)


def test_adopting_takes_a_reason_a_version_that_is_there_and_one_that_does_not_count_yet(kith: Installation) -> None:
    propose(kith, changed(weight=6))
    for version, reason, sentence in (
        (2, " ", "Say why"),
        (9, "Why not", "no version 9"),
        (1, "Why not", "counts already"),
    ):
        with pytest.raises(Refusal, match=sentence):
            dispatch(kith, AdoptFormula(formula="advocacy", version=version, reason=reason))
    assert counts(kith) == 1


def test_what_counts_and_what_kith_brings_is_not_dropped(kith: Installation) -> None:
    with pytest.raises(Refusal, match="brings"):
        dispatch(kith, DropFormula(formula="advocacy", version=1))
    propose(kith, changed(weight=6))
    dispatch(kith, AdoptFormula(formula="advocacy", version=2, reason="Tried."))
    with pytest.raises(Refusal, match="counts"):
        dispatch(kith, DropFormula(formula="advocacy", version=2))


def test_only_scores_with_weights_are_changed(kith: Installation) -> None:
    with pytest.raises(Refusal, match="no weights"):
        dispatch(kith, ProposeFormula(formula="rfm", settings=SETTINGS))
    with pytest.raises(Refusal, match="no formula called"):
        dispatch(kith, AdoptFormula(formula="karma", version=1, reason="Why not"))


def test_a_level_by_hand_takes_a_reason_and_a_level_that_is_there(kith: Installation) -> None:
    bring(kith, [an_act(by="ann")])
    ann = kith.ids.make("identity", "forum", "forum.example", someone("ann").uid)
    for level, reason, field in (("Champion", "", "reason"), ("Emperor", "Because", "level")):
        with pytest.raises(Refusal) as refused:
            dispatch(kith, SetLevel(member=ann, formula="advocacy", level=level, reason=reason))
        assert refused.value.field == field
    with pytest.raises(Refusal, match="known by that id"):
        dispatch(kith, SetLevel(member=NOBODY, formula="advocacy", level="Champion", reason="Because"))


@pytest.mark.parametrize("name", formulas())
def test_every_formula_says_what_it_is_and_where_it_is_from(name: str) -> None:
    one = formula(name)
    assert one.name == name
    assert one.label
    assert len(one.explained) > 60
    assert one.source
    assert one.unit
    asked = {Weighted: "settings", Measured: "queries", Central: ""}[type(one)]
    if asked:
        assert getattr(one, asked).keys() == one.editions.keys()


@pytest.mark.parametrize("name", [name for name, one in formulas().items() if isinstance(one, Weighted)])
def test_what_kith_brings_is_sound(kith: Installation, name: str) -> None:
    brought = formula(name)
    assert isinstance(brought, Weighted)
    for settings in brought.settings.values():
        assert settings.earnings.keys() == {rule.key for rule in brought.rules}
        weight = settings.earnings[brought.rules[0].key].weight
        other = settings.earnings | {
            brought.rules[0].key: replace(settings.earnings[brought.rules[0].key], weight=weight + 1)
        }
        dispatch(kith, ProposeFormula(formula=name, settings=replace(settings, earnings=other)))
