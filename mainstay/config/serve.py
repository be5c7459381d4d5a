"""`mainstay serve`: the web server's processes and the worker, one family under one parent.

The parent imports the product once and forks the others, so that they share its memory and are
ready at once. It listens to nothing and answers nothing itself.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from mainstay.config import upgrade
from mainstay.config.family import Kept, die_with_parent
from mainstay.config.wsgi import application
from mainstay.records import worker

THREADS = 4  # for each web process


class Family:
    """Web processes and the worker, from start to stop."""

    def __init__(self, host: str, port: int, web_processes: int) -> None:
        self.parent = os.getpid()
        self.server = Granian(
            "mainstay.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=web_processes,
            blocking_threads=THREADS,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        )
        self.worker = Kept("worker", work_until_told)

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT; `ready` is called just before the first answer."""
        self.server.on_startup(self.worker.start)
        self.server.on_startup(ready)
        self.server.on_shutdown(self.worker.stop)
        upgrade.let_go()
        # What is imported stays for ever: left out of collections, its memory stays shared.
        gc.collect()
        gc.freeze()
        self.server.serve(target_loader=self.load, wrap_loader=False)

    def load(self) -> Any:
        """Runs first thing in each web process."""
        die_with_parent(self.parent)
        return application


def work_until_told() -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.work(stop)
