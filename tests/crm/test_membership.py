"""Who is whom: merged, split, moved, and undone as if it had never been."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.command import Command, dispatch
from crm.deeds import what_was_done
from crm.doing import do
from crm.errors import Conflict, Refusal
from crm.installation import Installation
from crm.membership import MembersKeptApart
from crm.merging import MergeMany, MergeMembers
from crm.parting import KeepApart, KeepApartMany, MoveIdentity, SplitMember
from crm.profile import SetField
from crm.tags import GiveTag, TagGiven
from crm.undoing import Undo
from projections.engine import Engine
from tests.factories import an_act, bring, opened, rows, someone

NAMES = ("ann", "ben", "chi", "dan")


def who(kith: Installation, name: str) -> UUID:
    return kith.ids.make("identity", "forum", "forum.example", someone(name).uid)


@pytest.fixture
def people(kith: Installation) -> dict[str, UUID]:
    """Four people, each of whom did something as often as their place in the row."""
    bring(kith, [an_act(by=name) for number, name in enumerate(NAMES, 1) for _ in range(number)])
    return {name: who(kith, name) for name in NAMES}


def as_it_stands(kith: Installation) -> dict[str, Any]:
    """Who is whom and what is said of them, positions and times left out."""
    Engine(kith).catch_up("members", "acts")
    return {
        "membership": rows(kith, "SELECT * FROM membership ORDER BY handle"),
        "members": rows(kith, "SELECT * FROM members ORDER BY member"),
        "traits": rows(kith, "SELECT member, slot, value FROM traits ORDER BY member, slot"),
    }


def test_a_merged_member_has_done_what_both_did(kith: Installation, people: dict[str, UUID]) -> None:
    dispatch(kith, MergeMembers(kept=people["ann"], gone=people["dan"], reason="Same avatar"))
    found = {row["member"]: (row["accounts"], row["acts"]) for row in as_it_stands(kith)["members"]}
    assert found == {people["ann"]: (2, 5), people["ben"]: (1, 2), people["chi"]: (1, 3)}


def test_what_is_said_of_either_is_said_of_both_and_goes_back_to_whom_it_was_said_of(
    kith: Installation, people: dict[str, UUID]
) -> None:
    dispatch(kith, GiveTag(member=people["ann"], tag="Mentor"))
    dispatch(kith, GiveTag(member=people["ben"], tag="speaker"))
    before = as_it_stands(kith)
    merged = dispatch(kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    tags = [row["slot"] for row in as_it_stands(kith)["traits"] if row["member"] == people["ann"]]
    assert tags == ["tag:mentor", "tag:speaker"]
    dispatch(kith, Undo(position=merged))
    assert as_it_stands(kith) == before


def test_what_was_said_after_a_merge_moves_along_when_asked(kith: Installation, people: dict[str, UUID]) -> None:
    merged = dispatch(kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    tagged = dispatch(kith, GiveTag(member=people["ann"], tag="speaker"))
    named = dispatch(kith, SetField(member=people["ann"], field="name", value="Ben Bản"))
    undone = dispatch(kith, Undo(position=merged, along=(tagged, named)))
    said = [(row["member"], row["slot"], row["value"]) for row in as_it_stands(kith)["traits"]]
    assert said == [(people["ben"], "field:name", "Ben Bản"), (people["ben"], "tag:speaker", True)]
    dispatch(kith, Undo(position=undone))
    assert {row["member"] for row in as_it_stands(kith)["traits"]} == {people["ann"]}


def test_an_account_split_off_its_own_member_leaves_the_others_together(
    kith: Installation, people: dict[str, UUID]
) -> None:
    ann, ben, chi = (people[name] for name in ("ann", "ben", "chi"))
    dispatch(kith, MergeMembers(kept=ann, gone=ben))
    dispatch(kith, MergeMembers(kept=ann, gone=chi))
    dispatch(kith, SplitMember(member=ann, identity=ann))
    found = {row["member"]: row["accounts"] for row in as_it_stands(kith)["members"]}
    assert found == {ann: 1, min(ben, chi): 2, people["dan"]: 1}


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (lambda p: MergeMembers(kept=p["ann"], gone=p["ann"]), "merged with themselves"),
        (lambda p: MergeMembers(kept=p["ann"], gone=uuid4()), "Nobody here"),
        (lambda p: MergeMembers(kept=p["ben"], gone=p["ann"]), "one member already"),
        (lambda p: SplitMember(member=p["chi"], identity=p["chi"]), "only this one account"),
        (lambda p: SplitMember(member=p["ann"], identity=p["chi"]), "does not belong"),
        (lambda p: MoveIdentity(identity=p["ann"], into=p["ben"]), "already"),
        (lambda p: KeepApart(one=p["ann"], other=p["ben"]), "Split them first"),
        (lambda p: Undo(position=1), "import"),
        (lambda p: Undo(position=10_000), "no event"),
    ],
)
def test_what_cannot_be_is_refused_with_its_sentence_and_changes_nothing(
    kith: Installation, people: dict[str, UUID], command: Any, sentence: str
) -> None:
    dispatch(kith, MergeMembers(kept=people["ann"], gone=people["ben"]))
    before = kith.log.recorder.max_notification_id()
    with pytest.raises(Refusal, match=sentence):
        dispatch(kith, command(people))
    assert kith.log.recorder.max_notification_id() == before


def test_an_erased_person_is_not_merged(kith: Installation, people: dict[str, UUID]) -> None:
    kith.vault.destroy(people["ben"])
    with pytest.raises(Refusal, match="erased"):
        dispatch(kith, MergeMembers(kept=people["ann"], gone=people["ben"]))


def test_whoever_looked_before_a_colleague_joined_them_is_told(kith: Installation, people: dict[str, UUID]) -> None:
    seen = kith.log.recorder.max_notification_id()
    dispatch(kith, MoveIdentity(identity=people["chi"], into=people["ann"], seen=seen))
    with pytest.raises(Conflict, match="operator changed this"):
        dispatch(kith, MoveIdentity(identity=people["chi"], into=people["ben"], seen=seen))


def test_pairs_that_hang_together_are_merged_as_one_whole_and_undone_as_one(
    kith: Installation, people: dict[str, UUID]
) -> None:
    ann, ben, chi, dan = (people[name] for name in NAMES)
    before = as_it_stands(kith)
    merged = dispatch(kith, MergeMany(pairs=((chi, ben), (ann, ben), (ann, chi), (chi, dan))))
    assert {row["member"]: row["accounts"] for row in as_it_stands(kith)["members"]} == {ann: 4}
    with pytest.raises(Refusal, match="one member already"):
        dispatch(kith, MergeMany(pairs=((ann, dan),)))
    dispatch(kith, Undo(position=merged))
    assert as_it_stands(kith) == before


def test_many_kept_apart_are_undone_as_one_and_one_member_is_never_kept_apart_from_itself(
    kith: Installation, people: dict[str, UUID]
) -> None:
    ann, ben, chi, dan = (people[name] for name in NAMES)
    dispatch(kith, MergeMembers(kept=ann, gone=ben))
    last = dispatch(kith, KeepApartMany(pairs=((ann, ben), (ben, chi), (chi, dan))))
    with kith.connection() as connection:
        said = what_was_done(connection, [chi], (MembersKeptApart,))
    assert [one.event.about for one in said] == [(ann, chi), (chi, dan)]
    dispatch(kith, Undo(position=last))
    with kith.connection() as connection:
        assert not any(one.stands for one in what_was_done(connection, [chi], (MembersKeptApart,)))
    with pytest.raises(Refusal, match="Tick at least one"):
        dispatch(kith, KeepApartMany(pairs=()))


def test_what_was_said_of_whoever_both_were_merged_into_moves_along_too(
    kith: Installation, people: dict[str, UUID]
) -> None:
    ann, ben, chi = (people[name] for name in ("ann", "ben", "chi"))
    merged = dispatch(kith, MergeMembers(kept=ann, gone=ben))
    dispatch(kith, MergeMembers(kept=chi, gone=ann))
    tagged = dispatch(kith, GiveTag(member=chi, tag="speaker"))
    dispatch(kith, Undo(position=merged, along=(tagged,)))
    assert [(row["member"], row["slot"]) for row in as_it_stands(kith)["traits"]] == [(ben, "tag:speaker")]


def test_an_act_about_several_moves_with_only_the_member_in_question_replaced(
    kith: Installation, people: dict[str, UUID]
) -> None:
    ann, ben, chi = (people[name] for name in ("ann", "ben", "chi"))
    merged = dispatch(kith, MergeMembers(kept=ann, gone=ben))
    recorded = kith.log.save(do(kith, TagGiven, chi, ann, tag="speaker"), by="tests")
    dispatch(kith, Undo(position=merged, along=(recorded[-1].notification.id,)))
    found = {(row["member"], row["slot"]) for row in as_it_stands(kith)["traits"]}
    assert found == {(chi, "tag:speaker"), (ben, "tag:speaker")}


def test_an_act_undone_is_restored_by_undoing_that(kith: Installation, people: dict[str, UUID]) -> None:
    tagged = dispatch(kith, GiveTag(member=people["ann"], tag="speaker"))
    undone = dispatch(kith, Undo(position=tagged))
    assert as_it_stands(kith)["traits"] == []
    with pytest.raises(Refusal, match="already"):
        dispatch(kith, Undo(position=tagged))
    dispatch(kith, Undo(position=undone))
    assert [row["slot"] for row in as_it_stands(kith)["traits"]] == ["tag:speaker"]


@pytest.fixture(scope="module")
def shared(new_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with opened(new_database(), tmp_path_factory.mktemp("shared")) as kith:
        yield kith


def wishes(people: list[UUID]) -> st.SearchStrategy[Command]:
    one = st.sampled_from(people)
    return st.one_of(
        st.builds(lambda kept, gone: MergeMembers(kept=kept, gone=gone), one, one),
        st.builds(lambda member, identity: SplitMember(member=member, identity=identity), one, one),
        st.builds(lambda identity, into: MoveIdentity(identity=identity, into=into), one, one),
        st.builds(lambda member, tag: GiveTag(member=member, tag=tag), one, st.sampled_from(["a", "b"])),
    )


def tried(kith: Installation, wish: Command) -> int | None:
    """Where it stands in the log; None where it was refused."""
    try:
        return dispatch(kith, wish)
    except Refusal:
        return None


def newcomers(kith: Installation) -> list[UUID]:
    """Five people nobody knew, in the order of their ids."""
    some = [someone(str(uuid4())) for _ in range(5)]
    bring(kith, [an_act(who=one) for one in some])
    return sorted(kith.ids.make("identity", "forum", "forum.example", one.uid) for one in some)


def done_again(kith: Installation, positions: Iterable[int], people: dict[UUID, UUID]) -> None:
    """The acts at these positions, done about other people."""
    with kith.connection() as connection:
        about = what_was_done(connection, list(people))
    events = {one.position: one.event for one in about}
    for position in positions:
        event = events[position]
        fields: dict[str, Any] = {"tag": event.tag} if isinstance(event, TagGiven) else {}
        kith.log.save(do(kith, type(event), *(people[one] for one in event.about), **fields), by="tests")


def said_of(kith: Installation, people: dict[UUID, UUID]) -> list[tuple[UUID, UUID, list[str]]]:
    """Of each of these accounts, by the names given to them, which member it is and what tags that member bears."""
    Engine(kith).catch_up("members", "acts")
    member = {row["handle"]: row["member"] for row in rows(kith, "SELECT handle, member FROM membership")}
    tags: dict[UUID, list[str]] = {}
    for row in rows(kith, "SELECT member, slot FROM traits ORDER BY member, slot"):
        tags.setdefault(row["member"], []).append(row["slot"])
    return sorted(
        (name, people[member.get(one, one)], tags.get(member.get(one, one), [])) for one, name in people.items()
    )


@settings(max_examples=30)
@given(data=st.data())
def test_a_merge_undone_after_any_work_is_as_if_it_had_never_been(shared: Installation, data: st.DataObject) -> None:
    here, there = newcomers(shared), newcomers(shared)
    drawn = st.lists(wishes(here), max_size=5)
    earlier = [tried(shared, wish) for wish in data.draw(drawn)]
    merged = tried(shared, MergeMembers(kept=here[0], gone=here[1]))
    later = [tried(shared, wish) for wish in data.draw(drawn)]
    if merged:
        dispatch(shared, Undo(position=merged))
    done_again(shared, [one for one in earlier + later if one], dict(zip(here, there, strict=True)))
    assert said_of(shared, dict(zip(here, here, strict=True))) == said_of(shared, dict(zip(there, here, strict=True)))
