"""`make run` is the first thing a newcomer types: it prints an address and sign-ins, and they work."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.docs.reader import free_port
from tests.programs import ROOT, environment

PATIENCE_S = 180
IS_SET_UP = Path(sys.prefix) == ROOT / ".venv"


@pytest.mark.skipif(not IS_SET_UP, reason="sets up .venv first: run it by `make test`")
def test_what_make_run_prints_is_true(tmp_path: Path) -> None:
    log, port = tmp_path / "log", free_port()
    with log.open("wb") as out:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment(
                PORT=str(port),
                MAINSTAY_DATA=str(tmp_path / "var"),
                MAINSTAY_DEMO_SIZE="small",
            ),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "administrator" not in log.read_text():
            assert make.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        said = log.read_text()
        found = re.search(r"^Mainstay is at (\S+)$", said, re.MULTILINE)
        assert found and found[1].endswith(f":{port}"), said
        for role in ("requester", "agent", "administrator"):
            login = re.search(rf"^ +({role}) +(\S+) ", said, re.MULTILINE)
            assert login, said
            assert signed_in(found[1], login[1], login[2]), f"{role} cannot sign in"
    finally:
        os.killpg(make.pid, signal.SIGINT)  # as Ctrl-C does
        make.wait(timeout=60)


def signed_in(address: str, login: str, password: str) -> bool:
    """Whether the form on the sign-in page lets them in, as a browser fills it."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{address}/sign-in", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, page
    filled = {"csrfmiddlewaretoken": token[1], "username": login, "password": password}
    with browser.open(
        f"{address}/sign-in", urllib.parse.urlencode(filled).encode(), timeout=30
    ) as answer:
        return not str(answer.url).endswith("/sign-in")
