"""The tree that makes the log tamper-evident: one hash stands for every event so far, and a few more prove
that an event is among them or that an older state is a prefix of a newer one. The tree is that of RFC 9162
(Certificate Transparency), so that tools made for such logs can check ours. Nothing here reads or writes
anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

LEAF = b"\x00"
"""Begins what is hashed for a leaf, and tells it from an inner node."""

SubtreeRoot = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The leaf that stands for one entry (RFC 9162, 2.1.1)."""
    return sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The inner node above two others (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """All that is needed to let a tree grow: its size and the roots of the perfect subtrees it is made of,
    largest first, one for each bit that is set in the size.
    """

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add many leaf hashes, a whole level of the tree at a time. ValueError, with nothing added, if one
        is not 32 bytes long.
        """
        if set(map(len, leaves)) - {HASH_SIZE}:
            raise ValueError("Each leaf must be a hash of 32 bytes.")
        nodes, left_over, bits = list(leaves), list[bytes](), self.size
        while nodes:
            if bits & 1:
                nodes.insert(0, self.roots.pop())
            if len(nodes) & 1:
                left_over.append(nodes.pop())
            halves = iter(nodes)
            nodes = [sha256(b"\x01" + left + right).digest() for left, right in zip(halves, halves)]  # noqa: B905
            bits >>= 1
        self.roots.extend(reversed(left_over))
        self.size += len(leaves)

    def root(self) -> bytes:
        """The hash of the whole tree; that of nothing at all when it is empty."""
        if not self.roots:
            return EMPTY_ROOT
        *larger, root = self.roots
        for left in reversed(larger):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """The roots one after the other, 32 bytes each; the size is kept beside them."""
        return b"".join(self.roots)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Self:
        """The frontier that `to_bytes` wrote for that size; ValueError if the two do not fit together."""
        if size < 0 or len(data) != HASH_SIZE * size.bit_count():
            raise ValueError(f"A tree of {size} leaves cannot have a frontier of {len(data)} bytes.")
        return cls(size, [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)])


def subtree_root_of(leaves: Sequence[bytes]) -> SubtreeRoot:
    """What the proofs ask for, answered from leaf hashes in memory: the root of leaves[start:end]."""

    def subtree_root(start: int, end: int) -> bytes:
        frontier = Frontier()
        frontier.extend(leaves[start:end])
        return frontier.root()

    return subtree_root


def inclusion_proof(index: int, size: int, subtree_root: SubtreeRoot) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) up to the root of the first `size` leaves (RFC 9162,
    2.1.3.1). Ranges asked for are perfect subtrees, except those that end at `size`. ValueError for a leaf
    outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size} leaves.")
    start, end, beside = 0, size, list[tuple[int, int]]()
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return [subtree_root(*span) for span in reversed(beside)]


def consistency_proof(old: int, new: int, subtree_root: SubtreeRoot) -> list[bytes]:
    """The hashes that show the first `old` leaves to be a prefix of the first `new` (RFC 9162, 2.1.4.1); none
    if the sizes are equal. Ranges as for `inclusion_proof`. ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"A tree of {new} leaves cannot be compared with an earlier one of {old}.")
    start, end, beside = 0, new, list[tuple[int, int]]()
    while old < end:
        middle = _middle(start, end)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    if start:  # else it is the old tree itself, whose root the reader has
        beside.append((start, end))
    return [subtree_root(*span) for span in reversed(beside)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from that leaf hash to that root (RFC 9162, 2.1.3.2). A root does not carry its
    size: take both from one signed checkpoint.
    """
    if not 0 <= index < size or not _are_hashes(leaf, *proof):
        return False
    climbed = _climb(index, size - 1, leaf, proof)
    return climbed is not None and climbed[1] == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the old tree to be a prefix of the new one (RFC 9162, 2.1.4.2). An empty old
    tree proves nothing and is refused. Take each size and root from one signed checkpoint.
    """
    if not 0 < old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    complete = (old & -old).bit_length() - 1  # levels below the subtree at which the old tree ends
    first, *path = proof if old.bit_count() > 1 else (old_root, *proof)
    return _climb((old - 1) >> complete, (new - 1) >> complete, first, path) == (old_root, new_root)


def _middle(start: int, end: int) -> int:
    """Where a subtree parts: after the largest power of two that is smaller than its number of leaves."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _are_hashes(*candidates: bytes) -> bool:
    return all(len(candidate) == HASH_SIZE for candidate in candidates)


def _climb(place: int, last: int, start: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Go up from the node at `place` of a level whose rightmost is `last`: the root of what lies left of and
    at the place, and the root of all; None if the path is too short or too long.
    """
    past = whole = start
    for beside in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            past, whole = node_hash(beside, past), node_hash(beside, whole)
            lone = 0 if place & 1 else (place & -place).bit_length() - 1  # levels to rise without a sibling
            place, last = place >> lone, last >> lone
        else:
            whole = node_hash(whole, beside)
        place, last = place >> 1, last >> 1
    return (past, whole) if last == 0 else None
