"""Segments are kept under a name; what is done to many members at once is one whole."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import conditions
from crm.command import Command, dispatch
from crm.conditions import NONE, Bound, Conditions
from crm.errors import Refusal
from crm.installation import Installation
from crm.segments import READY, RemoveSegment, SaveSegment
from crm.stages import DefineStage
from crm.together import MOST, OwnerTogether, SideTogether, StageTogether, TagTogether
from crm.undoing import Undo
from projections.engine import Engine
from projections.saved import which_segments
from tests.factories import an_act, bring, rows, someone

words = st.text(alphabet="abcđê 12", min_size=1, max_size=8).map(str.strip).filter(bool)
ids = st.sampled_from(["", NONE, str(UUID(int=7))])
days = st.integers(0, 3_660)
bounds = st.builds(Bound, st.sampled_from(["languages", str(UUID(int=3))]), has=words, least=words, most=st.just(""))
wishes = st.builds(
    Conditions,
    q=words | st.just(""),
    source=st.sampled_from(["", "forum"]),
    kind=st.sampled_from(["", *conditions.KINDS]),
    seen=days,
    new=days,
    quiet=days,
    acts=st.integers(1, 500),
    within=days,
    tags=st.lists(words, max_size=3).map(lambda tags: tuple(sorted({" ".join(tag.split()) for tag in tags}))),
    stage=ids,
    owner=ids,
    fields=st.lists(bounds, max_size=2, unique_by=lambda bound: bound.field).map(
        lambda found: tuple(sorted(found, key=lambda bound: bound.field))
    ),
    organisation=st.just(""),
    batch=ids.filter(lambda id: id != NONE),
    watched=st.booleans(),
    sort=st.sampled_from(conditions.SORTS),
)


@pytest.fixture
def people(kith: Installation) -> dict[str, UUID]:
    bring(kith, [an_act(by=name) for name in ("ann", "ben", "chi")])
    return {
        name: kith.ids.make("identity", "forum", "forum.example", someone(name).uid) for name in ("ann", "ben", "chi")
    }


def saved(kith: Installation) -> dict[str, dict[str, str]]:
    Engine(kith).catch_up("acts")
    with kith.connection() as connection:
        return {one.name: one.wish.query() for one in which_segments(connection)}


def borne(kith: Installation) -> list[tuple[UUID, str, object]]:
    Engine(kith).catch_up("members", "acts")
    found = rows(kith, f"SELECT member, slot, value FROM traits WHERE member <> '{UUID(int=0)}' ORDER BY slot, member")
    return [(row["member"], row["slot"], row["value"]) for row in found]


@given(wishes)
def test_an_address_says_of_conditions_all_that_there_is(wish: Conditions):
    assert conditions.read(wish.query()) == wish


def test_what_makes_no_sense_in_an_address_asks_nothing():
    said = {"kind": "alien", "seen": "soon", "stage": "x", "acts": "-3", "what": "ever", "sort": "weight", "new": "٣"}
    assert conditions.read(said) == Conditions()


def test_the_ready_ones_are_filters_like_any_other():
    assert all(conditions.read(wish.query()) == wish and wish.asks() for _, wish in READY.values())


def test_a_segment_keeps_what_an_address_can_ask_and_nothing_else(kith: Installation):
    dispatch(kith, SaveSegment(name="  Speakers  in Hanoi ", query={"tag": "speaker", "offset": "50", "as": "csv"}))
    assert saved(kith) == {"Speakers in Hanoi": {"tag": "speaker"}}


def test_a_segment_is_changed_removed_and_brought_back(kith: Installation):
    dispatch(kith, SaveSegment(name="Speakers", query={"tag": "speaker"}))
    saved(kith)
    with kith.connection() as connection:
        (segment,) = which_segments(connection)
    dispatch(kith, SaveSegment(name="Talkers", query={"tag": "talker"}, segment=segment.segment))
    assert saved(kith) == {"Talkers": {"tag": "talker"}}
    removed = dispatch(kith, RemoveSegment(segment=segment.segment))
    assert saved(kith) == {}
    dispatch(kith, Undo(position=removed))
    assert saved(kith) == {"Talkers": {"tag": "talker"}}


def test_one_who_keeps_a_segment_to_themselves_is_the_only_one_to_see_it(kith: Installation):
    dispatch(kith, SaveSegment(name="Mine", query={"seen": "30"}, shared=False))
    assert saved(kith) == {"Mine": {"seen": "30"}}
    with kith.connection() as connection:
        assert which_segments(connection, by="Linh") == []


REFUSED: dict[str, Callable[[], Command]] = {
    "needs a name": lambda: SaveSegment(name="   ", query={"seen": "30"}),
    "at most eighty letters": lambda: SaveSegment(name="x" * 81, query={"seen": "30"}),
    "Choose a filter first": lambda: SaveSegment(name="All", query={"sort": "name"}),
    "of that name already": lambda: SaveSegment(name="speakers", query={"seen": "30"}),
    "removed meanwhile": lambda: SaveSegment(name="New", query={"seen": "30"}, segment=uuid4()),
    "removed already": lambda: RemoveSegment(segment=uuid4()),
    "Nobody was chosen": lambda: TagTogether(members=(), tag="x"),
    "more than 10,000": lambda: TagTogether(members=tuple(UUID(int=n) for n in range(MOST + 1)), tag="x"),
}


@pytest.mark.parametrize(("reason", "command"), REFUSED.items(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(kith: Installation, reason: str, command: Callable[[], Command]):
    dispatch(kith, SaveSegment(name="Speakers", query={"tag": "speaker"}))
    with pytest.raises(Refusal, match=reason):
        dispatch(kith, command())
    assert saved(kith) == {"Speakers": {"tag": "speaker"}}


def test_what_is_done_to_many_is_undone_as_one(kith: Installation, people: dict[str, UUID]):
    done = dispatch(kith, TagTogether(members=(*people.values(), people["ann"]), tag=" Mentor "))
    assert borne(kith) == [(member, "tag:mentor", True) for member in sorted(people.values())]
    taken = dispatch(kith, TagTogether(members=(people["ann"],), tag="mentor", taken=True))
    assert {member for member, _, _ in borne(kith)} == {people["ben"], people["chi"]}
    dispatch(kith, Undo(position=taken))
    assert len(borne(kith)) == 3
    dispatch(kith, Undo(position=done))
    assert borne(kith) == []


def test_stage_owner_and_side_are_set_for_many(kith: Installation, people: dict[str, UUID]):
    ann, ben, chi = (people[name] for name in ("ann", "ben", "chi"))
    dispatch(kith, DefineStage(name="Regular"))
    Engine(kith).catch_up("acts")
    (row,) = rows(kith, "SELECT substr(slot, 7)::uuid AS stage FROM traits WHERE slot LIKE 'stage:%%'")
    dispatch(kith, SideTogether(members=(chi,), side="team"))
    dispatch(kith, OwnerTogether(members=(ann, ben), owner=chi))
    dispatch(kith, StageTogether(members=(ann,), stage=row["stage"]))
    assert [(slot, value) for _, slot, value in borne(kith)] == [
        ("owner", str(chi)),
        ("owner", str(chi)),
        ("side", "team"),
        ("stage", str(row["stage"])),
    ]
    with pytest.raises(Refusal, match="no such stage"):
        dispatch(kith, StageTogether(members=(ann,), stage=uuid4()))
    with pytest.raises(Refusal, match="members, colleagues or bots"):
        dispatch(kith, SideTogether(members=(ann,), side="alien"))
    with pytest.raises(Refusal, match="Nobody here is known"):
        dispatch(kith, OwnerTogether(members=(ann,), owner=uuid4()))


def test_whoever_was_erased_is_left_out_of_what_is_done_to_many(kith: Installation, people: dict[str, UUID]):
    kith.vault.destroy(people["ben"])
    dispatch(kith, TagTogether(members=tuple(people.values()), tag="mentor"))
    assert {member for member, _, _ in borne(kith)} == {people["ann"], people["chi"]}
