"""What no client library would send, over a socket to the real server: refused, and the next one is served."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safety.siege import Site, until

HOST = b"Host: localhost\r\n"
PLAIN = b"GET /sign-in HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
JSON = b"Content-Type: application/json\r\nAuthorization: Bearer mst_x\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site")) as running:
        yield running


def told(site: Site, sent: bytes, patience: float = 2) -> list[int]:
    """The status of every answer there was; an empty list where the server hung up, or waits for more."""
    got = b""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", site.port), timeout=20) as wire,
    ):
        wire.settimeout(patience)
        wire.sendall(sent)
        while chunk := wire.recv(65536):
            got += chunk
    return [int(status) for status in re.findall(rb"^HTTP/1\.[01] (\d{3})", got, re.MULTILINE)]


def post(path: bytes, headers: bytes, body: bytes = b"") -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + headers + b"Connection: close\r\n\r\n" + body


LENGTHS = (
    b"x",
    b"-1",
    b"1e3",
    b"0x10",
    b"9" * 400,
    b"",
    b"1, 2",
    b"+5",
    b"5 5",
    b"\xd9\xa3",
    b"18446744073709551616",
)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_length_that_is_none(site: Site, length: bytes) -> None:
    for path, kind in ((b"/sign-in", FORM), (b"/api/v1/incidents", JSON)):
        found = told(site, post(path, kind + b"Content-Length: " + length + b"\r\n", b"username=x"))
        assert all(400 <= status < 500 for status in found), found


SMUGGLED = {
    "two lengths": b"Content-Length: 5\r\nContent-Length: 50\r\n",
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "odd chunks": b"Transfer-Encoding: xchunked\r\n",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "space before the colon": b"Content-Length : 5\r\n",
    "folded": b"X: a\r\n b\r\nContent-Length: 5\r\n",
    "bare return": b"X: a\rContent-Length: 5\r\n",
    "nul": b"X: a\x00b\r\n",
}


@pytest.mark.parametrize("how", SMUGGLED)
def test_two_requests_in_the_clothes_of_one(site: Site, how: str) -> None:
    hidden = b"0\r\n\r\nGET /portal/smuggled HTTP/1.1\r\n" + HOST + b"\r\n"
    found = told(site, post(b"/sign-in", FORM + SMUGGLED[how], hidden))
    assert all(status < 500 for status in found) and len(found) <= 1, found


@pytest.mark.parametrize(
    "first",
    [b"GET\r\n\r\n", b"\x00\x01\x02\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET  /  HTTP/1.1\r\n\r\n",
     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
     b"GET http://evil.example/ HTTP/1.1\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
     b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", b"FOO /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
)  # fmt: skip
def test_first_lines_that_are_none(site: Site, first: bytes) -> None:
    assert all(status < 500 for status in told(site, first))


def test_a_megabyte_of_header_and_ten_of_body(site: Site) -> None:
    big = b"X: " + b"x" * 1_000_000 + b"\r\n"
    for part in (
        big,
        b"Cookie: mainstay_session=" + b"x" * 1_000_000 + b"\r\n",
        b"X: y\r\n" * 100_000,
    ):
        found = told(
            site, b"GET /sign-in HTTP/1.1\r\n" + HOST + part + b"Connection: close\r\n\r\n"
        )
        assert all(status < 500 for status in found), found
    long_path = (
        b"GET /incidents/?filter="
        + b"x" * 1_000_000
        + b" HTTP/1.1\r\n"
        + HOST
        + b"Connection: close\r\n\r\n"
    )
    assert all(status < 500 for status in told(site, long_path))
    for path, kind in ((b"/sign-in", FORM), (b"/api/v1/incidents", JSON)):
        body = b"a=" + b"x" * 10_000_000
        found = told(site, post(path, kind + b"Content-Length: %d\r\n" % len(body), body))
        assert all(400 <= status < 500 for status in found), found


@pytest.mark.attack("L10")
def test_a_body_in_chunks_without_a_length(site: Site) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [b"username=x&", b"password=y"])
    for path, kind in ((b"/sign-in", FORM), (b"/api/v1/incidents", JSON)):
        whole = told(
            site, post(path, kind + b"Transfer-Encoding: chunked\r\n", body + b"0\r\n\r\n")
        )
        cut = told(site, post(path, kind + b"Transfer-Encoding: chunked\r\n", body))
        wrong = told(site, post(path, kind + b"Transfer-Encoding: chunked\r\n", b"zz\r\nx"))
        assert all(400 <= status < 500 for status in (*whole, *cut, *wrong)), (whole, cut, wrong)


@pytest.mark.attack("L09")
def test_headers_that_never_end_hold_nobody_up(site: Site) -> None:
    """More slow ones than there are threads. (Slow bodies are a proxy's to collect: SECURITY.md.)"""
    slow = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(100)]
    try:
        for wire in slow:
            wire.sendall(b"POST /sign-in HTTP/1.1\r\n" + HOST + FORM + b"X: a")
        assert told(site, PLAIN, patience=20) == [200]
    finally:
        for wire in slow:
            wire.close()


@pytest.mark.attack("U02")
def test_nobody_writes_a_line_of_their_own_into_the_log(site: Site) -> None:
    """An address with line breaks, colours and separators, refused with a warning that names it."""
    path = b"/incidents/%0aINFO%20login%20ok%20admin%1b%5b2J%e2%80%a8/talk/"
    assert told(site, post(path, FORM + b"Content-Length: 1\r\n", b"x")) == [403]
    until(lambda: "login ok admin" in site.log.read_text(), "the refusal is in the log")
    log = site.log.read_bytes()
    assert b"\x1b" not in log and "\u2028".encode() not in log
    for line in log.split(b"\n"):
        if b"login ok" in line:
            event = json.loads(line)
            assert (event["level"], event["logger"]) == ("WARNING", "django.security.csrf")
            assert "login ok admin" in event["message"]


def test_afterwards_it_still_serves_and_nothing_failed(site: Site) -> None:
    assert told(site, PLAIN, patience=20) == [200]
    log = Path(site.log).read_text()
    assert "Traceback" not in log and "panicked" not in log, log[-3000:]
    assert site.starts == 1
