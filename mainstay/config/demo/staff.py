"""Who works there: names, jobs, places and teams, drawn by chance before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import Any

from mainstay.config.demo import texts
from mainstay.config.demo.size import Size
from mainstay.pure.text import fold

IT = "Information Technology"
HEAD_OFFICE = "Gothenburg head office"
REQUESTER = "requester"
# Of so many people at a site one leads the others.
LED = 15
# Of ten people so many have a first name of another language than their last.
MIXED = 0.2


@dataclass(frozen=True)
class Hire:
    """Somebody who is about to be there; `role` is empty for whoever only asks for help."""

    name: str
    job: str
    department: str
    site: str = ""
    domain: str = ""
    login: str = ""
    role: str = ""
    teams: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    is_customer: bool = False


class Names:
    """Full names, no two of which read alike without their marks."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self._rng, self._taken = rng, {fold(name) for name in taken}
        self._languages = texts.read("names.toml")["language"]
        self._shares = [language["share"] for language in self._languages]

    def another(self) -> str:
        while True:
            [of_last, of_first] = self._rng.choices(self._languages, self._shares, k=2)
            if self._rng.random() >= MIXED:
                of_first = of_last
            name = f"{self._rng.choice(of_first['first'])} {self._rng.choice(of_last['last'])}"
            if fold(name) not in self._taken:
                self._taken.add(fold(name))
                return name


def hires(rng: Random, told: Mapping[str, Any], size: Size) -> list[Hire]:
    """Everybody, in the order they come: those one signs in as, the teams, the departments, the customers' people."""
    known = [*_personas(told), *_members(rng, told)]
    names = Names(rng, {hire.name for hire in known})
    known += _more_members(rng, told, names, size)
    customers = {c["name"]: _customers(c, size) for c in told["customer"]}
    rest = max(0, size.people - len(known) - sum(customers.values()))
    for department, count in _shared(told["department"], rest):
        known += _employees(department, count, names, told["domain"])
    for customer in told["customer"]:
        known += _outsiders(customer, customers[customer["name"]], names)
    return known


def _personas(told: Mapping[str, Any]) -> Iterator[Hire]:
    domains = {s["name"]: s["domain"] for s in told["supplier"]}
    for persona in told["persona"]:
        department = persona.get("department") or persona["supplier"]
        yield Hire(
            name=persona["name"],
            job=persona["job"],
            department=department,
            site=persona.get("site", ""),
            domain=domains.get(department, told["domain"]),
            login=persona["login"],
            role="" if persona["login"] == REQUESTER else persona["login"],
            teams=tuple(persona.get("teams", ())),
            leads=tuple(persona.get("leads", ())),
        )


def _members(rng: Random, told: Mapping[str, Any]) -> Iterator[Hire]:
    for team in told["team"]:
        for name in team["members"]:
            yield _member(rng, told, team["name"], name)


def _more_members(rng: Random, told: Mapping[str, Any], names: Names, size: Size) -> Iterator[Hire]:
    for team in told["team"]:
        for _ in range(round(team["more"] * size.part)):
            yield _member(rng, told, team["name"], names.another())


def _member(rng: Random, told: Mapping[str, Any], team: str, name: str) -> Hire:
    site = rng.choice([HEAD_OFFICE] * 3 + ["Malmö distribution centre"])
    job = f"{team} specialist"
    return Hire(name, job, IT, site, told["domain"], role="agent", teams=(team,))


def _customers(customer: Mapping[str, Any], size: Size) -> int:
    return max(customer["least"], round(size.people * customer["share"] / 100))


def _shared(
    departments: list[Mapping[str, Any]], people: int
) -> Iterator[tuple[Mapping[str, Any], int]]:
    """As many for each as its share says, so that nobody is left over."""
    whole, given, asked = sum(d["share"] for d in departments), 0, 0
    for department in departments:
        asked += department["share"]
        count = round(people * asked / whole) - given
        given += count
        yield department, count


def _employees(
    department: Mapping[str, Any], count: int, names: Names, domain: str
) -> Iterator[Hire]:
    jobs, sites = cycle(department["jobs"]), department["sites"]
    for n in range(count):
        if n == 0:
            site, job = HEAD_OFFICE, department["head"]
        else:
            site = sites[n % len(sites)]
            job = department["lead"] if (n - 1) // len(sites) % LED == 0 else next(jobs)
        yield Hire(names.another(), job, department["name"], site, domain)


def _outsiders(customer: Mapping[str, Any], count: int, names: Names) -> Iterator[Hire]:
    jobs = cycle(customer["jobs"])
    for _ in range(count):
        yield Hire(
            names.another(), next(jobs), customer["name"], "", customer["domain"], is_customer=True
        )
