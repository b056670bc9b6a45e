"""The vault: what is sealed for one person opens under no other key, and under none once theirs is destroyed."""

from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.event import NOBODY
from crm.installation import Installation
from crm.interactions import InteractionObserved, Words
from crm.vault import Vault, open_sealed, seal
from tests.factories import rows

WORDS = Words(key="1", text="Xin chào")


def said(actor: UUID | None, sealed: bytes, stream: UUID) -> InteractionObserved:
    return InteractionObserved(
        originator_id=stream,
        originator_version=1,
        batch=uuid4(),
        digest=b"",
        source="forum",
        actor=actor,
        sealed=sealed,
    )


def spoken(kith: Installation, actor: UUID | None) -> InteractionObserved:
    stream, subject = uuid4(), actor or NOBODY
    return said(actor, seal(kith.vault.keys([subject], make=True)[subject], stream, WORDS), stream)


def test_what_is_sealed_opens_again(kith: Installation) -> None:
    by_ann, by_nobody = spoken(kith, uuid4()), spoken(kith, None)
    assert kith.vault.open_all([by_ann, by_nobody]) == [WORDS, WORDS]
    assert WORDS.text.encode() not in by_ann.sealed


def test_another_persons_key_does_not_open_it(kith: Installation) -> None:
    ann, ben = uuid4(), uuid4()
    by_ann = spoken(kith, ann)
    bens = kith.vault.keys([ben], make=True)[ben]
    with pytest.raises(InvalidTag):
        open_sealed(by_ann, {ann: bens})


def test_sealed_words_cannot_be_moved_to_another_stream(kith: Installation) -> None:
    ann = uuid4()
    moved = said(ann, spoken(kith, ann).sealed, uuid4())
    with pytest.raises(InvalidTag):
        kith.vault.open_all([moved])


def test_a_destroyed_key_leaves_nothing_to_read_and_others_untouched(kith: Installation) -> None:
    ann, ben = uuid4(), uuid4()
    said_by_both = [spoken(kith, ann), spoken(kith, ben)]
    kith.vault.destroy(ann)
    assert kith.vault.open_all(said_by_both) == [None, WORDS]
    assert kith.vault.keys([ann, ben]).keys() == {ben}


def test_nobody_has_a_key_before_one_is_made(kith: Installation) -> None:
    assert kith.vault.keys([uuid4()]) == {}
    assert rows(kith, "SELECT subject FROM vault_keys") == []


def test_the_database_holds_keys_only_wrapped(kith: Installation) -> None:
    ann = uuid4()
    by_ann = spoken(kith, ann)
    wrapped = bytes(rows(kith, "SELECT wrapped FROM vault_keys")[0]["wrapped"])
    for part in (wrapped[:32], wrapped[12:44], wrapped[-32:]):
        with pytest.raises(InvalidTag):
            open_sealed(by_ann, {ann: AESGCM(part)})


def test_the_cache_stays_within_its_bound_and_forgets_the_longest_unused(kith: Installation) -> None:
    vault = Vault(b"m" * 32, kith.log.recorder.datastore.pool, cached=3)
    people = [uuid4() for _ in range(5)]
    for person in people:
        vault.keys([person], make=True)
    assert list(vault._cache) == people[2:]
    vault.keys([people[2]])
    vault.keys([people[0]])
    assert list(vault._cache) == [people[4], people[2], people[0]]


def test_more_people_at_once_than_the_cache_holds_all_get_their_keys(kith: Installation) -> None:
    vault = Vault(b"m" * 32, kith.log.recorder.datastore.pool, cached=3)
    people = {uuid4() for _ in range(10)}
    assert vault.keys(people, make=True).keys() == people
    assert vault.keys(people).keys() == people
