"""A name that several have is not one that nobody has: the form says so, and whom it may mean."""

from __future__ import annotations

import pytest

from mainstay.records import commands
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
FORM = {"title": "Which of them", "impact": "2", "urgency": "2", "requester": "Lind"}


def lind(first: str, organisation: str = "") -> str:
    data = {"title": f"{first} Lind", "username": first, "email": f"{first}@example.org"}
    if organisation:
        data["organisation"] = organisation
    return str(commands.create(shelf.type("user"), data, SETUP).number)


def test_several_who_match_are_named_with_their_numbers(browse: Browse, world: World) -> None:
    numbers = [lind(first) for first in ("anna", "bo", "cleo", "dora")]
    answer = browse("agn").post("/incidents/new/", FORM)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f"anna Lind · {numbers[0]}, bo Lind · {numbers[1]} and cleo Lind · {numbers[2]}" in shown
    assert "Several match, such as " in shown and "There is no person" not in shown
    assert numbers[3] not in shown
    number = world.incident().number
    changed = browse("agn").post(f"/incidents/{number}/edit/", FORM)
    assert "Several match, such as anna Lind" in changed.content.decode()
    placed = browse("agn").post(f"/incidents/{number}/set/requester/", {"value": "Lind"})
    assert "Several match, such as anna Lind" in placed.content.decode()


def test_one_called_exactly_so_is_meant_and_nobody_is_none(browse: Browse, world: World) -> None:
    for first in ("anna", "bo"):
        lind(first)
    agent = browse("agn")
    made = agent.post("/incidents/new/", FORM | {"requester": "anna lind"})
    assert made.status_code == 303
    none = agent.post("/incidents/new/", FORM | {"requester": "Lindqvist"}).content.decode()
    assert "There is no person Lindqvist." in none and "Several match" not in none


def test_whom_one_may_not_see_is_never_named(browse: Browse, world: World) -> None:
    hidden = [lind(first, world.organisations["a"]) for first in ("anna", "bo")]
    shown = browse("agb").post("/incidents/new/", FORM).content.decode()
    assert "There is no person Lind." in shown
    assert not any(number in shown for number in hidden)
