"""What is measured: each scenario as requests, its limits from the issue, and one measurement of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.benchmarks import cpu, load
from tests.benchmarks.load import Load, Request
from tests.benchmarks.site import Server, Site

CLIENTS = (1, 8, 32)
JUDGED = 8  # clients at which limits are compared
REPEATS = 3  # wherever processor time is taken; the median is kept


@dataclass(frozen=True)
class Scenario:
    """`limits` are CPU ms per request by database; `raw` is what it is compared with and must reach `share` of."""

    name: str
    request: Callable[[Mapping[str, Any]], Request]
    limits: Mapping[str, float] = field(default_factory=dict)
    raw: str = ""
    share: float = 0.0
    holds: str = ""


@dataclass(frozen=True)
class Cost:
    """Processor milliseconds for a request."""

    server: float
    database: float

    @property
    def whole(self) -> float:
        return self.server + self.database


@dataclass(frozen=True)
class Figure:
    """What one scenario measured on one database, by the number of clients."""

    name: str
    database: str
    loads: Mapping[int, Load]
    costs: Mapping[int, Cost]

    @property
    def cost(self) -> Cost:
        return self.costs[JUDGED]


def api(path: str, who: str = "agent", **more: Any) -> Callable[[Mapping[str, Any]], Request]:
    """A program with a token."""

    def request(keys: Mapping[str, Any]) -> Request:
        headers = {"Authorization": f"Bearer {keys[who]['token']}"}
        if more.get("body"):
            headers["Content-Type"] = "application/json"
        return Request(f"/api/v1/{path}", headers, **more)

    return request


def page(path: str, who: str = "agent") -> Callable[[Mapping[str, Any]], Request]:
    """A browser that is signed in and has been here before."""

    def request(keys: Mapping[str, Any]) -> Request:
        cookies = f"mainstay_session={keys[who]['session']}; mainstay_csrf={'c' * 32}"
        return Request(path, {"Cookie": cookies, "Accept": "text/html"})

    return request


def raw(path: str, body: str = "") -> Callable[[Mapping[str, Any]], Request]:
    return lambda _keys: Request(path, body=body)


NEW = json.dumps(
    {
        "title": "VPN drops every 20 minutes",
        "body": "It began after the weekend and happens on both devices; restarting does not help.",
        "impact": 2,
        "urgency": 2,
        "service": "SVC-3",
    }
)
RAW = (
    Scenario("raw list of 50", raw("/list")),
    Scenario("raw list of 100", raw("/list100")),
    Scenario("raw get", raw("/get")),
    Scenario("raw create", raw("/create", NEW)),
)
SEARCHED = {"SQLite": 50.0, "PostgreSQL": 50.0}
PRODUCT = (
    Scenario(
        "API list of 50", api("incidents?size=50"), raw="raw list of 50", share=0.6, holds='"next"'
    ),
    Scenario(
        "API list of 100", api("incidents?size=100"), {"SQLite": 1.5, "PostgreSQL": 3.0},
        raw="raw list of 100", holds='"next"',
    ),
    Scenario(
        "API list of 100, nine fields",
        api("incidents?size=100&fields=title,state,priority,service,requester,team,assignee"), holds='"next"',
    ),
    Scenario(
        "API list of 50, open, agent of three teams", api("incidents?size=50&filter=is_open", "team_agent"),
        holds='"next"',
    ),
    Scenario("API list of 50, only their own", api("incidents?size=50", "requester"), holds='"next"'),
    Scenario(
        "queue page", page("/incidents/"), {"SQLite": 8.0, "PostgreSQL": 10.0}, raw="raw list of 50", share=0.3,
        holds="<table",
    ),
    Scenario("queue page, all", page("/incidents/?view=all"), holds="<table"),
    Scenario("portal, only their own", page("/portal/requests/", "requester"), holds="INC-"),
    Scenario(
        "API get", api("incidents/INC-{some}"), {"SQLite": 0.8, "PostgreSQL": 1.5}, raw="raw get", holds='"number"'
    ),
    Scenario(
        "record page", page("/incidents/INC-{some}/"), {"SQLite": 3.5, "PostgreSQL": 5.5}, holds="<h1"
    ),
    # A blank after the word says that it is finished; without one it stands for all that begin so.
    *(
        Scenario(f"search, {what}", api(f"search?size=20&{query}"), SEARCHED, holds='"matched"')
        for what, query in (
            ("rare word, best first", "q=nb77%20"),
            ("rare word, newest first", "q=nb77%20&order=newest"),
            ("two words, best first", "q=vpn%20drops%20"),
            ("common word, newest first", "q=colleague%20&order=newest"),
            ("common word, unfinished", "q=collea"),
            ("common word, counted", "q=colleague%20&count=true"),
        )
    ),
    Scenario(
        "search, common word, only their own", api("search?size=20&q=colleague%20", "requester"),
        SEARCHED, holds='"matched"',
    ),
    Scenario("search page, common word", page("/search/?q=colleague+"), SEARCHED, holds="<mark>"),
    Scenario("audit page", page("/audit/", "auditor"), holds="<table"),
    Scenario("audit, of one record", api("audit?record=INC-{some}", "auditor"), holds="incident."),
    Scenario("audit, of one kind", api("audit?kind=incident.change", "auditor"), holds="incident."),
    Scenario(
        "API create", api("incidents", "caller", body=NEW), {"SQLite": 2.5, "PostgreSQL": 4.0}, raw="raw create"
    ),
    Scenario(
        "API create, Idempotency-Key", api("incidents", "caller", body=NEW, is_keyed=True), raw="raw create",
    ),
)  # fmt: skip
# Looks through as many rows as one page of the audit may; too slow for many clients at once.
UNSAID = api("audit?text=zzyzx", "auditor")
# Whose cost may not grow with the site.
GROWTH = (
    "API list of 50", "API list of 50, open, agent of three teams", "API list of 50, only their own", "queue page",
    "queue page, all", "portal, only their own", "API get", "record page",
)  # fmt: skip


def measured(
    site: Site,
    server: Server,
    scenario: Scenario,
    keys: Mapping[str, Any],
    *,
    incidents: int,
    seconds: float,
    clients: tuple[int, ...] = CLIENTS,
) -> Figure:
    """Raises RuntimeError where the answer is not what the scenario is about."""
    request = scenario.request(keys)
    request = replace(request, path=request.path.replace("{some}", str(incidents * 4 // 5)))
    status, body = load.once(server.port, request)
    if not 200 <= status < 300 or scenario.holds.encode() not in body:
        raise RuntimeError(f"{scenario.name}: {request.path} answered {status}: {body[:300]!r}")
    load.run(server.port, request, JUDGED, 1)  # every thread's connection has met the statement
    loads, costs = {}, {}
    for count in clients:
        # Processor time of 32 clients is that of 8; only how long they wait differs.
        repeats = 1 if count > JUDGED else REPEATS
        taken = [one(site, server, request, count, seconds) for _ in range(repeats)]
        middle = sorted(taken, key=lambda found: found[1].whole)[repeats // 2]
        loads[count], costs[count] = middle
    return Figure(scenario.name, site.name, loads, costs)


def one(
    site: Site, server: Server, request: Request, clients: int, seconds: float
) -> tuple[Load, Cost]:
    web, database = server.web, site.database_processes()
    before = cpu.milliseconds(web), cpu.milliseconds(database)
    found = load.run(server.port, request, clients, seconds)
    after = cpu.milliseconds(web), cpu.milliseconds(database)
    spent = ((late - early) / found.requests for early, late in zip(before, after, strict=True))
    return found, Cost(*spent)
