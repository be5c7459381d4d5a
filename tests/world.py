"""The world the tests live in: two organisations, a restricted team, and one person of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mainstay.directory import actors, roles
from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, Actor, By
from mainstay.records import commands
from mainstay.records.types import RecordType, shelf

SETUP = By(SYSTEM, "test")
# login: (organisation, teams, roles)
PEOPLE: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ra1": ("a", (), ()),
    "ra2": ("a", (), ()),
    "rb1": ("b", (), ()),
    "agn": ("a", ("net",), (roles.AGENT,)),
    "agm": ("a", ("net",), (roles.AGENT,)),
    "agd": ("a", ("desk",), (roles.AGENT,)),
    "agh": ("a", ("hr",), (roles.AGENT,)),
    "old": ("a", ("desk",), (roles.AGENT,)),
    "agb": ("b", (), (roles.AGENT,)),
    "lead": ("a", ("net",), (roles.TEAM_LEAD,)),
    "chm": ("a", (), (roles.CHANGE_MANAGER,)),
    "mgr": ("a", (), (roles.SERVICE_MANAGER,)),
    "aud": ("a", (), (roles.AUDITOR,)),
    "ven": ("a", (), (roles.VENDOR,)),
    "adm": ("a", (), (roles.ADMINISTRATOR,)),
}


@dataclass
class World:
    """Numbers of what there is, by short names; `actor` reads a person's rights afresh."""

    organisations: dict[str, str]
    teams: dict[str, str]
    people: dict[str, Any]
    services: dict[str, str]

    def actor(self, name: str) -> Actor:
        return actors.for_person(self.people[name].id)

    def by(self, name: str, door: str = "test") -> By:
        return By(self.actor(name), door)

    def number(self, name: str) -> str:
        return str(self.people[name].number)

    def incident(self, by: str = "ra1", **data: Any) -> Any:
        """An incident of RA1 about the VPN, or as told; `data` given by the test harness, not by its caller."""
        values = {"title": "VPN drops every 20 minutes", "service": self.services["vpn"]} | data
        return commands.create(shelf.type("incident"), values, self.by(by))

    def hidden_incident(self, **data: Any) -> Any:
        """An incident of the restricted team that only its members and RA2, who called, may see."""
        values = {
            "title": "CNRY-payslip",
            "team": self.teams["hr"],
            "requester": self.number("ra2"),
        }
        return commands.create(shelf.type("incident"), values | data, SETUP)


def build() -> World:
    def made(kind: str, **data: Any) -> Any:
        return commands.create(shelf.type(kind), data, SETUP)

    organisations = {
        "a": made("organisation", title="Nordhaven").number,
        "b": made("organisation", title="Brightwater", is_confined=True).number,
    }
    teams = {
        "net": made("team", title="Network").number,
        "desk": made("team", title="Service Desk").number,
        "hr": made("team", title="HR cases", is_restricted=True).number,
    }
    people = {}
    for login, (organisation, in_teams, has_roles) in PEOPLE.items():
        person = made(
            "user",
            title=f"Person {login}",
            username=login,
            organisation=organisations[organisation],
        )
        people[login] = person
        for name in in_teams:
            directory.join(teams[name], person.number, SETUP)
        for role in has_roles:
            directory.grant(person.number, role, SETUP)
    services = {
        "vpn": made(
            "service", title="VPN", support_team=teams["net"], owner=people["mgr"].number
        ).number,
        "mail": made("service", title="E-mail", support_team=teams["desk"]).number,
    }
    return World(organisations, teams, people, services)


# The least that makes a valid record of each type; a new type adds its line here or needs none.
LEAST: Mapping[str, Mapping[str, Any]] = {
    "notice": {"text": "We work on it."},
    "view": {"record_type": "incident", "scope": "global"},
    "user": {"username": "somebody.new"},
    "task_template": {"tasks": "Call them back"},
}
# The records it has to name, by the field and their type; they are made along with it.
NAMED: Mapping[str, Mapping[str, str]] = {"task": {"parent": "incident"}}


def least(rtype: RecordType, **more: Any) -> dict[str, Any]:
    """Data for a valid record of any type."""
    named = {
        name: commands.create(shelf.type(of_type), {"title": f"An {of_type}"}, SETUP).number
        for name, of_type in NAMED.get(rtype.name, {}).items()
        if name not in more
    }
    return {"title": f"A {rtype.name}", **LEAST.get(rtype.name, {}), **named, **more}
