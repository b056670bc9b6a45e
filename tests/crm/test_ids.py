"""Ids of things outside: stable at each import, and not to be guessed by anybody without the installation's secret."""

from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from crm.ids import Ids

OURS, THEIRS = Ids(b"a" * 32), Ids(b"b" * 32)


def test_an_id_never_changes() -> None:
    assert OURS.make("identity", "forum", "forum.example", "42") == UUID("1c7a0cf4-63c3-86e6-b5d8-bb56706dce25")


@given(st.text(), st.text())
def test_the_same_thing_has_the_same_id_and_another_installation_gives_it_another(host: str, key: str) -> None:
    made = OURS.make("thread", "forum", host, key)
    assert made == OURS.make("thread", "forum", host, key)
    assert made != THEIRS.make("thread", "forum", host, key)
    assert (made.version, made.variant) == (8, RFC_4122)


def test_things_of_different_sort_source_host_or_key_have_different_ids() -> None:
    named = [
        ("a", "s", "h", "k"),
        ("b", "s", "h", "k"),
        ("a", "t", "h", "k"),
        ("a", "s", "i", "k"),
        ("a", "s", "h", "l"),
    ]
    assert len({OURS.make(*names) for names in named}) == len(named)


def test_a_digest_tells_contents_apart_and_is_keyed() -> None:
    assert OURS.digest(b"one") != OURS.digest(b"two")
    assert OURS.digest(b"one") != THEIRS.digest(b"one")
    assert len(OURS.digest(b"one")) == 16
