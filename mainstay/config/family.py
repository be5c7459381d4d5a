"""Processes that live and die together: the server, its children, and no orphan of either."""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import multiprocessing.context
import os
import signal
import sys
import threading
from collections.abc import Callable

log = logging.getLogger("mainstay.serve")

PR_SET_PDEATHSIG = 1
PATIENCE = 10.0  # seconds a child may take to finish what it is doing
PAUSE = 1.0  # seconds before a child that died is started again


def die_with_parent(parent: int) -> None:
    """Ask Linux to end this process when its parent ends, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before we could ask
        os._exit(1)


def apart_from_the_terminal() -> None:
    """Ctrl-C is for the parent alone, which then tells its children; both at once would end them out of turn."""
    os.setpgid(0, 0)


class Kept:
    """A child process that is started again whenever it dies, until `stop`.

    It is forked, so that it shares the memory of everything its parent has imported.
    """

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name, self.work = name, work
        self.stopping = threading.Event()
        self.process = self.fresh()
        self.watcher = threading.Thread(target=self.watch, name=f"keeps {name}", daemon=True)

    def start(self) -> None:
        self.process.start()
        self.watcher.start()

    def fresh(self) -> multiprocessing.context.ForkProcess:
        context = multiprocessing.get_context("fork")
        return context.Process(target=self.live, args=(os.getpid(),), name=self.name, daemon=True)

    def live(self, parent: int) -> None:
        apart_from_the_terminal()
        die_with_parent(parent)
        self.work()

    def watch(self) -> None:
        """Linux counts the thread that forked as the parent, so this thread stays to the end."""
        while True:
            self.process.join()
            if self.stopping.wait(PAUSE):
                return
            log.error("The %s ended (%s); starting it again.", self.name, self.process.exitcode)
            self.process = self.fresh()
            self.process.start()

    def stop(self) -> None:
        """Ask the child to finish; make it, if it does not."""
        self.stopping.set()
        if self.process.pid is None:  # it was never begun
            return
        self.process.terminate()
        self.watcher.join(PATIENCE)
        if self.watcher.is_alive():
            self.process.kill()
