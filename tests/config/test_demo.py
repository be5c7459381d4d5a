"""The demonstration: a living desk, with something to do for whoever signs in."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction

from mainstay.capabilities.telling import queries as inbox
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.config import demo
from mainstay.config.demo import seeding, texts
from mainstay.directory import actors
from mainstay.directory.signin import password
from mainstay.pure.rules import SYSTEM, Actor
from mainstay.records import clock, commands, queries, where
from mainstay.records.errors import Denied
from mainstay.records.models import Event, EventText, Record
from mainstay.records.types import shelf
from tests.world import SETUP, World

ROLES = [
    "requester",
    "agent",
    "team-lead",
    "change-manager",
    "service-manager",
    "auditor",
    "vendor",
    "administrator",
]


def found(actor: Actor, condition: str) -> list[dict[str, Any]]:
    incident, rows, after = shelf.type("incident"), [], None
    condition_read = where.parse(incident, actor, condition)
    while True:
        page = queries.page(incident, actor, where=condition_read, size=200, after=after)
        rows += page.items
        if page.next is None:
            return rows
        after = page.next


@pytest.mark.django_db
def test_a_quieter_month_on_either_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "CASES", 10)
    people = demo.seed()
    assert [login for login, _, _ in people] == ROLES
    assert {row["state"] for row in found(SYSTEM, "true")} >= {"new", "in_progress", "on_hold"}


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_two_demonstrations_of_one_moment_are_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "CASES", 10)
    first, second = (digest_of_a_seeding() for _ in range(2))
    assert first == second


def digest_of_a_seeding() -> str:
    """Of everything that happened, without what is salted; the site is empty again afterwards."""
    told = sha256()
    with transaction.atomic(), clock.held(datetime(2026, 3, 4, 10, tzinfo=UTC)):
        demo.seed()
        for event in Event.objects.order_by("pk"):
            changes = {n: what for n, what in event.changes.items() if "digest" not in repr(what)}
            by = (event.name, event.record_id, event.actor_id, event.door, event.at, event.cause_id)
            told.update(repr((by, changes)).encode())
        texts_of_events = EventText.objects.order_by("pk").values_list("event_id", "field", "new")
        names = ("person_id", "record_id", "kind", "count", "at", "read_at")
        entries = InboxEntry.objects.order_by("person_id", "record_id").values_list(*names)
        for row in (*texts_of_events, *entries):
            told.update(repr(row).encode())
        transaction.set_rollback(True)
    return told.hexdigest()


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_a_living_desk() -> None:
    """One seeding, looked at from all sides: it takes seconds."""
    people = demo.seed()
    assert [login for login, _, _ in people] == ROLES
    by_login = {
        login: actors.for_person(Record.objects.get(type="user", title=name).pk)
        for login, name, _ in people
    }
    for login, _, secret in people:
        assert password.sign_in(login, secret, "test")
        assert login == "requester" or by_login[login].has_role(login)

    everything = found(SYSTEM, "true")
    assert 330 <= len(everything) <= 380
    states = Counter(row["state"] for row in everything)
    assert set(states) == {"new", "in_progress", "on_hold", "resolved", "closed", "cancelled"}
    assert 25 <= states["new"] + states["in_progress"] + states["on_hold"] <= 80
    assert found(SYSTEM, "is_open && priority <= 2")
    assert len(found(SYSTEM, 'is_open && assignee == null && state != "resolved"')) >= 3
    assert max(Counter(row["title"] for row in everything).values()) <= 4

    asked = found(by_login["requester"], "requester == me")
    assert 4 <= len(asked) <= 6
    assert any(row["waiting_for"] == "caller" for row in asked)
    assert any(row["state"] == "resolved" for row in asked)
    mine = found(by_login["agent"], "is_open && assignee == me")
    assert {row["state"] for row in mine} >= {"new", "in_progress", "on_hold"}
    assert found(by_login["agent"], "is_open && team in my_teams && assignee == null")
    assert found(by_login["vendor"], "is_open")
    assert not any(row["team"]["title"] == "HR Services" for row in found_teams(by_login["agent"]))

    told = {login: inbox.counts(actor) for login, actor in by_login.items()}
    assert told["requester"].needs >= 2
    assert 1 <= told["agent"].needs <= 15
    assert told["team-lead"].needs >= 1
    assert told["change-manager"].needs >= 1
    assert told["service-manager"].info >= 1

    problems = queries.page(shelf.type("problem"), SYSTEM, size=200).items
    assert {row["state"] for row in problems} == {
        s.name for s in shelf.type("problem").lifecycle.states
    }
    ended = {row["resolution_code"] for row in problems}
    assert ended == {"", "fix_applied", "risk_accepted", "duplicate", "cancelled"}
    assert any(row["is_known_error"] and row["is_open"] for row in problems)
    caused = [
        queries.links(SYSTEM, queries.one(shelf.type("problem"), SYSTEM, row["number"]))
        for row in problems
    ]
    assert sum(len(links) for links in caused) >= 20

    events = Event.objects.count()
    again = demo.seed()
    assert [name for _, name, _ in again] == [name for _, name, _ in people]
    assert not {secret for *_, secret in again} & {secret for *_, secret in people}
    assert Event.objects.count() == events


def found_teams(actor: Actor) -> list[dict[str, Any]]:
    return [row for row in found(actor, "true") if row["team"]]


@pytest.mark.django_db
def test_not_in_a_site_with_people_of_its_own(world: World) -> None:
    commands.create(shelf.type("user"), {"title": "Ada", "username": "agent"}, SETUP)
    with pytest.raises(Denied):
        demo.seed()


def test_every_story_has_a_service_an_item_and_slots_that_exist() -> None:
    services = {s["name"]: s["items"] for s in texts.read("services.toml")["service"]}
    items = {item for held in services.values() for item in held}
    departments = {d["name"] for d in texts.read("organisation.toml")["department"]}
    slots = dict.fromkeys(
        [
            "n",
            "day",
            "since",
            "time",
            "floor",
            "till",
            "room",
            "order",
            "device",
            "colleague",
            "site",
            "first",
        ],
        "x",
    )
    for story in texts.stories():
        assert story.service in services
        assert not story.item or story.item in items
        assert set(story.callers) <= departments
        written = [*story.titles, *story.bodies, *story.notes, story.ask, *story.answers]
        for text in (*written, *(part for fix in story.fixes for part in fix)):
            assert "{" not in texts.fill(text, slots)
