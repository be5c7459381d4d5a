"""Events reach their listeners after the commit, in order for each record, whatever fails in between."""

import time
from datetime import timedelta

import pytest

from mainstay.config import wiring
from mainstay.records import clock, commands, delivery, prepared, reactions
from mainstay.records.models import Pending, Shard
from mainstay.records.reactions import Heard, Reaction
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


class Listener:
    """Notes what it hears, and fails for as many times as it is told to."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.failures = 0

    def hear(self, heard: Heard) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the mail server is down")
        self.heard.append(heard.event.pk)


@pytest.fixture
def listeners(world: World):
    """Two listeners in place of the product's own, which have heard how the world was made."""
    delivery.drain()
    first, second = Listener(), Listener()

    def one(heard: Heard) -> None:
        first.hear(heard)

    def two(heard: Heard) -> None:
        second.hear(heard)

    reactions.install(wiring.INLINE, [Reaction("incident.*", one), Reaction("*.change", two)])
    yield first, second
    wiring.connect()


def changed(record, times: int) -> None:
    for n in range(times):
        commands.change(incident, record.number, {"title": f"Title {n}"}, SETUP)


def test_each_event_is_heard_once_and_in_order(world: World, listeners) -> None:
    first, second = listeners
    changed(world.incident(), 5)
    assert delivery.drain() == 6
    assert first.heard == sorted(first.heard)
    assert (len(first.heard), len(second.heard)) == (6, 5)
    assert not Pending.objects.exists()


@pytest.mark.parametrize("writes", [True, False])
def test_who_hears_of_it_next_has_the_record_as_it_is_then(
    world: World, listeners, monkeypatch: pytest.MonkeyPatch, *, writes: bool
) -> None:
    """It is read once for those who only read, and anew behind one who wrote."""
    record, seen, read = world.incident(), [], prepared.read
    delivery.drain()
    keys: list[int] = []
    monkeypatch.setattr(prepared, "read", lambda *a: (keys.append(a[1]), read(*a))[1])

    def first(heard: Heard) -> None:
        if writes and heard.event.depth == 0:
            commands.change(incident, record.number, {"title": "Its own"}, heard.by)

    def second(heard: Heard) -> None:
        seen.append(heard.record.title)

    reactions.install(
        wiring.INLINE, [Reaction("incident.change", first), Reaction("incident.change", second)]
    )
    changed(record, 1)
    delivery.drain()
    assert seen[0] == ("Its own" if writes else "Title 0")
    assert keys == [record.id] * (3 if writes else 1), "the second time for the event of its own"


def test_an_event_nobody_hears_leaves_no_row(world: World, listeners) -> None:
    commands.create(shelf.type("site"), {"title": "Göteborg"}, SETUP)
    assert not Pending.objects.exists()


def test_a_failing_listener_alone_hears_again_and_in_order(world: World, listeners) -> None:
    first, second = listeners
    record = world.incident()
    delivery.drain()
    first.failures = 1
    changed(record, 3)
    delivery.drain()
    assert len(second.heard) == 3
    assert len(first.heard) == 1, "later events of the record wait behind the failed one"
    for minutes in range(1, 4):
        with clock.held(clock.now() + timedelta(minutes=minutes)):
            delivery.drain()
    assert first.heard == sorted(first.heard)
    assert (len(first.heard), len(second.heard)) == (4, 3)
    assert not Pending.objects.exists()


def test_what_waits_behind_a_failed_one_outlives_a_slow_batch(world: World, listeners) -> None:
    """Put back for two seconds, and the rest of the batch takes a minute."""
    first, _ = listeners
    record = world.incident()
    delivery.drain()
    first.failures = 1
    changed(record, 2)
    delivery.drain()
    first.failures = (
        1  # again for the earlier one, so that the later one is put back where it stands
    )
    with clock.held(clock.now() + timedelta(minutes=1)):
        shards = delivery._lease("slow")
        rows = delivery._waiting(shards)
        blocked = delivery._blocked({row.record_id for row in rows})
        together = delivery._Together()
        done = [row.pk for row in rows if delivery._hear(row, blocked, together)]
    with clock.held(clock.now() + timedelta(minutes=2)):
        delivery._finish(shards, "slow", done)
    for hours in range(1, 4):
        with clock.held(clock.now() + timedelta(hours=hours)):
            delivery.drain()
    assert len(first.heard) == 3
    assert first.heard == sorted(first.heard)


def test_after_five_tries_it_is_a_dead_letter_and_the_rest_goes_on(world: World, listeners) -> None:
    first, _ = listeners
    record = world.incident()
    first.failures = 5
    for hours in range(8):
        with clock.held(clock.now() + timedelta(hours=hours)):
            delivery.drain()
    dead = Pending.objects.get()
    assert dead.is_dead and "mail server" in dead.error and dead.tries == 5
    changed(record, 1)
    delivery.drain()
    assert len(first.heard) == 1


def test_a_worker_that_lost_a_lease_deletes_nothing(world: World, listeners, monkeypatch) -> None:
    """Not even what it heard of shards that are still its own: it cannot tell here which rows those were."""
    record, _other = world.incident(), world.incident()
    shard = record.id % 16
    real = delivery._hear

    def slow(row, blocked, together) -> bool:
        is_done = real(row, blocked, together)
        Shard.objects.filter(pk=shard).update(holder="another", until=0)
        return is_done

    monkeypatch.setattr(delivery, "_hear", slow)
    with pytest.raises(delivery.LeaseLost):
        delivery.deliver("one")
    assert Pending.objects.count() == 2
    monkeypatch.undo()
    Shard.objects.update(until=0)
    assert delivery.drain() == 2


def test_a_batch_holds_events_of_some_shards_in_their_order(world: World, listeners) -> None:
    first, _ = listeners
    records = [world.incident() for _ in range(delivery.SHARDS + 2)]
    changed(records[0], 1)
    assert delivery.deliver("one") == delivery.SHARDS + 1
    assert first.heard == sorted(first.heard)
    assert not Shard.objects.exclude(until=0).exists()
    assert delivery.deliver("one") == 2


def test_no_shard_is_left_behind_while_more_comes_than_is_heard(
    world: World, listeners, monkeypatch
) -> None:
    """Two events come for each that is heard, and the one that waits longest is always the next."""
    first, _ = listeners
    monkeypatch.setattr(delivery, "BATCH", 1)
    monkeypatch.setattr(delivery, "SHARDS", 1)
    records = [world.incident() for _ in range(5)]
    for turn in range(8):
        waited = Pending.objects.order_by("event_id").values_list("event_id", flat=True)[0]
        for n in (0, 1):
            title = {"title": f"Title {turn} {n}"}
            commands.change(incident, records[(turn + n) % 2].number, title, SETUP)
        assert delivery.deliver("one") == 1
        assert first.heard[-1] == waited


def test_a_leased_shard_is_left_to_its_holder(world: World, listeners) -> None:
    record = world.incident()
    Shard.objects.filter(pk=record.id % 16).update(holder="another", until=time.time() + 20)
    assert delivery.deliver("one") == 0


def test_a_lease_of_a_clock_that_was_set_back_holds_nothing_up(world: World, listeners) -> None:
    record = world.incident()
    Shard.objects.filter(pk=record.id % 16).update(holder="another", until=time.time() + 3600)
    assert delivery.deliver("one") == 1


def test_what_was_put_off_by_a_clock_that_was_set_back_is_heard(world: World, listeners) -> None:
    first, _ = listeners
    first.failures = 1
    with clock.held(clock.now() + timedelta(hours=2)):
        world.incident()
        delivery.drain()
    assert first.heard == [] and Pending.objects.count() == 1
    delivery.drain()
    assert len(first.heard) == 1
