"""Sends requests for a few seconds and says how fast which answers came; bounded in time, and only to this machine."""

from __future__ import annotations

import http.client
import itertools
import json
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
LONGEST_S, MOST_CLIENTS = 30.0, 64


@dataclass(frozen=True)
class Request:
    """What is sent again and again; with `is_keyed` each time under an Idempotency-Key of its own."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    is_keyed: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


@dataclass(frozen=True)
class Load:
    """Requests per second and latencies in milliseconds, and how often which status came."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    statuses: Mapping[int, int]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def failed(self) -> int:
        return self.requests - sum(n for status, n in self.statuses.items() if 200 <= status < 300)


def run(port: int, request: Request, clients: int, seconds: float) -> Load:
    """Raises where anything but a success came: the speed of errors is no figure."""
    clients, seconds = min(clients, MOST_CLIENTS), min(seconds, LONGEST_S)
    found = (_wrk if shutil.which("wrk") else _own)(port, request, clients, seconds)
    if found.failed or not found.requests:
        raise RuntimeError(f"{request.method} {request.path} answered {dict(found.statuses)}")
    return found


def once(port: int, request: Request) -> tuple[int, bytes]:
    """One answer, to look at before measuring."""
    line = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        return _send(line, request)
    finally:
        line.close()


def _wrk(port: int, request: Request, clients: int, seconds: float) -> Load:
    with tempfile.TemporaryDirectory(prefix="mainstay-wrk-") as folder:
        script = Path(folder) / "request.lua"
        script.write_text(_lua(request))
        done = subprocess.run(
            ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--timeout", "30s",
             "-s", str(script), f"http://{HOST}:{port}{request.path}"],
            check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST_S + 60,
        )  # fmt: skip
    told = json.loads(done.stdout.rpartition("RESULT ")[2])
    statuses = {int(status): n for status, n in told.pop("statuses").items()}
    if told.pop("lost"):
        statuses[0] = 1  # connections that broke or timed out
    return Load(statuses=statuses, **told)


def _lua(request: Request) -> str:
    headers = "".join(
        f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n"
        for name, value in request.headers.items()
    )
    keyed = ""
    if request.is_keyed:
        keyed = f"""
        local sent = 0
        function request()
          sent = sent + 1
          wrk.headers["Idempotency-Key"] = "{secrets.token_hex(8)}-" .. sent
          return wrk.format()
        end"""
    return f"""
    wrk.method = "{request.method}"
    wrk.body = {json.dumps(request.body) if request.body else "nil"}
    {headers}{keyed}
    statuses = {{}}
    local threads = {{}}
    function setup(thread) table.insert(threads, thread) end
    function response(status)
      statuses[tostring(status)] = (statuses[tostring(status)] or 0) + 1
    end
    function done(summary, latency, requests)
      local total, counted = {{}}, 0
      for _, thread in ipairs(threads) do
        for status, n in pairs(thread:get("statuses")) do
          total[status] = (total[status] or 0) + n
          counted = counted + n
        end
      end
      local parts = {{}}
      for status, n in pairs(total) do table.insert(parts, '"' .. status .. '": ' .. n) end
      local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
      io.write(string.format('RESULT {{"requests": %d, "seconds": %f, "p50": %f, "p95": %f, "p99": %f,' ..
        ' "lost": %d, "statuses": {{%s}}}}', counted, summary.duration / 1e6, latency:percentile(50) / 1e3,
        latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, lost, table.concat(parts, ", ")))
    end
    """


def _own(port: int, request: Request, clients: int, seconds: float) -> Load:
    """Where wrk is missing: threads of this program, which cost more of the machine."""
    statuses: Counter[int] = Counter()
    times: list[float] = []
    numbers = itertools.count()
    until = time.perf_counter() + seconds

    def client() -> None:
        line = http.client.HTTPConnection(HOST, port, timeout=30)
        while (begun := time.perf_counter()) < until:
            status, _body = _send(line, request, next(numbers))
            times.append(time.perf_counter() - begun)
            statuses[status] += 1
        line.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, times = time.perf_counter() - begun, sorted(times)
    p50, p95, p99 = (1000 * times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
    return Load(len(times), took, p50, p95, p99, dict(statuses))


def _send(line: http.client.HTTPConnection, request: Request, number: int = 0) -> tuple[int, bytes]:
    headers = dict(request.headers)
    if request.is_keyed:
        headers["Idempotency-Key"] = f"{secrets.token_hex(8)}-{number}"
    line.request(request.method, request.path, request.body or None, headers)
    answer = line.getresponse()
    return answer.status, answer.read()
