"""How many statements each operation and page sends, pinned in `query_counts.json`, transaction marks included.

A change that is meant: `MAINSTAY_PIN=1 python -m pytest tests/conformance/test_query_counts.py`, then look at the diff.
Where PostgreSQL sends another number than SQLite it has a line of its own, pinned on that database the same way.
The statement that finds out who asks is counted with a page and left out of an engine call, where nobody asks.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.tasks.commands import put_before
from mainstay.capabilities.telling import reactions as telling
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.audit import noting
from mainstay.directory.signin import sessions, tokens
from mainstay.records import (
    by_title,
    commands,
    counting,
    delivery,
    history,
    jobs,
    queries,
    undoing,
    where,
)
from mainstay.records.types import Message, RecordType, shelf
from tests.world import SETUP, World, least

pytestmark = pytest.mark.django_db(transaction=True)
PINNED = Path(__file__).with_name("query_counts.json")
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement, begin and commit among them, which Django sends past its wrappers."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    def marked(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def mark(*args: Any, **kwargs: Any) -> Any:
            sent.append(name)
            return real(*args, **kwargs)

        return mark

    commit, begin = connection._commit, connection._set_autocommit
    connection._commit = marked(commit, "commit")
    connection._set_autocommit = lambda on: (sent.append("begin") if not on else None, begin(on))[1]
    try:
        with connection.execute_wrapper(note):
            yield sent
    finally:
        connection._commit, connection._set_autocommit = commit, begin


def keep(counts: dict[str, int]) -> None:
    """Adds to what the file holds by now: tests in other processes write there at the same time."""
    with PINNED.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = json.loads(file.read() or "{}") | counts
        file.truncate(0)
        file.write(json.dumps(dict(sorted(known.items())), indent=2) + "\n")


@pytest.fixture
def pinned() -> Iterator[Callable[[str, list[str]], None]]:
    """Compares what was sent with the file, or writes it there when that is what one came for."""
    known: dict[str, int] = json.loads(PINNED.read_text()) if PINNED.exists() else {}
    seen: dict[str, tuple[int, list[str]]] = {}

    def pin(name: str, sent: list[str]) -> None:
        own = f"{name} ({connection.vendor})"
        is_new = os.environ.get("MAINSTAY_PIN") and connection.vendor != "sqlite"
        has_own = own in known or (is_new and known.get(name) != len(sent))
        seen[own if has_own else name] = (len(sent), sent)

    yield pin
    if os.environ.get("MAINSTAY_PIN"):
        keep({name: count for name, (count, _) in seen.items()})
        return
    for name, (count, sent) in seen.items():
        told = "\n".join(f"  {n + 1}. {sql[:160]}" for n, sql in enumerate(sent))
        assert known.get(name) == count, f"{name}: {known.get(name)} pinned, {count} sent:\n{told}"


@pytest.fixture
def lived(world: World) -> str:
    """An incident with a conversation, a link and a history; its number."""
    incident = shelf.type("incident")
    number = str(world.incident().number)
    commands.link(incident, number, "relates", world.incident().number, world.by("agn"))
    for n in range(5):
        audience = "internal" if n % 2 else "all"
        say(incident, number, Message(audience, f"Word {n}"), world.by("agn"))
    commands.change(incident, number, {"urgency": 1, "body": "More"}, world.by("agn"))
    return number


def test_engine(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    incident, agent = shelf.type("incident"), world.by("agn")
    vpn, asker = world.services["vpn"], world.by("ra1")
    row = queries.one(incident, agent.actor, lived)
    is_open = where.parse(incident, agent.actor, 'is_open && title.contains("vpn")')
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: commands.create(incident, {"title": "x", "service": vpn}, asker),
        "change": lambda: commands.change(incident, lived, {"category": "Network"}, agent),
        "reply": lambda: say(incident, lived, Message("all", "Word"), agent),
        "hold": lambda: commands.move(
            incident,
            lived,
            "hold",
            {"waiting_for": "caller"},
            agent,
            message=Message("all", "What?"),
        ),
        "answer that resumes": lambda: say(incident, lived, Message("all", "That"), asker),
        "resolve": lambda: commands.move(incident, lived, "resolve", SOLVED, agent),
        "list": lambda: queries.page(incident, agent.actor, where=is_open),
        "list of one's own": lambda: queries.page(incident, asker.actor),
        "one": lambda: queries.one(incident, agent.actor, lived),
        "count": lambda: counting.count(incident, agent.actor, is_open),
        "events": lambda: history.events(incident, agent.actor, row),
        "conversation": lambda: incident.capabilities[0].entries(incident, agent.actor, row),
        "links": lambda: queries.links(agent.actor, row),
        "options": lambda: by_title.options(shelf.type("user"), agent.actor, "per"),
    }
    for name, call in calls.items():
        with counted() as sent:
            call()
        pinned(f"engine: {name}", sent)


def test_web(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    def look(who: str, path: str, name: str, headers: dict[str, str] | None = None) -> None:
        client = Client(headers=headers)
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[who].id)
        client.get(path)
        with counted() as sent:
            assert client.get(path).status_code == 200, path
        pinned(f"web: {name}", sent)

    look("agn", "/", "my work")
    look("agn", "/incidents/", "queue")
    kept = {"title": "Mine", "record_type": "incident", "filter": "priority <= 2"}
    saved = commands.create(shelf.type("view"), kept, world.by("agn")).number
    look("agn", f"/incidents/?view={saved}", "queue of a saved view")
    look("agn", "/incidents/?group=team", "queue, in groups")
    look("agn", f"/incidents/?peek={lived}", "queue, with a preview")
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/incidents/"}
    narrowed = {**part, "HX-Target": "div#queue"}
    look("agn", "/incidents/?filter=priority+%3C%3D+2", "queue, narrowed", narrowed)
    look("agn", "/incidents/", "queue, more views", {**part, "HX-Target": "div#more-views"})
    adding = {**part, "HX-Target": "div#builder"}
    look("agn", "/incidents/?add=priority", "queue, one more condition", adding)
    entries = {**part, "HX-Target": "section#entries"}
    look("agn", f"/incidents/{lived}/?show=internal", "incident, internal entries", entries)
    look("agn", f"/incidents/{lived}/menu/fields/", "queue, menu at a row")
    look("agn", f"/incidents/{lived}/", "incident")
    look("agn", f"/incidents/{lived}/edit/", "incident, edit")
    look("agn", "/incidents/new/", "incident, new")
    look("agn", f"/incidents/{lived}/move/resolve/", "incident, resolve")
    look("agn", f"/problems/{causes(world, lived, 1)}/", "problem")
    look("agn", f"/problems/{causes(world, lived, 12)}/", "problem of many incidents")
    look("adm", f"/users/{world.number('agn')}/", "person")
    look("mgr", f"/teams/{world.teams['net']}/", "team")
    look("agn", "/jobs/", "background work")
    look("aud", "/audit/", "audit")
    look("lead", "/workload/", "workload")
    look("aud", f"/audit/?kind=incident&since=2026-01-01&record={lived}", "audit, narrowed")
    hidden = world.hidden_incident().number
    noting.forget_looks()
    look("agh", f"/incidents/{hidden}/", "restricted incident, again")
    noting.forget_looks()
    secret = sessions.begin(world.people["agh"].id)
    with counted() as sent:
        browser = Client()
        browser.cookies[SESSION_COOKIE] = secret
        browser.get(f"/incidents/{hidden}/")
    pinned("web: restricted incident, first look of the minute", sent)
    delivery.drain()
    look("agn", "/search/?q=vpn", "search")
    look("agn", "/search/suggestions/?q=vpn", "search, suggestions")
    look("ra1", "/portal/search/suggestions/?q=vpn", "portal, search, suggestions")
    look("agn", "/inbox/?view=info", "inbox")
    look("ra1", "/portal/inbox/", "portal, inbox")
    fragment = {"HX-Request": "true"}
    look("agn", "/inbox/latest/", "inbox, below the bell", fragment)
    look("agn", "/palette/", "palette", fragment)
    look(
        "agn", f"/palette/?at=/incidents/{lived}/&recent={lived}", "palette, on a record", fragment
    )
    look("agn", "/palette/?q=vpn", "palette, words", fragment)
    look("agn", f"/palette/?q={lived}+resolve", "palette, number and verb", fragment)
    look("agn", "/profile/", "profile")
    look("ra1", "/portal/", "portal")
    look("ra1", "/portal/requests/", "portal, requests")
    look("ra1", f"/portal/requests/{lived}/", "portal, request")
    look("ra1", f"/portal/requests/{_closed(world)}/", "portal, request that is closed")
    look("ra1", "/portal/ask/", "portal, ask")


def _closed(world: World) -> str:
    number, by = world.incident().number, world.by("agn")
    solution = {"close_code": "solution_provided", "resolution": "The cable was loose."}
    commands.move(shelf.type("incident"), number, "resolve", solution, by)
    commands.move(shelf.type("incident"), number, "close", {}, by)
    return number


def test_tasks(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    """As many statements for a page with twelve tasks as with two; what moves them writes each."""
    incident, task, by = shelf.type("incident"), shelf.type("task"), world.by("agn")
    data = {"title": "x", "parent": lived, "owner": world.number("agm")}

    def look(name: str) -> None:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people["agn"].id)
        client.get(f"/incidents/{lived}/")
        with counted() as sent:
            assert client.get(f"/incidents/{lived}/").status_code == 200
        pinned(name, sent)

    with counted() as sent:
        first = commands.create(task, data, by).number
    pinned("engine: task, create", sent)
    second = commands.create(task, data, by).number
    look("web: incident with two tasks")
    for _ in range(10):
        commands.create(task, data, by)
    look("web: incident with twelve tasks")
    other = world.incident().number
    task_of_other = commands.create(task, data | {"parent": other}, by).number
    calls: dict[str, Callable[[], Any]] = {
        "task, finish": lambda: commands.move(task, task_of_other, "finish", {}, by),
        "task, put elsewhere": lambda: put_before(incident, lived, second, first, by),
        "incident, to another team with one task": lambda: commands.change(
            incident, other, {"team": world.teams["desk"]}, by
        ),
    }
    for name, call in calls.items():
        with counted() as sent:
            call()
        pinned(f"engine: {name}", sent)


def test_undo(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    """A change taken back; and a step for two records looked at, done and taken back, by its form."""
    incident, agent = shelf.type("incident"), world.by("agn")
    changed = commands.change(incident, lived, {"category": "A"}, agent).last_event.pk
    with counted() as sent:
        undoing.take_back(incident, lived, changed, agent)
    pinned("engine: take back a change", sent)
    numbers = [str(world.incident().number) for _ in range(2)]
    client = Client()
    client.cookies[SESSION_COOKIE] = sessions.begin(world.people["agn"].id)
    client.get("/incidents/")
    form = {"step": "set:category", "category": "B", "sel": numbers}
    with counted() as sent:
        assert b"2 will change" in client.post("/incidents/bulk/", form | {"preview": "1"}).content
    pinned("web: two looked at", sent)
    with counted() as sent:
        assert client.post("/incidents/bulk/", form | {"apply": "1"}).status_code == 303
    pinned("web: two changed", sent)
    [job] = jobs.own(agent.actor)
    with counted() as sent:
        assert client.post(f"/jobs/{job['id']}/undo/").status_code == 303
    pinned("web: two taken back", sent)


def causes(world: World, lived: str, count: int) -> str:
    """A problem that causes some incidents, the one given among them."""
    incident, problem = shelf.type("incident"), shelf.type("problem")
    number = str(commands.create(problem, {"title": "x"}, world.by("agn")).number)
    for key in (lived, *(world.incident().number for _ in range(count - 1))):
        commands.link(incident, key, "caused_by", number, world.by("agn"))
    return number


@pytest.mark.parametrize("rtype", [pytest.param(r, id=r.name) for r in shelf])
def test_every_list_and_record(
    rtype: RecordType, world: World, pinned: Callable[[str, list[str]], None]
) -> None:
    world.incident()
    if not rtype.model._default_manager.exists():
        commands.create(rtype, least(rtype), SETUP)
    secret = tokens.issue(world.people["adm"].id, "t", [])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    listed = client.get(f"/api/v1/{rtype.plural}").json()["items"]
    for name, path in (
        ("list", f"/api/v1/{rtype.plural}?size=100"),
        ("get", f"/api/v1/{rtype.plural}/{listed[0]['number']}"),
    ):
        with counted() as sent:
            assert client.get(path).status_code == 200
        pinned(f"api: {rtype.plural}, {name}", sent)


def test_search(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    delivery.drain()
    secret = tokens.issue(world.people["agn"].id, "t", [])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/me")  # the first time it is used, a token leaves an entry in the audit
    for name, path in (
        ("search", "search?q=vpn"),
        ("search, counted", "search?q=vpn&count=true"),
        ("search, suggestions", "search/suggestions?q=vpn"),
    ):
        with counted() as sent:
            assert client.get(f"/api/v1/{path}").status_code == 200
        pinned(f"api: {name}", sent)


def test_telling(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    """What the worker asks for an event, and for a batch of them on several records."""
    delivery.drain()
    incident, batch = shelf.type("incident"), []
    for n in range(20):
        number = lived if n % 4 else str(world.incident().number)
        batch.append(say(incident, number, Message("all", f"@agm {n}"), world.by("agn")))
    for name, events in (("one", batch[:1]), ("twenty", batch)):
        with counted() as sent:
            telling.tell_many(events)
        pinned(f"worker: tell {name}", sent)
    secret = tokens.issue(world.people["agm"].id, "t", [])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/me")
    for name, path in (("inbox", "inbox"), ("inbox, count", "inbox/count")):
        with counted() as sent:
            assert client.get(f"/api/v1/{path}").status_code == 200
        pinned(f"api: {name}", sent)


def test_api_writes(world: World, lived: str, pinned: Callable[[str, list[str]], None]) -> None:
    secret = tokens.issue(world.people["agn"].id, "t", [])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/me")  # the first time it is used, a token leaves an entry in the audit
    body = {"title": "x", "service": world.services["vpn"]}
    for name, more in (("create", {}), ("create once", {"headers": {"Idempotency-Key": "k"}})):
        with counted() as sent:
            made = client.post("/api/v1/incidents", body, content_type="application/json", **more)
        assert made.status_code == 201
        pinned(f"api: {name}", sent)
