"""Requests that are only half sent: others are served meanwhile, and half of a request is never taken for all of it."""

from __future__ import annotations

import io
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mainstay.config.bodies import SHORT, Bodies
from tests.config.test_serve import Running, until

HALF = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nusername=x"
)


def pages(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Says what it was sent."""
    body = environ["wsgi.input"].read()
    start("200 OK", [])
    return [body]


def ask(length: object, sent: bytes, path: str = "/") -> tuple[str, bytes]:
    told: list[str] = []
    environ = {"CONTENT_LENGTH": length, "PATH_INFO": path, "wsgi.input": io.BytesIO(sent)}
    body = b"".join(Bodies(pages, places=1)(environ, lambda status, _headers: told.append(status)))
    return told[0], body


@pytest.mark.parametrize("size", [1, 10, SHORT, SHORT + 1, 10 * SHORT])
def test_what_is_whole_is_passed_on(size: int) -> None:
    sent = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert ask(str(size), sent) == ("200 OK", sent)


@pytest.mark.parametrize("length", [None, "", "0", "many", "-1"])
def test_what_announces_nothing_is_passed_on_as_it_is(length: object) -> None:
    assert ask(length, b"")[0] == "200 OK"


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/incidents"])
def test_what_broke_off_reaches_no_page(path: str) -> None:
    status, said = ask("10", b"title=half"[:9], path)
    assert status == "400 Bad Request"
    assert b"broke off" in said


def test_a_large_one_that_broke_off_fails_where_it_is_read() -> None:
    with pytest.raises(Exception, match="broke off"):
        ask(str(SHORT * 4), b"x" * SHORT * 3)


def test_never_more_wait_than_there_are_places() -> None:
    """Those who come at the same moment are counted one by one."""
    inside, most, gate = [], [], threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            inside.append(1)
            most.append(len(inside))
            gate.wait(30)
            inside.pop()
            return super().read(size)

    bodies, told = Bodies(pages, places=3), []

    def send() -> None:
        environ = {"CONTENT_LENGTH": "4", "PATH_INFO": "/", "wsgi.input": Slow(b"full")}
        list(bodies(environ, lambda status, _headers: told.append(status[:3])))

    senders = [threading.Thread(target=send) for _ in range(12)]
    for sender in senders:
        sender.start()
    while len(told) < 9:
        time.sleep(0.01)
    gate.set()
    for sender in senders:
        sender.join()
    assert max(most) == 3
    assert sorted(told) == ["200"] * 3 + ["503"] * 9


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(tmp_path_factory.mktemp("site"))
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def posted(running: Running) -> int:
    """403: a form without the cookie that belongs to it. 503: there is no place to wait."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{running.port}/sign-in", b"a=b", timeout=30)
    except urllib.error.HTTPError as error:
        return error.code
    return 200


@pytest.mark.attack("L09")
@pytest.mark.parametrize("length", [5_000, 500_000])
def test_many_half_sent_ones_hold_nobody_up(running: Running, length: int) -> None:
    wires = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(40)]
    try:
        for wire in wires:
            wire.sendall(HALF % length)
        for _ in range(20):
            assert running.answers()
        until(lambda: posted(running) == 403, patience=90)
        for wire in wires:
            wire.settimeout(60)
            assert not wire.recv(4096).startswith(b"HTTP/1.1 2")
    finally:
        for wire in wires:
            wire.close()
    assert "Traceback" not in Path(running.log).read_text()
