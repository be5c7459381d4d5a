"""Clients that write until they are answered, and keep a ledger of every try and what was said to it."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.safety.siege import Site

NO_ANSWER = 0


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where the connection ended without one."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def ask(
    site: Site, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None,
    patience: float = 30,
) -> Answer:  # fmt: skip
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=patience)
    try:
        connection.request(method, path, body, dict(headers or {}))
        got = connection.getresponse()
        return Answer(got.status, got.read(), dict(got.headers))
    except (OSError, http.client.HTTPException):
        return Answer(NO_ANSWER)
    finally:
        connection.close()


@dataclass(frozen=True)
class Program:
    """A program with a token, as a client of REST."""

    site: Site
    token: str

    def call(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = None
        if data is not None:
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            named.setdefault("Content-Type", "application/json")
        return ask(
            self.site,
            method,
            f"/api/v1{path}",
            body,
            {"Authorization": f"Bearer {self.token}", **named},
        )

    def upload(self, number: str, name: str, content: bytes, visibility: str = "public") -> Answer:
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="visibility"\r\n\r\n{visibility}\r\n'.encode(),
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode(),
            content,
            f"\r\n--{edge}--\r\n".encode(),
        ]
        kind = f"multipart/form-data; boundary={edge}"
        return self.call("POST", f"/incidents/{number}/files", b"".join(parts), Content_Type=kind)


@dataclass
class Write:
    """An incident somebody wants made, each try with its time and its answer."""

    title: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    number: str = ""
    tries: list[tuple[float, int]] = field(default_factory=list)

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.number)


class Writers:
    """Threads that make incidents, each with a key and again until it is answered or patience ends."""

    def __init__(
        self, site: Site, world: Mapping[str, Any], *, threads: int, writes: int = 10**9, pause: float = 0,
        words: str = "", patience: float = 60, is_patient: bool = True, mark: str = "f",
    ) -> None:  # fmt: skip
        self.site, self.world, self.pause, self.patience = site, world, pause, patience
        self.words, self.is_patient, self.mark = words, is_patient, mark
        self.shares = [writes // threads + (n < writes % threads) for n in range(threads)]
        self.writes: list[Write] = []
        self.trouble: list[str] = []
        self.is_over = threading.Event()
        self.threads = [
            threading.Thread(target=self._work, args=(n, share), daemon=True)
            for n, share in enumerate(self.shares)
        ]

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.is_over.set()
        self.join()

    def join(self) -> None:
        for thread in self.threads:
            thread.join()

    @property
    def acknowledged(self) -> list[Write]:
        return [write for write in list(self.writes) if write.is_acknowledged]

    @property
    def unknown(self) -> list[Write]:
        """Tried and never acknowledged: it may be there or not, but whole."""
        return [write for write in list(self.writes) if not write.is_acknowledged]

    def statuses(self, since: float = 0) -> Counter[int]:
        return Counter(
            status for w in list(self.writes) for at, status in list(w.tries) if at >= since
        )

    def first_success(self, since: float) -> float | None:
        """Seconds from a moment to the next acknowledged write."""
        times = [
            at
            for w in list(self.writes)
            for at, status in list(w.tries)
            if status == 201 and at > since
        ]
        return min(times) - since if times else None

    def _work(self, mine: int, share: int) -> None:
        connection: http.client.HTTPConnection | None = None
        for n in range(share):
            if self.is_over.is_set():
                break
            write = Write(f"{self.mark}{mine}-{n}")
            self.writes.append(write)
            until = time.monotonic() + self.patience
            while True:
                status, connection = self._try(connection, write)
                write.tries.append((time.monotonic(), status))
                if status == 201 or not self.is_patient or time.monotonic() > until:
                    break
                if status not in (NO_ANSWER, 500, 503, 507):
                    self.trouble.append(f"{write.title}: {status}")
                    break
                if self.is_over.is_set() and len(write.tries) > 3:
                    break
                time.sleep(0.1)
            if self.pause:
                self.is_over.wait(self.pause)
        if connection is not None:
            connection.close()

    def _try(
        self, connection: http.client.HTTPConnection | None, write: Write
    ) -> tuple[int, http.client.HTTPConnection | None]:
        body = {
            "title": write.title,
            "service": self.world["service"],
            "body": self.words or write.title,
        }
        headers = {
            "Authorization": f"Bearer {self.world['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": write.key,
        }
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
            connection.request("POST", "/api/v1/incidents", json.dumps(body), headers)
            answer = connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            if connection is not None:
                connection.close()
            return NO_ANSWER, None
        if answer.status == 201:
            write.number = json.loads(told)["number"]
        return answer.status, connection


class Readers:
    """Somebody who keeps opening pages, and what they were answered."""

    def __init__(self, site: Site, requests: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        self.site, self.requests = site, requests
        self.answers: list[tuple[float, str, int]] = []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Readers:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()

    @property
    def statuses(self) -> Counter[int]:
        return Counter(status for _at, _path, status in list(self.answers))

    def _work(self) -> None:
        while not self.is_over.is_set():
            for path, headers in self.requests:
                status = ask(self.site, "GET", path, headers=headers).status
                self.answers.append((time.monotonic(), path, status))
            self.is_over.wait(0.05)


def at_once(works: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All from the same moment on, each in a thread of its own."""
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], Answer]) -> Answer:
        ready.wait(60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [task.result(120) for task in [pool.submit(run, work) for work in works]]


def in_words(statuses: Mapping[int, int]) -> str:
    """As a table says it: each status with how often there was it."""
    return ", ".join(
        f"{status or 'no answer'} × {count:,}"
        for status, count in sorted(statuses.items(), key=lambda s: -s[1])
    )
