"""Stands between the server and the pages: half-sent requests neither hold all threads nor count as whole.

The server hands a request to a thread as soon as its headers are there, waits for the body as long as its sender
likes, and passes on a body that broke off as if that were all of it.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import BadRequest
from django.utils.translation import gettext

from mainstay.config.connections import cut_silent
from mainstay.config.headers import always
from mainstay.config.plain import in_words

Start = Callable[..., Any]
Pages = Callable[[dict[str, Any], Start], Iterable[bytes]]

# Read before the pages are asked; what is larger they read themselves, after they know who sends it.
SHORT = 64 * 1024
PIECE = 8 * 1024
STALLED_S = 0.5  # without another piece: then it is the sender we wait for
SILENT_S = 10.0  # without a byte: then the connection is closed
RETRY_S = 2


class Crowded(BadRequest):
    """Every place where a thread may wait for a body is taken."""

    def __init__(self) -> None:
        super().__init__(
            gettext("Too many requests are being sent at once. Try again in a moment.")
        )


class BrokenOff(BadRequest):
    """Less came than was announced."""

    def __init__(self) -> None:
        super().__init__(gettext("The request broke off before all of it was here."))


class Waiting:
    """A thread that waits for a piece of a body."""

    def __init__(self, address: str, port: str) -> None:
        self.address, self.port = address, port
        self.since = time.monotonic()

    def is_stalled(self) -> bool:
        return time.monotonic() - self.since > STALLED_S


class Room:
    """Where this process's threads wait for bodies: in few places, so that others are always served.

    A place is taken for one piece, and who comes first is let in first: among large uploads that go
    on, a small request waits for a piece and not for all of them.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._inside: set[Waiting] = set()
        self._queue: list[object] = []
        self._changed = threading.Condition()
        self._watch: threading.Thread | None = None

    @contextmanager
    def place(self, address: str, port: str) -> Iterator[None]:
        """Raises Crowded, at once where all others wait for senders, else after a moment."""
        with self._changed:
            self._queue_up()
            each = Waiting(address, port)
            self._inside.add(each)
            if self._watch is None:  # not before: a thread would be lost when processes are forked
                self._watch = threading.Thread(target=self._cut, name="bodies", daemon=True)
                self._watch.start()
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(each)
                self._changed.notify_all()

    def _queue_up(self) -> None:
        ticket = object()
        self._queue.append(ticket)
        is_stuck = sum(each.is_stalled() for each in self._inside) >= self._places
        try:
            if not self._changed.wait_for(
                lambda: self._queue[0] is ticket and len(self._inside) < self._places,
                0 if is_stuck else STALLED_S,
            ):
                raise Crowded
        finally:
            self._queue.remove(ticket)
            self._changed.notify_all()

    def _cut(self) -> None:
        while True:
            time.sleep(SILENT_S / 10)
            now = time.monotonic()
            with self._changed:
                long = {(w.address, w.port) for w in self._inside if now - w.since > SILENT_S}
            for address, port in long:
                cut_silent(address, int(port), SILENT_S)


class Body(io.RawIOBase):
    """What a request brings, piece by piece. Raises BrokenOff or Crowded."""

    def __init__(self, environ: dict[str, Any], length: int, room: Room) -> None:
        self._read, self._left, self._room = environ["wsgi.input"].read, length, room
        self._from = str(environ.get("REMOTE_ADDR", "")), str(environ.get("SERVER_PORT", "0"))

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        wanted = min(len(into), self._left, PIECE)
        if not wanted:
            return 0
        with self._room.place(*self._from):
            piece = self._read(wanted)
        if not piece:
            raise BrokenOff
        into[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


class Bodies:
    """The pages, with bodies that are whole or refused."""

    def __init__(self, pages: Pages, places: int) -> None:
        self._pages, self._room = pages, Room(places)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if not (length.isascii() and length.isdecimal()) or not int(length[:18]):
            return self._pages(environ, start)
        body = io.BufferedReader(Body(environ, int(length[:18]), self._room), PIECE)
        is_short = int(length[:18]) <= SHORT
        try:
            body.peek()  # so that most who find no place are told so here
            environ["wsgi.input"] = io.BytesIO(body.read()) if is_short else body
        except Crowded as error:
            return answer(environ, start, "503 Service Unavailable", str(error))
        except BrokenOff as error:
            return answer(environ, start, "400 Bad Request", str(error))
        return self._pages(environ, start)


def answer(environ: dict[str, Any], start: Start, status: str, text: str) -> list[bytes]:
    """Without the pages: they would need the body."""
    headers = {**always(), "Cache-Control": "no-store"}
    path, title = environ.get("PATH_INFO", ""), status.partition(" ")[2]
    content, body = in_words(path, title, int(status[:3]), text)
    if status.startswith("503"):
        headers["Retry-After"] = str(RETRY_S)
    start(status, [*headers.items(), ("Content-Type", content), ("Content-Length", str(len(body)))])
    return [body]
