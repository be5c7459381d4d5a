"""Fills an empty site with an organisation of a given size, by bulk statements.

People, teams and services come in through the commands; incidents, their events and conversations are written
straight into the tables, because the commands would take hours. The site is the one the environment names
(MAINSTAY_DATA, MAINSTAY_DATABASE_URL).
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from mainstay.capabilities.search import rebuilding
from mainstay.config import upgrade
from mainstay.directory import actors, roles
from mainstay.directory import commands as directory
from mainstay.directory.signin import sessions, tokens
from mainstay.pure.matrix import priority
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, settings_version
from mainstay.records.numbering import leave_room
from mainstay.records.types import shelf

SETUP = By(SYSTEM, "setup")
UNEVEN_S = 1.3  # seconds: no multiple of what the live process waits
TEAMS, SERVICES, PEOPLE, AGENTS = 40, 60, 2_000, 120
EVENTS, ENTRIES = 8, 5
OWN = 100
OPEN_SHARE = 0.05
ENDS = datetime(2026, 11, 20, tzinfo=UTC)
LASTS = timedelta(days=730)
BATCH = 5_000

THINGS = (
    "VPN", "Outlook", "Payroll", "The printer", "SAP", "Wi-Fi", "My laptop", "The file share",
    "Single sign-on", "The intranet", "A monitor", "Teams", "The scanner", "The badge reader",
)  # fmt: skip
FAULTS = (
    "drops every 20 minutes", "does not start", "is slow since this morning", "shows an error",
    "asks for a password again and again", "cannot be reached from home", "lost my settings",
    "stops at 80 per cent", "prints blank pages", "is missing after the update",
)  # fmt: skip
TEXT = (
    "It began after the weekend and happens on both devices. I have restarted twice, tried another cable and "
    "another network; a colleague in the same room sees the same. Please tell me what else I can look at. "
)
# Words that few records have, beside those that all have.
DEVICES, DEVICE = 20_000, "The device is NB{}. "


@dataclass(frozen=True)
class Cast:
    """Who plays in the measurements: logins that `sign_in` gives keys to."""

    agent: str = "agent"
    team_agent: str = "team.agent"
    requester: str = "person.500"
    caller: str = "person.501"
    auditor: str = "person.502"


CAST = Cast()


def fill(incidents: int, events: int = EVENTS, entries: int = ENTRIES) -> None:
    upgrade.migrate()
    chance = random.Random(7)
    with transaction.atomic():
        people = Directory(chance)
        write_incidents(people, incidents, events, entries, chance)
        settings_version.renew(shelf.type("user").settings_part)
    leave_room("INC", incidents)
    index()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("records_record", "records_event"):
                cursor.execute(f"select setval('{table}_id_seq', (select max(id) from {table}))")
            cursor.execute("vacuum analyze")
        else:
            cursor.execute("analyze")


def index() -> None:
    """By the product's own code, as `mainstay reindex` does it."""

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:,} of {total:,} records indexed", end="", file=sys.stderr)

    rebuilding.run(tell, from_start=True)


class Directory:
    """Organisations, teams, people and services; only their ids are kept."""

    def __init__(self, chance: random.Random) -> None:
        self.organisations = [self.made("organisation", title=f"Department {n}") for n in range(8)]
        self.teams = [
            self.made("team", title=f"Team {n}", is_restricted=n >= TEAMS - 2) for n in range(TEAMS)
        ]
        self.services = [
            self.made(
                "service", title=f"Service {n}", support_team=chance.choice(self.teams).number
            )
            for n in range(SERVICES)
        ]
        self.people = [self.person(n, chance) for n in range(PEOPLE)]
        self.agents = self.people[:AGENTS]
        self.requester = next(p for p in self.people if p.username == CAST.requester)
        [auditor] = [p for p in self.people if p.username == CAST.auditor]
        directory.grant(auditor.number, roles.AUDITOR, SETUP)
        # Agents of the whole site, agents of their three teams alone, and everybody else.
        for n, agent in enumerate(self.agents):
            own = [self.teams[(n + step) % (TEAMS - 2)] for step in range(3)]
            for team in own:
                directory.join(team.number, agent.number, SETUP)
                if n % 2:
                    directory.grant(agent.number, roles.AGENT, SETUP, team_key=team.number)
            if not n % 2:
                directory.grant(agent.number, roles.AGENT, SETUP)

    def person(self, n: int, chance: random.Random) -> Any:
        login = {0: CAST.agent, 1: CAST.team_agent}.get(n, f"person.{n}")
        return self.made(
            "user",
            title=f"Person Number {n}",
            username=login,
            email=f"{login}@example.org",
            organisation=chance.choice(self.organisations).number,
        )

    def made(self, name: str, **data: Any) -> Any:
        return commands.create(shelf.type(name), data, SETUP)


def write_incidents(
    there: Directory, incidents: int, events: int, entries: int, chance: random.Random
) -> None:
    first = max(person.id for person in there.people) + 1
    for start in range(0, incidents, BATCH):
        numbers = range(start, min(start + BATCH, incidents))
        made = [Made.up(n, first + n, incidents, there, chance) for n in numbers]
        store("records_record", RECORD, (one.record() for one in made))
        store("incidents_incident", INCIDENT, (one.incident() for one in made))
        told = [row for one in made for row in one.events(events, entries)]
        store("records_event", EVENT, (event for event, _ in told))
        store("conversation_entry", ENTRY, (entry for _, entry in told if entry))
        if sys.stderr.isatty():
            print(f"\r{numbers.stop:,} of {incidents:,} incidents", end="", file=sys.stderr)


RECORD = (
    "id", "uuid", "number", "type", "title", "state", "kind", "is_open", "is_removed", "priority",
    "organisation_id", "team_id", "requester_id", "assignee_id", "waiting_for", "due_at", "created_at",
    "updated_at", "version", "extra",
)  # fmt: skip
INCIDENT = (
    "record_ptr_id", "body", "impact", "urgency", "service_id", "item_id", "category", "subcategory",
    "channel", "resume_on", "close_code", "resolution", "assigned_because", "resolved_at",
    "resolved_by_id", "closed_at", "reopened_at", "reopen_count", "reassignment_count", "imported",
)  # fmt: skip
EVENT = (
    "id", "record_id", "name", "audience", "actor_id", "door", "version", "at", "recorded_at", "changes",
    "cause_id", "depth", "is_imported",
)  # fmt: skip
ENTRY = ("event_id", "record_id", "author_id", "audience", "text", "called", "created_at")
KINDS = {
    "new": "new", "in_progress": "active", "on_hold": "waiting", "resolved": "resolved", "closed": "closed"
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """One incident, with all its rows."""

    n: int
    id: int
    state: str
    title: str
    team: int
    service: int
    requester: Any
    assignee: int | None
    impact: int
    urgency: int
    created: datetime
    salt: int

    @classmethod
    def up(cls, n: int, key: int, of: int, there: Directory, chance: random.Random) -> Made:
        is_recent = n >= of * (1 - 2 * OPEN_SHARE)
        state = (
            chance.choice(("new", "in_progress", "on_hold", "resolved")) if is_recent else "closed"
        )
        return cls(
            n=n,
            id=key,
            state=state,
            title=f"{chance.choice(THINGS)} {chance.choice(FAULTS)}",
            team=chance.choice(there.teams).id,
            service=chance.choice(there.services).id,
            # Whoever may see only their own has as many on a small site as on a large one.
            requester=there.requester if n % (of // OWN) == 0 else chance.choice(there.people),
            assignee=None if state == "new" else chance.choice(there.agents).id,
            impact=chance.randint(1, 3),
            urgency=chance.randint(1, 3),
            created=ENDS - LASTS * (1 - n / of),
            salt=chance.getrandbits(74),
        )

    def record(self) -> tuple[Any, ...]:
        key = uuid.UUID(int=self.n << 80 | 7 << 76 | 2 << 62 | self.salt & ((1 << 62) - 1))
        return (
            self.id, key, f"INC-{self.n + 1}", "incident", self.title, self.state, KINDS[self.state],
            self.state not in ("resolved", "closed"), False, priority(self.impact, self.urgency),
            self.requester.organisation_id, self.team, self.requester.id, self.assignee,
            "caller" if self.state == "on_hold" else None, None, self.created,
            self.created + timedelta(hours=self.salt % 90), EVENTS, "{}",
        )  # fmt: skip

    def incident(self) -> tuple[Any, ...]:
        done = (
            self.created + timedelta(hours=40)
            if KINDS[self.state] in ("resolved", "closed")
            else None
        )
        return (
            self.id, TEXT * 2 + DEVICE.format(self.n % DEVICES),
            self.impact, self.urgency, self.service, None, "software", "", "portal", None,
            "solution_provided" if done else "", "A new profile." if done else "", "", done,
            self.assignee if done else None, done if self.state == "closed" else None, None, 0, 0, "{}",
        )  # fmt: skip

    def events(
        self, events: int, entries: int
    ) -> Iterator[tuple[Sequence[Any], Sequence[Any] | None]]:
        for step in range(events):
            key = self.n * events + step + 1_000_000
            said = step > 0 and step <= entries
            audience = "internal" if said and step % 3 == 0 else "all"
            name = "create" if step == 0 else "reply" if said else "change"
            changes = json.dumps({"urgency": [3, 2]} if name == "change" else {})
            at = self.created + timedelta(minutes=17 * step)
            who = self.requester.id if step % 2 == 0 else self.assignee
            yield (
                (key, self.id, f"incident.{name}", audience, who, "web", step + 1, at, at, changes, None, 0, False),
                (key, self.id, who, audience, TEXT, "", at) if said else None,
            )  # fmt: skip


def store(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The quickest way into a table that the database has."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"copy {table} ({names}) from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"insert into {table} ({names}) values ({marks})",
            [tuple(_for_sqlite(value) for value in row) for row in rows],
        )


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return str(value.replace(tzinfo=None))
    return value.hex if isinstance(value, uuid.UUID) else value


def keys() -> dict[str, dict[str, str]]:
    """A session cookie and a token for everybody in the cast."""
    users = shelf.type("user").model.objects
    found = {}
    for role in ("agent", "team_agent", "requester", "caller", "auditor"):
        person = users.get(username=getattr(CAST, role))
        found[role] = {
            "id": person.id,
            "session": sessions.begin(person.id),
            "token": tokens.issue(person.id, "bench", ["read", "write"]),
        }
    return found


def forty() -> list[dict[str, str]]:
    """Keys of thirty who work at the desk and of ten who need help."""
    users = shelf.type("user").model.objects
    logins = [CAST.agent, *(f"person.{2 * n}" for n in range(1, 30))]
    logins += [f"person.{n}" for n in range(500, 510)]
    return [
        {
            "role": "agent" if n < 30 else "caller",
            "session": sessions.begin(person.id),
            "token": tokens.issue(person.id, "bench", ["read", "write"]),
        }
        for n, person in enumerate(users.get(username=login) for login in logins)
    ]


def open_pages(number: int) -> list[str]:
    """Sessions of as many browsers, ten each, of people who may see all incidents but those of restricted teams."""
    users = shelf.type("user").model.objects
    logins = [CAST.agent, *(f"person.{n}" for n in range(2, AGENTS, 2))]
    people = [users.get(username=login).id for login in logins[: number // 10]]
    return [sessions.begin(person) for person in people for _ in range(10)]


def sign_out(secrets: Sequence[str]) -> list[float]:
    """One after the other; the moments of it, on the machine's own clock, which all its processes share."""
    return [_at(lambda secret=secret: sessions.end(secret, SETUP)) for secret in secrets]


def withdraw(secrets: Sequence[str]) -> list[float]:
    """The same of the role by which their owners saw what they look at."""
    people = [actors.by_session(secret) for secret in secrets]
    return [
        _at(lambda number=person.number: directory.withdraw(number, roles.AGENT, SETUP))
        for person in people
        if person is not None
    ]


def _at(happens: Callable[[], None]) -> float:
    time.sleep(UNEVEN_S)
    begun = time.monotonic()
    happens()
    return begun
