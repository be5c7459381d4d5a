"""Makes the organisation: places, teams, people with roles and skills, services and their items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from mainstay.config.demo import texts
from mainstay.config.demo.size import Size
from mainstay.config.demo.staff import Hire, hires
from mainstay.directory import actors
from mainstay.directory import commands as directory
from mainstay.pure.rules import SYSTEM, Actor, By
from mainstay.pure.text import fold
from mainstay.records import commands
from mainstay.records.types import shelf

SETUP = By(SYSTEM, "setup")
# Letters that are no letter with a mark, as addresses spell them.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "ı": "i"})


@dataclass(frozen=True)
class Person:
    """Somebody of the demonstration, with what their texts and their part need."""

    id: int
    number: str
    name: str
    login: str
    department: str
    site: str

    @property
    def first(self) -> str:
        return self.name.split()[0]


@dataclass
class House:
    """Everything there is, by name: numbers of records, and people."""

    organisations: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    skills: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    support: dict[str, str] = field(default_factory=dict)
    used_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    members: dict[str, list[Person]] = field(default_factory=dict)
    personas: set[str] = field(default_factory=set)
    callers: list[Person] = field(default_factory=list)
    customers: list[Person] = field(default_factory=list)
    short: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    _actors: dict[int, Actor] = field(default_factory=dict)
    _numbers: dict[str, Person] = field(default_factory=dict)
    _logins: dict[str, Person] = field(default_factory=dict)
    _callers: dict[tuple[str, ...], list[Person]] = field(default_factory=dict)

    def by(self, person: Person, door: str = "web") -> By:
        """The person as they act; their rights are read once, after all of them are given."""
        if person.id not in self._actors:
            self._actors[person.id] = actors.for_person(person.id)
        return By(self._actors[person.id], door)

    def know(self, person: Person) -> None:
        self.people[person.name] = person
        self._numbers[person.number] = self._logins[person.login] = person

    def of_number(self, number: str) -> Person:
        return self._numbers[number]

    def persona(self, login: str) -> Person:
        return self._logins[login]

    def callers_of(self, departments: tuple[str, ...]) -> list[Person]:
        """Of those departments; of none, or where nobody is in them, everybody."""
        if departments not in self._callers:
            inside = [p for p in self.callers if p.department in departments]
            self._callers[departments] = inside or self.callers
        return self._callers[departments]


def build(rng: Random, size: Size) -> House:
    told, house = texts.read("organisation.toml"), House()
    _places(house, told)
    for team in told["team"]:
        house.teams[team["name"]] = _made(
            "team",
            title=team["name"],
            description=team["description"],
            email=f"{team['email']}@{told['domain']}",
            is_restricted=team.get("restricted", False),
            capacity=team.get("capacity", 8),
        ).number
        house.members[team["name"]] = []
    for skill in told["skill"]:
        house.skills[skill["name"]] = _made("skill", title=skill["name"]).number
    for hire in hires(rng, told, size):
        _person(house, hire)
    _skilled(house, told, rng)
    _services(house, rng)
    for template in told["template"]:
        name = template["name"]
        house.templates[name] = _made("task_template", title=name, tasks=template["tasks"]).number
    _views(house, told)
    return house


def _made(kind: str, **data: Any) -> Any:
    return commands.create(shelf.type(kind), data, SETUP)


def _places(house: House, told: Mapping[str, Any]) -> None:
    top = _made("organisation", title=told["name"]).number
    house.organisations[told["name"]] = top
    for department in told["department"]:
        name = department["name"]
        house.organisations[name] = _made("organisation", title=name, parent=top).number
    for other in (*told["customer"], *told["supplier"]):
        is_confined = other in told["customer"]
        record = _made("organisation", title=other["name"], is_confined=is_confined)
        house.organisations[other["name"]] = record.number
    for site in told["site"]:
        name, short = site["name"], site["short"]
        house.sites[name] = _made(
            "site", title=name, organisation=top, address=site["address"], time_zone=site["zone"]
        ).number
        house.short[name], house.phones[name] = short, site["phone"]


def _person(house: House, hire: Hire) -> None:
    mail = ".".join(fold(part).translate(PLAIN) for part in hire.name.split())
    login = hire.login or mail
    data = {
        "title": hire.name,
        "username": login,
        "email": f"{mail}@{hire.domain}",
        "job_title": hire.job,
        "organisation": house.organisations[hire.department],
    }
    if hire.site:
        data["site"] = house.sites[hire.site]
        data["phone"] = f"{house.phones[hire.site]} {1000 + len(house.people) * 7}"
    record = _made("user", **data)
    person = Person(record.id, record.number, hire.name, login, hire.department, hire.site)
    house.know(person)
    if hire.login:
        house.personas.add(login)
    if hire.role:
        directory.grant(person.number, hire.role, SETUP)
    elif not hire.login:
        (house.customers if hire.is_customer else house.callers).append(person)
    for team in hire.teams:
        _join(house, team, person)
    for team in hire.leads:
        _join(house, team, person, is_lead=True)


def _join(house: House, team: str, person: Person, *, is_lead: bool = False) -> None:
    directory.join(house.teams[team], person.number, SETUP, is_lead=is_lead)
    house.members[team].append(person)


def _skilled(house: House, told: Mapping[str, Any], rng: Random) -> None:
    for skill in told["skill"]:
        for team in skill["teams"]:
            for person in house.members[team]:
                if rng.random() < 0.8:
                    level = rng.choice((1, 2, 2, 3))
                    directory.teach(person.number, house.skills[skill["name"]], level, SETUP)


def _services(house: House, rng: Random) -> None:
    owner = house.persona("service-manager")
    for service in texts.read("services.toml")["service"]:
        name, team = service["name"], house.teams[service["team"]]
        members = house.members[service["team"]]
        house.services[name] = _made(
            "service",
            title=name,
            description=service["description"],
            owner=rng.choice([owner, *members]).number,
            support_team=team,
        ).number
        house.support[name] = service["team"]
        house.used_by[name] = tuple(service.get("used_by", ()))
        for title in service["items"]:
            record = _made(
                "item",
                title=title,
                service=house.services[name],
                support_team=team,
                owner=rng.choice(members).number,
                serial=f"NH{rng.randrange(10**7):07}" if title[-1].isdigit() else "",
            )
            commands.move(shelf.type("item"), record.number, "install", {}, SETUP)
            house.items[title] = record.number


def _views(house: House, told: Mapping[str, Any]) -> None:
    """Lists of incidents that somebody keeps for themselves, for a team or for everybody."""
    for view in told["view"]:
        data = {"title": view["name"], "record_type": "incident", "scope": view["scope"]}
        data |= {name: view[name] for name in ("filter", "order", "group") if name in view}
        if "team" in view:
            data["team"] = house.teams[view["team"]]
        commands.create(shelf.type("view"), data, house.by(house.persona(view["by"])))
