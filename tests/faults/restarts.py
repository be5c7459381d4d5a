"""F25: the server is stopped and started over and over, while clients write and pages listen."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass

from tests.faults.clients import Program, Writers, in_words
from tests.faults.ground import Ground, is_well, seconds_until
from tests.faults.killed import after
from tests.safety.siege import Site


@dataclass(frozen=True)
class Size:
    """How often it is restarted, after how many seconds each, and how many pages follow how many records meanwhile."""

    rounds: int
    between: float
    listeners: int
    followed: int
    clients: int = 4


USUAL, QUICK = Size(6, 5, 5, 36), Size(2, 5, 5, 36)


class Listener(threading.Thread):
    """A browser with a page open: it comes back by itself, when it was told to, and says where it was."""

    def __init__(self, site: Site, session: str, words: str) -> None:
        super().__init__(daemon=True)
        self.site, self.session, self.words = site, session, words
        self.told: list[tuple[float, str]] = []
        self.streams, self.opened_at, self.place, self.retry = 0, 0.0, "", 0.3
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            with contextlib.suppress(OSError):
                self._listen()
            self.is_over.wait(self.retry)

    def _listen(self) -> None:
        since = time.time_ns() // 1_000_000
        head = f"GET /live?on={self.words}&since={since} HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port + 1}\r\n"
        head += f"Origin: http://127.0.0.1:{self.site.port}\r\nCookie: mainstay_session={self.session}\r\n"
        head += f"Last-Event-ID: {self.place}\r\n\r\n" if self.place else "\r\n"
        with socket.create_connection(("127.0.0.1", self.site.port + 1), timeout=30) as wire:
            wire.sendall(head.encode())
            got = b""
            while not self.is_over.is_set() and (more := wire.recv(65536)):
                *lines, got = (got + more).split(b"\n")
                self._read([line.decode() for line in lines])

    def _read(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.strip().partition(": ")
            if name == "id":
                self.place = value
            elif name == "retry":
                self.retry = int(value) / 1000
            elif name == "data" and value:
                self.told.append((time.monotonic(), value))
            elif line.startswith("HTTP/1.1 200"):
                self.streams += 1
                self.opened_at = time.monotonic()
            elif line.startswith("HTTP/1.1 "):
                raise ConnectionError(line)  # "not yet": a browser comes back then, too


def f25(here: Ground) -> None:
    restarted(here, QUICK if here.is_quick else USUAL)


def restarted(here: Ground, size: Size) -> None:
    here.prepare()
    site, ledger = here.serve(), here.ledger()
    program = here.program(site)
    numbers = [
        program.call("POST", "/incidents", {"title": f"followed {n}"}).json["number"]
        for n in range(size.followed)
    ]
    words = "&on=".join(f"incidents/{number}" for number in numbers)
    listeners = [Listener(site, here.world["session"], words) for _ in range(size.listeners)]
    for listener in listeners:
        listener.start()
    seconds_until(lambda: all(listener.streams for listener in listeners), 20)
    time.sleep(1)
    slowest, begun = 0.0, 0.0
    writers = Writers(site, here.world, threads=size.clients, pause=0.1)
    # A restart takes two seconds: the changes fall into all of the time.
    changes = Changes(program, numbers, pause=size.rounds * (size.between + 2) / size.followed)
    with writers:
        changes.start()
        for _ in range(size.rounds):
            time.sleep(size.between)
            begun, starts = time.monotonic(), site.starts
            site.process.terminate()
            seconds_until(lambda n=starts: site.starts > n and is_well(site), 60)
            slowest = max(slowest, time.monotonic() - begun)
        changes.join()
    back = seconds_until(lambda: all(listener.opened_at > begun for listener in listeners), 30)
    seconds_until(lambda: not any(map(changes.missed_by, listeners)), 20)
    missed = sum(map(changes.missed_by, listeners))
    for listener in listeners:
        listener.is_over.set()
    here.report.did(
        f"{size.rounds} restarts by SIGTERM, {size.between:g} seconds apart, while {size.clients} clients create,"
        f" {size.listeners} pages listen, and {size.followed} records they look at are changed"
    )
    here.report.note(f"answers: {in_words(writers.statuses())}")
    here.report.hold(f"stopped, started and well within {slowest:.1f} s at most", slowest <= 30)
    opened = min(listener.streams for listener in listeners)
    here.report.hold(
        f"each page came back after the last restart, {opened} streams at least", back is not None
    )
    here.report.hold(
        f"{len(changes.done)} changes acknowledged, {missed} missed by a page",
        len(changes.done) == size.followed and missed == 0,
    )
    after(here, site, ledger, writers)


class Changes(threading.Thread):
    """Each record is changed once, again until it is acknowledged: a page must be told after it was asked for."""

    def __init__(self, program: Program, numbers: list[str], pause: float) -> None:
        super().__init__(daemon=True)
        self.program, self.numbers, self.pause = program, numbers, pause
        self.done: dict[str, float] = {}

    def run(self) -> None:
        for number in self.numbers:
            time.sleep(self.pause)
            begun = time.monotonic()
            while time.monotonic() < begun + 60:
                if self.program.call("PATCH", f"/incidents/{number}", {"title": "x"}).status == 200:
                    self.done[number] = begun
                    break
                time.sleep(0.2)

    def missed_by(self, listener: Listener) -> int:
        """A title set a second time changes nothing, so a try that ended without an answer may have been the one."""
        told = list(listener.told)
        return sum(
            not any(word in ("all", f"incidents/{number}") and when > begun for when, word in told)
            for number, begun in self.done.items()
        )
