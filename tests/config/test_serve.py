"""`mainstay serve` is a family of processes: it starts together, heals, and ends together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.programs import command, environment, mainstay

PATIENCE = 20.0


class Running:
    """A server of its own for one test, and its children as the kernel sees them."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                command(["serve", "--port", str(self.port)]),
                cwd=folder,
                env=environment(),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        until(self.answers)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def children(self) -> set[int]:
        found = set()
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:  # it ended meanwhile
                continue
            parent = re.search(r"^PPid:\s(\d+)", text, re.MULTILINE)
            if parent and int(parent[1]) == self.process.pid and "\nState:\tZ" not in text:
                found.add(int(status.parent.name))
        return found


def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    server = Running(tmp_path)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def test_a_new_site_offers_itself_to_its_first_administrator(running: Running) -> None:
    until(lambda: bool(re.search(r"http://\S+:\d+/welcome/\S{20,}", running.log.read_text())))


def test_each_that_dies_is_replaced(running: Running) -> None:
    # Two web processes, the worker and the live process, which begins when the others answer.
    until(lambda: len(running.children()) == 4)
    for pid in running.children():
        os.kill(pid, signal.SIGKILL)
        until(lambda gone=pid: gone not in running.children() and len(running.children()) == 4)
        until(running.answers)


def test_it_outlives_processes_that_die_over_and_over(running: Running) -> None:
    for _ in range(3):
        for pid in running.children():
            with suppress(ProcessLookupError):  # it went with the one before
                os.kill(pid, signal.SIGKILL)
        until(lambda: len(running.children()) == 4)
    until(running.answers)
    assert running.log.read_text().count("Mainstay is at") == 1
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=PATIENCE) == 0


def test_any_wsgi_server_can_load_it(tmp_path: Path) -> None:
    load = [sys.executable, "-c", "from mainstay.config.wsgi import application"]
    done = subprocess.run(load, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_none_outlives_the_others(running: Running, how: signal.Signals) -> None:
    family = running.children()
    running.process.send_signal(how)
    code = running.process.wait(timeout=PATIENCE)
    until(lambda: not any(is_alive(pid) for pid in family))
    if how != signal.SIGKILL:
        assert code == 0, running.log.read_text()


def test_ctrl_c_ends_it_without_a_complaint(running: Running) -> None:
    """A terminal sends it to every process that belongs to it, not to the one that was started alone."""
    family = running.children()
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.process.wait(timeout=PATIENCE) == 0
    until(lambda: not any(is_alive(pid) for pid in family))
    said = running.log.read_text()
    assert "ERROR" not in said and "WARNING" not in said, said


def test_a_refused_form_leaves_one_line_in_the_log(running: Running) -> None:
    form = "&".join(f"field{n}=1" for n in range(5_000)).encode()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{running.port}/sign-in", form, timeout=5)
    refused.value.close()
    assert refused.value.code == 400
    until(lambda: "GET/POST parameters exceeded" in running.log.read_text())
    assert "Traceback" not in running.log.read_text()


def test_a_port_in_use_is_said_before_anything_starts(running: Running, tmp_path: Path) -> None:
    done = mainstay("serve", "--port", str(running.port), folder=tmp_path)
    assert done.returncode == 2
    assert f"Port {running.port} is in use" in done.stderr
