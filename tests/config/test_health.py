"""`/health` tells whoever watches what is wrong, and nothing of what is in the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import signals
from django.db import OperationalError, close_old_connections, connection

from mainstay.config import health, places
from mainstay.records import agreement, clock, delivery, timers
from mainstay.records.models import Pending
from tests.safety.wire import Wire
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request must not close the connection whose transaction holds the test's world."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


def told() -> tuple[int, list[str]]:
    answer = Wire().get("/health")
    return answer.status, answer.text.split("\n")[:-1]


def test_all_is_well(world: World) -> None:
    delivery.drain()
    world.incident()
    assert told() == (200, ["well"])


@pytest.mark.parametrize("ahead", [-3600.0, 6.0])
def test_clocks_that_disagree(ahead: float, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    monkeypatch.setattr(agreement, "apart", lambda: ahead)
    status, lines = told()
    assert status == 200 and lines[0] == "alarm" and f"{abs(ahead):.0f} s apart" in lines[1]
    agreement.watch()
    assert "apart" in caplog.text


def test_clocks_that_agree(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    assert abs(agreement.apart()) < agreement.MOST_S
    monkeypatch.setattr(agreement, "apart", lambda: 4.0)
    agreement.watch()
    assert not caplog.text


def test_a_worker_that_is_not_there(world: World) -> None:
    record = world.incident()
    timers.arm(record, "test", clock.now() + timedelta(seconds=1))
    with clock.held(clock.now() + timedelta(minutes=2)):
        _status, lines = told()
        assert lines[0] == "alarm" and "Events wait" in lines[1] and "Timers are late" in lines[2]
        delivery.drain()
        assert told() == (200, ["well"])


def test_an_event_that_could_not_be_heard(world: World) -> None:
    world.incident()
    Pending.objects.update(is_dead=True, due_at=clock.now())
    assert "could not be heard" in told()[1][1]


def test_a_server_that_needs_more_connections_than_there_are() -> None:
    assert places.too_few(2) == []
    lines = places.too_few(100_000)
    assert connection.vendor == "sqlite" or "holds 400004" in lines[0]


def test_a_disk_that_runs_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_ROOM_MB", 10**9)
    assert "MB left" in told()[1][1]


def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> float:
        raise OperationalError("connection to server at db.example.org failed")

    monkeypatch.setattr(agreement, "apart", away)
    status, lines = told()
    assert status == 503 and lines == ["down", "The database cannot be used."]
