"""A timer fires once and never early, and its effect commits with its end."""

from datetime import timedelta

import pytest

from mainstay.config import wiring
from mainstay.records import clock, timers
from mainstay.records.models import Event, Timer
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def fired():
    """The numbers an alarm was called for."""
    numbers: list[str] = []
    timers.install({"test": lambda rtype, record, by: numbers.append(record.number)})
    yield numbers
    wiring.connect()


def test_never_early_and_once(world: World, fired: list[str]) -> None:
    record, due = world.incident(), clock.now() + timedelta(hours=1)
    timers.arm(record, "test", due)
    assert timers.fire_due() == 0
    with clock.held(due - timedelta(microseconds=1)):
        assert timers.fire_due() == 0
    with clock.held(due):
        assert timers.fire_due() == 1
        assert timers.fire_due() == 0
    assert fired == [record.number]


def test_moved_or_disarmed_before_it_is_due(world: World, fired: list[str]) -> None:
    record, due = world.incident(), clock.now() + timedelta(hours=1)
    timers.arm(record, "test", due)
    timers.arm(record, "test", due + timedelta(hours=1))
    with clock.held(due):
        assert timers.fire_due() == 0
    timers.disarm(record, "test")
    with clock.held(due + timedelta(days=1)):
        assert timers.fire_due() == 0
    assert fired == []


def test_a_failing_alarm_is_tried_again_and_keeps_its_error(world: World) -> None:
    def broken(rtype, record, by) -> None:
        Event.objects.create(
            record_id=record.id,
            name="incident.half",
            door="x",
            version=1,
            at=clock.now(),
            recorded_at=clock.now(),
        )
        raise RuntimeError("half done")

    timers.install({"test": broken})
    record = world.incident()
    timers.arm(record, "test", clock.now())
    timers.fire_due()
    row = Timer.objects.get(name="test")
    assert row.tries == 1 and "half done" in row.error and row.due_at > clock.now()
    assert not Event.objects.filter(name="incident.half").exists(), "its effect went with it"
    wiring.connect()
