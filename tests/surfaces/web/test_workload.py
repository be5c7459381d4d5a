"""Workload: who has what, who has room, of what the one who looks may see."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.directory import commands as directory
from mainstay.directory import flow, people, workload
from mainstay.directory.record import team as team_type
from mainstay.records import clock, commands, queries
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World


def _made(world: World, **data: object) -> Any:
    """An incident of the network team, given to whom the desk chose."""
    usual = {"title": "VPN", "team": world.teams["net"], "requester": world.number("ra1")}
    return commands.create(shelf.type("incident"), usual | data, SETUP)


@pytest.fixture
def busy(world: World) -> World:
    """AGN has three, one of them on hold and one late; AGM has nothing; two of the team are nobody's."""
    mine = {"assignee": world.number("agn"), "impact": 1, "urgency": 1}
    _made(world, title="At hand", **mine)
    waits = _made(world, title="On hold", **mine)
    change = {"waiting_for": "vendor"}
    commands.move(shelf.type("incident"), waits.number, "hold", change, world.by("agn"))
    about = _made(world, title="With a task", assignee="")
    task = {"title": "Late", "parent": about.number, "owner": world.number("agn")}
    late = {"due_at": clock.now() - timedelta(days=1)}
    commands.create(shelf.type("task"), task | late, SETUP)
    _made(world, title="Nobody's", assignee="")
    return world


def loads(world: World, by: str) -> dict[str, workload.Load]:
    actor = world.actor(by)
    team = queries.one(team_type, actor, world.teams["net"])
    members = people.members(team, actor)
    return {m["title"].removeprefix("Person "): m["load"] for m in members} | {
        "": workload.untaken(team, actor)
    }


def test_it_counts_what_is_open_by_how_it_stands(busy: World) -> None:
    found = loads(busy, "mgr")
    assert (found["agn"].open, found["agn"].waiting, found["agn"].overdue) == (3, 1, 1)
    assert found["agn"].at_hand == 2
    assert found["agn"].priorities == {1: 2}
    assert found["agm"] == workload.Load()
    assert found[""].open == 2


def test_what_one_may_not_see_counts_for_nobody(busy: World) -> None:
    hidden = busy.hidden_incident()
    directory.join(busy.teams["net"], busy.number("agh"), SETUP)
    commands.change(shelf.type("incident"), hidden.number, {"assignee": busy.number("agh")}, SETUP)
    assert loads(busy, "lead")["agh"].open == 0
    assert loads(busy, "agh")["agh"].open == 1


def test_room_is_what_the_team_says(busy: World, browse: Browse) -> None:
    page = browse("lead").get("/workload/").content.decode()
    assert "Has room" not in page
    commands.change(team_type, busy.teams["net"], {"capacity": 2}, busy.by("mgr"))
    page = browse("lead").get("/workload/").content.decode()
    # AGN holds as many as one person can, AGM and the lead hold nothing.
    assert page.count("Has room") == 2
    assert "2 of 3 have room: up to 2 open records each." in page


def test_the_number_beside_the_room_is_what_counts_against_it(busy: World, browse: Browse) -> None:
    """AGN has three open, one of them on hold: two against the room. Where nobody said how much, all that is open."""

    def beside(key: str) -> str:
        page = browse("lead").get("/workload/").content.decode()
        line = page.partition(f'id="w-{key}"')[2].partition("</a>")[0]
        number = line.rpartition("load-n")[2].partition(">")[2]
        return " ".join(re.sub(r"<[^>]+>", "", number).split())

    agn = busy.number("agn")
    assert beside(agn) == "3 open records"
    for capacity in (3, 2):
        commands.change(team_type, busy.teams["net"], {"capacity": capacity}, busy.by("mgr"))
        assert beside(agn) == f"2 / {capacity} at hand"
    assert beside("nobody") == "2 open records"


def test_a_person_or_nobody_is_looked_at(busy: World, browse: Browse) -> None:
    lead = browse("lead")
    page = lead.get("/workload/").content.decode()
    assert "Nobody&#39;s" in page
    assert "At hand" not in page
    page = lead.get(f"/workload/?person={busy.number('agn')}").content.decode()
    assert "At hand" in page
    assert "Nobody&#39;s" not in page
    fragment = lead.get("/workload/", headers={"HX-Request": "true", "HX-Target": "div#workload"})
    assert b"<html" not in fragment.content
    assert b"Nobody" in fragment.content


def _status(client: Client, query: str = "") -> int:
    return client.get(f"/workload/{query}").status_code


def test_it_is_for_those_who_know_teams(busy: World, browse: Browse) -> None:
    assert Client().get("/workload/")["Location"] == "/sign-in?next=/workload/"
    for stranger in ("ra1", "ven"):
        assert _status(browse(stranger)) == 404
        assert b"/workload/" not in browse(stranger).get("/portal/").content
    for known in ("agn", "lead", "mgr", "aud", "adm"):
        assert _status(browse(known)) == 200
    assert _status(browse("mgr"), "?team=TEAM-999") == 404
    assert _status(browse("mgr"), f"?team={busy.teams['net']}&person={busy.number('agd')}") == 404


def test_a_restricted_teams_work_is_nobody_elses(busy: World, browse: Browse) -> None:
    busy.hidden_incident()
    query = f"?team={busy.teams['hr']}"
    assert "CNRY" in browse("agh").get(f"/workload/{query}").content.decode()
    page = browse("lead").get(f"/workload/{query}").content.decode()
    assert "CNRY" not in page
    assert "All taken" in page


def test_only_lists_where_there_is_something_are_offered(busy: World, browse: Browse) -> None:
    lead = browse("lead")
    seen = {
        person: set(
            re.findall(r"(\w+) in the list", lead.get(f"/workload/{asked}").content.decode())
        )
        for person, asked in (
            ("agn", f"?person={busy.number('agn')}"),
            ("agm", f"?person={busy.number('agm')}"),
            ("nobody", ""),
        )
    }
    assert seen == {"agn": {"Incidents", "Tasks"}, "agm": set(), "nobody": {"Incidents"}}
    agent = loads(busy, "mgr")
    assert (agent["agn"].types, agent[""].types) == ({"incident", "task"}, {"incident"})


def test_the_lists_show_the_same(busy: World, browse: Browse) -> None:
    lead = browse("lead")
    page = lead.get(f"/workload/?person={busy.number('agn')}").content.decode()
    address = page.split("Incidents in the list")[0].rpartition('href="')[2].partition('"')[0]
    listed = lead.get(address.replace("&amp;", "&")).content.decode()
    assert "At hand" in listed
    assert "On hold" in listed
    assert "Nobody&#39;s" not in listed


def _flow(page: str) -> list[list[str]]:
    """The rows of the table behind the chart: day, opened, resolved, open."""
    table = page.partition('<table class="figures num">')[2].partition("</table>")[0]
    rows = table.split("<tr>")[2:]
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_what_came_and_what_went_is_drawn_with_its_figures(busy: World, browse: Browse) -> None:
    with clock.held(clock.now() - timedelta(days=3)):
        number = _made(busy, title="Old", assignee=busy.number("agn")).number
    solved = {"close_code": "solution_provided", "resolution": "Done."}
    commands.move(shelf.type("incident"), number, "resolve", solved, busy.by("agn"))
    page = browse("lead").get("/workload/").content.decode()
    rows = _flow(page)
    assert len(rows) == 14
    # Four incidents of today are open still; a task is no part of it.
    assert rows[0][1:] == ["4", "1", "4"]
    assert rows[3][1:] == ["1", "0", "1"]
    assert rows[4][1:] == ["0", "0", "0"]
    assert "5 opened, 1 resolved, 4 open at the end" in page
    assert "charts" in page.partition("</head>")[0]


def test_of_a_restricted_team_nobody_else_sees_what_came(busy: World, browse: Browse) -> None:
    busy.hidden_incident()
    query = f"?team={busy.teams['hr']}"
    assert _flow(browse("agh").get(f"/workload/{query}").content.decode())[0][1:] == ["1", "0", "1"]
    rows = _flow(browse("lead").get(f"/workload/{query}").content.decode())
    assert {tuple(row[1:]) for row in rows} == {("0", "0", "0")}


def test_where_it_is_not_counted_that_is_said(
    busy: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "MOST", 1)
    page = browse("lead").get("/workload/").content.decode()
    assert "Too much has changed in these days" in page
    assert _flow(page) == []


def test_who_looks_at_one_after_the_other_does_not_ask_for_it_again(
    busy: World, browse: Browse
) -> None:
    lead, part = browse("lead"), {"HX-Request": "true", "HX-Target": "div#workload"}
    with CaptureQueriesContext(connection) as whole:
        lead.get("/workload/")
    with CaptureQueriesContext(connection) as fragment:
        lead.get("/workload/", headers=part)
    asks = [sum("'came'" in q["sql"] for q in sent) for sent in (whole, fragment)]
    assert asks == [1, 0]


OPTION = re.compile(r'<a class="opt" href="/workload/\?team=(TEAM-\d+)"')
LIST = {"HX-Request": "true", "HX-Target": "nav#list-teams"}


@pytest.fixture
def many_teams(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """More teams than the menu holds, all of them before one's own by their names."""
    monkeypatch.setattr("mainstay.surfaces.web.workload.TEAMS", 4)
    return [
        commands.create(team_type, {"title": f"Applications {n}"}, SETUP).number for n in range(6)
    ]


def test_ones_own_team_stands_first_however_many_there_are(
    world: World, many_teams: list[str], browse: Browse
) -> None:
    page = browse("lead").get("/workload/").content.decode()
    assert OPTION.findall(page) == [world.teams["net"], *many_teams[:3]]
    assert '<span dir="auto">Network</span>' in page
    assert "There are more: type a part of the name." in page
    # Who is in none begins with the first by name.
    assert OPTION.findall(browse("mgr").get("/workload/").content.decode()) == many_teams[:4]


def test_the_menu_finds_teams_by_a_part_of_their_name(
    world: World, many_teams: list[str], browse: Browse
) -> None:
    lead, here = browse("lead"), f"/workload/?team={world.teams['net']}"
    found = lead.get(f"{here}&q=ions+5", headers=LIST).content.decode()
    assert OPTION.findall(found) == [many_teams[5]]
    assert "<form" not in found and "There are more" not in found
    assert OPTION.findall(lead.get(f"{here}&q=twork", headers=LIST).content.decode()) == [
        world.teams["net"]
    ]
    none = lead.get(f"{here}&q=zebra", headers=LIST).content.decode()
    assert "Nothing is called so." in none
    with CaptureQueriesContext(connection) as sent:
        lead.get(f"{here}&q=app", headers=LIST)
    # Nobody counts what a team holds while somebody types.
    assert not any("is_late" in q["sql"] for q in sent)


def test_without_a_script_a_name_leads_to_its_team(
    world: World, many_teams: list[str], browse: Browse
) -> None:
    lead = browse("lead")
    for typed in ("network", world.teams["net"].lower(), "twor"):
        answer = lead.get("/workload/", {"q": typed})
        assert answer["Location"] == f"/workload/?team={world.teams['net']}"
    several = lead.get("/workload/", {"q": "applications"}).content.decode()
    assert [n for n in many_teams if f'href="/workload/?team={n}"' in several] == many_teams[:4]
    none = lead.get("/workload/", {"q": "zebra"}).content.decode()
    assert "Nothing is called so." in none
    assert browse("ra1").get("/workload/", {"q": "network"}).status_code == 404


def test_what_who_has_left_still_has_of_a_team_is_seen_and_listed(
    busy: World, browse: Browse
) -> None:
    agn, lead = busy.number("agn"), browse("lead")
    _made(busy, title="Elsewhere", assignee=agn, team=busy.teams["desk"])
    commands.move(shelf.type("user"), agn, "leave", {}, busy.by("adm"))
    page = lead.get(f"/workload/?team={busy.teams['net']}&person={agn}").content.decode()
    line = page.partition(f'id="w-{agn}"')[2].partition("</a>")[0]
    assert "Has left" in line and "3<span" in line
    address = page.split("Incidents in the list")[0].rpartition('href="')[2].partition('"')[0]
    for shown in (page, lead.get(address.replace("&amp;", "&")).content.decode()):
        assert "At hand" in shown and "On hold" in shown
        assert "Elsewhere" not in shown and "Nobody&#39;s" not in shown
    # Who has left has no room, and counts for nobody of the team.
    commands.change(team_type, busy.teams["net"], {"capacity": 2}, busy.by("mgr"))
    page = lead.get("/workload/").content.decode()
    assert "2 of 2 have room" in page and page.count("Has room") == 2


def test_a_record_says_that_who_has_it_has_left(busy: World, browse: Browse) -> None:
    agn, lead = busy.number("agn"), browse("lead")
    number = _made(busy, assignee=agn).number

    def assignee() -> str:
        page = lead.get(f"/incidents/{number}/").content.decode()
        return page.partition('id="b-assignee"')[2].partition("</button>")[0]

    assert "Person agn" in assignee() and "Has left" not in assignee()
    commands.move(shelf.type("user"), agn, "leave", {}, busy.by("adm"))
    assert "Person agn" in assignee() and "Has left" in assignee()
