"""The vocabulary of acts: every kind can be shown and said, and everybody whom an act touched stands in its sentence once."""

from pathlib import Path
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from crm.activity import Role
from crm.kinds import KINDS, TAILS, phrases

SPRITE = Path(__file__).parents[2] / "web/static/icons.svg"
ROLES = get_args(Role)


def test_every_kind_has_an_icon_that_is_drawn() -> None:
    drawn = SPRITE.read_text()
    assert [kind.icon for kind in KINDS.values() if f'id="{kind.icon}"' not in drawn] == []


def test_every_sentence_begins_with_who_did_it() -> None:
    for kind in KINDS.values():
        assert kind.alone.startswith("{who} ")
        assert bool(kind.toward) == bool(kind.roles)
        assert not kind.toward or (kind.toward.startswith("{who} ") and "{whom}" in kind.toward)


def test_every_role_can_be_said() -> None:
    assert set(TAILS) == set(ROLES)
    assert all("{whom}" in tail for tail in TAILS.values())


@given(st.sampled_from(sorted(KINDS)), st.lists(st.sampled_from(ROLES), max_size=8))
def test_everybody_touched_stands_in_the_sentence_once(kind: str, roles: list[str]) -> None:
    said = phrases(kind, roles)
    assert sorted(index for part in said for index in part.whom) == list(range(len(roles)))
    assert [part.text for part in said if "{whom}" in part.text] == [part.text for part in said if part.whom]
