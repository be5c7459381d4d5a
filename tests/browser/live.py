"""A real server on a data directory of its own, filled once, for journeys and photographs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import debian

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = debian.chromium() or debian.CHROMIUM
SETTINGS = "mainstay.config.settings.base"
FROM_THE_RIGHT = "tests.browser.from_the_right"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",  # letters as wide as people see them
]


def environment(data: Path, settings: str = SETTINGS) -> dict[str, str]:
    """What a program needs to know to work on that directory."""
    known = {
        **os.environ,
        "MAINSTAY_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": str(ROOT),
    }
    known.pop("MAINSTAY_DATABASE_URL", None)
    return known


@contextmanager
def serving(data: Path, filled_by: str = "tests.browser.world") -> Iterator[str]:
    """The address of a server on a directory that a program fills first."""
    known = environment(data)
    run = [sys.executable, "-m"]
    subprocess.run([*run, "django", "migrate", "-v0"], env=known, check=True)
    subprocess.run([*run, filled_by], env=known, check=True, cwd=ROOT)
    with served(known) as address:
        yield address


@contextmanager
def served(known: dict[str, str], *words: str) -> Iterator[str]:
    """A server of the product's own settings, one process of it; `words` are of granian's."""
    port = _free_port()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--log-level",
            "warning",
            "--blocking-threads",
            "2",
            *words,
            "mainstay.config.wsgi:application",
        ],
        env=known,
        cwd=ROOT,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(10)


class Telling:
    """The live process beside a server, which can be ended and begun again."""

    def __init__(self, known: dict[str, str], port: int, web_port: int) -> None:
        self.known, self.port, self.web_port = known, port, web_port
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        words = ["live", "--port", str(self.port), "--web-port", str(self.web_port)]
        command = [sys.executable, "-m", "mainstay", *words]
        self.process = subprocess.Popen(command, env=self.known, cwd=ROOT)
        for _ in range(200):
            try:
                urllib.request.urlopen(
                    f"http://127.0.0.1:{self.port}/live/health", timeout=2
                ).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the live process does not answer")

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


@contextmanager
def telling(data: Path) -> Iterator[tuple[str, Telling]]:
    """A second server on a directory that is filled, with a live process of its own beside it."""
    port = _free_port()
    known = environment(data) | {"MAINSTAY_LIVE_URL": f"http://127.0.0.1:{port}"}
    with served(known) as address:
        live = Telling(known, port, int(address.rpartition(":")[2]))
        live.begin()
        try:
            yield address, live
        finally:
            live.end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")
