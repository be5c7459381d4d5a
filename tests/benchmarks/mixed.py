"""Forty people's work at once: what each waits, and what the server's memory does meanwhile.

Each thinks between two requests, so about thirty come a second. Whoever waits long asks less; nobody gives up.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.benchmarks import cpu
from tests.benchmarks.load import HOST
from tests.benchmarks.site import Server, Site

THINKS_S = 1.3
UPLOAD = 200_000
SAMPLED_S = 5.0
# Of the whole run; what is kept for good is in memory by then.
WARM = 0.2
SEARCHED = ("vpn drops", "outlook slow", "nb77", "printer blank", "error update", "INC-512")
Person = Mapping[str, str]


@dataclass
class Told:
    """What was measured: seconds by kind of request, statuses, memory in MB with its moment."""

    times: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)
    backlog: int = 0

    def percentile(self, share: float) -> float:
        """Milliseconds, over all requests."""
        every = sorted(second for of_it in self.times.values() for second in of_it)
        return 1000 * every[int(len(every) * share)]

    @property
    def requests(self) -> int:
        return sum(map(len, self.times.values()))

    @property
    def failed(self) -> int:
        return self.lost + sum(n for status, n in self.statuses.items() if status >= 500)

    @property
    def refused(self) -> int:
        """None of them asks for anything that is not theirs."""
        return sum(n for status, n in self.statuses.items() if 400 <= status < 500)

    @property
    def drift(self) -> float:
        """By how much of itself memory grew, from the warm server's first tenth to the last; percent."""
        end = self.memory[-1][0]
        warm = [mb for at, mb in self.memory if at >= end * WARM]
        tenth = max(1, len(warm) // 10)
        before, after = (sum(part) / tenth for part in (warm[:tenth], warm[-tenth:]))
        return 100 * (after - before) / before


class Visitor:
    """One person with a browser and a program of theirs."""

    def __init__(
        self, port: int, who: Person, numbers: Sequence[str], chance: random.Random
    ) -> None:
        self.port, self.who, self.chance, self.numbers = port, who, chance, numbers
        self.line = http.client.HTTPConnection(HOST, port, timeout=30)

    def act(self) -> tuple[str, int]:
        """The kind of what was done, and the status that came."""
        mix = AGENTS if self.who["role"] == "agent" else CALLERS
        [kind] = self.chance.choices(list(mix), [share for share, _ in mix.values()])
        return kind, mix[kind][1](self)

    def page(self, path: str) -> int:
        cookies = f"mainstay_session={self.who['session']}; mainstay_csrf={'c' * 32}"
        return self.send("GET", path, {"Cookie": cookies, "Accept": "text/html"})

    def api(self, path: str, body: bytes, content: str = "application/json") -> int:
        headers = {
            "Authorization": f"Bearer {self.who['token']}",
            "Content-Type": content,
            "Idempotency-Key": secrets.token_hex(8),
        }
        return self.send("POST", f"/api/v1/{path}", headers, body)

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> int:
        self.line.request(method, path, body, dict(headers))
        answer = self.line.getresponse()
        answer.read()
        return answer.status

    def any_incident(self) -> str:
        return self.chance.choice(self.numbers)

    def record(self) -> int:
        return self.page(f"/incidents/{self.any_incident()}/")

    def queue(self) -> int:
        views = ("", "?view=all&order=priority", "?filter=priority+%3C%3D+2+%26%26+is_open",
                 "?view=unassigned&order=-updated_at", "?view=teams")  # fmt: skip
        return self.page(f"/incidents/{self.chance.choice(views)}")

    def search(self) -> int:
        words = self.chance.choice(SEARCHED).replace(" ", "+")
        return self.page(f"/search/?q={words}")

    def board(self) -> int:
        return self.page(self.chance.choice(("/", "/inbox/", "/teams/")))

    def portal(self) -> int:
        return self.page(self.chance.choice(("/portal/", "/portal/requests/")))

    def reply(self) -> int:
        body = {"text": "The same again this morning.", "visibility": "internal"}
        return self.api(f"incidents/{self.any_incident()}/notes", json.dumps(body).encode())

    def create(self) -> int:
        body = {"title": "VPN drops every 20 minutes", "body": "Since this morning.", "impact": 2}
        return self.api("incidents", json.dumps(body).encode())

    def upload(self) -> int:
        edge = secrets.token_hex(12)
        head = (
            f"--{edge}\r\nContent-Disposition: form-data; name=\"visibility\"\r\n\r\ninternal\r\n"
            f"--{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"gateway.log\"\r\n"
            "Content-Type: text/plain\r\n\r\n"
        )  # fmt: skip
        content = secrets.token_hex(UPLOAD // 2)
        body = f"{head}{content}\r\n--{edge}--\r\n".encode()
        path = f"incidents/{self.any_incident()}/files"
        return self.api(path, body, f"multipart/form-data; boundary={edge}")


Mix = Mapping[str, tuple[int, Callable[[Visitor], int]]]
# Both together: 35 records, 20 lists, 10 searches, 10 of the portal, 15 words, 5 new, 3 boards, 2 files of a hundred.
AGENTS: Mix = {
    "record page": (35, Visitor.record),
    "queue": (20, Visitor.queue),
    "search page": (10, Visitor.search),
    "reply": (15, Visitor.reply),
    "new incident": (2, Visitor.create),
    "my work, inbox, teams": (3, Visitor.board),
    "upload of 200 kB": (2, Visitor.upload),
}
CALLERS: Mix = {"portal": (10, Visitor.portal), "new incident": (3, Visitor.create)}


def run(
    site: Site, server: Server, people: Sequence[Person], numbers: Sequence[str], seconds: float
) -> Told:
    """All of them for so long, about incidents of these numbers; then how much the worker has still to do."""
    told, lock, begun = Told(), threading.Lock(), time.monotonic()

    def live(who: Person, seed: int) -> None:
        chance = random.Random(seed)
        visitor = Visitor(server.port, who, numbers, chance)
        while time.monotonic() - begun < seconds:
            time.sleep(chance.expovariate(1 / THINKS_S))
            started = time.perf_counter()
            try:
                kind, status = visitor.act()
            except (OSError, http.client.HTTPException):
                with lock:
                    told.lost += 1
                visitor.line.close()
                continue
            with lock:
                told.times.setdefault(kind, []).append(time.perf_counter() - started)
                told.statuses[status] += 1

    threads = [
        threading.Thread(target=live, args=pair) for pair in zip(people, range(99), strict=False)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() - begun < seconds:
        time.sleep(min(SAMPLED_S, seconds / 10))
        with contextlib.suppress(OSError):  # a process that has just ended
            told.memory.append((time.monotonic() - begun, cpu.memory_mb(server.all)))
    for thread in threads:
        thread.join()
    told.backlog = int(json.loads(site.inside("backlog")))
    return told
