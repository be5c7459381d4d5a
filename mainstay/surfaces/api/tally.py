"""Counts in memory that all processes of a family share, so that a limit is one limit and no database is asked.

The parent makes the table and its children inherit it. A lock of the kernel guards it, which is free again when whoever
held it was killed; a semaphore would stay taken for ever.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import secrets
import struct
import tempfile
import threading
import time

WINDOW_S = 60
# So that a stranger with many addresses cannot fill the table: the rest share one count.
MOST_KEYS = 10_000
# More than keys, so that a free place is near.
PLACES = 16_384
HEAD = struct.Struct("=QQ")  # the window's number, how many keys it knows
PLACE = struct.Struct("=QQ")  # a key's digest, its count
SIZE = HEAD.size + PLACES * PLACE.size
REST = 2  # stands for those that found no place of their own; digests of keys are odd


class Tally:
    """How often each key came in a window of fixed length."""

    def __init__(self) -> None:
        # Nobody chooses keys whose places collide, nor reads from the memory who they were.
        self._salt = secrets.token_bytes(16)
        with tempfile.TemporaryFile() as file:
            file.truncate(SIZE)
            self._table = mmap.mmap(file.fileno(), SIZE)
            self._file = os.dup(file.fileno())
        # The kernel's lock is a process's, so threads have one among themselves.
        self._turn = threading.Lock()

    def __del__(self) -> None:
        os.close(self._file)

    def count(self, key: str) -> tuple[int, int]:
        """One more: how many that makes in this window, and how many seconds it lasts."""
        digest = hashlib.blake2b(key.encode(), digest_size=8, key=self._salt).digest()
        # The same for all processes of a machine.
        now = time.monotonic()
        number = int(now // WINDOW_S)
        with self._turn:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                made = self._count(number, int.from_bytes(digest, "big") | 1)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        return made, int((number + 1) * WINDOW_S - now) + 1

    def forget(self) -> None:
        """Starts anew: each test does."""
        self._table[:] = bytes(SIZE)

    def _count(self, number: int, digest: int) -> int:
        table = self._table
        window, known = HEAD.unpack_from(table)
        if window != number:
            table[:] = bytes(SIZE)
            known = 0
        place = digest % PLACES
        while True:
            at = HEAD.size + place * PLACE.size
            holder, count = PLACE.unpack_from(table, at)
            if holder == digest:
                break
            if not holder:
                if digest != REST and known >= MOST_KEYS:
                    digest, place = REST, REST
                    continue
                known, count = known + 1, 0
                break
            place = (place + 1) % PLACES
        HEAD.pack_into(table, 0, number, known)
        PLACE.pack_into(table, at, digest, count + 1)
        return count + 1
