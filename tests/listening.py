"""A live process inside the test: the application and its hub on a loop of their own, turned by hand."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection

from mainstay.config.live import hub as watched
from mainstay.config.live.door import Door
from mainstay.config.live.hub import Hub
from mainstay.directory import cookies
from mainstay.directory.actors import SESSION_COOKIE, by_session
from mainstay.directory.signin import sessions

HOST, ORIGIN, WEB_PORT = "site.example:8001", "http://site.example:8000", 8000


class Browser:
    """One request that is held open, and what came of it."""

    def __init__(self, method: str, path: str, query: str, headers: dict[str, str], body: bytes):
        self.scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(n.lower().encode(), v.encode()) for n, v in headers.items()],
        }
        self.body, self.status, self.text, self.is_over = body, 0, "", False
        self.headers: dict[str, str] = {}
        self.has_left: asyncio.Event | None = None
        self.reads: asyncio.Event | None = None

    async def ask(self, door: Door) -> None:
        self.has_left, self.reads, sent = asyncio.Event(), asyncio.Event(), [self.body]
        self.reads.set()

        async def receive() -> dict[str, Any]:
            if sent:
                return {"type": "http.request", "body": sent.pop(), "more_body": False}
            await self.has_left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            await self.reads.wait()
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {n.decode(): v.decode() for n, v in message["headers"]}
            else:
                self.text += message["body"].decode()

        await door(self.scope, receive, send)
        self.is_over = True

    def told(self, *, with_inbox: bool = False) -> list[str]:
        """The words of what it was told, without what only keeps its place.

        Whose inbox nobody knew is told of it by the way.
        """
        blocks = [block.split("\n") for block in self.text.split("\n\n")]
        found = [
            line.removeprefix("data: ")
            for block in blocks
            if "event: place" not in block
            for line in block
            if line.startswith("data: ")
        ]
        self.text = ""
        return [word for word in found if with_inbox or word != "inbox"]

    @property
    def place(self) -> str:
        lines = [line for line in self.text.split("\n") if line.startswith("id: ")]
        return lines[-1].removeprefix("id: ") if lines else ""


class Live:
    """The process; `turn` is one look at what has happened."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.begin()

    def begin(self) -> None:
        """Also anew, as after a restart."""
        self.hub = Hub()
        self.door = Door(self.hub, WEB_PORT)
        self.run(self.hub.begin())
        self.hub.is_well = True

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def turn(self) -> None:
        """At which everything is looked at, as if its time had come; when that is, `passing` shows."""
        self.hub._judged = self.hub._looked = 0.0
        self.run(self.hub.turn())
        self.settle()

    def settle(self) -> None:
        """What is to be sent is sent."""
        self.run(asyncio.sleep(0.05))

    def open(self, person: Any, *words: str, query: str = "", **headers: str) -> Browser:
        """A stream of somebody, or with a cookie of ours."""
        # Rounded up: cut off to milliseconds, now would lie before a process that has just begun.
        since = query or f"since={time.time_ns() // 1_000_000 + 1}"
        asked = "&".join([since, *(f"on={word}" for word in words)])
        browser = self._browser("GET", "/live", asked, person, headers, b"")
        self.start(browser)
        return browser

    def post(self, person: Any, body: bytes, by: str = "", **headers: str) -> Browser:
        """`by` is whose page it is, where it is not that of who is signed in."""
        actor = by_session(person) if isinstance(person, str) and not by else None
        body += f"&by={actor.number if actor else by}".encode()
        browser = self._browser("POST", "/live/here", "", person, headers, body)
        self.start(browser).result(20)
        return browser

    def start(self, browser: Browser) -> Future[None]:
        asked = asyncio.run_coroutine_threadsafe(browser.ask(self.door), self.loop)
        until(lambda: browser.status != 0 or asked.done())
        self.settle()
        return asked

    def leave(self, browser: Browser) -> None:
        self.loop.call_soon_threadsafe(browser.has_left.set)
        until(lambda: browser.is_over)

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):  # a database that was away
            self.run(self.hub.ask(self.hub.reading.let_go))
        self.loop.call_soon_threadsafe(self.hub.close)
        self.settle()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    def _browser(
        self, method: str, path: str, query: str, person: Any, given: dict[str, str], body: bytes
    ) -> Browser:
        headers = {"host": HOST, "origin": ORIGIN}
        if person is not None:
            secret = person if isinstance(person, str) else sessions.begin(person.id)
            headers["cookie"] = f"a=b; {cookies.called(SESSION_COOKIE)}={secret}"
        named = {n.replace("_", "-"): v for n, v in given.items()}
        headers = {n: v for n, v in (headers | named).items() if v}
        return Browser(method, path, query, headers, body)


@contextlib.contextmanager
def live() -> Iterator[Live]:
    running = Live()
    try:
        yield running
    finally:
        running.close()


class Passing:
    """The process watches by itself, on a clock that goes only as far as a test lets it."""

    def __init__(self, live: Live) -> None:
        self.live, self.now = live, time.time()
        self._wakes_at = self.now
        self._asleep, self._wakes = asyncio.Event(), asyncio.Event()
        self._watching: asyncio.Future[None] | None = None

    def let(self, seconds: float) -> None:
        """So much time goes by, with every look that falls into it; the first is at once."""
        until = self.now + seconds
        while self._wakes_at <= until:
            self.now = self._wakes_at
            self.live.run(self._look())
        self.now = until
        self.live.settle()

    async def sleep(self, seconds: float) -> None:
        self._wakes_at = self.now + seconds
        self._wakes.clear()
        self._asleep.set()
        await self._wakes.wait()

    async def _look(self) -> None:
        self._asleep.clear()
        self._wakes.set()
        if self._watching is None:
            self._watching = asyncio.ensure_future(self.live.hub.watch())
            self._watching.add_done_callback(lambda _: self._asleep.set())
        await self._asleep.wait()
        if self._watching.done():
            self._watching.result()

    async def end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()


@contextlib.contextmanager
def passing(live: Live) -> Iterator[Passing]:
    clock = Passing(live)
    its_time = SimpleNamespace(time=lambda: clock.now, monotonic=time.monotonic)
    its_loop = SimpleNamespace(sleep=clock.sleep, get_running_loop=asyncio.get_running_loop)
    with patch.object(watched, "time", its_time), patch.object(watched, "asyncio", its_loop):
        try:
            yield clock
        finally:
            live.run(clock.end())


class Failing:
    """Of the questions to the database the nth fails, once."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise OperationalError("the database is away")
        return execute(*asked)


@contextlib.contextmanager
def failing(live: Live, nth: int) -> Iterator[Failing]:
    """In the thread of the process, and nowhere else."""
    failing = Failing(nth)
    live.run(live.hub.ask(lambda: connection.execute_wrappers.append(failing)))
    try:
        yield failing
    finally:
        live.run(live.hub.ask(lambda: connection.execute_wrappers.remove(failing)))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
