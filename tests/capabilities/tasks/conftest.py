"""What every test about tasks begins with."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.capabilities.tasks import commands as tasks
from mainstay.capabilities.tasks import queries as of_record
from mainstay.capabilities.tasks.record import task
from mainstay.records import commands, queries
from mainstay.records.models import Event, Record
from mainstay.records.types import shelf
from tests.world import World


class Board:
    """An incident of the network team and its tasks; `agn` works on it unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.incident = shelf.type("incident")
        self.number = str(world.incident(team=world.teams["net"], by="mgr").number)

    def add(self, title: str = "Call them back", by: str = "agn", **data: Any) -> str:
        values = {"title": title, **data}
        return str(tasks.add(self.incident, self.number, values, self.world.by(by)).number)

    def tick(self, number: str, verb: str = "finish", by: str = "agn") -> Any:
        return commands.move(task, number, verb, {}, self.world.by(by))

    def see(self, number: str, by: str = "adm") -> Any:
        return queries.one(task, self.world.actor(by), number)

    def titles(self, by: str = "agn", record: str = "") -> list[str]:
        row = queries.one(self.incident, self.world.actor(by), record or self.number, names=())
        return [each["title"] for each in of_record.tasks(self.world.actor(by), row)]

    def listed(self, by: str) -> set[str]:
        return {row["title"] for row in queries.page(task, self.world.actor(by)).items}


@pytest.fixture
def board(world: World) -> Board:
    return Board(world)


def written() -> tuple[Any, ...]:
    """All that could have been written, to be the same after a refusal."""
    versions = Record.objects.order_by("id").values_list("id", "version", "team", "assignee")
    return Event.objects.count(), list(versions)
