"""What the page of one request tells the person who asked."""

from __future__ import annotations

import pytest

from mainstay.records import commands
from mainstay.records.types import Message, shelf
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
