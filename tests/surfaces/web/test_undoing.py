"""The way back from a single act: offered where it is told, for who did it, and what the page says where it fails."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mainstay.records import commands, queries
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
FRAGMENT = {"HX-Request": "true", "HX-Target": "div#record"}


def undo_of(answer: Any) -> str:
    return str(json.loads(answer["HX-Trigger"])["toast"]["undo"])


def row(number: str) -> Any:
    return queries.one(incident, SETUP.actor, number)


def test_each_act_carries_its_undo(browse: Browse, world: World) -> None:
    number, other = world.incident().number, world.incident().number
    here, agent = f"/incidents/{number}/", browse("agn")
    before = row(number)
    acts = (
        ("set/category/", {"value": "Network"}),
        ("set/assignee/", {"value": world.number("agn")}),
        ("link/", {"kind": "relates", "record": other}),
    )
    for below, form in acts:
        undo = undo_of(agent.post(here + below, form, headers=FRAGMENT))
        assert undo == f"{here}undo/{Event.objects.latest('pk').pk}/"
        back = agent.post(undo)
        assert (back.status_code, back["Location"]) == (303, here)
        shown = agent.get(here).content.decode()
        assert f"{number}: taken back" in shown
    assert {k: v for k, v in row(number).items() if k not in ("version", "updated_at")} == {
        k: v for k, v in before.items() if k not in ("version", "updated_at")
    }
    assert "took back a change" in shown and "took back the link to" in shown
    nothing = agent.post(f"{here}set/category/", {"value": ""}, headers=FRAGMENT)
    assert undo_of(nothing) == "", "what changed nothing has no way back"


@pytest.mark.sqlite_only
def test_a_move_carries_it_where_nothing_was_said(browse: Browse, world: World) -> None:
    number = world.incident().number
    here, agent = f"/incidents/{number}/", browse("agn")
    undo = undo_of(agent.post(f"{here}move/start/", {}, headers=FRAGMENT))
    shown = agent.post(undo, headers=FRAGMENT).content.decode()
    assert row(number)["state"] == "new", "also where no move leads back"
    assert "took back" in shown and "Take_back" not in shown
    agent.post(f"{here}move/start/", {}, headers=FRAGMENT)
    solved = {"close_code": "solution_provided", "resolution": "x"}
    said = solved | {"message": "Try again"}
    undo = undo_of(agent.post(f"{here}move/resolve/", solved, headers=FRAGMENT))
    assert agent.post(undo, headers=FRAGMENT).status_code == 200
    assert row(number)["state"] == "in_progress"
    assert undo_of(agent.post(f"{here}move/resolve/", said, headers=FRAGMENT)) == ""


def test_where_it_moved_on_the_page_says_who_did_what(browse: Browse, world: World) -> None:
    number = world.incident().number
    here, agent = f"/incidents/{number}/", browse("agn")
    undo = undo_of(agent.post(f"{here}set/category/", {"value": "A"}, headers=FRAGMENT))
    commands.change(incident, number, {"category": "B"}, world.by("agm"))
    for name, status in (("ra1", 303), ("rb1", 404), ("agb", 404)):
        assert browse(name).post(undo).status_code == status
    assert row(number)["category"] == "B"
    back = agent.post(undo + "?next=/incidents/%3Fview%3Dall")
    assert back["Location"] == "/incidents/?view=all"
    assert "Person agm set “Category” to B since" in agent.get("/incidents/").content.decode()
    refused = agent.post(undo, headers=FRAGMENT)
    assert refused.status_code == 409 and "Person agm" in refused["HX-Trigger"].encode().decode(
        "unicode_escape"
    )
    assert agent.post(undo + "?next=//elsewhere.example/")["Location"] == here
    for wrong in (f"{here}undo/999999/", f"/incidents/INC-9999/undo/{undo.split('/')[4]}/"):
        assert agent.post(wrong).status_code == 404
    assert agent.get(undo).status_code == 405


def test_the_history_offers_it_to_who_did_it_for_as_long_as_it_stands(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    here = f"/incidents/{number}/"
    commands.change(incident, number, {"category": "A"}, world.by("agn"))
    offered = re.compile(rf'action="({here}undo/\d+/)"')
    assert len(offered.findall(browse("agn").get(here).content.decode())) == 1
    for name in ("agm", "aud", "ra1"):
        assert not offered.findall(browse(name).get(here).content.decode())
    [undo] = offered.findall(browse("agn").get(here).content.decode())
    shown = browse("agn").post(undo, headers=FRAGMENT).content.decode()
    assert 'aria-disabled="true">Taken back</button>' in shown
    assert undo not in offered.findall(shown), "what took it back has the only way left"
    assert "taken back</span>" in browse("agm").get(here).content.decode()


@pytest.mark.sqlite_only
def test_a_hidden_field_is_not_betrayed_by_what_took_it_back(browse: Browse, world: World) -> None:
    number = world.incident().number
    item = commands.create(shelf.type("item"), {"title": "CNRY-server"}, SETUP).number
    done = commands.change(incident, number, {"item": item}, world.by("agn"))
    browse("agn").post(f"/incidents/{number}/undo/{done.last_event.pk}/")
    assert row(number)["item"] is None
    told = browse("ra1").get(f"/portal/requests/{number}/").content.decode()
    assert "took back" not in told and "CNRY" not in told
    shown = browse("ra1").get(f"/incidents/{number}/").content.decode()
    assert "took back" not in shown and "taken back" not in shown
