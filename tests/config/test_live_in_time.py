"""How soon the live process tells, on a clock of its own; and what is told where the database fails meanwhile."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from mainstay.config.live import hub
from mainstay.config.live.places import written
from mainstay.directory import commands as directory
from mainstay.directory.signin import sessions
from mainstay.records import commands, delivery, worker
from mainstay.records.news import Watch
from mainstay.records.types import shelf
from tests.benchmarks.listened import ENDED_S, HEARD_S
from tests.listening import Failing, Live, Passing, failing, live, passing
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db(transaction=True)
INCIDENT = shelf.type("incident")
LOOK = max(hub.LOOK_S, hub.LOOK_POSTGRES_S)
SCRIPT = Path(__file__).parents[2] / "frontend" / "js" / "lazy" / "live.js"


@pytest.fixture
def here(world: World) -> Iterator[Live]:
    with live() as running:
        yield running


def of_the_page() -> float:
    """Seconds between what a page is told and its look at it."""
    [found] = re.findall(r"^const TOGETHER = (\d+);", SCRIPT.read_text(), re.MULTILINE)
    return int(found) / 1000


def changed(record: Any, **values: Any) -> None:
    commands.change(INCIDENT, record.number, values or {"title": "Another title"}, SETUP)


def of_team(world: World, team: str, **data: Any) -> Any:
    about = {"title": "VPN drops", "requester": world.number("ra1"), "team": world.teams[team]}
    return commands.create(INCIDENT, about | data, SETUP)


# -- the waits there are -------------------------------------------------------------------


@pytest.mark.parametrize("look", ["LOOK_S", "LOOK_POSTGRES_S"])
def test_the_waits_add_up_to_what_is_promised(look: str) -> None:
    pause = getattr(hub, look)
    assert pause + of_the_page() <= HEARD_S / 2, "and half of it is there for the work"
    assert worker.IDLE_S + pause + hub.INBOXES_S < HEARD_S
    assert hub.RIGHTS_S + pause + of_the_page() <= ENDED_S - HEARD_S / 2


def test_a_change_is_told_in_time(here: Live, world: World) -> None:
    record = of_team(world, "net")
    stream = here.open(world.people["agn"], "incidents")
    with passing(here) as clock:
        clock.let(0)
        stream.told()
        changed(record)
        clock.let(HEARD_S - of_the_page())
        assert stream.told() == ["incidents"]


def test_an_inbox_is_told_in_time(here: Live, world: World) -> None:
    stream = here.open(world.people["agn"], "mine")
    with passing(here) as clock:
        clock.let(0)
        stream.told()
        of_team(world, "net", assignee=world.number("agn"))
        clock.let(worker.IDLE_S)
        delivery.drain()
        clock.let(HEARD_S - worker.IDLE_S)
        assert "inbox" in stream.told(with_inbox=True)


@pytest.mark.attack("W02")
@pytest.mark.parametrize("how", ["session", "role", "rest of the time"])
def test_a_stream_ends_in_time(here: Live, world: World, how: str) -> None:
    """Of which a session's end tells nobody; it is found when rights are judged anew."""
    secret = sessions.begin(world.people["agn"].id)
    stream, other = here.open(secret, "incidents"), here.open(world.people["agm"], "incidents")
    with passing(here) as clock:
        clock.let(0)
        if how == "session":
            sessions.end(secret, SETUP)
        elif how == "role":
            directory.withdraw(world.number("agn"), "agent", SETUP)
        clock.let(ENDED_S - of_the_page())
        assert stream.is_over is (how != "rest of the time") and not other.is_over


def test_rights_are_judged_when_their_time_has_come_and_not_at_each_look(
    here: Live, world: World
) -> None:
    secret = sessions.begin(world.people["agn"].id)
    stream = here.open(secret, "incidents")
    with passing(here) as clock:
        clock.let(0)
        sessions.end(secret, SETUP)
        clock.let(hub.RIGHTS_S - LOOK)
        assert not stream.is_over
        clock.let(2 * LOOK)
        assert stream.is_over


# -- where the database fails --------------------------------------------------------------


def renamed(world: World, record: Any) -> None:
    changed(record, title="Another title")


def gone(world: World, record: Any) -> None:
    changed(record, team=world.teams["hr"])


def notified(world: World, record: Any) -> None:
    changed(record, assignee=world.number("agn"))
    delivery.drain()


def signed_out(world: World, record: Any) -> None:
    sessions.end_all(world.people["agn"].id)


def withdrawn(world: World, record: Any) -> None:
    directory.withdraw(world.number("agn"), "agent", SETUP)


# What happens, what of it the page is told, and whether it loses its stream.
HAPPENS: dict[str, tuple[Callable[..., None], set[str], bool]] = {
    "a change": (renamed, {"incidents"}, False),
    "out of sight": (gone, {"incidents"}, False),
    "something for the inbox": (notified, {"incidents", "inbox"}, False),
    "signed out": (signed_out, {"all"}, True),
    "a right less": (withdrawn, {"all"}, True),
}


@pytest.mark.parametrize("what", HAPPENS)
def test_what_happened_is_told_whichever_question_failed(world: World, what: str) -> None:
    """Each of a look's questions fails once, from the first to the last there is."""
    happens, told, ends = HAPPENS[what]
    for nth in count(1):
        directory.grant(world.number("agn"), "agent", SETUP)
        record = of_team(world, "net")
        with live() as here, passing(here) as clock:
            stream = here.open(world.people["agn"], "incidents")
            other = here.open(world.people["agm"], "incidents")
            clock.let(hub.RIGHTS_S)
            of_its_own_connection(here)
            clock.let(hub.RIGHTS_S)
            stream.told()
            happens(world, record)
            all_is_due(here, clock)
            with failing(here, nth) as questions:
                clock.let(LOOK)
            if questions.left > 0:
                break
            clock.let(ENDED_S)
            found = set(stream.told(with_inbox=True))
            assert told <= found and stream.is_over is ends, (nth, found)
            assert here.hub.is_well and not other.is_over
    assert nth > 4, "a look asks more than that"


def all_is_due(here: Live, clock: Passing) -> None:
    """The next look asks all there is to ask, where it finds that something was written."""
    here.hub._judged = clock.now - hub.RIGHTS_S
    here.hub._looked = clock.now - hub.INBOXES_S


def of_its_own_connection(here: Live) -> None:
    """A new one counts from the same beginning as the one before, on which nobody had written."""
    here.run(here.hub.ask(here.hub.reading.let_go))


def test_nobody_is_left_standing_where_they_may_not_be_whichever_question_failed(
    world: World,
) -> None:
    for nth in count(1):
        record = of_team(world, "net")
        word = f"incidents/{record.number}"
        with live() as here, passing(here) as clock:
            secret = sessions.begin(world.people["agn"].id)
            here.open(secret, word)
            here.post(secret, f"of={word}&tab=1&as=viewing".encode())
            clock.let(hub.RIGHTS_S)
            assert here.hub.presence.records()
            gone(world, record)
            all_is_due(here, clock)
            with failing(here, nth) as questions:
                clock.let(LOOK)
            if questions.left > 0:
                break
            clock.let(ENDED_S)
            assert not here.hub.presence.records(), nth
    assert nth > 4


def test_who_went_away_in_trouble_is_told_when_they_come_back(world: World) -> None:
    """Nobody is given a place beyond what they were told."""
    record = of_team(world, "net")
    for nth in count(1):
        with live() as here, passing(here) as clock:
            stream = here.open(world.people["agn"], "incidents")
            clock.let(hub.RIGHTS_S)
            changed(record, title=f"Title {nth}")
            all_is_due(here, clock)
            with failing(here, nth) as questions:
                clock.let(LOOK)
                if questions.left > 0:
                    break
                place, was_told = here.hub.safe, "incidents" in stream.told()
                here.leave(stream)
                clock.let(ENDED_S)
            back = here.open(world.people["agn"], "incidents", last_event_id=written(place)).told()
            assert was_told or back == ["incidents"], nth
    assert nth > 3


def test_a_table_that_cannot_be_read_holds_up_what_happened_and_does_not_heap_it_up(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [of_team(world, "net") for _ in range(3)]
    stream = here.open(world.people["agn"], "incidents", *words(records))
    known = here.hub.reading.known

    def away(ids: Any) -> Any:
        raise OperationalError("the database is away")

    with passing(here) as clock:
        clock.let(0)
        stream.told()
        monkeypatch.setattr(here.hub.reading, "known", away)
        for record in records:
            changed(record)
            clock.let(ENDED_S)
            assert len(here.hub._untold) == 1 and not here.hub.is_well
        monkeypatch.setattr(here.hub.reading, "known", known)
        clock.let(ENDED_S)
        assert set(stream.told()) == {"incidents", *words(records)} and here.hub.is_well


def words(records: list[Any]) -> list[str]:
    return [f"incidents/{record.number}" for record in records]


@pytest.mark.parametrize("seconds", [60, -60])
def test_what_commits_late_is_found_though_a_question_failed(world: World, seconds: int) -> None:
    """Also where its time was over while nobody could ask."""
    of_team(world, "net")
    for nth in count(1):
        watch, questions = Watch(), Failing(nth)
        [late] = watch.begin(1)
        watch._gaps = {late.event: time.monotonic() + seconds}
        with connection.execute_wrapper(questions), contextlib.suppress(OperationalError):
            watch.more()
        if questions.left > 0:
            break
        assert watch.safe < late.event
        assert [news.event for news in watch.more()] == [late.event], nth
    assert nth > 2 and watch.safe == watch.mark
