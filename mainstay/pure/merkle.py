"""A Merkle tree over rows (RFC 6962, 2.1): one root stands for all leaves and their order."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

# Without them the hash of a node could be passed off as the hash of a row.
LEAF, NODE = b"\x00", b"\x01"


def leaf(data: bytes) -> bytes:
    """The hash that stands for one row."""
    return sha256(LEAF + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Level by level; whoever has no neighbour goes up as it is, which is the RFC's split by powers of two."""
    level = list(leaves)
    if not level:
        return sha256().digest()
    while len(level) > 1:
        alone = level[-1:] if len(level) % 2 else []
        pairs = zip(level[0::2], level[1::2], strict=False)
        level = [sha256(NODE + left + right).digest() for left, right in pairs] + alone
    return level[0]
