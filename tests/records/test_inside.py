"""Inside one transaction what follows from an event follows at once; what takes many events waits for the end."""

from collections.abc import Sequence

import pytest

from mainstay.config import wiring
from mainstay.records import commands, reactions
from mainstay.records.inside import Inside
from mainstay.records.models import Event, Pending
from mainstay.records.reactions import Heard, Reaction
from mainstay.records.turnstile import writing
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


@pytest.fixture
def heard(world: World):
    """What is heard one by one, where a creation brings a change; and what is heard in batches."""
    Inside().catch_up()
    alone: list[str] = []
    together: list[list[str]] = []

    def rename(told: Heard) -> None:
        alone.append(told.event.name)
        if told.event.name.endswith(".create"):
            commands.change(told.rtype, told.record.number, {"title": "Renamed"}, told.by)

    def one(told: Heard) -> None:
        raise AssertionError("is heard with others")

    def many(events: Sequence[Event]) -> None:
        together.append([event.name for event in events])

    reactions.install(
        wiring.INLINE, [Reaction("incident.*", rename), Reaction("incident.*", one, many)]
    )
    yield alone, together
    wiring.connect()


def test_what_follows_is_there_and_what_takes_many_is_heard_at_the_end(world: World, heard) -> None:
    alone, together = heard
    worker = Inside()
    record = world.incident()
    worker.follow()
    record.refresh_from_db()
    assert record.title == "Renamed"
    assert (alone, together) == (["incident.create", "incident.change"], [])
    commands.move(incident, record.number, "cancel", {}, SETUP)
    worker.catch_up()
    assert together == [alone] and len(alone) == 3
    assert not Pending.objects.exists()
    worker.catch_up()
    assert len(together) == 1


def test_what_fails_takes_all_of_it_along(world: World, heard) -> None:
    def fail(_told: Heard) -> None:
        raise RuntimeError("no room")

    reactions.install(wiring.INLINE, [Reaction("incident.create", fail)])
    before = Event.objects.count()
    with pytest.raises(RuntimeError), writing():
        world.incident()
        Inside().follow()
    assert Event.objects.count() == before
