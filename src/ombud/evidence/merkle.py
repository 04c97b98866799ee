"""Which one hash stands for all entries, and how does it grow?

The tree of RFC 6962: a leaf is H(0x00 ‖ entry), a node H(0x01 ‖ left ‖ right), H is SHA-256. A
tree of `n` leaves is split at the largest power of two below `n`, so every subtree that is full
stays as it is for ever. The full subtrees from left to right, one per bit of `n`, are its
*frontier*: all that is needed to append, and to say the root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
TILE: Final = 256  # hashes to a tile
TILE_HEIGHT: Final = 8
EMPTY_ROOT: Final = sha256(b"").digest()

NodeOf = Callable[[int, int], bytes]
"""(height, number) to the hash of the full subtree over leaves number·2^height and on."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def subtree_root(row: bytes) -> bytes:
    """Return the root over a full row of hashes, one after the other: 1, 2, 4, 8, ... of them."""
    pair = 2 * HASH_BYTES
    while len(row) > HASH_BYTES:
        # written out, since this is the hot path
        hashes = [sha256(b"\x01" + row[at : at + pair]).digest() for at in range(0, len(row), pair)]
        row = b"".join(hashes)
    return row


class Frontier:
    """The full subtrees of a tree from left to right: a compact range from leaf 0.

    Args:
        size: Number of leaves.
        hashes: Roots of the subtrees, the largest first; one per bit that is set in `size`.

    Raises:
        ValueError: The number of hashes is not that of such a tree.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self._hashes = list(hashes)
        if len(self._hashes) != size.bit_count():
            raise ValueError("not the frontier of a tree of that size")

    @classmethod
    def from_bytes(cls, size: int, packed: bytes) -> Frontier:
        """Return the frontier that `bytes(frontier)` was.

        Raises:
            ValueError: It is not one of that size.
        """
        at = range(0, len(packed), HASH_BYTES)
        return cls(size, [packed[start : start + HASH_BYTES] for start in at])

    def __bytes__(self) -> bytes:
        return b"".join(self._hashes)

    def append(self, leaf: bytes) -> list[bytes]:
        """Append a leaf hash.

        Returns:
            The subtrees that are full now and end with the leaf, by height: the leaf itself
            first. At height 8 stands the root of a whole tile, where one ended.
        """
        completed = [leaf]
        size, hashes = self.size, self._hashes
        while size & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            completed.append(leaf)
            size >>= 1
        hashes.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self._hashes:
            return EMPTY_ROOT
        found = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            found = node_hash(left, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _range_hash(start: int, end: int, node: NodeOf) -> bytes:
    """Return the root over leaves start to end (exclusive), as RFC 6962 splits them."""
    size = end - start
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return node(height, start >> height)
    split = 1 << ((size - 1).bit_length() - 1)
    return node_hash(_range_hash(start, start + split, node), _range_hash(start + split, end, node))


def tree_root(size: int, node: NodeOf) -> bytes:
    """Return the root of the tree of `size` leaves, from the hashes of full subtrees."""
    return _range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: NodeOf) -> list[bytes]:
    """Return the path that shows that a leaf is in the tree of `size` leaves.

    RFC 6962 section 2.1.1: PATH(index, D[0:size]), the deepest hash first.

    Raises:
        ValueError: There is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < split:
            path.append(_range_hash(split, end, node))
            end = split
        else:
            path.append(_range_hash(start, split, node))
            start = split
    return path[::-1]


def consistency_proof(old: int, size: int, node: NodeOf) -> list[bytes]:
    """Return the path that shows that the tree of `old` leaves is the beginning of that of `size`.

    RFC 6962 section 2.1.2: PROOF(old, D[size]). Empty where `old` is 0 or `size`.

    Raises:
        ValueError: `old` is larger than `size`.
    """
    if not 0 <= old <= size:
        raise ValueError("no such older tree")
    if old in (0, size):
        return []
    path: list[bytes] = []
    start, end, known = 0, size, True
    while old != end:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= split:
            path.append(_range_hash(split, end, node))
            end = split
        else:
            path.append(_range_hash(start, split, node))
            start, known = split, False
    if not known:
        path.append(_range_hash(start, end, node))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).

    None where the path has not the length such a proof has.
    """
    if not 0 <= index < size:
        return None
    number, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if number & 1 or number == last:
            found = node_hash(sibling, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        number, last = number >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a consistency proof holds (RFC 9162 section 2.1.4.2)."""
    if old == size or old == 0:
        return not path and (old_root == root if old else old_root == EMPTY_ROOT)
    if old > size or not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    number, last = old - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, step)
        number, last = number >> 1, last >> 1
    return first == old_root and second == root and last == 0
