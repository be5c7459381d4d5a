"""The demonstration: a living desk, with something to do for whoever signs in."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.db import connection, transaction

from mainstay.capabilities.files.models import Attachment
from mainstay.capabilities.telling import queries as inbox
from mainstay.config import demo
from mainstay.config.demo import texts
from mainstay.config.demo.quarter import Quarter
from mainstay.config.demo.size import FULL, SMALL, Size
from mainstay.directory import actors
from mainstay.directory.signin import password
from mainstay.pure.rules import SYSTEM, Actor
from mainstay.records import clock, commands, queries, where
from mainstay.records.errors import Denied
from mainstay.records.models import Event, Record
from mainstay.records.types import shelf
from tests.config import demo_digest
from tests.programs import ROOT, environment
from tests.world import SETUP, World

# On SQLite, in a folder of its own.
ALONE = """
import django
django.setup()
from mainstay.config import upgrade
upgrade.migrate()
from tests.config import demo_digest
print(demo_digest.of_a_seeding())
"""
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
def test_two_demonstrations_of_one_moment_are_alike(tmp_path: Path) -> None:
    """Here twice; or here and in a process of its own on SQLite, where this is PostgreSQL."""
    with transaction.atomic():
        first = demo_digest.of_a_seeding()
        assert {row["state"] for row in found(SYSTEM, "true")} >= {"new", "in_progress", "on_hold"}
        transaction.set_rollback(True)
    if connection.vendor == "sqlite":
        assert first == demo_digest.of_a_seeding()
        return
    shell = environment(MAINSTAY_DATA=str(tmp_path))
    words = [sys.executable, "-c", ALONE]
    done = subprocess.run(words, env=shell, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout.strip() == first, done.stderr


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_a_living_desk() -> None:
    """One seeding, looked at from all sides: it takes seconds."""
    told: list[float] = []
    people = demo.seed(SMALL, told.append)
    assert [login for login, _, _ in people] == ROLES
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1
    by_login = {
        login: actors.for_person(Record.objects.get(type="user", title=name).pk)
        for login, name, _ in people
    }
    for login, _, secret in people:
        assert password.sign_in(login, secret, "test")
        assert login == "requester" or by_login[login].has_role(login)

    everything = found(SYSTEM, "true")
    assert 330 <= len(everything) <= 400
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

    views = {
        login: [row["scope"] for row in queries.page(shelf.type("view"), actor, size=9).items]
        for login, actor in by_login.items()
    }
    assert sorted(views["agent"]) == ["global", "personal"]
    assert sorted(views["team-lead"]) == ["global", "team"]
    [picture] = Attachment.objects.all()
    assert picture.content_type == "image/png"
    number = next(row["number"] for row in asked if row["title"].startswith("VPN drops"))
    kinds = {
        i.kind.name
        for i in inbox.page(by_login["team-lead"], inbox.NEEDED)[0]
        if i.number == number
    }
    assert kinds == {"mentioned"}

    counts = {login: inbox.counts(actor) for login, actor in by_login.items()}
    assert counts["requester"].needs >= 2
    assert 1 <= counts["agent"].needs <= 15
    assert counts["team-lead"].needs >= 1
    assert counts["change-manager"].needs >= 1
    assert counts["service-manager"].info >= 1

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
    again = demo.seed(SMALL)
    assert [name for _, name, _ in again] == [name for _, name, _ in people]
    assert not {secret for *_, secret in again} & {secret for *_, secret in people}
    assert Event.objects.count() == events


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_a_quarter_has_its_outage_and_what_came_of_it() -> None:
    """A tenth of the whole one; what it is made from is looked at without a database, in full size."""
    incident, problem = shelf.type("incident"), shelf.type("problem")
    with clock.held(demo_digest.NOW):
        demo.seed(Size(people=100, days=90, reports=100))
    quarter = Quarter(FULL, demo_digest.NOW)
    of_week = Counter(
        quarter.week(datetime.fromisoformat(row["created_at"])) for row in found(SYSTEM, "true")
    )
    assert of_week[6] >= 2 * median(of_week[week] for week in range(2, 12))
    [outage] = found(SYSTEM, 'title.contains("Nobody can sign in:")')
    parent = queries.one(incident, SYSTEM, outage["number"])
    children = queries.linked(incident, SYSTEM, parent.facts.id, "child_of", names=("is_open",))
    assert len(children) >= 5
    assert not any(child["is_open"] for child in children)
    assert found(SYSTEM, 'close_code == "resolved_by_problem"')
    problems = queries.page(problem, SYSTEM, size=50).items
    assert len(problems) == len(texts.read("problems.toml")["problem"])


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
