"""My work: what its gauges count is what the lists they lead to show, of what its reader may see."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from mainstay.directory import workload
from mainstay.records import clock, commands
from mainstay.records.types import shelf
from mainstay.surfaces.web import home
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

NAMES = ("Assigned to me", "Overdue", "On hold", "Nobody has taken it yet", "Resolved by me")
ROW = re.compile(r'<tr id="([A-Z]+-\d+)"')


def gauges(client: Client) -> dict[str, tuple[str, str, str]]:
    """By name: `(figure, address, all it says)`."""
    found = {}
    for link in client.get("/").content.decode().split('<a class="gauge')[1:]:
        link = link.partition("</a>")[0]
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", link.partition(">")[2])).strip()
        figure = re.search(r'<b class="num">(.*?)</b>', link)
        address = re.search(r'href="([^"]*)"', link)
        name = next(n for n in NAMES if words.startswith(n))
        assert figure and address
        found[name] = (figure[1], unescape(address[1]), words)
    return found


def listed(client: Client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return set(ROW.findall(answer.content.decode()))


def made(world: World, kind: str = "incident", **data: Any) -> str:
    usual = {"title": "VPN", "team": world.teams["net"]}
    if kind == "incident":
        usual["requester"] = world.number("ra1")
    return str(commands.create(shelf.type(kind), usual | data, SETUP).number)


@pytest.fixture
def busy(world: World) -> World:
    """AGN has two at hand and one on hold; of the team nobody has one."""
    mine = {"assignee": world.number("agn")}
    for title in ("First", "Second", "Third"):
        last = made(world, title=title, **mine)
    waits = {"waiting_for": "vendor"}
    commands.move(shelf.type("incident"), last, "hold", waits, world.by("agn"))
    made(world, title="Free", assignee="")
    return world


def test_each_counts_what_the_list_it_leads_to_shows(busy: World, browse: Browse) -> None:
    agent = browse("agn")
    found = gauges(agent)
    assert {name: figure for name, (figure, _, _) in found.items()} == {
        "Assigned to me": "2", "Overdue": "0", "On hold": "1", "Nobody has taken it yet": "1",
        "Resolved by me": "0",
    }  # fmt: skip
    for name in ("Assigned to me", "On hold", "Nobody has taken it yet"):
        figure, address, words = found[name]
        assert len(listed(agent, address)) == int(figure), name
        assert f"Incidents: {figure}" in words
    lists = [listed(agent, found[name][1]) for name in ("Assigned to me", "On hold")]
    assert lists[0].isdisjoint(lists[1])


def test_what_is_late_asks_for_something(busy: World, browse: Browse) -> None:
    agent = browse("agn")
    assert gauges(agent)["Overdue"][1:] == ("#mine", "Overdue On track 0 past their date")
    about = made(busy, title="With a task", assignee="")
    late = {"due_at": clock.now() - timedelta(days=1), "owner": busy.number("agn")}
    task = commands.create(shelf.type("task"), {"title": "Late", "parent": about, **late}, SETUP)
    figure, address, words = gauges(agent)["Overdue"]
    assert (figure, words) == ("1", "Overdue Act 1 past their date Tasks: 1")
    assert listed(agent, address) == {task.number}


def test_what_one_resolved_has_its_days_and_its_list(busy: World, browse: Browse) -> None:
    agent, incident = browse("agn"), shelf.type("incident")
    assert 'class="spark' not in agent.get("/").content.decode()
    solved = {"close_code": "solution_provided", "resolution": "Done."}
    numbers = set()
    for days_ago, many in ((20, 1), (13, 1), (1, 3)):
        for _ in range(many):
            with clock.held(clock.now() - timedelta(days=days_ago)):
                number = made(busy, assignee=busy.number("agn"))
                commands.move(incident, number, "resolve", solved, busy.by("agn"))
            numbers |= {number} if days_ago < 20 else set()
    figure, address, words = gauges(agent)["Resolved by me"]
    assert (figure, words) == ("4", "Resolved by me 4 Incidents in 14 days")
    assert listed(agent, address) == numbers
    # What somebody else resolved is not theirs.
    assert gauges(browse("agm"))["Resolved by me"][0] == "0"
    page = agent.get("/").content.decode()
    said = "Resolved by me, day by day: from 1 to 0, lowest 0, highest 3"
    assert f'role="img" aria-label="{said}"' in page


def test_of_several_types_it_leads_to_the_card_that_has_all(busy: World, browse: Browse) -> None:
    made(busy, "problem", title="Cause", assignee=busy.number("agn"))
    agent = browse("agn")
    figure, address, words = gauges(agent)["Assigned to me"]
    assert (figure, address) == ("3", "#mine")
    assert "Incidents: 2, Problems: 1" in words
    assert 'id="mine"' in agent.get("/").content.decode()


def test_a_stranger_and_somebody_in_no_team_see_nothing_of_it(busy: World, browse: Browse) -> None:
    assert {name: g[0] for name, g in gauges(browse("agd")).items()} == dict.fromkeys(NAMES, "0")
    assert set(gauges(browse("mgr"))) == {*NAMES[:3], "Resolved by me"}
    assert browse("ra1").get("/")["Location"] == "/portal/"


def test_what_one_may_not_see_is_not_counted(busy: World, browse: Browse) -> None:
    hidden = busy.hidden_incident()
    commands.change(shelf.type("incident"), hidden.number, {"assignee": busy.number("agh")}, SETUP)
    assert gauges(browse("agh"))["Assigned to me"][0] == "1"
    assert workload.own(busy.actor("agh"))["incident"].open == 1
    outsider = workload.own(busy.actor("agn"))
    assert {name: load.open for name, load in outsider.items()} == {"incident": 3}
    assert workload.own(busy.actor("agd")) == {}


def test_more_than_a_card_holds_is_told_as_more(
    busy: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        made(busy, title=f"Free {n}", assignee="")
        made(busy, title=f"Mine {n}", assignee=busy.number("agn"))
    monkeypatch.setattr(home, "SIZE", 3)
    page = browse("agn").get("/").content.decode()
    found = gauges(browse("agn"))
    assert found["Nobody has taken it yet"][0] == "3+"
    # What is one's own is counted to the end, on its card as well.
    assert found["Assigned to me"][0] == "5"
    assert "You have 5 records to work on." in page
    assert re.search(r'id="mine">Assigned to me <span class="count num">5<', page)


def test_the_sheet_of_what_is_drawn_comes_with_it(world: World, browse: Browse) -> None:
    agent = browse("agn")
    sheet = r'<link rel="stylesheet" href="[^"]*charts[^"]*" nonce='
    assert re.search(sheet, agent.get("/").content.decode())
    assert not re.search(sheet, agent.get("/incidents/").content.decode())


LINK = re.compile(
    r'<a class="btn s" href="([^"]*)">(\w+) <span class="count num">([\d+]+)</span></a>'
)
MORE = re.compile(r'<a class="more" href="([^"]*)">See all</a>')
HEAD = re.compile(r'<h2 id="(\w+)">[^<]*<span class="count num">([\d+]+)</span>')


def cards(client: Client) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """By the id of its card: its number, and `(address, what it lists, how many)` of where it leads."""
    found = {}
    for card in client.get("/").content.decode().split('<section class="card"')[1:]:
        card = card.partition("</section>")[0]
        head = HEAD.search(card)
        if head is None:
            continue
        links = LINK.findall(card)
        late = [one for one in links if card.find(one[0]) > card.find('id="late"') > 0]
        if late:
            found["late"] = (str(sum(int(n) for _a, _t, n in late)), late)
        whole = [(address, "all", head[2]) for address in MORE.findall(card)]
        found[head[1]] = (head[2], whole + [one for one in links if one not in late])
    return found


@pytest.fixture
def mixed(busy: World) -> World:
    """Beside the incidents problems and tasks; some on hold, some late, some of no team, some of others."""
    day = {"due_at": clock.now() - timedelta(days=1)}
    for login in ("agn", "agm", "agd", "lead"):
        team = busy.teams["desk" if login == "agd" else "net"]
        mine = {"assignee": busy.number(login), "team": team}
        for title in ("At hand", "Waits"):
            number = made(busy, title=f"{title} of {login}", **mine)
        waits = {"waiting_for": "vendor"}
        commands.move(shelf.type("incident"), number, "hold", waits, busy.by(login))
        made(busy, "problem", title=f"Cause of {login}", **mine)
        about = made(busy, title=f"With tasks of {login}", assignee="", team=team)
        for more in (day, {}, {"owner": None}):
            task = {"title": "Look", "parent": about, "owner": busy.number(login), **more}
            commands.create(shelf.type("task"), task, SETUP)
        made(busy, title="Nobody's, of no team", assignee="", team=None)
        made(busy, "problem", title="Nobody's", assignee="", team=team)
    return busy


@pytest.mark.parametrize("login", ["agn", "agm", "agd", "agh", "lead", "mgr", "adm"])
def test_every_number_of_a_card_is_that_of_the_list_it_leads_to(
    mixed: World, browse: Browse, login: str
) -> None:
    client = browse(login)
    found = cards(client)
    led = 0
    for name, (figure, links) in found.items():
        for address, _what, number in links:
            assert len(listed(client, unescape(address))) == int(number), (name, address)
            led += 1
        if links:
            assert sum(int(number) for _a, _w, number in links) == int(figure), name
        elif name in ("mine", "free", "waiting"):
            assert figure == "0", name
    for name, (figure, address, _words) in gauges(client).items():
        if address.startswith("#"):
            # One card has all of it, list by list.
            assert figure == "0" or found[address[1:]][0] == figure, name
        else:
            assert len(listed(client, address)) == int(figure), name
    assert led >= (5 if login in ("agn", "agm", "agd", "lead") else 0)


def test_see_all_is_said_where_it_is_true(mixed: World, busy: World, browse: Browse) -> None:
    found = cards(browse("agn"))
    assert [what for _a, what, _n in found["mine"][1]] == ["Incidents", "Problems", "Tasks"]
    assert [what for _a, what, _n in found["waiting"][1]] == ["all"]
    # Who is in no team is told nothing of what their teams have.
    assert "free" not in cards(browse("mgr"))


def test_a_page_that_follows_draws_its_cards_anew(mixed: World, browse: Browse) -> None:
    part = {"HX-Request": "true", "HX-Target": "main#main"}
    anew = browse("agn").get("/", headers=part)
    assert anew.status_code == 200 and "<html" not in anew.content.decode()
    whole = browse("agn").get("/").content.decode()
    assert LINK.findall(anew.content.decode()) == LINK.findall(whole) != []


def test_what_is_late_of_several_types_has_its_lists(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tasks alone have a date today; whatever else has one is counted beside them."""
    loads = {name: workload.Load(open=2, overdue=n) for name, n in (("incident", 1), ("task", 2))}
    monkeypatch.setattr(workload, "own", lambda _actor: loads)
    found = cards(browse("agn"))["late"]
    assert (found[0], [what for _a, what, _n in found[1]]) == ("3", ["Incidents", "Tasks"])
    assert gauges(browse("agn"))["Overdue"][:2] == ("3", "#late")
