"""Many at once: each version has one winner, each number one record, each key one effect, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, delivery, queries
from mainstay.records.errors import Refused
from mainstay.records.models import Answer, Event, Link, Pending, Record
from mainstay.records.types import shelf
from tests.safety.wire import Answer as Reply
from tests.safety.wire import Wire, program
from tests.world import SETUP

pytestmark = pytest.mark.django_db(transaction=True)
incident = shelf.type("incident")
EDITORS, MAKERS, TWINS = 20, 16, 8
PATIENCE = 60.0


@pytest.fixture
def agent() -> Iterator[Wire]:
    """A program that acts as an agent; real transactions, so the tables are made anew for each test."""
    person = commands.create(shelf.type("user"), {"title": "Agent", "username": "agent"}, SETUP)
    directory.grant(person.number, "agent", SETUP)
    yield program(person.id, "read", "write")


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Runs all of them from the same moment on; whoever waits for ever fails the test."""
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            ready.wait(PATIENCE)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [task.result(PATIENCE) for task in [pool.submit(run, work) for work in works]]


def made(**data: Any) -> str:
    return str(commands.create(incident, {"title": "One", **data}, SETUP).number)


def own(wire: Wire) -> Wire:
    """A connection of its own with the same token."""
    return Wire(headers=dict(wire.headers))


def statuses(replies: list[Reply]) -> list[int]:
    return sorted(reply.status for reply in replies)


def test_of_twenty_editors_of_one_version_one_wins(agent: Wire) -> None:
    number = made()
    for version in range(1, 4):
        replies = at_once(
            [
                lambda n=n, v=version: own(agent).api(
                    "PATCH",
                    f"/api/v1/incidents/{number}",
                    {"title": f"By {v}-{n}"},
                    If_Match=f'"{v}"',
                )
                for n in range(EDITORS)
            ]
        )
        assert statuses(replies) == [200] + [412] * (EDITORS - 1)
        winner = next(reply for reply in replies if reply.status == 200)
        assert queries.one(incident, SYSTEM, number)["title"] == winner.json["title"]
    assert queries.one(incident, SYSTEM, number)["version"] == 4
    assert Event.objects.filter(name="incident.change").count() == 3


def test_no_update_is_lost_where_nobody_asks_for_a_version(agent: Wire) -> None:
    """Every change that was answered is in the history, each on top of the one before."""
    number = made()
    replies = at_once(
        [
            lambda n=n: own(agent).api("PATCH", f"/api/v1/incidents/{number}", {"title": f"By {n}"})
            for n in range(EDITORS)
        ]
    )
    assert statuses(replies) == [200] * EDITORS
    told = Event.objects.filter(name="incident.change").order_by("id")
    steps = [event.changes["title"] for event in told]
    assert [event.version for event in told] == list(range(2, EDITORS + 2))
    assert [old for old, _ in steps] == ["One", *(new for _, new in steps[:-1])]


def test_forms_that_saw_the_same_version_merge_other_fields_and_ask_about_the_same(
    agent: Wire,
) -> None:
    number = made()

    def form(field: str, value: str) -> str:
        try:
            commands.change(incident, number, {field: value}, SETUP, seen=1)
        except Refused:
            return "asked"
        return "saved"

    works = [lambda n=n: form("title", f"By {n}") for n in range(8)]
    works += [lambda: form("category", "Network"), lambda: form("subcategory", "VPN")]
    outcome = at_once(works)
    assert outcome[:8].count("saved") == 1 and outcome[8:] == ["saved", "saved"]
    row = queries.one(incident, SYSTEM, number)
    assert (row["category"], row["subcategory"], row["version"]) == ("Network", "VPN", 4)


def test_each_of_many_creates_has_a_number_of_its_own(agent: Wire) -> None:
    replies = at_once(
        [
            lambda n=n: [
                own(agent).api("POST", "/api/v1/incidents", {"title": f"{n}-{m}"}) for m in range(5)
            ]
            for n in range(MAKERS)
        ]
    )
    numbers = [reply.json["number"] for several in replies for reply in several]
    assert len(set(numbers)) == MAKERS * 5
    assert Event.objects.filter(name="incident.create").count() == MAKERS * 5
    made = Event.objects.filter(name="incident.create").values("pk")
    assert Pending.objects.filter(event_id__in=made).count() == MAKERS * 5


@pytest.mark.parametrize("what", ["create", "note", "move"])
def test_the_same_key_from_many_threads_has_one_effect(agent: Wire, what: str) -> None:
    number = made()
    path, body = {
        "create": ("/api/v1/incidents", {"title": "Once"}),
        "note": (f"/api/v1/incidents/{number}/notes", {"text": "Once", "visibility": "public"}),
        "move": (f"/api/v1/incidents/{number}/moves", {"move": "start"}),
    }[what]
    before = Event.objects.count()
    replies = at_once(
        [
            lambda: own(agent).api("POST", path, body, Idempotency_Key="the-same")
            for _ in range(TWINS)
        ]
    )
    assert len({(reply.status, reply.body) for reply in replies}) == 1
    assert replies[0].status < 300
    assert sum(reply.get("Idempotent-Replayed") == "true" for reply in replies) == TWINS - 1
    assert Event.objects.count() == before + 1
    assert Answer.objects.count() == 1


def test_links_moves_and_assignments_of_pairs_in_both_orders_end(agent: Wire) -> None:
    """Nobody deadlocks: a database that had to break one would answer 503, or never."""
    team = commands.create(shelf.type("team"), {"title": "Network"}, SETUP).number
    people = []
    for n in range(2):
        person = commands.create(
            shelf.type("user"), {"title": f"P{n}", "username": f"p{n}"}, SETUP
        ).number
        directory.join(team, person, SETUP)
        directory.grant(person, "agent", SETUP)
        people.append(person)
    pairs = [(made(team=team), made(team=team)) for _ in range(3)]
    by = By(SYSTEM, "test")

    def link(a: str, b: str) -> None:
        commands.link(incident, a, "relates", b, by)
        commands.unlink(incident, a, "relates", b, by)
        commands.link(incident, a, "relates", b, by)

    def work(a: str, b: str) -> None:
        for number, person in ((a, people[0]), (b, people[1])):
            commands.change(incident, number, {"assignee": person}, by)
        for number in (a, b):
            for name, data in (("hold", {"waiting_for": "vendor"}), ("resume", {})):
                try:
                    commands.move(incident, number, name, data, by)
                except Refused:
                    continue

    works: list[Callable[[], Any]] = []
    for a, b in pairs:
        works += [lambda a=a, b=b: link(a, b), lambda a=a, b=b: link(b, a)]
        works += [lambda a=a, b=b: work(a, b), lambda a=a, b=b: work(b, a)]
    works += [lambda: delivery.drain(), lambda: delivery.drain()]
    at_once(works)
    assert Link.objects.count() == 2 * len(pairs)
    for number in (number for pair in pairs for number in pair):
        record = Record.objects.get(number=number)
        told = Event.objects.filter(record_id=record.pk).exclude(name__endswith="link")
        versions = list(told.order_by("id").values_list("version", flat=True))
        assert versions == list(range(1, record.version + 1))


def test_teams_and_roles_changed_from_both_sides_end(agent: Wire) -> None:
    team = commands.create(shelf.type("team"), {"title": "A"}, SETUP).number
    other = commands.create(shelf.type("team"), {"title": "B"}, SETUP).number
    person = commands.create(shelf.type("user"), {"title": "P", "username": "p"}, SETUP).number
    works: list[Callable[[], Any]] = []
    for _ in range(3):
        works += [
            lambda: directory.join(team, person, SETUP),
            lambda: directory.join(other, person, SETUP),
            lambda: directory.grant(person, "agent", SETUP, team_key=team),
            lambda: commands.change(shelf.type("team"), team, {"title": "A2"}, SETUP),
            lambda: commands.change(shelf.type("user"), person, {"title": "P2"}, SETUP),
        ]
    at_once(works)
    assert Event.objects.filter(name="team.join").count() == 6


def test_two_workers_hear_each_event_once_in_effect(agent: Wire) -> None:
    team = commands.create(shelf.type("team"), {"title": "Network"}, SETUP).number
    person = commands.create(shelf.type("user"), {"title": "P", "username": "p"}, SETUP).number
    directory.join(team, person, SETUP)
    directory.grant(person, "agent", SETUP)
    numbers = [made(team=team) for _ in range(40)]

    def worker(name: str) -> None:
        for _ in range(60):
            delivery.deliver(name)

    at_once([lambda n=n: worker(f"w{n}") for n in range(4)])
    delivery.drain()
    assert not Pending.objects.exists()
    assert Event.objects.filter(name="incident.assign").count() == len(numbers)
