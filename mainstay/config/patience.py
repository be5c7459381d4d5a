"""How long one statement of a request may take: what one person asks must not keep the others waiting.

The worker, commands and what brings a database to this version take as long as they need.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

LONGEST_S = 10.0
# Of SQLite's own between two looks at the clock: a few milliseconds.
STEPS = 100_000


class _Here(threading.local):
    """Of this thread: whether it answers a request, and until when its statement may take."""

    asks = False
    until = math.inf


_here = _Here()


@contextmanager
def limited() -> Iterator[None]:
    """For as long as a request is answered. A statement that takes longer raises OperationalError."""
    _here.asks = True
    try:
        with connection.execute_wrapper(_timed):
            yield
    finally:
        _here.asks, _here.until = False, math.inf


def prepare(connection: Any, **_: object) -> None:
    """A connection that a request has made is one of a web process, which is kept for the next."""
    if not _here.asks:
        return
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(lambda: time.monotonic() > _here.until, STEPS)
        return
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, false)", [f"{LONGEST_S:g}s"])


def _timed(execute: Callable[..., Any], *about: Any) -> Any:
    _here.until = time.monotonic() + LONGEST_S
    return execute(*about)
