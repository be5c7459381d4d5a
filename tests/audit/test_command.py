"""`mainstay audit` on a real site: a worker that seals, the words, the exit codes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.programs import command, environment, mainstay

PATIENCE_S = 60


def database(site: Path) -> sqlite3.Connection:
    return sqlite3.connect(site / "var" / "mainstay.sqlite3", isolation_level=None, timeout=20)


@contextmanager
def working(site: Path) -> Iterator[None]:
    process = subprocess.Popen(command(["worker"]), cwd=site, env=environment())
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a person in it, whose worker has sealed all there is."""
    site = tmp_path_factory.mktemp("site")
    assert mainstay("migrate", folder=site).returncode == 0
    assert mainstay("user", "create", "ada", "--role", "auditor", folder=site).returncode == 0
    with working(site), closing(database(site)) as there:
        until = time.monotonic() + PATIENCE_S
        while not there.execute("select max(events) from audit_seal").fetchone()[0]:
            assert time.monotonic() < until, "nothing was sealed"
            time.sleep(0.1)
    return site


def test_the_worker_seals_and_all_is_well(sealed: Path) -> None:
    done = mainstay("audit", "verify", folder=sealed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 rows under 1 seals: all as they were sealed." in done.stdout


def test_a_head_is_printed_and_taken_back(sealed: Path) -> None:
    head = mainstay("audit", "head", folder=sealed).stdout.strip()
    assert head.startswith("1-")
    assert mainstay("audit", "verify", "--head", head, folder=sealed).returncode == 0
    assert mainstay("audit", "verify", "--head", head.upper(), folder=sealed).returncode == 0
    other = "1-" + "0" * 64
    wrong = mainstay("audit", "verify", "--head", other, folder=sealed)
    assert wrong.returncode == 1
    assert "Seal 1 is not the one whose head was kept." in wrong.stdout
    mistaken = mainstay("audit", "verify", "--head", "yesterday", folder=sealed)
    assert mistaken.returncode == 2
    assert "is no head" in mistaken.stderr


@pytest.mark.attack("U01")
def test_whoever_alters_a_row_is_refused_and_named_where_they_go_past_that(sealed: Path) -> None:
    change = "update records_event set door = 'nowhere' where name = 'user.create'"
    with closing(database(sealed)) as there:
        with pytest.raises(sqlite3.DatabaseError, match="the audit only grows"):
            there.execute(change)
        there.execute("drop trigger records_event_no_update")
        there.execute(change)
    done = mainstay("audit", "verify", folder=sealed)
    assert done.returncode == 1
    assert "The trigger records_event_no_update is missing" in done.stdout
    assert "Event 1 (USER-1, " in done.stdout and "was altered" in done.stdout
    assert "2 things are not as they were sealed" in done.stderr
    assert mainstay("migrate", folder=sealed).returncode == 0
    assert "trigger" not in mainstay("audit", "verify", folder=sealed).stdout
