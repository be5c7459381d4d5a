"""Many at once at a served site: somebody shut out meanwhile, and one limit for all processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.programs import environment
from tests.safety.attacks.crowd_world import PASSWORD
from tests.safety.ledger import Ledger
from tests.safety.siege import Site, until

LIMIT = 100
KINDS = ("write", "read", "enter")
ASKERS, READERS, WRITERS = 200, 23, 23
# Those that sign in again and again, with the right password.
ENTERING = 4
CSRF = "0123456789abcdefABCDEF0123456789"


@dataclass
class Crowd:
    """The site and whoever knows what there is in it."""

    site: Site
    world: Any

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> http.client.HTTPResponse:
        wire = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        try:
            sent = body.encode() if isinstance(body, str) else json.dumps(body) if body else None
            kind = (
                "application/x-www-form-urlencoded" if isinstance(body, str) else "application/json"
            )
            wire.request(method, path, sent, {"Content-Type": kind, **headers})
            answer = wire.getresponse()
            answer.read()
            return answer
        finally:
            wire.close()

    def by_token(self, token: str, path: str = "/api/v1/me", body: Any = None) -> int:
        method = "GET" if body is None else "POST"
        return self.ask(method, path, body, Authorization=f"Bearer {token}").status

    def by_session(self, session: str) -> int:
        return self.ask("GET", "/incidents/", Cookie=f"mainstay_session={session}").status

    def enters(self) -> bool:
        form = {"username": "agent", "password": PASSWORD, "csrfmiddlewaretoken": CSRF}
        answer = self.ask("POST", "/sign-in", urlencode(form), Cookie=f"mainstay_csrf={CSRF}")
        return "mainstay_session" in (answer.getheader("Set-Cookie") or "")

    def answers(self, key: str) -> int | None:
        try:
            return self.by_token(key)
        except (OSError, http.client.HTTPException):
            return None

    def move(self, name: str) -> int:
        path = f"/api/v1/users/{self.world['agent']['number']}/moves"
        return self.by_token(self.world["chief"], path, {"move": name})


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    folder = tmp_path_factory.mktemp("crowd")
    done = subprocess.run(
        [sys.executable, "-m", "tests.safety.attacks.crowd_world"],
        cwd=folder,
        env=environment(MAINSTAY_DATA=str(folder)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    with Site(folder, MAINSTAY_DATA=str(folder), MAINSTAY_RATE_LIMIT=str(LIMIT)) as site:
        yield Crowd(site, json.loads(done.stdout))


@dataclass
class Asked:
    """When a request began, and whether its sender was let in."""

    kind: str
    began: float
    is_in: bool


@pytest.mark.attack("O13")
def test_whoever_is_shut_out_while_many_ask_is_out_with_all_of_them(crowd: Crowd) -> None:
    """Pages, REST, writes and sign-ins of one person at once; what is asked after they left is refused, and stays so."""
    keys, sessions = crowd.world["tokens"][2:], crowd.world["sessions"]
    ways: list[tuple[str, Callable[[], bool]]] = [
        *(("write", lambda key=key: crowd.by_token(key, "/api/v1/incidents", {"title": "x"}) == 201)
          for key in keys[:WRITERS]),
        *(("read", lambda key=key: crowd.by_session(key) == 200) for key in sessions[:READERS]),
        *(("enter", crowd.enters) for _ in range(ENTERING)),
    ]  # fmt: skip
    asked: list[Asked] = []
    is_over = threading.Event()

    def go_on(kind: str, way: Callable[[], bool]) -> None:
        while not is_over.is_set():
            began = time.monotonic()
            asked.append(Asked(kind, began, way()))

    with ThreadPoolExecutor(len(ways)) as pool:
        tasks = [pool.submit(go_on, *way) for way in ways]
        try:
            until(lambda: all(times(asked, kind) >= 8 for kind in KINDS), "all of them are let in")
            assert crowd.move("leave") == 200
            left = time.monotonic()
            until(lambda: sum(each.began > left for each in asked) > len(ways), "they go on")
        finally:
            is_over.set()
        for task in tasks:
            task.result()
    assert [each for each in asked if each.is_in and each.began > left] == []
    me = crowd.world["agent"]["id"]
    with Ledger("", crowd.site.folder) as ledger:
        assert ledger.one("select count(*) from directory_session where user_id = %s", me) == 0
        # Nor does what they had asked for before: one writes at a time, so ids say what came after.
        gone = "select max(id) from records_event where name = 'user.leave'"
        after = f"select count(*) from records_event where actor_id = %s and id > ({gone})"
        assert ledger.one(after, me) == 0
    assert crowd.move("return") == 200
    assert {crowd.by_session(key) for key in sessions[:3]} == {303}
    # Or too often by now, for somebody nobody knows.
    assert {crowd.by_token(key) for key in keys[:3]} <= {401, 429}
    assert crowd.enters(), "by the door, and by no old key"


def times(asked: list[Asked], kind: str) -> int:
    return sum(each.is_in for each in asked if each.kind == kind)


@pytest.mark.attack("R02")
def test_one_limit_for_all_processes(crowd: Crowd) -> None:
    """Of two hundred at once as many as there may be are answered; processes that come after know of them."""
    key = crowd.world["chief"]
    # A window that ends meanwhile begins to count anew.
    if (left := 60 - time.monotonic() % 60) < 20:
        time.sleep(left)
    with ThreadPoolExecutor(ASKERS // 2) as pool:
        found = Counter(pool.map(lambda _: crowd.by_token(key), range(ASKERS)))
    assert set(found) == {200, 429}
    assert LIMIT - 5 <= found[200] <= LIMIT + 1, found
    _, children = crowd.site.family()
    for child in children:
        os.kill(child, signal.SIGKILL)
    until(lambda: crowd.answers(key) is not None, "somebody is answered again")
    assert crowd.answers(key) == 429
