"""What every test about problems begins with."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.records import commands, delivery, history, queries
from mainstay.records.types import Message, shelf
from tests.world import SETUP, World

CAUSE = {"cause": "The re-key interval of gateway 02 is 20 minutes"}


class Desk:
    """Problems and the incidents they cause, by their numbers; `agn` works on them unless told otherwise."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.problem, self.incident = shelf.type("problem"), shelf.type("incident")

    def made(self, state: str = "new", by: str = "agn", **data: Any) -> str:
        """A problem in a state, come there by its moves."""
        values = {"title": "VPN drops at the re-key", "service": self.world.services["vpn"]} | data
        number = str(commands.create(self.problem, values, self.world.by(by)).number)
        for move, given in (
            ("assess", {}),
            ("confirm", {}),
            ("fix", CAUSE),
            ("resolve", {"fix": "Interval set to 8 hours"}),
        ):
            if self.see(number)["state"] == state:
                break
            self.move(number, move, by, **given)
        return number

    def move(self, number: str, name: str, by: str = "agn", **given: Any) -> Any:
        return commands.move(self.problem, number, name, given, self.world.by(by))

    def change(self, number: str, by: str = "agn", reason: str = "", **given: Any) -> Any:
        return commands.change(self.problem, number, given, self.world.by(by), reason=reason)

    def see(self, number: str, by: str = "") -> Any:
        actor = self.world.actor(by) if by else SETUP.actor
        return queries.one(self.problem, actor, number)

    def caused(self, number: str, by: str = "agn", **data: Any) -> str:
        """An incident that a problem causes."""
        made = str(self.world.incident(**data).number)
        commands.link(self.incident, made, "caused_by", number, self.world.by(by))
        return made

    def waiting(self, number: str) -> str:
        made = self.caused(number)
        given, text = {"waiting_for": "problem"}, Message("all", "We look for the cause")
        commands.move(self.incident, made, "hold", given, self.world.by("agn"), message=text)
        return made

    def events(self, number: str, rtype: Any = None, by: str = "") -> list[dict[str, Any]]:
        rtype, actor = rtype or self.problem, self.world.actor(by) if by else SETUP.actor
        return history.events(rtype, actor, queries.one(rtype, actor, number))

    def said(self, number: str, by: str = "ra1") -> list[dict[str, Any]]:
        """What somebody reads in an incident's conversation, once the worker has done its part."""
        delivery.drain()
        actor = self.world.actor(by)
        row = queries.one(self.incident, actor, number)
        entries = next(c.entries for c in self.incident.capabilities if c.name == "conversation")
        return list(entries(self.incident, actor, row))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)
