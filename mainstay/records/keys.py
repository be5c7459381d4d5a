"""Keys that are made here: the UUID a record keeps for ever, and random tokens."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A time-led UUID (RFC 9562); neighbours of one millisecond are unordered, so it is never sorted by."""
    random = int.from_bytes(os.urandom(10), "big")
    head = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    return uuid.UUID(int=head | 0b10 << 62 | random & ((1 << 62) - 1))


def new_version() -> int:
    """A random label for a part of the settings; two edits never share one."""
    return int.from_bytes(os.urandom(7), "big")
