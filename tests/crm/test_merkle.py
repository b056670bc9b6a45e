"""The tree must be the one of RFC 9162 exactly, and a proof of anything but the truth must fail."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    subtree_root_of,
    verify_consistency,
    verify_inclusion,
)

# The vectors that Certificate Transparency implementations share (as in google/trillian, merkle).
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAVES_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LEAVES_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
LEAVES_0_3 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
LEAVES_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
KNOWN_INCLUSIONS = [
    (0, 1, []),
    (0, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (5, 8, [LEAF_4, LEAVES_6_7, LEAVES_0_3]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", LEAVES_2_3, LEAF_4]),
]
KNOWN_CONSISTENCIES = [
    (1, 1, []),
    (1, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (6, 8, [LEAVES_4_5, LEAVES_6_7, LEAVES_0_3]),
    (2, 5, [LEAVES_2_3, LEAF_4]),
]

sizes = st.integers(1, 70)
junk = st.lists(st.binary(max_size=40) | st.binary(min_size=32, max_size=32), max_size=9)


def some_leaves(count: int) -> list[bytes]:
    return [leaf_hash(f"event {number}".encode()) for number in range(count)]


def tree_hash(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 9162, 2.1.1, word for word and slow."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + tree_hash(leaves[:half]) + tree_hash(leaves[half:])).digest()


def grown(*parts: list[bytes]) -> Frontier:
    frontier = Frontier()
    for part in parts:
        frontier.extend(part)
    return frontier


def flipped(data: bytes, at: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def hashes(proof: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in proof]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_that_certificate_transparency_publishes(size: int) -> None:
    assert grown(KNOWN_LEAVES[:size]).root() == ROOTS[size]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert ROOTS[0] == EMPTY_ROOT


@pytest.mark.parametrize(("index", "size", "known"), KNOWN_INCLUSIONS)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, known: list[str]) -> None:
    assert inclusion_proof(index, size, subtree_root_of(KNOWN_LEAVES)) == hashes(known)
    assert verify_inclusion(KNOWN_LEAVES[index], index, size, hashes(known), ROOTS[size])


@pytest.mark.parametrize(("old", "new", "known"), KNOWN_CONSISTENCIES)
def test_consistency_proofs_are_the_published_ones(old: int, new: int, known: list[str]) -> None:
    assert consistency_proof(old, new, subtree_root_of(KNOWN_LEAVES)) == hashes(known)
    assert verify_consistency(old, new, ROOTS[old], ROOTS[new], hashes(known))


@pytest.mark.parametrize(("old", "new", "known"), KNOWN_CONSISTENCIES[1:])
def test_published_consistency_proofs_fail_once_bent(old: int, new: int, known: list[str]) -> None:
    proof = hashes(known)
    bends = [(old - 1, new), (old + 1, new), (old ^ 2, new), (old, new * 2), (old, new // 2)]
    assert not [bend for bend in bends if verify_consistency(*bend, ROOTS[old], ROOTS[new], proof)]
    assert not verify_consistency(old, new, ROOTS[new], ROOTS[old], proof)
    assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], [*proof, ROOTS[old]])
    assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], [proof[0], *proof])
    assert not verify_consistency(old, new, ROOTS[old], ROOTS[new], [])


def test_the_worked_example_of_rfc_9162_with_seven_leaves() -> None:
    """Section 2.1.5, with the letters it gives to the nodes."""
    leaves = a, b, c, d, e, f, j = some_leaves(7)
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, m = node_hash(g, h), node_hash(i, j)  # m is the letter l
    of = subtree_root_of(leaves)
    assert grown(list(leaves)).root() == node_hash(k, m)
    assert inclusion_proof(0, 7, of) == [b, h, m]
    assert inclusion_proof(3, 7, of) == [c, g, m]
    assert inclusion_proof(4, 7, of) == [f, j, k]
    assert inclusion_proof(6, 7, of) == [i, k]
    assert consistency_proof(3, 7, of) == [c, d, g, m]
    assert consistency_proof(4, 7, of) == [m]
    assert consistency_proof(6, 7, of) == [i, j, k]


@given(count=st.integers(0, 300), cuts=st.lists(st.integers(0, 300), max_size=6))
def test_a_tree_is_the_same_however_its_leaves_arrive(count: int, cuts: list[int]) -> None:
    leaves = some_leaves(count)
    edges = [0, *sorted(min(cut, count) for cut in cuts), count]
    in_parts = grown(*(leaves[start:end] for start, end in pairwise(edges)))
    one_by_one = Frontier()
    for leaf in leaves:
        one_by_one.append(leaf)
    assert in_parts == one_by_one
    assert in_parts.size == count
    assert in_parts.root() == tree_hash(leaves)


@given(count=st.integers(0, 300), more=st.integers(0, 40))
def test_a_frontier_read_back_grows_on_as_if_never_stored(count: int, more: int) -> None:
    leaves = some_leaves(count + more)
    frontier = grown(leaves[:count])
    read = Frontier.from_bytes(count, frontier.to_bytes())
    assert read == frontier
    read.extend(leaves[count:])
    assert read.root() == tree_hash(leaves)


@pytest.mark.parametrize(("size", "length"), [(0, 32), (3, 32), (3, 63), (3, 65), (4, 64), (-1, 32)])
def test_a_stored_frontier_that_does_not_fit_its_size_is_refused(size: int, length: int) -> None:
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(size, bytes(length))


def test_a_leaf_that_is_no_hash_is_refused_and_nothing_is_added() -> None:
    frontier, before = grown(KNOWN_LEAVES[:3]), grown(KNOWN_LEAVES[:3])
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.extend([KNOWN_LEAVES[3], b"not hashed"])
    assert frontier == before


@given(size=sizes, data=st.data())
def test_every_leaf_is_proved_and_nothing_else_is(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    leaves, at = some_leaves(size), data.draw(st.integers(0, 31))
    root, proof = tree_hash(leaves), inclusion_proof(index, size, subtree_root_of(leaves))
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert verify_inclusion(leaves[index], other, size, proof, root) == (other == index)
    assert verify_inclusion(leaves[other], index, size, proof, root) == (other == index)
    assert not verify_inclusion(flipped(leaves[index], at), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, proof, flipped(root, at))
    assert not verify_inclusion(leaves[index], index, size, [*proof, root], root)
    for step, node in enumerate(proof):
        assert not verify_inclusion(leaves[index], index, size, proof[:step], root)
        bent = [*proof[:step], flipped(node, at), *proof[step + 1 :]]
        assert not verify_inclusion(leaves[index], index, size, bent, root)


@given(size=sizes, other=sizes, data=st.data())
def test_an_inclusion_proof_holds_for_its_own_tree_only(size: int, other: int, data: st.DataObject) -> None:
    index, leaves = data.draw(st.integers(0, size - 1)), some_leaves(70)
    proof = inclusion_proof(index, size, subtree_root_of(leaves))
    holds = verify_inclusion(leaves[index], index, other, proof, tree_hash(leaves[:other]))
    assert holds == (other == size)
    if (other - 1).bit_length() != (size - 1).bit_length():  # another height
        assert not verify_inclusion(leaves[index], index, other, proof, tree_hash(leaves[:size]))


@given(ends=st.tuples(sizes, sizes).map(sorted), at=st.integers(0, 1000))
def test_every_older_state_is_proved_a_prefix_and_a_changed_one_is_not(ends: list[int], at: int) -> None:
    (old, new), leaves = ends, some_leaves(70)
    old_root, new_root = tree_hash(leaves[:old]), tree_hash(leaves[:new])
    proof = consistency_proof(old, new, subtree_root_of(leaves))
    assert verify_consistency(old, new, old_root, new_root, proof)
    assert not verify_consistency(old, new, flipped(old_root, at), new_root, proof)
    assert not verify_consistency(old, new, old_root, flipped(new_root, at), proof)
    assert not verify_consistency(old, new, old_root, new_root, [*proof, new_root])
    for step, node in enumerate(proof):
        assert not verify_consistency(old, new, old_root, new_root, proof[:step])
        bent = [*proof[:step], flipped(node, at), *proof[step + 1 :]]
        assert not verify_consistency(old, new, old_root, new_root, bent)


@given(ends=st.tuples(sizes, sizes).map(sorted), at=st.integers(0, 69))
def test_a_rewritten_past_cannot_be_proved_consistent(ends: list[int], at: int) -> None:
    (old, new), leaves = ends, some_leaves(70)
    rewritten = list(leaves)
    rewritten[at % old] = leaf_hash(b"something else")
    proof = consistency_proof(old, new, subtree_root_of(rewritten))
    assert not verify_consistency(old, new, tree_hash(leaves[:old]), tree_hash(rewritten[:new]), proof)


@given(ends=st.tuples(sizes, sizes).map(sorted), other=sizes)
def test_a_consistency_proof_holds_for_its_own_two_trees_only(ends: list[int], other: int) -> None:
    (old, new), leaves = ends, some_leaves(70)
    proof = consistency_proof(old, new, subtree_root_of(leaves))
    old_root, new_root, other_root = (tree_hash(leaves[:size]) for size in (old, new, other))
    assert verify_consistency(old, other, old_root, other_root, proof) == (other == new)
    assert verify_consistency(other, new, other_root, new_root, proof) == (other == old)


@given(index=st.integers(-3, 80), size=st.integers(-3, 80), leaf=st.binary(max_size=40), proof=junk)
def test_a_malformed_inclusion_proof_is_false_and_never_an_error(
    index: int, size: int, leaf: bytes, proof: list[bytes]
) -> None:
    assert not verify_inclusion(leaf, index, size, proof, ROOTS[8])


@given(old=st.integers(-3, 80), new=st.integers(-3, 80), proof=junk)
def test_a_malformed_consistency_proof_is_false_and_never_an_error(old: int, new: int, proof: list[bytes]) -> None:
    assert not verify_consistency(old, new, ROOTS[7], ROOTS[8], proof)


def test_nothing_is_in_an_empty_tree_and_nothing_follows_from_one() -> None:
    assert not verify_inclusion(ROOTS[0], 0, 0, [], ROOTS[0])
    assert not verify_consistency(0, 0, ROOTS[0], ROOTS[0], [])
    assert not verify_consistency(0, 8, ROOTS[0], ROOTS[8], [])


def test_hashes_of_a_wrong_length_prove_nothing_even_where_they_are_equal() -> None:
    assert not verify_inclusion(b"short", 0, 1, [], b"short")
    assert not verify_consistency(3, 3, b"short", b"short", [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (8, 8), (-1, 8)])
def test_no_inclusion_proof_is_made_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, subtree_root_of(KNOWN_LEAVES))


@pytest.mark.parametrize(("old", "new"), [(0, 8), (5, 4), (-1, 4)])
def test_no_consistency_proof_is_made_for_trees_that_cannot_follow_each_other(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="compared"):
        consistency_proof(old, new, subtree_root_of(KNOWN_LEAVES))
