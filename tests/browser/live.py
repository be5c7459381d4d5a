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

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
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
    with served(data) as address:
        yield address


@contextmanager
def served(data: Path, settings: str = SETTINGS) -> Iterator[str]:
    """The address of one more server on a directory that is filled already."""
    known = environment(data, settings)
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
