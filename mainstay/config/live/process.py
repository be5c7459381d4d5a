"""The live process from start to stop: one event loop, one thread for the database."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from mainstay.config import logs
from mainstay.config.live.door import Door
from mainstay.config.live.hub import MOST, Hub

NAME = "mainstay live"
PR_SET_NAME = 15
LAST_WORDS_S = 2.0


def serve(
    address: str,
    port: int,
    web_port: int,
    *,
    slack: float = 0.0,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Until SIGTERM or SIGINT."""
    be_known()
    allow_files(MOST + 200)
    asyncio.run(_serve(address, port, web_port, slack, ready))


async def _serve(
    address: str, port: int, web_port: int, slack: float, ready: Callable[[], None]
) -> None:
    hub = Hub(slack=slack)
    server = Server(
        Door(hub, web_port),
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=MOST + 200,
        log_level=LogLevels.error,
        log_dictconfig=logs.OF_THE_SERVER,
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    watching = asyncio.ensure_future(hub.watch())
    serving = asyncio.ensure_future(server.serve())
    loop.call_later(0.2, ready)
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({stopping, watching, serving}, return_when=asyncio.FIRST_COMPLETED)
    failed = next((t for t in (watching, serving) if t.done() and t.exception()), None)
    watching.cancel()
    hub.close()
    server.stop()
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(serving), LAST_WORDS_S)
    if failed is not None:
        failed.result()
    sys.stderr.flush()
    os._exit(0)  # the server's own threads may wait for browsers that are gone


def be_known() -> None:
    """By a name of its own among the processes of the server, and of the database."""
    os.environ.setdefault("PGAPPNAME", NAME)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, NAME.encode(), 0, 0, 0)


def allow_files(wanted: int) -> None:
    """A stream is an open file, and systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
