"""A task is seen where its record is seen: behind every wall, and also when the record moves behind one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mainstay.capabilities.tasks import commands as tasks
from mainstay.capabilities.tasks.declare import Tasks, unfit
from mainstay.capabilities.tasks.record import task
from mainstay.pure.rules import Both, Mine, Role
from mainstay.records import commands, delivery, queries
from mainstay.records.errors import Invalid, Missing
from mainstay.records.types import shelf
from tests.capabilities.tasks.conftest import Board, written
from tests.world import PEOPLE, SETUP

pytestmark = pytest.mark.django_db


def test_behind_a_restricted_teams_wall_its_caller_and_managers_see_none(board: Board) -> None:
    hidden = board.world.hidden_incident().number
    number = tasks.add(board.incident, hidden, {"title": "CNRY-call"}, board.world.by("agh")).number
    assert board.titles("agh", hidden) == ["CNRY-call"]
    assert board.titles("ra2", hidden) == []
    for who in set(PEOPLE) - {"agh"}:
        assert board.listed(who) == set(), who
        with pytest.raises(Missing):
            board.see(number, who)
    before = written()
    with pytest.raises(Invalid):
        data = {"title": "x", "parent": hidden}
        commands.create(task, data, board.world.by("mgr"))
    with pytest.raises(Invalid):
        data = {"owner": board.world.number("agn")}
        commands.change(task, number, data, board.world.by("agh"))
    assert written() == before


def test_a_record_that_moves_behind_a_wall_takes_all_its_tasks_along(board: Board) -> None:
    data = {"title": "VPN", "requester": board.world.number("ra1")}
    board.number = commands.create(board.incident, data, SETUP).number
    kept, done, gone = board.add("Kept"), board.add("Done"), board.add("Gone")
    board.tick(done)
    commands.remove(task, gone, SETUP)
    assert board.listed("agn") == {"Kept", "Done"}
    data = {"team": board.world.teams["hr"], "requester": board.world.number("rb1")}
    commands.change(board.incident, board.number, data, SETUP)
    assert board.listed("agn") == set()
    assert board.listed("agh") == {"Kept", "Done"}
    commands.restore(task, gone, SETUP)
    assert board.listed("agn") == set()
    for number in (kept, done, gone):
        row = queries.one(task, board.world.actor("agh"), number)
        assert row["team"]["number"] == board.world.teams["hr"]
        assert row["organisation"]["number"] == board.world.organisations["b"]
        with pytest.raises(Missing):
            board.see(number, "mgr")


def test_a_confined_organisations_agents_see_their_own_records_tasks(board: Board) -> None:
    board.add("Ours")
    theirs = board.world.incident(by="rb1").number
    tasks.add(board.incident, theirs, {"title": "Theirs"}, board.world.by("agb"))
    assert board.listed("agb") == {"Theirs"}
    assert board.listed("agn") == {"Ours", "Theirs"}


def test_a_task_that_goes_to_another_record_stands_there(board: Board) -> None:
    number = board.add("Goes")
    desk = board.world.incident(team=board.world.teams["desk"], by="mgr").number
    hidden = board.world.hidden_incident().number
    by = board.world.by("agn")
    before = written()
    with pytest.raises(Invalid):
        commands.change(task, number, {"parent": hidden}, by)
    assert written() == before
    commands.change(task, number, {"parent": desk}, by)
    assert board.see(number)["team"]["number"] == board.world.teams["desk"]
    assert (board.titles(), board.titles(record=desk)) == ([], ["Goes"])


def test_assignment_in_the_worker_is_followed_as_well(board: Board) -> None:
    incident = board.world.incident().number
    number = tasks.add(board.incident, incident, {"title": "x"}, board.world.by("agn")).number
    assert board.see(number)["team"] is None
    delivery.drain()
    team = queries.one(board.incident, board.world.actor("adm"), incident)["team"]
    assert team is not None
    assert board.see(number)["team"] == team


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"access": "see", "rule": Mine("requester_id")}, "shows tasks to agents"),
        ({"access": "see", "rule": Both((Role("agent"), Mine("assignee_id")))}, "shows tasks"),
        ({"wall": "id"}, "behind the wall of 'organisation_id'"),
        ({"name": "task"}, "by the task itself"),
    ],
)
def test_a_type_that_would_show_too_much_is_told_at_startup(
    wrong: dict[str, Any], said: str
) -> None:
    incident = shelf.type("incident")
    if "rule" in wrong:
        wrong = {"access": replace(incident.access, see=wrong["rule"])}
    assert Tasks.unfit is unfit
    assert any(said in text for text in unfit(replace(incident, **wrong)))
    assert not list(unfit(incident))
