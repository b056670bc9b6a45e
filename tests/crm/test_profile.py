"""What the team says of a member and keeps about them: what fits is kept, what does not is refused in a sentence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from crm.about import standing
from crm.command import dispatch
from crm.deeds import what_was_done
from crm.errors import Conflict, Refusal
from crm.fields import DefineField, FieldDefined
from crm.installation import Installation
from crm.items import ItemWritten
from crm.merging import MergeMembers
from crm.owners import SetOwner
from crm.profile import SetField
from crm.ranking import MoveStage
from crm.sides import SetSide
from crm.stages import DefineStage, StageDefined
from crm.staging import SetStage
from crm.tags import GiveTag, TakeTag
from crm.undoing import Undo
from crm.vocabulary import what_is_set_up
from crm.writing import FinishItem, RemoveItem, WriteItem
from tests.factories import an_act, bring, someone


@pytest.fixture
def people(kith: Installation) -> dict[str, UUID]:
    """Ann, Ben and Chi."""
    bring(kith, [an_act(by=name) for name in ("ann", "ben", "chi")])
    return {
        name: kith.ids.make("identity", "forum", "forum.example", someone(name).uid) for name in ("ann", "ben", "chi")
    }


def set_up(kith: Installation, kind: Any) -> list[Any]:
    with kith.connection() as connection:
        return list(what_is_set_up(connection, kind).values())


def written(kith: Installation, member: UUID) -> list[ItemWritten]:
    with kith.connection() as connection:
        return [one.event for one in what_was_done(connection, [member]) if isinstance(one.event, ItemWritten)]


def test_a_tag_is_one_tag_however_it_is_written(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, GiveTag(member=people["ann"], tag="  Night   Owl "))
    assert standing(kith, people["ann"], "tag:night owl")
    with pytest.raises(Refusal, match="already"):
        dispatch(kith, GiveTag(member=people["ann"], tag="NIGHT OWL"))
    dispatch(kith, TakeTag(member=people["ann"], tag="Night owl"))
    assert standing(kith, people["ann"], "tag:night owl") is None
    with pytest.raises(Refusal, match="any more"):
        dispatch(kith, TakeTag(member=people["ann"], tag="night owl"))


@pytest.mark.parametrize("tag", ["   ", "x" * 61])
def test_a_tag_has_a_name_of_sixty_letters_at_most(kith: Installation, people: dict[str, UUID], tag: str) -> None:
    with pytest.raises(Refusal, match="tag"):
        dispatch(kith, GiveTag(member=people["ann"], tag=tag))


def test_a_relationship_reaches_only_stages_that_are_set_up(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, DefineStage(name="Newcomer", criteria="Said hello"))
    dispatch(kith, DefineStage(name="Regular"))
    newcomer, regular = set_up(kith, StageDefined)
    assert (newcomer.rank, regular.rank) == (1, 2)
    dispatch(kith, SetStage(member=people["ann"], stage=regular.stage))
    assert standing(kith, people["ann"], "stage") == str(regular.stage)
    with pytest.raises(Refusal, match="no such stage"):
        dispatch(kith, SetStage(member=people["ann"], stage=uuid4()))
    dispatch(kith, DefineStage(stage=newcomer.stage, name="Newcomer", kept=False))
    with pytest.raises(Refusal, match="no such stage"):
        dispatch(kith, SetStage(member=people["ann"], stage=newcomer.stage))
    dispatch(kith, SetStage(member=people["ann"], stage=None))
    assert standing(kith, people["ann"], "stage") is None


def test_two_stages_bear_two_names(kith: Installation) -> None:
    dispatch(kith, DefineStage(name="Newcomer"))
    with pytest.raises(Refusal, match="already"):
        dispatch(kith, DefineStage(name=" newcomer "))
    (stage,) = set_up(kith, StageDefined)
    dispatch(kith, DefineStage(name="Newcomers", stage=stage.stage, rank=stage.rank))
    assert [one.name for one in set_up(kith, StageDefined)] == ["Newcomers"]


def test_a_stage_is_moved_in_the_order_of_all_and_that_is_undone_as_one(kith: Installation) -> None:
    for name in ("a", "b", "c"):
        dispatch(kith, DefineStage(name=name))

    def order() -> list[str]:
        return [one.name for one in sorted(set_up(kith, StageDefined), key=lambda one: one.rank)]

    last = next(one.stage for one in set_up(kith, StageDefined) if one.name == "c")
    moved = dispatch(kith, MoveStage(stage=last))
    assert order() == ["a", "c", "b"]
    dispatch(kith, Undo(position=moved))
    assert order() == ["a", "b", "c"]
    with pytest.raises(Refusal, match="any further"):
        dispatch(kith, MoveStage(stage=last, later=True))
    with pytest.raises(Refusal, match="no such stage"):
        dispatch(kith, MoveStage(stage=uuid4()))


def test_only_a_colleague_looks_after_a_member(kith: Installation, people: dict[str, UUID]) -> None:
    with pytest.raises(Refusal, match="Only a colleague"):
        dispatch(kith, SetOwner(member=people["ann"], owner=people["ben"]))
    dispatch(kith, SetSide(member=people["ben"], side="team"))
    dispatch(kith, SetOwner(member=people["ann"], owner=people["ben"]))
    assert standing(kith, people["ann"], "owner") == str(people["ben"])
    with pytest.raises(Refusal, match="colleague or a bot"):
        dispatch(kith, SetSide(member=people["ben"], side="ghost"))


@pytest.mark.parametrize(
    ("kind", "fits", "kept", "misfit"),
    [
        ("text", " Hà Nội ", "Hà Nội", "x" * 2001),
        ("number", "1 200.5", "1200.5", "nan"),
        ("date", "2024-02-29", "2024-02-29", "2023-02-29"),
        ("link", "https://example.org/x", "https://example.org/x", "javascript:alert(1)"),
        ("choice", "small", "small", "huge"),
        ("choices", ["large", "small"], ["small", "large"], ["small", "huge"]),
    ],
)
def test_a_value_fits_the_type_of_its_field(
    kith: Installation, people: dict[str, UUID], kind: Any, fits: Any, kept: Any, misfit: Any
) -> None:
    choices = ("small", "large") if kind in ("choice", "choices") else ()
    dispatch(kith, DefineField(name="Shirt", type=kind, choices=choices))
    field = str(set_up(kith, FieldDefined)[0].field)
    dispatch(kith, SetField(member=people["ann"], field=field, value=fits))
    assert standing(kith, people["ann"], f"field:{field}") == kept
    with pytest.raises(Refusal):
        dispatch(kith, SetField(member=people["ann"], field=field, value=misfit))
    dispatch(kith, SetField(member=people["ann"], field=field, value=""))
    assert standing(kith, people["ann"], f"field:{field}") is None


def test_a_field_may_hold_a_member_who_is_here(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, DefineField(name="Mentor", type="member"))
    field = str(set_up(kith, FieldDefined)[0].field)
    dispatch(kith, SetField(member=people["ann"], field=field, value=str(people["ben"])))
    assert standing(kith, people["ann"], f"field:{field}") == str(people["ben"])
    for nobody in (str(uuid4()), "Ben"):
        with pytest.raises(Refusal):
            dispatch(kith, SetField(member=people["ann"], field=field, value=nobody))


def test_a_birthday_is_a_day_and_a_lost_field_takes_nothing(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, SetField(member=people["ann"], field="birthday", value="1990-05-01"))
    with pytest.raises(Refusal, match="date"):
        dispatch(kith, SetField(member=people["ann"], field="birthday", value="in May"))
    with pytest.raises(Refusal, match="no such field"):
        dispatch(kith, SetField(member=people["ann"], field=str(uuid4()), value="x"))


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (DefineField(name=" "), "needs a name"),
        (DefineField(name="Size", type="choice", choices=("one", " ")), "two choices"),
        (DefineField(name="SHIRT"), "already"),
        (DefineField(name="Size", field=uuid4()), "no such field"),
        (DefineStage(name=""), "needs a name"),
        (DefineStage(name="First", stage=uuid4()), "no such stage"),
    ],
)
def test_what_is_set_up_has_a_name_of_its_own(kith: Installation, wish: Any, sentence: str) -> None:
    dispatch(kith, DefineField(name="Shirt"))
    with pytest.raises(Refusal, match=sentence):
        dispatch(kith, wish)


def test_whoever_looked_before_a_colleague_changed_it_is_told_by_whom(
    kith: Installation, people: dict[str, UUID]
) -> None:
    first = dispatch(kith, SetField(member=people["ann"], field="place", value="Huế", seen=0))
    with pytest.raises(Conflict, match="operator") as conflict:
        dispatch(kith, SetField(member=people["ann"], field="place", value="Hanoi", seen=0))
    assert conflict.value.position == first
    dispatch(kith, SetField(member=people["ann"], field="place", value="Hanoi", seen=conflict.value.position))


def test_an_emptied_field_is_as_one_that_was_never_filled(kith: Installation, people: dict[str, UUID]) -> None:
    first = dispatch(kith, SetField(member=people["ann"], field="place", value="Huế", seen=0))
    dispatch(kith, SetField(member=people["ann"], field="place", value="", seen=first))
    dispatch(kith, SetField(member=people["ann"], field="place", value="Hanoi", seen=0))
    assert standing(kith, people["ann"], "field:place") == "Hanoi"


def test_a_change_by_another_account_of_the_member_is_seen_too(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    dispatch(kith, SetField(member=people["ben"], field="place", value="Huế"))
    with pytest.raises(Conflict):
        dispatch(kith, SetField(member=people["ann"], field="place", value="Hanoi", seen=0))


def test_an_item_is_written_anew_done_and_removed_and_each_is_undone_alone(
    kith: Installation, people: dict[str, UUID]
) -> None:
    ann = people["ann"]
    dispatch(kith, WriteItem(member=ann, kind="task", text="Send the book", day=date(2030, 1, 2)))
    item = written(kith, ann)[0].item
    dispatch(kith, WriteItem(member=ann, kind="task", text="Send both books", item=item))
    done = dispatch(kith, FinishItem(member=ann, kind="task", item=item))
    with pytest.raises(Refusal, match="already"):
        dispatch(kith, FinishItem(member=ann, kind="task", item=item))
    removed = dispatch(kith, RemoveItem(member=ann, kind="task", item=item))
    assert standing(kith, ann, f"task:{item}") is None
    for wish in (
        FinishItem(member=ann, kind="task", item=item, done=False),
        RemoveItem(member=ann, kind="task", item=item),
        WriteItem(member=ann, kind="task", text="x", item=item),
    ):
        with pytest.raises(Refusal, match="not here any more"):
            dispatch(kith, wish)
    dispatch(kith, Undo(position=removed))
    dispatch(kith, Undo(position=done))
    assert standing(kith, ann, f"task:{item}") == {"day": None, "owner": None}
    assert standing(kith, ann, f"done:{item}") is None


def test_words_of_an_item_are_sealed(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, WriteItem(member=people["ann"], kind="note", text="Nervous about English"))
    (note,) = written(kith, people["ann"])
    assert b"Nervous" not in note.sealed
    kith.vault.destroy(people["ann"])
    assert kith.vault.open_all([note]) == [None]


def test_a_call_happened_on_its_day_and_a_note_when_it_was_written(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, WriteItem(member=people["ann"], kind="call", text="An hour", day=date(2024, 3, 1)))
    dispatch(kith, WriteItem(member=people["ann"], kind="note", text="An hour", day=date(2024, 3, 1)))
    call, note = written(kith, people["ann"])
    assert call.happened_at() == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert note.happened_at() == note.timestamp


@pytest.mark.parametrize(
    ("text", "day", "sentence"),
    [
        ("  ", None, "Write something"),
        ("x" * 20_001, None, "too long"),
        ("Next week", datetime.now(UTC).date() + timedelta(days=7), "add a task"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    kith: Installation, people: dict[str, UUID], text: str, day: date | None, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        dispatch(kith, WriteItem(member=people["ann"], kind="call", text=text, day=day))


def test_nothing_is_written_about_the_erased(kith: Installation, people: dict[str, UUID]) -> None:
    kith.vault.destroy(people["ann"])
    with pytest.raises(Refusal, match="erased"):
        dispatch(kith, WriteItem(member=people["ann"], kind="note", text="Hello"))
