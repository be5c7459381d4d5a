"""Steps for more records than one can wait for become a job whose page is its starter's alone."""

import pytest
from django.test import Client

from mainstay.records import bulk, jobs, queries
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def started(world: World, browse: Browse, monkeypatch) -> tuple[Client, str, list[str]]:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    numbers = [str(world.incident().number) for _ in range(3)]
    agent = browse("agn")
    told = agent.post(
        "/incidents/bulk/",
        {"step": "set:assignee", "assignee": world.number("agm"), "sel": numbers, "apply": "1"},
    )
    assert told.status_code == 303
    return agent, told["Location"], numbers


def test_a_large_step_becomes_a_job_with_a_page(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, numbers = started(world, browse, monkeypatch)
    assert "0 of 3" in agent.get(page).content.decode()
    jobs.work_one()
    assert "Worked through all 3" in agent.get(page).content.decode()
    held = {queries.one(incident, SETUP.actor, n)["assignee"]["number"] for n in numbers}
    assert held == {world.number("agm")}


def test_it_can_be_stopped_and_is_nobody_elses(world: World, browse: Browse, monkeypatch) -> None:
    agent, page, numbers = started(world, browse, monkeypatch)
    other = browse("mgr")
    missing = other.get("/jobs/01a20e2b-af66-76bb-a439-8b634e9e80e6/")
    assert other.get(page).status_code == missing.status_code == 404
    assert other.post(page).status_code == 404
    assert agent.post(page).status_code == 303
    jobs.work_one()
    assert "Stopped after 0 of 3" in agent.get(page).content.decode()
    assert queries.one(incident, SETUP.actor, numbers[0])["assignee"] is None
