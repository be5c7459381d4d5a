"""Taking an event back over REST, by every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mainstay.records import commands, delivery, queries
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.surfaces.api.client import Api
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
Ask = Callable[..., Api]
incident = shelf.type("incident")


@pytest.fixture
def changed(world: World) -> tuple[str, int]:
    number = str(world.incident().number)
    done = commands.change(incident, number, {"category": "A"}, world.by("agn"))
    return number, done.last_event.pk


def test_by_role(ask: Ask, world: World, changed: tuple[str, int]) -> None:
    number, event = changed
    path, count = f"/incidents/{number}/events/{event}/undo", Event.objects.count()
    for name, status in (("rb1", 404), ("ra2", 404), ("agb", 404), ("ra1", 403), ("aud", 403)):
        assert ask(name)("POST", path).status_code == status, name
    assert Event.objects.count() == count
    answer = ask("agm")("POST", path)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["name"], told["undoes"], told["stays"]) == ("incident.change", event, [])
    assert queries.one(incident, SETUP.actor, number)["category"] == ""
    again = ask("agn")("POST", path)
    assert again.status_code == 409 and "took this back already" in again.json()["detail"]
    listed = ask("agn")("GET", f"/incidents/{number}/events").json()["items"]
    assert listed[-1]["changes"]["undoes"] == event and listed[-1]["cause"] == event
    for name in ("ra1",):
        seen = ask(name)("GET", f"/incidents/{number}/events").json()["items"]
        assert [e["id"] for e in seen][-1] == told["id"]


@pytest.mark.sqlite_only
def test_what_is_no_event_of_the_record(ask: Ask, world: World, changed: tuple[str, int]) -> None:
    number, event = changed
    other = world.incident().number
    for wrong in (
        f"{other}/events/{event}",
        f"{number}/events/999999",
        f"{number}/events/x",
        f"{number}/events/0",
        f"{number}/events/99999999999999999999",
        f"{number}/events/-1",
    ):
        assert ask("agn")("POST", f"/incidents/{wrong}/undo").status_code == 404, wrong


@pytest.mark.sqlite_only
def test_a_token_that_only_reads_takes_nothing_back(
    ask: Ask, world: World, changed: tuple[str, int]
) -> None:
    number, event = changed
    path = f"/incidents/{number}/events/{event}/undo"
    assert ask("agn", "read:incidents")("POST", path).status_code == 403
    assert ask("agn", "write:incidents")("POST", path, if_match='"1"').status_code == 412
    assert queries.one(incident, SETUP.actor, number)["category"] == "A"
    assert ask("agn", "write:incidents")("POST", path).status_code == 201


@pytest.mark.sqlite_only
def test_whoever_changed_it_since_is_named(
    ask: Ask, world: World, changed: tuple[str, int]
) -> None:
    number, event = changed
    commands.change(incident, number, {"category": "B"}, world.by("agm"))
    answer = ask("agn")("POST", f"/incidents/{number}/events/{event}/undo")
    assert answer.status_code == 409
    assert "Person agm set “Category” to B since" in answer.json()["detail"]


def test_links_and_removals(ask: Ask, world: World, changed: tuple[str, int]) -> None:
    number, _event = changed
    commands.remove(incident, number, world.by("adm"))
    gone = Event.objects.latest("pk").pk
    for name, status in (("ra1", 404), ("agn", 404), ("adm", 201)):
        path = f"/incidents/{number}/events/{gone}/undo"
        assert ask(name)("POST", path).status_code == status, name
    other = world.incident().number
    ask("agn")("POST", f"/incidents/{number}/links", {"kind": "relates", "record": other})
    linked = Event.objects.latest("pk").pk
    undone = ask("agn")("POST", f"/incidents/{number}/events/{linked}/undo")
    assert undone.json()["name"] == "incident.unlink"
    assert ask("agn")("GET", f"/incidents/{number}/links").json()["items"] == []


def test_what_followed_is_told_and_stays(ask: Ask, world: World) -> None:
    number, child = world.incident().number, world.incident().number
    commands.link(incident, child, "child_of", number, SETUP)
    solved = {"close_code": "solution_provided", "resolution": "x"}
    event = commands.move(incident, number, "resolve", solved, world.by("agn")).last_event.pk
    delivery.drain()
    told = ask("agn")("POST", f"/incidents/{number}/events/{event}/undo").json()
    assert told["stays"] == [{"type": "incident", "number": child, "state": "resolved"}]
    assert told["name"] == "incident.take_back"
