"""The way back from a single act: offered where it is told, for who did it, and what the page says where it fails."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from mainstay.capabilities.notices.commands import publish
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.directory import commands as directory
from mainstay.directory import people
from mainstay.records import commands, delivery, queries
from mainstay.records.models import Event, Job
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SOLVED = {"close_code": "solution_provided", "resolution": "x"}
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


def parent(world: World) -> tuple[str, str, str, str]:
    """A parent that is published, a child of it, and one behind a wall, all of them ended with the parent."""
    agent = world.by("agn")
    numbers = [world.incident().number, world.incident().number, world.hidden_incident().number]
    for child in numbers[1:]:
        commands.link(incident, child, "child_of", numbers[0], SETUP)
    notice = publish(incident, numbers[0], {"title": "Down", "text": "We look at it"}, agent)
    commands.move(incident, numbers[0], "resolve", SOLVED, agent)
    delivery.drain()
    return (*numbers, notice.number)


@pytest.mark.sqlite_only
def test_what_followed_from_it_is_named_and_stays(browse: Browse, world: World) -> None:
    number, child, hidden, notice = parent(world)
    here, agent = f"/incidents/{number}/", browse("agn")
    solved = Event.objects.filter(record__number=number, name="incident.resolve").get().pk
    answer = agent.post(f"{here}undo/{solved}/", headers=FRAGMENT)
    toast = json.loads(answer["HX-Trigger"])["toast"]
    stays = f"What followed from it stays: {child} resolved, {notice} ended."
    assert toast["text"] == f"{number}: taken back. {stays}"
    assert toast["named"] == [child, notice] and hidden not in toast["text"]
    assert (row(number)["state"], row(child)["state"]) == ("new", "resolved")
    assert row(hidden)["state"] == "resolved", "it followed as well, and is not theirs to know"


@pytest.mark.sqlite_only
def test_what_went_on_since_does_not_stay(browse: Browse, world: World) -> None:
    number, child, _hidden, notice = parent(world)
    commands.move(incident, child, "reopen", {}, world.by("agn"))
    solved = Event.objects.filter(record__number=number, name="incident.resolve").get().pk
    answer = browse("agn").post(f"/incidents/{number}/undo/{solved}/", headers=FRAGMENT)
    assert json.loads(answer["HX-Trigger"])["toast"]["named"] == [notice]


@pytest.mark.sqlite_only
def test_the_page_after_a_redirect_leads_to_what_stays(browse: Browse, world: World) -> None:
    number, child, _hidden, notice = parent(world)
    here, agent = f"/incidents/{number}/", browse("agn")
    solved = Event.objects.filter(record__number=number, name="incident.resolve").get().pk
    agent.post(f"{here}undo/{solved}/")
    shown = agent.get(here).content.decode()
    assert f'stays: <a href="/r/{child}">{child}</a> resolved' in shown
    assert f'<a href="/r/{notice}">{notice}</a> ended.' in shown


@pytest.mark.sqlite_only
def test_the_page_of_a_job_names_what_stays(browse: Browse, world: World) -> None:
    number, other = world.incident().number, world.incident().number
    commands.link(incident, other, "child_of", number, SETUP)
    agent = browse("agn")
    asked = {"step": "move:resolve", "sel": [number], "apply": "1", **SOLVED}
    undo = undo_of(agent.post("/incidents/bulk/", asked, headers={"HX-Request": "true"}))
    delivery.drain()
    agent.post(undo)
    made = Job.objects.latest("created_at").pk
    assert f'stays: <a href="/r/{other}">' in agent.get(f"/jobs/{made}/").content.decode()


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


def undone(agent: Any, answer: Any) -> dict[str, Any]:
    """What is told after the Undo of an answer was pressed in its toast."""
    told = agent.post(undo_of(answer), headers={"HX-Request": "true", "HX-Target": "div#toasts"})
    assert told.status_code == 204 and "taken-back" in told["HX-Trigger"]
    return json.loads(told["HX-Trigger"])["toast"]


@pytest.mark.sqlite_only
def test_what_people_are_and_hold_has_an_undo(browse: Browse, world: World) -> None:
    chief, net, agn = browse("adm"), world.teams["net"], world.number("agn")

    def stands() -> Any:
        person = queries.one(shelf.type("user"), SETUP.actor, agn)
        there = people.members(queries.one(shelf.type("team"), SETUP.actor, net), SETUP.actor)
        return people.roles(person), people.skills(person), there

    skill = commands.create(shelf.type("skill"), {"title": "Cisco"}, SETUP).number
    directory.teach(agn, skill, 2, SETUP)
    directory.join(net, agn, SETUP)
    before = stands()
    acts = (
        (f"/teams/{net}/members/", {"person": agn, "away": "1"}),
        (f"/teams/{net}/members/", {"person": agn, "lead": "true"}),
        (f"/teams/{net}/members/", {"person": world.number("agd"), "lead": "true"}),
        (f"/users/{agn}/roles/", {"role": "agent", "away": "1"}),
        (f"/users/{agn}/roles/", {"role": "auditor", "team": net}),
        (f"/users/{agn}/skills/", {"skill": skill, "level": "0"}),
        (f"/users/{agn}/skills/", {"skill": skill, "level": "3"}),
    )
    for path, form in acts:
        answer = chief.post(path, form, headers=FRAGMENT)
        assert stands() != before, form
        assert not undone(chief, answer)["undo"]
        assert stands() == before, form
    for path, form in (
        (f"/teams/{net}/members/", {"person": agn, "lead": "false"}),
        (f"/users/{agn}/skills/", {"skill": skill, "level": "2"}),
    ):
        assert undo_of(chief.post(path, form, headers=FRAGMENT)) == "", "it was so already"
    undo = undo_of(chief.post(*acts[3], headers=FRAGMENT))
    assert browse("agm").post(undo).status_code == 403 and stands() != before
    assert chief.get(undo).status_code == 405
    chief.post(undo)
    assert stands() == before


@pytest.mark.sqlite_only
def test_all_that_was_read_at_once_is_unread_again(browse: Browse, world: World) -> None:
    numbers = [world.incident().number for _ in range(3)]
    for number in numbers:
        commands.change(incident, number, {"assignee": world.number("agn")}, SETUP)
    delivery.drain()
    agent, mine = browse("agn"), InboxEntry.objects.filter(person=world.people["agn"])
    agent.post(f"/inbox/{numbers[0]}/read/")
    before = dict(mine.values_list("record", "read_at"))
    answer = agent.post(
        "/inbox/read/", {"view": "needs"}, headers={**FRAGMENT, "HX-Target": "x#inbox"}
    )
    undo = undo_of(answer)
    assert not mine.filter(read_at=None).exists()
    browse("agm").post(undo)
    assert not mine.filter(read_at=None).exists(), "what others read is their own"
    agent.post(undo)
    assert dict(mine.values_list("record", "read_at")) == before
    for odd in ("", "?at=x", "?at=2026-01-01T00:00:00", "?at=%00"):
        assert agent.post(f"/inbox/unread/{odd}").status_code == 404


@pytest.mark.sqlite_only
def test_a_caller_who_said_that_it_works_may_take_that_back(browse: Browse, world: World) -> None:
    number = world.incident().number
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    here, caller = f"/portal/requests/{number}/", browse("ra1")
    caller.post(f"{here}agree/")
    assert row(number)["state"] == "closed"
    shown = caller.get(here).content.decode()
    [undo] = re.findall(r'action="([^"]*undo/[^"]*)"', shown)
    assert undo.startswith(here)
    assert (
        browse("rb1").post(undo).status_code == 404 and browse("agn").post(undo).status_code != 200
    )
    assert row(number)["state"] == "closed"
    assert caller.post(undo)["Location"] == here
    assert row(number)["state"] == "resolved"
    assert "Does it work again?" in caller.get(here).content.decode()


@pytest.mark.sqlite_only
def test_a_caller_may_take_back_that_it_is_not_needed_any_more(
    browse: Browse, world: World
) -> None:
    number = world.incident().number
    here, caller = f"/portal/requests/{number}/", browse("ra1")
    caller.post(f"{here}withdraw/")
    [undo] = re.findall(r'action="([^"]*undo/[^"]*)"', caller.get(here).content.decode())
    caller.post(undo)
    assert row(number)["state"] == "new"


def test_who_leaves_is_named_and_what_they_hold_is_shown(browse: Browse, world: World) -> None:
    agn, hidden = world.number("agh"), world.hidden_incident().number
    directory.grant(world.number("adm"), "agent", SETUP)
    theirs = [world.incident().number, world.incident().number]
    for number in (*theirs, hidden):
        commands.change(incident, number, {"assignee": agn}, SETUP)
    about = {"title": "Call", "parent": world.incident().number, "owner": agn}
    commands.create(shelf.type("task"), about, SETUP)
    here, chief = f"/users/{agn}/move/leave/", browse("adm")
    shown = chief.get(here).content.decode()
    lines = dict(re.findall(r'href="([^"]+)"><svg.*?Still theirs, ([^<]*)<', shown))
    assert sorted(lines.values()) == ["Incidents: 2", "Tasks: 1"], (
        "what they may not see is not counted"
    )
    address = next(
        html.unescape(url) for url, text in lines.items() if text.startswith("Incidents")
    )
    listed = chief.get(address).content.decode()
    assert all(f'id="{n}"' in listed for n in theirs) and hidden not in listed
    button = re.search(f'<[^>]+href="{here}"[^>]*>', chief.get(f"/users/{agn}/").content.decode())
    assert button and 'hx-target="#dialog"' in button[0], "it is read before it is done"
    moved = chief.post(here, {}, headers=FRAGMENT)
    assert json.loads(moved["HX-Trigger"])["toast"]["text"] == "Person agh is now left"
    assert "Still theirs" not in chief.get(f"/users/{agn}/move/return/").content.decode()


@pytest.mark.sqlite_only
def test_a_dialog_says_what_follows_elsewhere(browse: Browse, world: World) -> None:
    number, child = world.incident().number, world.incident().number
    for each in (child, world.hidden_incident().number):
        commands.link(incident, each, "child_of", number, SETUP)
    made = publish(incident, number, {"title": "Down", "text": "We look at it"}, world.by("agn"))
    here, agent = f"/incidents/{number}/move/", browse("agn")
    shown = agent.get(f"{here}resolve/").content.decode()
    assert (
        f"{child} is resolved with it" in shown
        and f"The notice {made.number} ends with it" in shown
    )
    shown = agent.get(f"{here}cancel/").content.decode()
    assert "is resolved with it" not in shown and f"The notice {made.number} ends with it" in shown
    shown = agent.get(f"{here}start/").content.decode()
    assert "with it" not in shown
    for who in ("ra1",):
        assert "with it" not in browse(who).get(f"{here}cancel/").content.decode()


@pytest.mark.sqlite_only
def test_a_problem_made_from_an_incident_is_told_with_a_way_back(
    browse: Browse, world: World
) -> None:
    for who in ("agn", "adm"):
        number = world.incident().number
        if who == "adm":
            directory.grant(world.number("adm"), "agent", SETUP)
        agent = browse(who)
        page = agent.post(f"/incidents/{number}/problem/")["Location"]
        made, shown = page.split("/")[2], agent.get(page).content.decode()
        linked = f'<a href="/r/{number}">{number}</a>'
        assert f"{made} created and linked to {linked}" in shown
        undo = f'action="/problems/{made}/remove/" hx-post'
        assert (undo in shown) is (who == "adm")
    agent.post(f"/problems/{made}/remove/")
    assert agent.get(page).status_code == 404
