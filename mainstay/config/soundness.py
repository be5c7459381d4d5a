"""Whether an SQLite file is whole: a damaged one is refused at the start, for each write would damage more of it."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from django.db import DatabaseError, connection

from mainstay.records import trouble
from mainstay.records.errors import Refused

log = logging.getLogger("mainstay.soundness")

# Of the start; what is not looked at by then, the worker looks at.
START_S = 1.0
STEPS = 10_000  # of SQLite's own, between two looks at the clock


class Damaged(Refused):
    """The file is not whole; the sentence says what to do."""

    def __init__(self, found: str) -> None:
        file = connection.settings_dict["NAME"]
        super().__init__(
            f"The database is damaged ({found.strip()}), so nothing is started on it: {file}\n"
            "  1. Copy the data folder as it is now, and check the disk below it.\n"
            "  2. Put the newest backup of the data folder in its place and start again.\n"
            f"  Without a backup: sqlite3 {file} .recover | sqlite3 new.sqlite3 saves what can be read."
        )


def require_sound(seconds: float = START_S) -> None:
    """Looks for as long as the start may wait. Raises Damaged."""
    if found := damage(seconds):
        raise Damaged(found)


def damage(seconds: float | None = None) -> str:
    """The first thing that is wrong with the file's structure; empty where none was found, or time was over."""
    if connection.vendor != "sqlite" or not Path(connection.settings_dict["NAME"]).exists():
        return ""
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    try:
        with connection.cursor() as cursor:
            connection.connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
            cursor.execute("pragma quick_check(1)")
            [said] = cursor.fetchone()
        return "" if said == "ok" else str(said)
    except DatabaseError as error:
        # Time was over; or it cannot be opened, which whoever works in it tells.
        return str(error) if trouble.is_damaged(error) else ""
    finally:
        if connection.connection is not None:
            connection.connection.set_progress_handler(None, 0)


class Watch:
    """A worker's chore: the whole file, at its start and every day from then on."""

    EVERY_S = 86_400.0

    def __init__(self) -> None:
        self._due = 0.0

    def turn(self) -> int:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + self.EVERY_S
            if found := damage():
                log.error("%s", Damaged(found))
        return 0


watch = Watch().turn
