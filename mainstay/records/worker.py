"""What a worker process does: a loop for events and timers; beside it one for long jobs, sweeping and chores, one for
seals.

Those never delay events.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection
from django.db.backends.signals import connection_created
from django.db.utils import InterfaceError, OperationalError

from mainstay.records import chores, delivery, jobs, sweeping, timers
from mainstay.records.audit.sealing import Sealer

log = logging.getLogger("mainstay.worker")

# What PostgreSQL calls its connections by.
NAME = "mainstay worker"
# Of work below, each with a connection of its own.
LOOPS = 3
IDLE_S = 0.25
JOBS_IDLE_S = 0.5
AFTER_TROUBLE_S = 1.0


def work(stop: threading.Event) -> None:
    """Until told to stop; what is being done then is finished."""
    os.environ.setdefault("PGAPPNAME", NAME)
    connection_created.connect(_without_a_map, dispatch_uid=NAME)
    holder = f"{os.uname().nodename[:20]}-{os.getpid()}"
    broom, chore = sweeping.Broom(), chores.Round()
    beside = threading.Thread(
        target=_loop,
        args=(stop, lambda: jobs.work_one() or broom.turn() or chore.turn(), JOBS_IDLE_S),
        name="jobs",
        daemon=True,
    )
    beside.start()
    sealer = Sealer()
    sealing = threading.Thread(
        target=_loop,
        args=(stop, lambda: sealer.turn(time.monotonic()), JOBS_IDLE_S),
        name="sealing",
        daemon=True,
    )
    sealing.start()
    _loop(stop, lambda: delivery.deliver(holder) + timers.fire_due(), IDLE_S)
    beside.join(timeout=10)
    sealing.join(timeout=10)


def _without_a_map(connection: Any, **_: object) -> None:
    """Now and then the worker reads most of SQLite's file; mapped, 256 MB of it would be its own for good."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("pragma mmap_size=0")


def _loop(stop: threading.Event, turn: Callable[[], int], idle_s: float) -> None:
    while not stop.is_set():
        try:
            busy = turn()
        except (OperationalError, InterfaceError, delivery.LeaseLost) as error:
            # The database restarts, or was slow enough to lose a lease: both pass.
            log.warning("worker waits: %s", error)
            connection.close()
            stop.wait(AFTER_TROUBLE_S)
            continue
        if not busy:
            stop.wait(idle_s)
        close_old_connections()
    connection.close()
