"""What the live process answers, as a plain ASGI application: the stream, who looks at what, and whether it is well.

A page of another site is refused before anybody asks who sends it, a stranger after that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from mainstay.config.live.hub import Anothers, Full, Hub
from mainstay.config.live.origin import may_ask
from mainstay.config.live.presence import GONE, GRADES
from mainstay.config.live.reading import TROUBLE
from mainstay.config.live.streams import LONGEST, MOST_SUBJECTS, PLACE, Stream
from mainstay.directory import cookies
from mainstay.directory.actors import SESSION_COOKIE

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STREAM, STAND, HEALTH = "/live", "/live/here", "/live/health"
METHODS = {STREAM: "GET", STAND: "POST", HEALTH: "GET"}
LARGEST = 1000  # bytes of what a page says about itself
LONGEST_QUERY = MOST_SUBJECTS * (LONGEST + 4) + 100
# Seconds: between two signs of life, until whoever does not read is left, until a browser comes back.
HEARTBEAT_S, SLOWEST_S, RETRY_S = 20.0, 15.0, 2.0


class Door:
    """The application; one hub behind it."""

    def __init__(self, hub: Hub, web_port: int) -> None:
        self.hub, self.web_port = hub, web_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            await self.answer(scope, receive, send)
        except TROUBLE:
            await say(send, 503, "The database cannot be used.")

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path not in METHODS:
            return await say(send, 404, "There is nothing here.")
        if method != METHODS[path]:
            return await say(send, 405, "Not so.", {"allow": METHODS[path]})
        if path == HEALTH:
            well = self.hub.is_well
            return await say(send, 200 if well else 503, "well" if well else "down")
        headers = read(scope)
        origin = may_ask(headers, self.web_port)
        if origin is None:
            return await say(send, 403, "Another site may not ask this.")
        shared = {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "vary": "origin",
        }
        secret = cookie(headers.get("cookie", ""))
        if not secret:
            return await say(send, 401, "Nobody is signed in.", shared)
        if not self.hub.is_well:
            return await say(send, 503, "Not yet.", shared)
        if path == STAND:
            return await self.stand(secret, receive, send, shared)
        return await self.stream(scope, headers, secret, receive, send, shared)

    async def stand(
        self, secret: str, receive: Receive, send: Send, shared: dict[str, str]
    ) -> None:
        """A page says what is looked at, and how."""
        body = await whole(receive)
        if body is None:
            return await say(send, 413, "Too much.", shared)
        told = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
        names = ("by", "of", "tab", "as")
        person, word, tab, grade = (told.get(name, "")[:LONGEST] for name in names)
        if not tab or grade not in (*GRADES, GONE):
            return await say(send, 400, "Not so.", shared)
        try:
            is_somebody = await (
                self.hub.go(secret, tab)
                if grade == GONE
                else self.hub.stand(secret, person, word, tab, grade)
            )
        except Anothers:
            return await say(send, 403, "Somebody else is signed in now.", shared)
        return await say(send, 204 if is_somebody else 401, "", shared)

    async def stream(
        self,
        scope: Scope,
        headers: Mapping[str, str],
        secret: str,
        receive: Receive,
        send: Send,
        shared: dict[str, str],
    ) -> None:
        query = scope["query_string"].decode("latin-1")
        if len(query) > LONGEST_QUERY:
            return await say(send, 414, "Too much.", shared)
        asked = parse_qs(query)
        after, since = (asked.get(name, [""])[0] for name in ("after", "since"))
        # A browser that comes back by itself was told what had happened since then when it first came.
        if "last-event-id" in headers:
            after, since = headers["last-event-id"], ""
        try:
            stream = await self.hub.listen(secret, asked.get("on", []), after, since)
        except Full as full:
            return await say(send, 503 if full.of_all else 429, "Too many streams.", shared)
        if stream is None:
            return await say(send, 401, "Nobody is signed in.", shared)
        watching = asyncio.ensure_future(until_gone(receive, stream))
        try:
            await self.speak(stream, send, shared)
        finally:
            self.hub.leave(stream)
            watching.cancel()

    async def speak(self, stream: Stream, send: Send, shared: dict[str, str]) -> None:
        """Until one of both ends it. Who does not read for a while is left; nothing piles up meanwhile."""
        more = {
            "content-type": "text/event-stream; charset=utf-8",
            "x-accel-buffering": "no",
            **shared,
        }
        await send(start(200, more))
        text = f"retry: {RETRY_S * 1000:.0f}\n\n"
        with contextlib.suppress(TimeoutError):
            while True:
                body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
                await asyncio.wait_for(send(body), SLOWEST_S)
                if stream.is_over:
                    break
                text = await stream.take(HEARTBEAT_S)
                if not text:
                    stream.tell("", event=PLACE, place=self.hub.safe)
                    text = await stream.take(0.1)
            last = {"type": "http.response.body", "body": b"", "more_body": False}
            await asyncio.wait_for(send(last), SLOWEST_S)


async def until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def whole(receive: Receive) -> bytes | None:
    """A body; None where it is larger than any page sends."""
    body = b""
    while True:
        part = await asyncio.wait_for(receive(), SLOWEST_S)
        if part["type"] == "http.disconnect":
            return None
        body += part.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not part.get("more_body"):
            return body


async def say(send: Send, status: int, text: str, more: Mapping[str, str] | None = None) -> None:
    body = f"{text}\n".encode() if text else b""
    await send(start(status, {"content-type": "text/plain; charset=utf-8", **(more or {})}))
    await send({"type": "http.response.body", "body": body})


def start(status: int, more: Mapping[str, str]) -> dict[str, Any]:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff", **more}
    named = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": named}


def read(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def cookie(header: str) -> str:
    """The session's secret; "" where the browser brought none."""
    wanted = cookies.called(SESSION_COOKIE)
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return ""
