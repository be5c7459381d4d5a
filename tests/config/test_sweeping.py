"""What is old is thrown away by the worker, and nothing else is."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mainstay.capabilities.files import commands as files
from mainstay.capabilities.files import store
from mainstay.capabilities.files import sweeping as file_sweeping
from mainstay.config import wiring
from mainstay.directory.models import Session, Throttle, Welcome
from mainstay.directory.signin import sessions, throttle, welcome
from mainstay.records import clock, idempotency, jobs, sweeping, worker
from mainstay.records.models import Answer, Job
from mainstay.records.types import shelf
from tests.world import World

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=60)


def make(world: World) -> None:
    """One of everything that grows old."""
    idempotency.claim(idempotency.digest(str(clock.now())), "body")
    throttle.tries(f"login:{clock.now()}")
    sessions.begin(world.people["agn"].id)
    Welcome.objects.create(digest=str(clock.now()), expires_at=clock.now() + welcome.LASTS)
    jobs.start("bulk", "Take over", [], {}, world.by("agn"))
    jobs.work_one()


def counts() -> dict[str, int]:
    rows = (Answer, Throttle, Session, Welcome, Job)
    return {model.__name__: model.objects.count() for model in rows}


def test_what_is_old_goes_and_what_is_new_stays(world: World, folder: Path) -> None:
    make(world)
    fresh = counts()
    with clock.held(clock.now() + LONG_AGO + timedelta(days=1)):
        make(world)
        swept = sweeping.sweep()
        assert set(swept) == set(wiring.BRUSHES)
        assert counts() == fresh
        assert sum(sweeping.sweep().values()) == 0
    assert min(fresh.values()) >= 1


def test_a_file_goes_when_no_row_names_it_and_it_is_old(world: World, folder: Path) -> None:
    number = str(world.incident().number)
    files.attach(shelf.type("incident"), number, "kept.txt", [b"kept"], "all", world.by("agn"))
    lost, young = store.put([b"lost"]), store.put([b"young"])
    unfinished = store.folder() / ".incoming-x"
    unfinished.write_bytes(b"half")
    for path in (*store.folder().glob("??/*"), unfinished):
        age(path, LONG_AGO)
    store.path_of(young.digest).touch()
    assert file_sweeping.sweep() == 2
    assert not store.path_of(lost.digest).exists()
    assert not unfinished.exists()
    left = {path.read_bytes() for path in store.folder().rglob("*") if path.is_file()}
    assert left == {b"kept", b"young"}


def test_bytes_stored_anew_at_this_moment_stay(world: World, folder: Path) -> None:
    digest = store.put([b"twice"]).digest
    age(store.path_of(digest), LONG_AGO)
    real = Path.replace

    def replaced(path: Path, target: Any) -> Path:
        """Between the look at the file's age and its going aside, somebody attaches the same again."""
        if path.name == digest:
            Path.replace = real  # type: ignore[method-assign]
            store.put([b"twice"])
        return real(path, target)

    Path.replace = replaced  # type: ignore[method-assign]
    try:
        file_sweeping.sweep()
    finally:
        Path.replace = real  # type: ignore[method-assign]
    assert store.path_of(digest).read_bytes() == b"twice"


def test_a_brush_that_fails_hinders_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    swept = []
    brushes = {"bad": lambda: 1 // 0, "good": lambda: swept.append(1) or 1}
    monkeypatch.setattr(sweeping, "_brushes", brushes)
    assert sweeping.sweep() == {"good": 1}
    assert swept
    assert "sweeping bad failed" in caplog.text


def test_the_worker_sweeps_at_its_start_and_not_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop, rounds = threading.Event(), []
    monkeypatch.setattr(worker, "JOBS_IDLE_S", 0)
    monkeypatch.setattr(worker.delivery, "deliver", lambda _holder: 0)
    monkeypatch.setattr(worker.timers, "fire_due", lambda: 0)
    monkeypatch.setattr(sweeping, "sweep", lambda: rounds.append(1))
    asked = []

    def work_one() -> int:
        asked.append(1)
        if len(asked) == 5:
            stop.set()
        return 0

    monkeypatch.setattr(worker.jobs, "work_one", work_one)
    worker.work(stop)
    assert len(asked) == 5
    assert len(rounds) == 1


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAINSTAY_DATA = tmp_path
    return tmp_path


def age(path: Path, by: timedelta) -> None:
    then = (clock.now() - by).timestamp()
    os.utime(path, (then, then))
