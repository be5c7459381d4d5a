"""One count for all threads and processes, of windows that end, in a table nobody can fill."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from mainstay.surfaces.api import tally
from mainstay.surfaces.api.tally import Tally

PROCESSES, THREADS, TIMES = 3, 4, 500


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally.time, "monotonic", lambda: 6000.0)


def test_a_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 6000.0
    monkeypatch.setattr(tally.time, "monotonic", lambda: now)
    counts = Tally()
    assert [counts.count("a") for _ in range(3)] == [(1, 61), (2, 61), (3, 61)]
    now = 6059.5
    assert counts.count("a") == (4, 1)
    now = 6060.0
    assert counts.count("a") == (1, 61)


def test_many_keys_share_one_count(still: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_KEYS", 2)
    counts = Tally()
    assert [counts.count(f"{n}")[0] for n in range(5)] == [1, 1, 1, 2, 3]
    assert counts.count("0")[0] == 2


def test_as_many_keys_as_there_may_be_are_told_apart(still: None) -> None:
    counts = Tally()
    for expected in (1, 2):
        assert {counts.count(f"key {n}")[0] for n in range(tally.MOST_KEYS)} == {expected}
    counts.forget()
    assert counts.count("key 0")[0] == 1


@pytest.mark.attack("R02")
def test_nothing_is_lost_between_threads_and_processes(still: None) -> None:
    """All count at once; the table is what they all inherited, and apart from it nothing is shared."""
    counts, apart = Tally(), Tally()

    def work() -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda _: counts.count("a"), range(THREADS * TIMES)))

    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=work) for _ in range(PROCESSES)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert counts.count("a")[0] == PROCESSES * THREADS * TIMES + 1
    assert apart.count("a")[0] == 1


def test_a_process_that_is_killed_while_it_counts_holds_nobody_up(still: None, monkeypatch) -> None:
    counts = Tally()
    mine = os.getpid()
    count = counts._count

    def dying(number: int, digest: int) -> int:
        if os.getpid() != mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return count(number, digest)

    monkeypatch.setattr(counts, "_count", dying)
    child = multiprocessing.get_context("fork").Process(target=counts.count, args=("a",))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    assert counts.count("a")[0] == 1
