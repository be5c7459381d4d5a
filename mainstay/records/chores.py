"""Long work nobody asked for, done a piece at a time while a worker has nothing else to do.

Each piece is a transaction of its own that leaves what is still to do in the database, so a killed worker loses a
piece at most; two workers at the same chore are the chore's own affair.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

log = logging.getLogger("mainstay.worker")

EVERY_S = 60.0

# Does a piece and says how much that was; 0 when nothing is left.
Chore = Callable[[], int]
_chores: dict[str, Chore] = {}


def install(chores: Mapping[str, Chore]) -> None:
    """Called once at startup with every chore of the product."""
    _chores.clear()
    _chores.update(chores)


class Round:
    """Which chores this process asks next: one that has nothing to do, or that failed, rests for a minute."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def turn(self) -> int:
        """A piece of the first that has one."""
        for name, chore in _chores.items():
            if time.monotonic() < self._due.get(name, 0.0):
                continue
            try:
                done = chore()
            except Exception:
                log.exception("chore %s failed", name)
                done = 0
            if done:
                return done
            self._due[name] = time.monotonic() + EVERY_S
        return 0
