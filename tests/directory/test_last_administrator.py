"""Two administrators who take the role from each other at the same moment: one of them keeps it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from mainstay.directory import commands as directory
from mainstay.directory import duty
from mainstay.directory.roles import ADMINISTRATOR
from mainstay.pure.rules import By
from mainstay.records import commands
from mainstay.records.errors import Denied, Invalid
from mainstay.records.types import shelf
from tests.world import SETUP, World, build

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def withdraw(world: World, name: str, by: By) -> None:
    directory.withdraw(world.number(name), ADMINISTRATOR, by)


def leave(world: World, name: str, by: By) -> None:
    commands.move(shelf.type("user"), world.number(name), "leave", {}, by)


@pytest.mark.parametrize("take", [withdraw, leave])
def test_one_of_two_stays(take: Callable[[World, str, By], None]) -> None:
    world = build()
    for _ in range(ROUNDS):
        directory.grant(world.number("mgr"), ADMINISTRATOR, SETUP)
        both = {"adm": world.by("adm"), "mgr": world.by("mgr")}
        start, refused = threading.Barrier(2), list[str]()

        def act(
            other: str, by: By, start: threading.Barrier = start, refused: list[str] = refused
        ) -> None:
            try:
                start.wait()
                take(world, other, by)
            except (Denied, Invalid):
                refused.append(other)
            finally:
                connection.close()

        threads = [
            threading.Thread(target=act, args=("mgr", both["adm"])),
            threading.Thread(target=act, args=("adm", both["mgr"])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(duty.administrators()) == 1
        assert len(refused) == 1
        _bring_back(world)


def _bring_back(world: World) -> None:
    for name in ("adm", "mgr"):
        person = shelf.type("user").model.objects.get(number=world.number(name))
        if person.state == "left":
            commands.move(shelf.type("user"), person.number, "return", {}, SETUP)
        directory.grant(person.number, ADMINISTRATOR, SETUP)
