"""`mainstay serve`: the web server's processes, the worker and the live process, one family under one parent.

The parent imports the product once and forks the others, so that they share its memory and are
ready at once. It listens to nothing and answers nothing itself.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from mainstay.config import logs, upgrade
from mainstay.config.family import PAUSE, Kept, apart_from_the_terminal, die_with_parent
from mainstay.config.live import process
from mainstay.config.wsgi import THREADS, application
from mainstay.records import worker

log = logging.getLogger("mainstay.serve")

MOST_STARTS = 5
A_MOMENT = 0.05  # seconds between two tries of the own port
STEADY = 60.0  # seconds after which a start was a good one


class Family:
    """Web processes, the worker and the live process, from start to stop; without `live_port` there is none."""

    def __init__(
        self, host: str, port: int, web_processes: int, live_port: int | None = None
    ) -> None:
        self.parent = os.getpid()
        self.door = host, port
        self.place = {"address": host, "port": port, "workers": web_processes}
        self.beside = [Kept("worker", work_until_told)]
        if live_port is not None:
            tell = functools.partial(process.serve, host, live_port, port)
            self.beside.append(Kept("live process", tell))

    def run(self, ready: Callable[[], None]) -> bool:
        """Serve until SIGTERM or SIGINT; `ready` is called once the port can be reached.

        The server gives up when one of its processes dies twice within seconds; it is started anew
        then, a few times. False when that did not help.
        """
        upgrade.let_go()
        # What is imported stays for ever: left out of collections, its memory stays shared.
        gc.collect()
        gc.freeze()
        announcing = threading.Thread(target=self.announce, args=(ready,), daemon=True)
        begin = [*(each.start for each in self.beside), announcing.start]
        starts_left = MOST_STARTS
        try:
            while starts_left:
                server, began = self.fresh(), time.monotonic()
                for hook in begin:
                    server.on_startup(hook)
                with contextlib.suppress(SystemExit):
                    server.serve(target_loader=self.load, wrap_loader=False)
                if server.interrupt_signal:
                    return True
                was_good = time.monotonic() - began > STEADY
                begin, starts_left = [], MOST_STARTS if was_good else starts_left - 1
                log.error("Web processes keep dying; %d more starts.", starts_left)
                time.sleep(PAUSE)
                if server.interrupt_signal:  # its handler stands until the next one's does
                    return True
            return False
        finally:
            for each in self.beside:
                each.stop()

    def announce(self, ready: Callable[[], None]) -> None:
        """Whoever reads the address tries it at once, and the processes that listen are only now being made."""
        while True:
            with contextlib.suppress(OSError), socket.create_connection(self.door, timeout=1):
                ready()
                return
            time.sleep(A_MOMENT)

    def fresh(self) -> Granian:
        return Granian(
            "mainstay.config.wsgi:application",
            **self.place,
            interface=Interfaces.WSGI,
            blocking_threads=THREADS,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
            log_dictconfig=logs.OF_THE_SERVER,
        )

    def load(self) -> Any:
        """Runs first thing in each web process."""
        apart_from_the_terminal()
        die_with_parent(self.parent)
        return application


def work_until_told() -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.work(stop)
