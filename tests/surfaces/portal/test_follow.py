"""What the page of one request tells the person who asked."""

from __future__ import annotations

import re

import pytest

from mainstay.records import commands
from mainstay.records.types import Message, shelf
from mainstay.surfaces.portal import mine
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SOLUTION = {"close_code": "solution_provided", "resolution": "The cable was loose."}


def told(browse: Browse, number: str) -> str:
    return browse("ra1").get(f"/portal/requests/{number}/").content.decode()


def test_the_solution_is_told_for_as_long_as_it_is_one(browse: Browse, world: World) -> None:
    number = world.incident().number
    assert SOLUTION["resolution"] not in told(browse, number)
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    assert SOLUTION["resolution"] in told(browse, number)
    commands.move(incident, number, "reopen", {}, world.by("ra1"), message=Message("all", "No."))
    assert SOLUTION["resolution"] not in told(browse, number)
    commands.move(incident, number, "resolve", SOLUTION, world.by("agn"))
    commands.move(incident, number, "confirm", {}, world.by("ra1"))
    assert SOLUTION["resolution"] in told(browse, number)


def test_what_waits_for_the_person_stands_at_home_however_old(browse: Browse, world: World) -> None:
    waiting = world.incident().number
    question = Message("all", "Which client?")
    given = {"waiting_for": "caller"}
    commands.move(incident, waiting, "hold", given, world.by("agn"), message=question)
    for _ in range(12):
        world.incident()
    page = browse("ra1").get("/portal/").content.decode()
    assert f">{waiting} ·" in page and page.count("/portal/requests/INC-") >= 5
    assert '<span class="count num">13</span>' in page


def test_every_request_stands_on_some_page(
    browse: Browse, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mine, "SIZE", 3)
    numbers = [world.incident().number for _ in range(7)]
    found, url = [], "/portal/requests/"
    while url:
        page = browse("ra1").get(url).content.decode()
        found += re.findall(r">(INC-\d+) ·", page)
        after = re.search(r'href="\?(after=[^"]+)"', page)
        url = f"/portal/requests/?{after[1]}" if after else ""
    assert found == numbers[::-1]
