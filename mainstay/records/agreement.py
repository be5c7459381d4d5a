"""Whether this machine's clock and the database's agree: timers, leases and sessions go by ours, others' by theirs."""

from __future__ import annotations

import logging
import time

from django.db import connection

log = logging.getLogger("mainstay.worker")

MOST_S = 5.0


def apart() -> float:
    """Seconds by which our clock is ahead of the database's; always 0 on SQLite, which has none of its own."""
    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("select extract(epoch from clock_timestamp())")
        theirs = float(cursor.fetchone()[0])
        return (before + time.time()) / 2 - theirs


def watch() -> int:
    """A worker's chore: says in the log that they disagree, as often as it is asked."""
    ahead = apart()
    if abs(ahead) > MOST_S:
        log.error(
            "The clock of this machine and the database's are %.0f s apart: set one of them.",
            abs(ahead),
        )
    return 0
