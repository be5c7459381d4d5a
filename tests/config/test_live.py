"""The live process: nothing that happens is missed, whenever a page comes, goes or comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.notices.commands import publish
from mainstay.config.live import hub
from mainstay.directory.signin import sessions
from mainstay.records import commands, delivery
from mainstay.records.types import Message, shelf
from tests.listening import Live, live
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db(transaction=True)
INCIDENT = shelf.type("incident")


def of_network(world: World, **data: Any) -> Any:
    """An incident of RA1 that the network team has."""
    about = {"title": "VPN drops", "requester": world.number("ra1"), "team": world.teams["net"]}
    return commands.create(INCIDENT, about | data, SETUP)


@pytest.fixture
def here(world: World) -> Iterator[Live]:
    with live() as running:
        yield running


def change(record: Any, title: str = "Another title") -> None:
    commands.change(INCIDENT, record.number, {"title": title}, SETUP)


def test_record_list_and_my_work_change(here: Live, world: World) -> None:
    record = of_network(world)
    word = f"incidents/{record.number}"
    agent = here.open(world.people["agn"], word, "incidents", "mine")
    other = here.open(world.people["agd"], word, "mine")
    here.turn()
    agent.told(), other.told()
    change(record)
    here.turn()
    assert set(agent.told()) == {word, "incidents", "mine"}
    assert other.told() == [word]
    here.turn()
    assert agent.told() == []


def test_the_lists_of_the_portal_follow(here: Live, world: World) -> None:
    record = of_network(world)
    own, other = (here.open(world.people[name], "portal") for name in ("ra1", "ra2"))
    here.turn()
    own.told(), other.told()
    change(record)
    here.turn()
    assert own.told() == ["portal"] and other.told() == []
    say(INCIDENT, record.number, Message("internal", "Between us"), world.by("agn"))
    here.turn()
    assert own.told() == other.told() == []
    publish(INCIDENT, record.number, {"title": "VPN is down", "text": "We know."}, world.by("agn"))
    here.turn()
    assert "portal" in own.told() and "portal" in other.told()


def test_a_page_is_told_what_happened_since_it_was_drawn(here: Live, world: World) -> None:
    record = world.incident()
    word = f"incidents/{record.number}"
    here.turn()
    time.sleep(0.01)
    drawn = f"since={time.time_ns() // 1_000_000}"
    assert here.open(world.people["agn"], word, query=drawn).told() == []
    change(record)
    here.turn()
    assert here.open(world.people["agn"], word, query=drawn).told() == [word]


def test_a_page_older_than_the_process_looks_at_everything(here: Live, world: World) -> None:
    assert here.open(world.people["agn"], "incidents", query="since=1").told() == ["all"]


def test_who_comes_back_is_told_what_they_missed(here: Live, world: World) -> None:
    record, other = world.incident(), world.incident()
    word = f"incidents/{record.number}"
    here.turn()
    stream = here.open(world.people["agn"], word)
    place = stream.place
    here.leave(stream)
    change(other)
    here.turn()
    assert here.open(world.people["agn"], word, query=f"after={place}").told() == []
    change(record)
    here.turn()
    assert here.open(world.people["agn"], word, last_event_id=place).told() == [word]


def test_after_a_restart_too(here: Live, world: World) -> None:
    record = world.incident()
    word = f"incidents/{record.number}"
    here.turn()
    stream = here.open(world.people["agn"], word)
    place = stream.place
    here.leave(stream)
    change(record)
    here.run(here.hub.ask(here.hub.reading.let_go))
    here.begin()
    again = here.open(world.people["agn"], word, last_event_id=place)
    newer = again.place
    assert again.told() == [word]
    assert here.open(world.people["agn"], word, last_event_id=newer).told() == []


def test_who_was_away_for_long_looks_at_everything(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = world.incident()
    monkeypatch.setattr(hub, "MOST_REPLAYED", 0)
    change(record)
    here.turn()
    assert here.open(world.people["agn"], "incidents", query="after=1").told() == ["all"]


# SQLite has one writer, whose ids come in turn.
@pytest.mark.postgres_only
def test_an_event_that_commits_late_is_told(here: Live, world: World) -> None:
    late, early = world.incident(), world.incident()
    words = [f"incidents/{record.number}" for record in (late, early)]
    here.turn()
    stream = here.open(world.people["agn"], *words)
    stream.told()
    has_written, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            change(late)
            has_written.set()
            may_commit.wait(20)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert has_written.wait(20)
    change(early)
    here.turn()
    place = stream.place
    assert stream.told() == [words[1]]
    here.leave(stream)
    may_commit.set()
    thread.join()
    here.turn()
    assert words[0] in here.open(world.people["agn"], *words, last_event_id=place).told()


def test_an_inbox_rings(here: Live, world: World) -> None:
    agent = here.open(world.people["agn"])
    other = here.open(world.people["agd"])
    here.turn()
    agent.told(), other.told()
    of_network(world, assignee=world.number("agn"))
    delivery.drain()
    here.turn()
    assert "inbox" in agent.told() and "inbox" not in other.told()


def test_who_leaves_is_gone(here: Live, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record = of_network(world)
    word = f"incidents/{record.number}"
    watching = here.open(world.people["agm"], word)
    secret = sessions.begin(world.people["agn"].id)
    stream = here.open(secret, word)
    here.turn()
    watching.told()
    for grade in ("viewing", "writing", "idle"):
        here.post(secret, f"of={word}&tab=1&as={grade}".encode())
        here.settle()
        assert grade in watching.told()[-1]
    here.post(secret, b"tab=1&as=gone")
    here.settle()
    assert watching.told() == [f"{record.number}:[]"]
    here.post(secret, f"of={word}&tab=1&as=viewing".encode())
    here.settle()
    watching.told()
    monkeypatch.setattr("mainstay.config.live.presence.GRACE_S", -1.0)
    here.leave(stream)
    here.turn()
    assert watching.told() == [f"{record.number}:[]"]


def test_it_says_whether_it_is_well(here: Live, world: World) -> None:
    here.hub.is_well = False
    assert here.open(world.people["agn"]).status == 503


def test_who_comes_while_rights_are_read_stays_and_is_judged_by_the_next_look(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = here.open(world.people["agn"], "incidents")
    actor = here.run(here.hub.ask(here.hub.reading.who, sessions.begin(world.people["agd"].id)))
    still, late = here.hub.reading.still, hub.Stream(actor, hub.Subjects(["incidents"]))

    def meanwhile(digests: Any) -> Any:
        here.hub.streams.add(late)
        return still(digests)

    monkeypatch.setattr(here.hub.reading, "still", meanwhile)
    here.run(here.hub.judge_anew())
    assert not late.is_over
    assert not first.is_over
    assert here.hub._rights_due
    sessions.end_all(actor.id)
    here.run(here.hub.judge_anew())
    assert late.is_over
    assert not first.is_over
