"""The tree of RFC 6962.

Method: compare with the definition of RFC 6962 section 2.1 written out recursively here, and with
the published roots of the Certificate Transparency test tree; hypothesis chooses sizes and leaves.
"""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_from_inclusion,
    root_of,
    subtree_root,
)

# Inputs and roots of the reference tree used by Certificate Transparency implementations.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(1, 600)


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


LEAVES = leaves_of(600)


def defined(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, as it is written."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()


def node(height: int, number: int) -> bytes:
    width = 1 << height
    return subtree_root(b"".join(LEAVES[number * width : (number + 1) * width]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_tree(size: int) -> None:
    assert root_of(map(leaf_hash, INPUTS[:size])).hex() == ROOTS[size - 1]


def test_the_empty_tree() -> None:
    assert root_of([]) == EMPTY_ROOT == defined([])


@given(st.integers(0, 600))
def test_the_frontier_gives_the_root_of_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == defined(LEAVES[:size])


@given(st.integers(0, 600), st.integers(0, 40))
def test_a_frontier_goes_on_from_its_bytes(size: int, more: int) -> None:
    whole = Frontier()
    for leaf in LEAVES[:size]:
        whole.append(leaf)
    again = Frontier.from_bytes(size, bytes(whole))
    for leaf in LEAVES[size : size + more]:
        assert again.append(leaf) == whole.append(leaf)
    assert (again.size, again.root()) == (whole.size, whole.root())


@given(st.integers(1, 600))
def test_appending_tells_the_subtrees_that_are_full(size: int) -> None:
    frontier = Frontier()
    completed: list[bytes] = []
    for leaf in LEAVES[:size]:
        completed = frontier.append(leaf)
    for height, found in enumerate(completed):
        assert found == node(height, (size - 1) >> height)
    assert size % (1 << (len(completed) - 1)) == 0


@pytest.mark.parametrize(("size", "packed"), [(1, b""), (2, b"x" * 64), (0, b"x" * 32)])
def test_what_is_no_frontier_is_refused(size: int, packed: bytes) -> None:
    with pytest.raises(ValueError, match="not the frontier"):
        Frontier.from_bytes(size, packed)


@given(st.data(), sizes)
def test_an_inclusion_proof_leads_to_the_root(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, node)
    assert root_from_inclusion(LEAVES[index], index, size, path) == defined(LEAVES[:size])


@given(st.data(), sizes)
def test_an_inclusion_proof_shows_nothing_else(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    root = defined(LEAVES[:size])
    path = inclusion_proof(index, size, node)
    other = (
        data.draw(st.integers(0, size - 1).filter(lambda each: each != index)) if size > 1 else 1
    )
    assert root_from_inclusion(LEAVES[index], other, size, path) != root
    assert root_from_inclusion(leaf_hash(b"forged"), index, size, path) != root
    assert root_from_inclusion(LEAVES[index], index, size, [*path, root]) != root
    for at in range(len(path)):
        flipped = bytes([path[at][0] ^ 1]) + path[at][1:]
        assert root_from_inclusion(LEAVES[index], index, size, [*path[:at], flipped]) != root


@given(st.data(), sizes)
def test_a_consistency_proof_holds(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(0, size))
    path = consistency_proof(old, size, node)
    assert is_consistent(old, defined(LEAVES[:old]), size, defined(LEAVES[:size]), path)


@given(st.data(), sizes)
def test_a_consistency_proof_shows_nothing_else(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    path = consistency_proof(old, size, node)
    before, now = defined(LEAVES[:old]), defined(LEAVES[:size])
    forged = defined([*LEAVES[: old - 1], leaf_hash(b"forged")])
    assert not is_consistent(old, forged, size, now, path)
    assert not is_consistent(old, before, size, forged if old < size else leaf_hash(b""), path)
    assert not is_consistent(old, before, size, now, [*path, now])
    if path:
        assert not is_consistent(old, before, size, now, path[:-1])
        assert not is_consistent(size, now, old, before, path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(index, size, node)
    assert root_from_inclusion(LEAVES[0], index, size, []) is None


def test_there_is_no_proof_of_a_larger_tree() -> None:
    with pytest.raises(ValueError, match="no such older tree"):
        consistency_proof(6, 5, node)
