"""Tasks tell people: whoever gets one, has one that is due, or gave one away; never past the walls of its record."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from mainstay.capabilities.tasks import commands as tasks
from mainstay.capabilities.tasks.record import task
from mainstay.capabilities.telling import queries
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.records import clock, commands, delivery, timers
from tests.capabilities.tasks.conftest import Board
from tests.world import SETUP

pytestmark = pytest.mark.django_db


def told(board: Board, name: str, view: str = "needs") -> list[tuple[str, str]]:
    items, _next = queries.page(board.world.actor(name), view)
    return [(item.number, item.kind.name) for item in items if item.rtype is task]


def give(board: Board, number: str, to: str, by: str = "agn") -> None:
    commands.change(task, number, {"owner": board.world.number(to)}, board.world.by(by))
    delivery.drain()


def test_whoever_gets_a_task_is_told_until_it_is_done(board: Board) -> None:
    number = board.add(owner=board.world.number("agm"))
    delivery.drain()
    assert told(board, "agm") == [(number, "assigned")]
    assert told(board, "agn") == told(board, "agn", "info") == []
    board.tick(number, by="agm")
    delivery.drain()
    assert told(board, "agm") == []
    assert told(board, "agn", "info") == [(number, "progress")], "whoever added it hears of its end"


def test_one_taken_oneself_is_no_news(board: Board) -> None:
    number = board.add()
    give(board, number, "agn")
    assert told(board, "agn") == []
    give(board, number, "agm")
    assert told(board, "agm") == [(number, "assigned")]


def test_what_is_due_is_said_and_not_of_what_is_done(board: Board) -> None:
    soon = (clock.now() + timedelta(hours=1)).isoformat()
    number = board.add(owner=board.world.number("agm"), due_at=soon)
    done = board.add(owner=board.world.number("agm"), due_at=soon)
    delivery.drain()
    board.tick(done, by="agm")
    delivery.drain()
    InboxEntry.objects.all().delete()
    with clock.held(clock.now() + timedelta(hours=2)):
        while timers.fire_due():
            pass
        assert told(board, "agm") == [(number, "due")]


def test_the_day_it_is_due_is_told_in_the_morning(board: Board) -> None:
    start = datetime.combine(clock.now().date() + timedelta(days=1), time(9), UTC)
    days = {"today": 0, "tomorrow": 1}
    with clock.held(start):
        due = {
            name: board.add(
                owner=board.world.number("agm"),
                due_at=(start.replace(hour=23, minute=59) + timedelta(days=n)).isoformat(),
            )
            for name, n in days.items()
        }
        early = (start.replace(hour=4) + timedelta(days=2)).isoformat()
        due["before the morning"] = board.add(owner=board.world.number("agm"), due_at=early)
        delivery.drain()
        InboxEntry.objects.all().delete()

    def said(after: timedelta) -> set[str]:
        with clock.held(start + after):
            while timers.fire_due():
                pass
            return {number for number, _kind in told(board, "agm")}

    assert said(timedelta(hours=14)) == set(), "the morning of today is over"
    assert said(timedelta(hours=15)) == {due["today"]}
    assert said(timedelta(hours=20)) == {due["today"]}
    assert said(timedelta(hours=21)) == {due["today"], due["tomorrow"]}
    assert said(timedelta(hours=42)) == {due["today"], due["tomorrow"]}
    assert said(timedelta(hours=43)) == set(due.values())


def test_the_walls_of_its_record_stand_around_what_is_told(board: Board) -> None:
    number = board.add(owner=board.world.number("agm"))
    delivery.drain()
    assert told(board, "agm") == [(number, "assigned")]
    commands.change(board.incident, board.number, {"team": board.world.teams["hr"]}, SETUP)
    delivery.drain()
    assert told(board, "agm") == told(board, "agm", "info") == []
    assert queries.counts(board.world.actor("agm")) == queries.Counts()


def test_what_ends_with_its_record_needs_nobody(board: Board) -> None:
    number = board.add(owner=board.world.number("agm"))
    delivery.drain()
    commands.move(board.incident, board.number, "cancel", {}, board.world.by("agn"))
    delivery.drain()
    assert board.see(number)["state"] == "skipped"
    assert told(board, "agm") == []


def test_putting_them_in_order_tells_nobody(board: Board) -> None:
    first, second = (board.add(owner=board.world.number("agm")) for _ in range(2))
    delivery.drain()
    InboxEntry.objects.all().delete()
    tasks.put_before(board.incident, board.number, second, first, board.world.by("agn"))
    delivery.drain()
    assert told(board, "agm", "info") == []
