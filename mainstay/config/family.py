"""Processes that live and die together: the server, its children, and no orphan of either."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PATIENCE = 10.0  # seconds a child may take to finish what it is doing
PAUSE = 1.0  # seconds before a child that died is started again


def die_with_parent(parent: int) -> None:
    """Ask Linux to end this process when its parent ends, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before we could ask
        os._exit(1)


class Kept:
    """A child process that is started again whenever it dies, until `stop`.

    It is forked, so that it shares the memory of everything its parent has imported.
    """

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name, self.work = name, work
        self.stopping = threading.Event()
        self.process: multiprocessing.process.BaseProcess | None = None

    def start(self) -> None:
        # The first one is forked before there is any thread; see `watch` for the later ones.
        self.process = self.fork()
        threading.Thread(target=self.watch, name=f"keeps {self.name}", daemon=True).start()

    def fork(self) -> multiprocessing.process.BaseProcess:
        context = multiprocessing.get_context("fork")
        child = context.Process(target=self.live, args=(os.getpid(),), name=self.name, daemon=True)
        child.start()
        return child

    def live(self, parent: int) -> None:
        die_with_parent(parent)
        self.work()

    def watch(self) -> None:
        """Linux counts the thread that forked as the parent, so this thread stays to the end."""
        while self.process is not None:
            self.process.join()
            if self.stopping.wait(PAUSE):
                return
            print(f"The {self.name} ended ({self.process.exitcode}); starting it again.", flush=True)
            self.process = self.fork()

    def stop(self) -> None:
        self.stopping.set()
        if self.process is None:
            return
        self.process.terminate()
        deadline = time.monotonic() + PATIENCE
        while self.process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self.process.is_alive():
            self.process.kill()
