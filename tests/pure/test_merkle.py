"""The tree is that of RFC 6962, by its own recursive definition."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from mainstay.pure import merkle


def by_the_rfc(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_the_rfc(leaves[:split]) + by_the_rfc(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_root_is_the_rfcs(rows: list[bytes]) -> None:
    leaves = [merkle.leaf(row) for row in rows]
    assert merkle.root(leaves) == by_the_rfc(leaves)


def test_known_values_of_the_rfc() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root([]).hex() == empty
    assert merkle.leaf(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=2, max_size=20, unique=True), st.data())
def test_order_counts(rows: list[bytes], data: st.DataObject) -> None:
    other = data.draw(st.permutations(rows))
    same = merkle.root([merkle.leaf(r) for r in rows]) == merkle.root(
        [merkle.leaf(r) for r in other]
    )
    assert same == (rows == other)
