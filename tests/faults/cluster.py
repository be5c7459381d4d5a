"""A PostgreSQL of one's own that can be killed, filled up and made narrow, and comes back as under systemd."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.programs import ROOT
from tests.safety.siege import children_of, free_port

ROLE = "desk"  # who owns the database; no superuser, as in real life
PATIENCE_S = 60.0


def tool(name: str) -> Any:
    """A module of tools/, which is no package."""
    sys.path.insert(0, str(ROOT / "tools"))
    return importlib.import_module(name)


class Cluster:
    """The data lies in `data`; options are the server's own."""

    def __init__(self, data: Path, **options: str | int) -> None:
        self.data, self.port = data, free_port()
        self.log = data.parent / "postgres.log"
        self.options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(data.parent),
            **options,
        }
        self.account: dict[str, Any] = tool("postgres").owner()
        self.programs: Path = tool("debian").postgres_folder()
        self.server: subprocess.Popen[bytes] | None = None
        self.is_over, self.rests, self.starts = threading.Event(), threading.Event(), 0
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/mainstay"

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """A new cluster with an empty database."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._give(self.data.parent)
        tool("postgres").call(
            self.programs / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", **self.account,
        )  # fmt: skip
        with self.running(), self.admin() as connection:
            connection.execute(f"create role {ROLE} login")
            connection.execute(f"create database mainstay owner {ROLE}")

    def copy_of(self, template: Path) -> None:
        """The data of a cluster that was stopped."""
        self._give(self.data.parent)
        subprocess.run(["cp", "-a", f"{template}/.", str(self.data)], check=True)
        self._give(self.data)
        self.data.chmod(0o700)

    def _give(self, path: Path) -> None:
        if self.account:
            os.chown(path, int(self.account["user"]), int(self.account["group"]))

    @contextlib.contextmanager
    def running(self) -> Iterator[Cluster]:
        self.keeper.start()
        try:
            self.wait()
            yield self
        finally:
            self.is_over.set()
            self.rests.clear()
            if self.server is not None:
                self.server.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.server.wait(20)
                self.kill()
            self.keeper.join(10)

    def _keep(self) -> None:
        """Starts it again whenever it ended, unless it is to rest."""
        words = [self.programs / "postgres", "-D", self.data, "-p", str(self.port)]
        for name, value in self.options.items():
            words += ["-c", f"{name}={value}"]
        while not self.is_over.is_set():
            if self.rests.is_set():
                self.is_over.wait(0.1)
                continue
            self.starts += 1
            with self.log.open("ab") as out:
                self.server = subprocess.Popen(
                    words, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                    start_new_session=True, preexec_fn=tool("postgres").die_with_parent, **self.account,
                )  # fmt: skip
            self.server.wait()
            self.is_over.wait(0.3)

    def wait(self, patience: float = PATIENCE_S) -> float:
        """Until it lets one in; how long that took."""
        begun = time.monotonic()
        while True:
            with contextlib.suppress(psycopg.Error):
                psycopg.connect(self.admin_url, connect_timeout=2).close()
                return time.monotonic() - begun
            if time.monotonic() - begun > patience:
                raise TimeoutError(f"PostgreSQL does not answer: {self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def admin(self) -> Any:
        return psycopg.connect(self.admin_url, autocommit=True, connect_timeout=5)

    def crash(self) -> None:
        """What `pg_ctl -m immediate` sends: no checkpoint, recovery at the next start."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)

    def kill(self) -> None:
        """Everything of it by -9, as when the power goes."""
        if self.server is None:
            return
        for pid in [self.server.pid, *children_of(self.server.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def drop(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
