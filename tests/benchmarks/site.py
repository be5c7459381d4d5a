"""A site to measure: its data, its server, and the raw program beside it, each in processes of their own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks import cpu, load

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Site:
    """Where a site's data lies; `url` is empty on SQLite."""

    name: str
    folder: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """As an operator sets it, but without a limit on requests."""
        return os.environ | {
            "MAINSTAY_DATA": str(self.folder), "MAINSTAY_DATABASE_URL": self.url, "MAINSTAY_RATE_LIMIT": "0",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def inside(self, verb: str, *arguments: object) -> str:
        command = [sys.executable, "-m", "tests.benchmarks.inside", verb, *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def fill(self, *size: int) -> None:
        """An SQLite file that was filled once is kept, and each run works on a copy of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.url:
            self.inside("fill", *size)
            return
        file, filled = self.folder / "mainstay.sqlite3", self.folder / "filled"
        key = json.dumps([*size, digest_of_data()])
        for old in self.folder.glob("mainstay.sqlite3*"):
            old.unlink()
        if not filled.exists() or (self.folder / "filled.json").read_text() != key:
            self.inside("fill", *size)
            file.rename(filled)
            (self.folder / "filled.json").write_text(key)
        shutil.copyfile(filled, file)
        self.inside("migrate")

    def keys(self) -> dict[str, Any]:
        return dict(json.loads(self.inside("keys")))

    def database_processes(self) -> list[int]:
        """Without those that serve the worker: what follows from a request is no part of it, on neither database."""
        if not self.url:
            return []
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "select pid from pg_stat_activity where application_name = 'mainstay worker'"
            ).fetchall()
        workers = {pid for (pid,) in rows}
        port = int(self.url.rpartition(":")[2].partition("/")[0])
        return [pid for pid in cpu.postgres_processes(port) if pid not in workers]

    @contextlib.contextmanager
    def served(self, *, workers: int = 2) -> Iterator[Server]:
        port = free_port()
        command = ["-m", "mainstay", "serve", "--port", str(port), "--workers", str(workers)]
        with running(command, self.environment, port, "/sign-in") as server:
            yield server

    @contextlib.contextmanager
    def raw(self, new: str) -> Iterator[Server]:
        """The program of `raw.py`; `new` is the body of what it creates."""
        statements, port = self.folder / "statements.json", free_port()
        statements.write_text(self.inside("record", new))
        command = ["-m", "tests.benchmarks.raw", str(port), str(statements)]
        with running(command, self.environment, port, "/get") as server:
            yield server


@dataclass(frozen=True)
class Server:
    """A server that answers, and how long after its start it first did."""

    pid: int
    port: int
    first_answer_s: float

    @property
    def web(self) -> list[int]:
        return cpu.web_processes(self.pid)

    @property
    def live(self) -> list[int]:
        return cpu.live_processes(self.pid)

    @property
    def live_port(self) -> int:
        """The one beside, where nothing else is asked for."""
        return self.port + 1

    @property
    def all(self) -> list[int]:
        return [self.pid, *cpu.children(self.pid)]


@contextlib.contextmanager
def running(
    command: list[str], environment: dict[str, str], port: int, path: str
) -> Iterator[Server]:
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )  # fmt: skip
    try:
        wait_until_it_answers(process, port, path)
        yield Server(process.pid, port, time.monotonic() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            if load.once(port, load.Request(path))[0] == 200:
                return
        time.sleep(0.02)
    raise RuntimeError("the server did not answer")


def digest_of_data() -> str:
    """What was filled by another version of the filling, or of the index of words, is filled anew."""
    files = [
        ROOT / "tests/benchmarks/data.py",
        *sorted(ROOT.glob("mainstay/capabilities/search/*.py")),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((load.HOST, 0))
        return int(probe.getsockname()[1])
