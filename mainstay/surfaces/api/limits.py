"""How many requests a minute; each process counts for itself, so two let twice as many through."""

from __future__ import annotations

import time
from collections.abc import Hashable

from django.conf import settings
from django.http import HttpRequest

from mainstay.directory.signin.throttle import address_of
from mainstay.pure.rules import Actor
from mainstay.surfaces.api.errors import Problem

WINDOW_S = 60
STRANGERS = 60
# So that a stranger with many addresses cannot fill the memory: the rest share one count.
MOST_KEYS = 10_000


class Window:
    """Counts in a window of fixed length. Two threads may lose a count; a lock would cost more."""

    def __init__(self) -> None:
        self._number = 0
        self._counts: dict[Hashable, int] = {}

    def seconds_to_wait(self, key: Hashable, most: int) -> int:
        """Counts one more; 0 while it is within `most`."""
        now = time.monotonic()
        number = int(now // WINDOW_S)
        if number != self._number:
            self._number, self._counts = number, {}
        counts = self._counts
        if key not in counts and len(counts) >= MOST_KEYS:
            key = None
        counts[key] = count = counts.get(key, 0) + 1
        return 0 if count <= most else int((number + 1) * WINDOW_S - now) + 1


_known = Window()
_strangers = Window()


def count(actor: Actor) -> None:
    """One more request under this token, or of this person. Raises Problem (429)."""
    most = settings.MAINSTAY_RATE_LIMIT
    if most and (wait := _known.seconds_to_wait(actor.session or actor.id, most)):
        raise _too_many(wait)


def count_stranger(request: HttpRequest) -> None:
    """One more request without a valid token or session from this address. Raises Problem (429)."""
    address = address_of(request)
    if wait := _strangers.seconds_to_wait(address, STRANGERS):
        raise _too_many(wait)


def forget() -> None:
    """Starts counting anew: each test does."""
    _known.__init__()  # type: ignore[misc]
    _strangers.__init__()  # type: ignore[misc]


def _too_many(seconds: int) -> Problem:
    return Problem(
        "too-many", f"Wait {seconds} seconds and try again.", {"Retry-After": str(seconds)}
    )
