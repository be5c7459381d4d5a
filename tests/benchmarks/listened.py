"""Five hundred open pages: what they cost while nothing happens, and when the last of them is told of a report."""

from __future__ import annotations

import json
import selectors
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests.benchmarks import cpu, load
from tests.benchmarks.site import Server, Site
from tests.benchmarks.table import Fact

PAGES = 500
# A beat of the heart comes every twenty seconds: whole beats are counted.
BEAT_S, SETTLED_S = 20.0, 5.0
# Below this nobody is working; the worker looks for something to do four times a second.
IDLE_PERCENT, LONGEST_BUSY_S = 4.0, 600.0
# What is promised: until a page is told, and until the stream of who lost the right to it ends.
HEARD_S, ENDED_S = 2, 5
CORE_PERCENT, MEMORY_MB, CHANGES = 5, 420, 10
# So many sign out, and as many lose their role, who have ten pages open each.
LOSING, PAGES_EACH, OVER = 5, 10, b"0\r\n\r\n"
NEW, JSON = json.dumps({"title": "It does not start"}), "application/json"


class Streams:
    """As many browsers with a page open, each with a session of its own."""

    def __init__(self, server: Server, sessions: Sequence[str], word: str) -> None:
        self.server, self.sessions, self.word = server, sessions, word
        self.heard: dict[int, float] = {}
        self.answers: dict[int, bytes] = {}
        self.ended: dict[int, float] = {}
        self._wires = selectors.DefaultSelector()
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)

    def open(self) -> None:
        for n, session in enumerate(self.sessions):
            wire = socket.create_connection((load.HOST, self.server.live_port), timeout=30)
            wire.sendall(self._asked(session))
            self._wires.register(wire, selectors.EVENT_READ, n)
        self._reader.start()
        until = time.monotonic() + 60
        while len(self.answers) < len(self.sessions) and time.monotonic() < until:
            time.sleep(0.05)
        refused = [a for a in self.answers.values() if not a.startswith(b"HTTP/1.1 200")]
        if refused or len(self.answers) < len(self.sessions):
            raise RuntimeError(f"{len(self.answers)} streams answered: {refused[:1]}")

    def close(self) -> None:
        self._over.set()
        self._reader.join()
        for key in list(self._wires.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]

    def seconds_until_all_heard(self, begun: float) -> float:
        """Since then; raises where one of them hears nothing."""
        until = begun + 30
        while time.monotonic() < until:
            times = list(self.heard.values())
            if len(times) == len(self.sessions) and min(times) > begun:
                return max(times) - begun
            time.sleep(0.01)
        told = sum(when > begun for when in self.heard.values())
        raise RuntimeError(
            f"{told} of {PAGES} heard of it within 30 s, and {len(self.ended)} streams had ended"
        )

    def seconds_until_ended(self, which: Sequence[int], begun: float) -> float:
        """Since then, of the last of these; raises where one of them goes on."""
        until = time.monotonic() + 30
        while not set(which) <= self.ended.keys():
            if time.monotonic() > until:
                raise RuntimeError(f"{len(self.ended)} streams ended within 30 s, not {which}")
            time.sleep(0.01)
        return max(self.ended[n] for n in which) - begun

    def _asked(self, session: str) -> bytes:
        since = time.time_ns() // 1_000_000
        return (
            f"GET /live?on={self.word}&since={since} HTTP/1.1\r\nHost: {load.HOST}\r\n"
            f"Origin: http://{load.HOST}:{self.server.port}\r\n"
            f"Cookie: mainstay_session={session}\r\n\r\n"
        ).encode()

    def _read(self) -> None:
        while not self._over.is_set():
            for key, _ in self._wires.select(0.2):
                got = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not got:
                    self._wires.unregister(key.fileobj)
                if not got or got.endswith(OVER):
                    self.ended.setdefault(key.data, time.monotonic())
                self.answers.setdefault(key.data, got)
                if f"data: {self.word}\n".encode() in got:
                    self.heard[key.data] = time.monotonic()


def measured(name: str, site: Site, keys: Mapping[str, Any], beats: int) -> Iterator[Fact]:
    """Idle as one finds it in the morning: warm, and nobody does anything."""
    sessions = json.loads(site.inside("open_pages", PAGES))
    with site.served() as server:
        until_idle(server)
        yield Fact(
            "memory of all processes, idle", name, cpu.memory_mb(server.all), "MB", MEMORY_MB
        )
        if name == "SQLite":
            mapped = cpu.mapped_mb(server.all, ".sqlite3")
            yield Fact("of it pages of the database's file", name, mapped, "MB")
        with listening(server, sessions) as streams:
            time.sleep(SETTLED_S)
            live, all_of_it = percent_of_a_core(server, beats * BEAT_S)
            said = f"{PAGES} open pages, idle"
            yield Fact(f"{said}: live process, of a core", name, live, "%", CORE_PERCENT)
            yield Fact(f"{said}: all processes, of a core", name, all_of_it, "%")
            yield Fact(f"{said}: memory of all processes", name, cpu.memory_mb(server.all), "MB")
            heard = max(created(server, streams, keys))
            said = f"a report, until {PAGES} pages were told: longest"
            yield Fact(said, name, heard, "s", HEARD_S)
            for what, verb, first, each in (
                ("a sign-out", "sign_out", 0, 1),
                ("a role less", "withdraw", PAGES_EACH, PAGES_EACH),
            ):
                ended = max(lost(site, streams, verb, first, each))
                yield Fact(f"{what}, until its pages lost their stream", name, ended, "s", ENDED_S)


@contextmanager
def listening(server: Server, sessions: Sequence[str]) -> Iterator[Streams]:
    streams = Streams(server, sessions, "incidents")
    try:
        streams.open()
        yield streams
    finally:
        streams.close()


def until_idle(server: Server) -> None:
    """A site that was just filled has all of its history to seal: the worker does it in the first minutes."""
    until = time.monotonic() + LONGEST_BUSY_S
    while time.monotonic() < until:
        if percent_of_a_core(server, SETTLED_S)[1] < IDLE_PERCENT:
            return
    raise RuntimeError("the processes do not come to rest")


def percent_of_a_core(server: Server, seconds: float) -> tuple[float, float]:
    """Of the live process, and of all there are."""
    begun, live, whole = time.monotonic(), server.live, server.all
    before = cpu.milliseconds(live), cpu.milliseconds(whole)
    time.sleep(seconds)
    spent = cpu.milliseconds(live) - before[0], cpu.milliseconds(whole) - before[1]
    lasted = 1000 * (time.monotonic() - begun)
    return 100 * spent[0] / lasted, 100 * spent[1] / lasted


def created(server: Server, streams: Streams, keys: Mapping[str, Any]) -> list[float]:
    """From the moment somebody reports something until each page that shows the list was told."""
    headers = {"Authorization": f"Bearer {keys['agent']['token']}", "Content-Type": JSON}
    heard = []
    for _ in range(CHANGES):
        time.sleep(1)
        begun = time.monotonic()
        status, body = load.once(server.port, load.Request("/api/v1/incidents", headers, NEW))
        if status != 201:
            raise RuntimeError(f"a new incident was answered {status}: {body[:200]!r}")
        heard.append(streams.seconds_until_all_heard(begun))
    return heard


def lost(site: Site, streams: Streams, verb: str, first: int, each: int) -> list[float]:
    """From the moment somebody loses a right until the streams they had by it ended; people one after the other."""
    ours = [range(first + n * each, first + (n + 1) * each) for n in range(LOSING)]
    begun = json.loads(site.inside(verb, *(streams.sessions[which[0]] for which in ours)))
    return [streams.seconds_until_ended(which, at) for which, at in zip(ours, begun, strict=True)]
