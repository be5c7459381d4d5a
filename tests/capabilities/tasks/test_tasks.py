"""A task from the first word to the tick: who adds and does it, its order, its template, and its record's end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mainstay.capabilities.tasks import commands as tasks
from mainstay.capabilities.tasks import lines
from mainstay.capabilities.tasks import queries as of_record
from mainstay.capabilities.tasks.record import task, task_template
from mainstay.directory import commands as directory
from mainstay.practices.problems.commands import duplicate
from mainstay.practices.problems.record import problem
from mainstay.records import clock, commands, delivery, history, queries
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, Refused
from mainstay.records.types import Message
from tests.capabilities.tasks.conftest import Board, written
from tests.world import SETUP

pytestmark = pytest.mark.django_db
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}
MOVE_IN = "- Order the laptop (+2d)\n2. Make the account (+4h)\n\nSay hello"


def template(**data: Any) -> str:
    values = {"title": "Somebody new", "tasks": MOVE_IN} | data
    return str(commands.create(task_template, values, SETUP).number)


def test_a_task_belongs_where_its_record_does(board: Board) -> None:
    number = board.add(owner=board.world.number("agm"), due_at="2030-01-01T08:00:00Z")
    row = board.see(number)
    assert row["parent"]["number"] == board.number
    assert row["team"]["number"] == board.world.teams["net"]
    assert row["organisation"]["number"] == board.world.organisations["a"]
    assert row["owner"]["title"] == "Person agm"
    assert row["added_by"]["title"] == "Person agn"


@pytest.mark.parametrize("who", ["ra1", "ra2", "rb1", "agb", "aud", "ven"])
def test_who_does_not_work_on_it_adds_none(board: Board, who: str) -> None:
    before = written()
    with pytest.raises(Refused):
        board.add(by=who)
    with pytest.raises(Refused):
        data = {"title": "x", "parent": board.number}
        commands.create(task, data, board.world.by(who))
    assert written() == before


@pytest.mark.parametrize("who", ["agn", "agd", "lead", "mgr", "adm"])
def test_agents_and_those_above_them_do(board: Board, who: str) -> None:
    number = board.add(by=who)
    assert board.see(number, who)["parent"]["number"] == board.number


def test_a_role_for_one_team_reaches_that_teams_records_alone(board: Board) -> None:
    directory.grant(board.world.number("ra2"), "agent", SETUP, team_key=board.world.teams["desk"])
    board.add("Not theirs")
    before = written()
    with pytest.raises(Refused):
        board.add(by="ra2")
    assert written() == before
    assert board.listed("ra2") == set()
    other = board.world.incident(team=board.world.teams["desk"], by="mgr").number
    tasks.add(board.incident, other, {"title": "Theirs"}, board.world.by("ra2"))
    assert board.listed("ra2") == {"Theirs"}


@pytest.mark.parametrize("who", ["ra1", "agb", "aud"])
def test_an_owner_must_work_here_and_be_let_through(board: Board, who: str) -> None:
    number = board.add()
    before = written()
    with pytest.raises(Invalid) as refused:
        board.add(owner=board.world.number(who))
    assert "owner" in refused.value.fields
    with pytest.raises(Invalid):
        commands.change(task, number, {"owner": board.world.number(who)}, board.world.by("agn"))
    assert written() == before


def test_an_owner_from_outside_does_the_task_and_hears_of_nothing_else(board: Board) -> None:
    number = board.add("Replace the switch", owner=board.world.number("ven"))
    board.add("Not theirs")
    assert board.listed("ven") == {"Replace the switch"}
    assert "parent" not in board.see(number, "ven")
    row = queries.one(task, board.world.actor("ven"), number)
    told = history.events(task, board.world.actor("ven"), row)
    assert board.number not in str(told)
    before = written()
    with pytest.raises(Denied):
        commands.change(task, number, {"title": "Something else"}, board.world.by("ven"))
    assert written() == before
    assert board.tick(number, by="ven").state == "done"


def test_done_skipped_and_open_again(board: Board) -> None:
    number = board.add()
    board.tick(number)
    assert board.see(number)["done_at"] is not None
    board.tick(number, "reopen")
    assert board.see(number)["done_at"] is None
    board.tick(number, "skip")
    with pytest.raises(Illegal):
        board.tick(number)
    row = queries.one(task, board.world.actor("agn"), number)
    names = [event["name"] for event in history.events(task, board.world.actor("agn"), row)]
    assert names == ["task.create", "task.finish", "task.reopen", "task.skip"]


def test_order_is_kept_and_the_place_between_two_is_found_for_ever(board: Board) -> None:
    numbers = [board.add(title) for title in ("a", "b", "c")]
    by = board.world.by("agn")

    def put(number: str, before: str | None) -> None:
        tasks.put_before(board.incident, board.number, number, before, by)

    put(numbers[2], numbers[0])
    assert board.titles() == ["c", "a", "b"]
    put(numbers[2], None)
    assert board.titles() == ["a", "b", "c"]
    for _turn in range(12):
        put(numbers[2], numbers[1])
        put(numbers[1], numbers[2])
    assert board.titles() == ["a", "b", "c"]
    tasks.step(board.incident, board.number, numbers[0], by, down=True)
    assert board.titles() == ["b", "a", "c"]
    tasks.step(board.incident, board.number, numbers[2], by, down=False)
    assert board.titles() == ["b", "c", "a"]
    for number, down in ((numbers[1], False), (numbers[0], True)):
        tasks.step(board.incident, board.number, number, by, down=down)
    assert board.titles() == ["b", "c", "a"]


def test_who_orders_must_work_there_and_name_its_tasks(board: Board) -> None:
    first, second = board.add("a"), board.add("b")
    other = board.world.incident(team=board.world.teams["net"], by="mgr").number
    foreign = tasks.add(board.incident, other, {"title": "z"}, board.world.by("agn")).number
    before = written()
    for who, number in (
        ("ra1", second),
        ("agb", second),
        ("aud", second),
        ("agn", foreign),
        ("agn", "x"),
    ):
        with pytest.raises(Refused):
            tasks.put_before(board.incident, board.number, number, first, board.world.by(who))
        with pytest.raises(Refused):
            tasks.step(board.incident, board.number, number, board.world.by(who), down=False)
    assert written() == before


def test_lines_of_a_template() -> None:
    found = lines.read(MOVE_IN)
    assert [line.title for line in found] == ["Order the laptop", "Make the account", "Say hello"]
    assert [line.due_in for line in found] == [timedelta(days=2), timedelta(hours=4), None]
    assert list(lines.mistakes("- (+2d)"))
    assert list(lines.mistakes("x\n" * 51))
    assert list(lines.mistakes("x" * 251))
    for unread in ("(+99999999d)", "(+x)", "(+)", "(+2 weeks)"):
        (said,) = lines.mistakes(f"Fine (+2d)\nWrong {unread} ")
        assert "Task 2" in said and unread in said
    assert not list(lines.mistakes("Call +44 123 (twice)\nAdd (+1) to it"))


def test_a_template_is_applied_whole_or_not_at_all(board: Board) -> None:
    number = template()
    with clock.held(clock.now()):
        made = tasks.apply(board.incident, board.number, number, board.world.by("agn"))
        due = [each.due_at and each.due_at - clock.now() for each in made]
    assert due == [timedelta(days=2), timedelta(hours=4), None]
    assert board.titles() == ["Order the laptop", "Make the account", "Say hello"]
    before = written()
    for who in ("ra1", "agb", "aud", "ven"):
        with pytest.raises(Refused):
            tasks.apply(board.incident, board.number, number, board.world.by(who))
    commands.move(task_template, number, "retire", {}, SETUP)
    before = written()
    with pytest.raises(Illegal):
        tasks.apply(board.incident, board.number, number, board.world.by("agn"))
    assert written() == before


def test_a_template_without_tasks_is_refused() -> None:
    for text in ("", "  \n ", "- (+2d)"):
        with pytest.raises(Invalid) as refused:
            template(tasks=text)
        assert "tasks" in refused.value.fields


def test_tasks_outlive_the_resolution_and_are_skipped_at_the_end(board: Board) -> None:
    done, left = board.add("Done"), board.add("Left")
    board.tick(done)
    by = board.world.by("agn")
    commands.move(board.incident, board.number, "resolve", SOLVED, by, message=Message("all", "So"))
    delivery.drain()
    assert board.see(left)["state"] == "open"
    before = written()
    with pytest.raises(Illegal, match="is resolved and takes no more tasks"):
        tasks.add(board.incident, board.number, {"title": "Too late"}, by)
    with pytest.raises(Missing):
        tasks.add(board.incident, board.number, {"title": "x"}, board.world.by("agb"))
    assert written() == before
    commands.move(board.incident, board.number, "close", {}, by)
    delivery.drain()
    assert (board.see(left)["state"], board.see(done)["state"]) == ("skipped", "done")
    before = written()
    with pytest.raises(Invalid):
        board.tick(left, "reopen")
    assert written() == before


def test_what_a_cancelled_record_had_open_is_skipped_because_of_that(board: Board) -> None:
    number = board.add()
    commands.move(board.incident, board.number, "cancel", {}, board.world.by("agn"))
    delivery.drain()
    row = queries.one(task, board.world.actor("agn"), number)
    told = history.events(task, board.world.actor("agn"), row)[-1]
    assert (told["name"], told["actor"]) == ("task.skip", None)


def test_a_duplicate_problem_ends_without_a_move(board: Board) -> None:
    one, other = (commands.create(problem, {"title": t}, SETUP).number for t in ("one", "other"))
    number = tasks.add(problem, one, {"title": "Look"}, SETUP).number
    duplicate(one, other, SETUP)
    delivery.drain()
    assert board.see(number)["state"] == "skipped"


def test_a_record_with_open_tasks_is_not_removed(board: Board) -> None:
    number = board.add()
    before = written()
    with pytest.raises(Invalid):
        commands.remove(board.incident, board.number, SETUP)
    assert written() == before
    board.tick(number, "skip")
    commands.remove(board.incident, board.number, SETUP)
    with pytest.raises(Missing):
        queries.one(board.incident, board.world.actor("agn"), board.number)


def test_a_record_has_so_many_at_most(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_record, "MOST", 3)
    number = template()
    tasks.apply(board.incident, board.number, number, board.world.by("agn"))
    before = written()
    for add in (board.add, lambda: tasks.apply(board.incident, board.number, number, SETUP)):
        with pytest.raises(Invalid):
            add()
    assert written() == before


def test_records_of_other_kinds_take_none(board: Board) -> None:
    one = board.add("a")
    before = written()
    for key in (board.world.teams["net"], one, board.world.services["vpn"], "INC-999999"):
        with pytest.raises(Invalid) as refused:
            commands.create(task, {"title": "x", "parent": key}, board.world.by("adm"))
        assert "parent" in refused.value.fields
    with pytest.raises(Invalid):
        commands.create(task, {"title": "x"}, board.world.by("adm"))
    assert written() == before
