"""Besieges a running site: clients that write and try again, and somebody who kills its processes meanwhile."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.programs import command, environment

PATIENCE = 60.0
PR_SET_PDEATHSIG = 1


def until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"not within {patience} s: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(parent: int) -> list[int]:
    """Living children, as the kernel lists them."""
    found = []
    for thread in Path(f"/proc/{parent}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(pid) for pid in thread.read_text().split()]
    return sorted(pid for pid in found if is_alive(pid))


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def die_with_parent() -> None:
    """So that nothing goes on when these tests are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Site:
    """`mainstay serve` under a supervisor that does what every supervisor does: starts it again when it ended."""

    def __init__(
        self,
        folder: Path,
        *,
        before: Sequence[str] = (),
        words: Sequence[str] = (),
        **settings: str,
    ) -> None:
        self.folder, self.port = folder, free_port()
        self.settings = {"MAINSTAY_RATE_LIMIT": "0", **settings}
        self.before, self.words = (
            before,
            words,
        )  # a command that runs ours, and what is said to ours
        self.log = folder / "serve.log"
        self.starts, self.killed, self.orphans = 0, 0, 0
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = threading.Event()
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Site:
        self.keeper.start()
        until(self.answers, "the site answers")
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        if self.process is not None:
            self.process.terminate()
        self.keeper.join(30)

    def _keep(self) -> None:
        while not self.ended.is_set():
            self.starts += 1
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    [*self.before, *command(["serve", "--port", str(self.port), *self.words])],
                    cwd=self.folder,
                    env=environment(**self.settings),
                    stdout=out,
                    stderr=out,
                    preexec_fn=die_with_parent,
                )
            self.process.wait()
            self.ended.wait(0.2)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def family(self) -> tuple[int, list[int]]:
        parent = self.process.pid if self.process else 0
        return parent, children_of(parent)

    def kill_one(self, nth: int) -> None:
        """One of the web processes or the worker: which one, the caller's dice decide."""
        _, children = self.family()
        if children:
            self.killed += 1
            _kill(children[nth % len(children)])

    def kill_parent(self) -> None:
        """The parent, by -9: none of its children may outlive it."""
        parent, children = self.family()
        _kill(parent)
        with contextlib.suppress(AssertionError):
            until(lambda: not any(is_alive(c) for c in children), "children die", 10)
        self.orphans += sum(is_alive(child) for child in children)


def _kill(pid: int) -> None:
    if pid <= 0:  # that would mean a whole group
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass
class Asked:
    """One write, asked for until it was answered."""

    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: int = 0
    answer: bytes = b""
    tries: int = 0
    was_replayed: bool = False


class Client(threading.Thread):
    """Makes incidents and works them, one write after the other, each with a key and until it is answered."""

    def __init__(self, site: Site, token: str, service: str, writes: int, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.site, self.service, self.writes = site, service, writes
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.done: list[Asked] = []
        self.failed: list[str] = []
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            for asked in self.script():
                self.ask(asked)
                self.done.append(asked)
        except BaseException as error:
            self.failed.append(f"{self.name}: {error!r}")

    def script(self) -> Iterator[Asked]:
        """Of each ten writes five are creates, three are notes and two are moves."""
        for n in range(self.writes // 10):
            numbers = []
            for m in range(5):
                title = f"{self.name}-{n}-{m}"
                made = Asked(
                    "/api/v1/incidents", {"title": title, "service": self.service, "body": title}
                )
                yield made
                numbers.append(json.loads(made.answer)["number"])
            for m, visibility in enumerate(("public", "internal", "public")):
                text = f"{self.name}-{n}-note-{m}"
                yield Asked(
                    f"/api/v1/incidents/{numbers[m]}/notes",
                    {"text": text, "visibility": visibility},
                )
            yield Asked(f"/api/v1/incidents/{numbers[4]}/moves", {"move": "start"})
            yield Asked(
                f"/api/v1/incidents/{numbers[4]}/moves", {"move": "hold", "waiting_for": "vendor"}
            )

    def ask(self, asked: Asked) -> None:
        deadline = time.monotonic() + PATIENCE
        body = json.dumps(asked.body)
        while True:
            asked.tries += 1
            try:
                status, headers, answer = self.send(asked.path, body, asked.key)
            except (OSError, http.client.HTTPException):
                self.close()
                assert time.monotonic() < deadline, f"no answer to {asked.path}"
                time.sleep(0.1)
                continue
            if status == 503:
                time.sleep(0.1)
                continue
            assert status < 300, f"{asked.path} {asked.body}: {status} {answer!r}"
            asked.status, asked.answer = status, answer
            asked.was_replayed = headers.get("Idempotent-Replayed") == "true"
            return

    def send(self, path: str, body: str, key: str) -> tuple[int, Any, bytes]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        self.connection.request("POST", path, body, self.headers | {"Idempotency-Key": key})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def besiege(site: Site, clients: list[Client], *, kills: int, parents: int, seed: int) -> None:
    """Kills at seeded moments of the work, spread over all of it."""
    dice = random.Random(seed)
    total = sum(client.writes for client in clients)
    moments = sorted(dice.sample(range(total // 50, total - total // 50), kills + parents))
    whole = set(dice.sample(moments, parents))
    for client in clients:
        client.start()
    for n, moment in enumerate(moments):
        until(
            lambda moment=moment: (
                sum(len(c.done) for c in clients) >= moment
                or not any(c.is_alive() for c in clients)
            ),
            f"write {moment}",
        )
        if moment in whole:
            site.kill_parent()
            until(site.answers, "the site answers again by itself")
        else:
            site.kill_one(n + dice.randrange(3))
    for client in clients:
        client.join(PATIENCE)
        client.close()
