"""A step for many records asks before it empties a field, whether few are worked on at once or very many as a job."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.records import bulk, commands, jobs, queries
from mainstay.records.models import Event, Job
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
STEP = {"step": "set:category", "apply": "1"}


def categories(numbers: list[str]) -> list[Any]:
    return [queries.one(incident, SETUP.actor, number)["category"] for number in numbers]


def filled(world: World, count: int = 3) -> list[str]:
    numbers = [str(world.incident().number) for _ in range(count)]
    for number in numbers:
        commands.change(incident, number, {"category": "Network"}, SETUP)
    return numbers


@pytest.mark.parametrize("at_once", [100, pytest.param(2, marks=pytest.mark.sqlite_only)])
def test_a_forgotten_value_empties_nothing(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    numbers = filled(world)
    agent, form, before = browse("agn"), STEP | {"sel": numbers}, Event.objects.count()
    asked = agent.post("/incidents/bulk/", form | {"apply": ""}).content.decode()
    assert 'name="empty"' in asked and "optional" not in asked.partition("Reason")[0]
    for typed in ("", "   "):
        told = agent.post("/incidents/bulk/", form | {"category": typed, "reason": "Moved"})
        assert told.status_code == 422
        shown = told.content.decode()
        assert "Choose a value, or say that the field is to be emptied." in shown
        assert 'value="Moved"' in shown and "The 3 selected" in shown
    both = agent.post("/incidents/bulk/", form | {"category": "Desk", "empty": "1"})
    assert both.status_code == 422 and "not both" in both.content.decode()
    assert (Event.objects.count(), Job.objects.count()) == (before, 0)
    assert agent.post("/incidents/bulk/", form | {"empty": "1"}).status_code == 303
    while jobs.work_one():
        pass
    assert categories(numbers) == [""] * 3


@pytest.mark.sqlite_only
def test_all_that_match_are_still_meant_when_the_form_comes_back(
    world: World, browse: Browse
) -> None:
    numbers = filled(world)
    form = STEP | {"sel": numbers[:1], "which": "all"}
    shown = browse("agn").post("/incidents/bulk/?view=all", form).content.decode()
    assert 'value="all" checked' in shown and 'value="chosen" checked' not in shown
    assert categories(numbers) == ["Network"] * 3


@pytest.mark.sqlite_only
def test_what_is_never_empty_is_not_offered_to_be(world: World, browse: Browse) -> None:
    numbers, agent = filled(world, 1), browse("agn")
    form = {"step": "set:impact", "sel": numbers}
    assert 'name="empty"' not in agent.post("/incidents/bulk/", form).content.decode()
    for more in ({}, {"empty": "1"}):
        told = agent.post("/incidents/bulk/", form | {"apply": "1"} | more)
        assert told.status_code == 422 and "Choose a value." in told.content.decode()


@pytest.mark.sqlite_only
def test_where_some_were_not_removed_the_others_are_taken_back_without_a_script(
    world: World, browse: Browse
) -> None:
    numbers = filled(world)
    commands.remove(incident, numbers[0], SETUP)
    form = {"step": "remove:", "sel": numbers, "apply": "1"}
    told = browse("adm").post("/incidents/bulk/", form).content.decode()
    undo = f"/incidents/restore/?sel={numbers[1]}&amp;sel={numbers[2]}"
    assert numbers[0] in told and f'action="{undo}"' in told
