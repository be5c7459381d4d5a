"""What came to a team and what was dealt with, day by day: by hand-made days, and never of what one may not see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.directory import flow
from mainstay.directory.record import team as team_type
from mainstay.records import clock, commands, queries
from mainstay.records.types import shelf
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
SOLVED = {"close_code": "solution_provided", "resolution": "Done."}


def at(days_ago: float) -> Any:
    return clock.held(NOW - timedelta(days=days_ago))


def made(world: World, days_ago: float, team: str = "net", **data: Any) -> str:
    usual = {"title": "VPN", "team": world.teams[team], "requester": world.number("ra1")}
    with at(days_ago):
        return str(commands.create(shelf.type("incident"), usual | data, SETUP).number)


def moved(world: World, number: str, days_ago: float, verb: str = "resolve", **values: Any) -> None:
    with at(days_ago):
        given = SOLVED if verb == "resolve" else values
        commands.move(shelf.type("incident"), number, verb, given, world.by("agn"))


def of_team(
    world: World, who: str = "agn", team: str = "net", zone: Any = UTC
) -> dict[int, tuple[int, int, int]]:
    """By how many days ago: opened, resolved, open at the end; without the days before the first thing happened."""
    with at(0):
        actor = world.actor(who)
        row = queries.one(team_type, actor, world.teams[team])
        found = flow.of_team(row, actor, zone)
    assert found is not None
    assert [day.day for day in found] == [
        date(2026, 11, 24) - timedelta(days=n) for n in range(13, -1, -1)
    ]
    return {13 - n: (d.opened, d.resolved, d.open) for n, d in enumerate(found)}


def test_days_are_counted_and_what_was_open_at_their_end(world: World) -> None:
    made(world, 40)
    first = made(world, 5)
    second = made(world, 5, assignee=world.number("agn"))
    made(world, 3)
    moved(world, first, 3)
    moved(world, second, 0)
    found = of_team(world)
    assert found[13] == found[6] == (0, 0, 1)
    assert found[5] == (2, 0, 3)
    assert found[4] == (0, 0, 3)
    assert found[3] == (1, 1, 3)
    assert found[1] == (0, 0, 3)
    assert found[0] == (0, 1, 2)


def test_what_was_cancelled_or_opened_anew(world: World) -> None:
    cancelled, again = made(world, 6), made(world, 6)
    moved(world, cancelled, 4, "cancel")
    moved(world, again, 4)
    moved(world, again, 2, "reopen")
    found = of_team(world)
    assert found[6] == (2, 0, 2)
    # Cancelled is not resolved; what was opened anew has not been.
    assert found[4] == (0, 0, 1)
    assert found[0] == (0, 0, 1)


def test_what_was_closed_later_was_resolved_when_it_was(world: World) -> None:
    number = made(world, 6)
    moved(world, number, 4)
    moved(world, number, 1, "close")
    assert [day for day, (_, resolved, _) in of_team(world).items() if resolved] == [4]


def test_other_teams_and_what_was_removed_are_not_counted(world: World) -> None:
    made(world, 2, team="desk")
    number = made(world, 2)
    with at(1):
        commands.remove(shelf.type("incident"), number, SETUP)
    assert set(of_team(world).values()) == {(0, 0, 0)}


def test_days_begin_where_the_reader_is(world: World) -> None:
    """At 23:30 in London it is the next day in Berlin."""
    with clock.held(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)):
        made_at = {"title": "VPN", "team": world.teams["net"], "requester": world.number("ra1")}
        commands.create(shelf.type("incident"), made_at, SETUP)
    opened = [day for day, (opened, _, _) in of_team(world).items() if opened]
    assert opened == [4]
    berlin = of_team(world, zone=ZoneInfo("Europe/Berlin"))
    assert [day for day, (opened, _, _) in berlin.items() if opened] == [3]


def test_what_one_may_not_see_is_not_counted(world: World) -> None:
    with at(2):
        hidden = str(world.hidden_incident().number)
    with at(1):
        commands.move(shelf.type("incident"), hidden, "resolve", SOLVED, world.by("agh"))
    inside = of_team(world, "agh", "hr")
    assert (inside[2], inside[1]) == ((1, 0, 1), (0, 1, 0))
    assert set(of_team(world, "agn", "hr").values()) == {(0, 0, 0)}
    with at(0):
        assert flow.resolved_by(world.actor("agh"), UTC) == {"incident": [0] * 12 + [1, 0]}


def test_problems_count_and_tasks_do_not(world: World) -> None:
    assert [rtype.name for rtype in flow.types()] == ["incident", "problem"]
    with at(1):
        problem = {"title": "Cause", "team": world.teams["net"]}
        commands.create(shelf.type("problem"), problem, SETUP)
        about = made(world, 1)
        commands.create(shelf.type("task"), {"title": "Look", "parent": about}, SETUP)
    assert of_team(world)[1] == (2, 0, 2)


def test_where_too_much_changed_it_is_not_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        made(world, 1, team="desk")
    monkeypatch.setattr(flow, "MOST", 3)
    assert of_team(world)[0] == (0, 0, 0)
    monkeypatch.setattr(flow, "MOST", 2)
    with at(0):
        actor = world.actor("agn")
        row = queries.one(team_type, actor, world.teams["net"])
        assert flow.of_team(row, actor, UTC) is None


def test_what_somebody_resolved_is_theirs_alone(world: World) -> None:
    mine = {"assignee": world.number("agn")}
    for days_ago in (20, 13, 2, 2):
        number = made(world, 30, **mine)
        moved(world, number, days_ago)
    with at(0):
        assert flow.resolved_by(world.actor("agn"), UTC) == {"incident": [1, *[0] * 10, 2, 0, 0]}
        assert flow.resolved_by(world.actor("agm"), UTC) == {}


@pytest.mark.sqlite_only
def test_each_part_is_served_by_an_index(world: World) -> None:
    with at(0):
        actor = world.actor("agn")
        row = queries.one(team_type, actor, world.teams["net"])
        with CaptureQueriesContext(connection) as sent:
            flow.of_team(row, actor, UTC)
            flow.resolved_by(actor, UTC)
    assert len(sent) == 2
    with connection.cursor() as cursor:
        plans = []
        for query in sent.captured_queries:
            cursor.execute(f"explain query plan {query['sql']}")
            plans.append([str(step[-1]) for step in cursor.fetchall()])
    searched = [[step for step in plan if step.startswith("SEARCH")] for plan in plans]
    assert [sum("record_team " in step for step in searched[0])] == [2]
    assert [sum("record_team_open" in step for step in searched[0])] == [2]
    assert [sum("COVERING INDEX record_updated" in step for step in searched[0])] == [4]
    for kind in ("incident", "problem"):
        assert sum(f"{kind}_resolved_by" in step for step in searched[1]) == 1
    # Nothing is read from its beginning to its end but what was found so.
    scanned = {step for plan in plans for step in plan if step.startswith("SCAN")}
    assert scanned <= {"SCAN w", "SCAN m"}
