"""What nobody needs any more is thrown away: at a worker's start, and every hour from then on.

Several workers may sweep at once; each brush takes only what is old, so doing it twice does no harm.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

log = logging.getLogger("mainstay.worker")

EVERY_S = 3600.0

# Throws away what is old; returns how much that was.
Brush = Callable[[], int]
_brushes: dict[str, Brush] = {}


def install(brushes: Mapping[str, Brush]) -> None:
    """Called once at startup with every brush of the product."""
    _brushes.clear()
    _brushes.update(brushes)


def sweep() -> dict[str, int]:
    """One round; a brush that fails is tried again in the next, and hinders no other."""
    swept = {}
    for name, brush in _brushes.items():
        try:
            swept[name] = brush()
        except Exception:
            log.exception("sweeping %s failed", name)
    return swept


class Broom:
    """When this process sweeps next."""

    def __init__(self) -> None:
        self._due = 0.0

    def turn(self) -> int:
        """A round if it is time for one; always 0, for there is nothing to go on with."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY_S
            sweep()
        return 0
