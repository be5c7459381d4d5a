"""Search finds what lists show and no more: random actors and records, and a canary in everything private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.search import index, queries, rights
from mainstay.capabilities.search.finding import Narrowing
from mainstay.capabilities.search.shown import Item
from mainstay.directory import commands as directory
from mainstay.directory import roles
from mainstay.pure.rules import Actor
from mainstay.records import access, commands, delivery
from mainstay.records import queries as lists
from mainstay.records.models import Record
from mainstay.records.types import Message, shelf
from tests.records.test_access import actors
from tests.safety.ground import ALL_OF_THEM, PERSONAS, Ground, lay
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
TYPES = ("incident", "service", "item", "site", "skill", "team", "organisation", "user")


@pytest.fixture
def ground(db: None) -> Ground:
    """As it is laid, before any listener changes it."""
    found = lay()
    index.put(Record.objects.values_list("id", flat=True))
    return found


def everything(actor: Actor, typed: str, narrowing: Narrowing | None = None) -> list[Item]:
    found = queries.search(actor, typed, narrowing, size=200, counted=True)
    assert found.next is None
    assert found.count == len(found.items)
    for of_it in found.facets.values():
        assert sum(value.count for value in of_it) <= len(found.items)
    return found.items


def test_search_finds_what_the_rules_of_lists_allow(world: World) -> None:
    """Each record has a word for everybody who sees it, one for insiders, and one that is private to a role."""
    people = [world.people[n].id for n in ("ra1", "agn", "agh")]
    teams = list(shelf.type("team").model.objects.values_list("id", flat=True))
    organisations = list(shelf.type("organisation").model.objects.values_list("id", flat=True))
    made = []
    numbers = count()
    for person, is_for in (
        (None, False),
        (people[0], False),
        (people[0], True),
        (people[1], False),
    ):
        for team in (None, *teams):
            for organisation in (None, *organisations):
                record = commands.create(incident, {"title": f"Openword {next(numbers)}"}, SETUP)
                say(incident, record.number, Message("internal", "insideword"), SETUP)
                incident.model.objects.filter(pk=record.pk).update(
                    requester_id=None if is_for else person,
                    requested_for_id=person if is_for else None, team_id=team, organisation_id=organisation,
                    assignee_id=people[2] if team else None, assigned_because="guardedword",
                )  # fmt: skip
                made.append(record.pk)
    delivery.drain()
    stored = list(incident.model.objects.filter(pk__in=made))

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(actors(people, teams, organisations))
    def agree(actor: Actor) -> None:
        seen = {r.id for r in stored if access.may(incident, "see", actor, r)}
        inside = {r.id for r in stored if r.id in seen and access.is_insider(incident, actor, r)}
        private = {
            r.id
            for r in stored
            if r.id in seen
            and access.allows(incident, incident.private["assigned_because"], actor, r)
        }
        listed = {row["number"] for row in lists.page(incident, actor, names=(), size=200).items}
        found = everything(actor, "openword")
        assert {item.id for item in found} == seen
        assert {item.number for item in found} <= listed
        assert {item.id for item in everything(actor, "insideword")} == inside
        assert {item.id for item in everything(actor, "guardedword")} == private
        assert {i.id for i in everything(actor, "openword insideword guardedword")} == (
            inside & private
        )
        assert {i.id for i in everything(actor, "insideword openword")} == inside

    agree()


def test_every_type_is_searched_by_its_own_rules(world: World) -> None:
    """Whatever somebody finds by a word of its title they also see in its list, and the other way round."""
    for name in TYPES:
        if name not in ("user", "organisation", "team"):
            commands.create(shelf.type(name), {"title": "Openword"}, SETUP)
    Record.objects.update(title="Openword")
    delivery.drain()
    index.put(Record.objects.values_list("id", flat=True))
    for who in ("ra1", "rb1", "agn", "agb", "aud", "ven", "adm", "lead"):
        actor = world.actor(who)
        found = {item.number for item in everything(actor, "openword")}
        listed = {
            row["number"]
            for rtype in shelf
            for row in lists.page(rtype, actor, names=(), size=200).items
        }
        assert found == listed, who


# What is in no part of the index: the contents of files, and what a field held before.
UNSEARCHED = ("-content", "-old")


# What its readers meet on other pages: as the name of their organisation, and, being its caller, not at all.
ELSEWHERE = {("ra1", "org-a"), ("ra2", "org-a"), ("ven", "org-a"), ("agd", "about-agd-because")}


def canaries(ground: Ground) -> Iterator[tuple[str, frozenset[str]]]:
    for text, readers in ground.canaries.items():
        if not any(part in text for part in UNSEARCHED):
            yield text, readers


@pytest.mark.attack("C02", "C09", "C10", "I1")
@pytest.mark.parametrize("name", ALL_OF_THEM)
def test_a_secret_is_found_by_its_readers_alone(ground: Ground, name: str) -> None:
    """In hits, counts, facets, excerpts, suggestions and what is like it; letter by letter as well."""
    actor = ground.world.actor(name)
    forbidden = ground.forbidden(name)
    hidden = {number for of_type in ground.hidden(name).values() for number in of_type}
    for text, readers in canaries(ground):
        # All its words, so that no other canary answers; and what it begins with.
        found = queries.search(actor, text, size=200, counted=True)
        if any(name == who and f"CNRY-{what}-" in text for who, what in ELSEWHERE):
            assert not found.items
        elif name in readers:
            assert found.items, f"{text} is not found by {name}"
        else:
            assert (found.items, found.count, found.exact) == ([], 0, None), (text, name)
            assert not any(found.facets.values())
            assert found.alike == ()
    typed_by_them = {
        typed
        for text, _readers in canaries(ground)
        for typed in (text, text[:-2], text.lower(), text.rpartition("-")[2], "cnry")
    }
    for typed in sorted(typed_by_them):
        told = repr(queries.search(actor, typed, size=200, counted=True).items)
        told += repr(queries.suggest(actor, typed))
        told += repr(queries.suggest(actor, typed, Narrowing(own=True)))
        told += repr(queries.similar(actor, incident, typed))
        assert not [secret for secret in forbidden if secret in told], (typed, name)
        assert not [number for number in hidden if f"'{number}'" in told], (typed, name)


@pytest.mark.parametrize("name", PERSONAS)
def test_numbers_of_hidden_records_are_no_numbers(ground: Ground, name: str) -> None:
    actor = ground.world.actor(name)
    for numbers in ground.hidden(name).values():
        for number in numbers:
            found = queries.search(actor, number)
            assert found.exact is None
            assert number not in [item.number for item in found.items]


@pytest.mark.attack("C09")
def test_a_narrowing_tells_nothing_of_what_is_hidden(ground: Ground) -> None:
    """One cannot ask which team or service a record has whose team or service one does not see it with."""
    world = ground.world
    for who in ("ra1", "rb1", "ven"):
        actor = world.actor(who)
        for chosen in (
            {"team": world.teams["hr"]},
            {"service": world.services["vpn"]},
            {"state": ("new", "active")},
        ):
            seen = {item.number for item in everything(actor, "cnry")}
            narrowed = {item.number for item in everything(actor, "cnry", Narrowing(**chosen))}
            assert narrowed <= seen


def test_removed_records_are_found_by_nobody_and_come_back(world: World) -> None:
    record = world.incident(title="Quixotic behaviour")
    delivery.drain()
    agent = world.actor("agn")
    commands.remove(incident, record.number, world.by("adm"))
    for typed in ("quixotic", record.number, "quixotc"):
        found = queries.search(agent, typed, counted=True)
        assert (found.items, found.count, found.exact) == ([], 0, None)
    assert queries.suggest(agent, "quix") == []
    assert queries.similar(agent, incident, "quixotic") == []
    commands.restore(incident, record.number, world.by("adm"))
    assert [item.number for item in everything(agent, "quixotic")] == [record.number]


def test_a_change_of_rights_needs_no_new_index(world: World) -> None:
    record = world.hidden_incident(title="Quixotic payslip")
    delivery.drain()
    assert everything(world.actor("agn"), "quixotic") == []
    directory.join(world.teams["hr"], world.number("agn"), SETUP)
    assert [i.number for i in everything(world.actor("agn"), "quixotic")] == [record.number]
    directory.leave(world.teams["hr"], world.number("agn"), SETUP)
    assert everything(world.actor("agn"), "quixotic") == []
    assert everything(world.actor("ra1"), "quixotic") == []
    directory.grant(world.number("ra1"), roles.AGENT, SETUP)
    directory.join(world.teams["hr"], world.number("ra1"), SETUP)
    assert [i.number for i in everything(world.actor("ra1"), "quixotic")] == [record.number]


def test_another_spelling_comes_from_what_one_reads(ground: Ground) -> None:
    """Words are compared with those of every title; none is told to who does not read it."""
    world = ground.world
    world.hidden_incident(title="Xylophonist dismissed")
    delivery.drain()
    found = queries.search(world.actor("agn"), "xylofonist", counted=True)
    assert (found.items, found.alike, found.count) == ([], (), 0)
    assert queries.search(world.actor("agh"), "xylofonist").alike == ("xylophonist",)


def test_whether_a_word_is_lacking_is_judged_by_what_one_reads(world: World) -> None:
    """A word of others' records alone is told to be as unknown as one of nobody's, and so is its misspelling."""
    world.incident(title="Payroll by air")
    world.hidden_incident(title="Xylophonist dismissed")
    delivery.drain()
    for typed in ("xylophonist", "xylofonist", "qylqphonqst"):
        found = queries.search(world.actor("agn"), f"payroll {typed}")
        assert (found.lacking, found.rest) == ((typed,), queries.Rest("payroll", 1, True))
        own = queries.search(world.actor("agn"), f"payroll {typed}", Narrowing(own=True))
        assert (own.lacking, own.rest) == (("payroll", typed), None)
    found = queries.search(world.actor("agh"), "payroll xylophonist")
    assert (found.items, found.lacking, found.rest) == ([], (), None)


def test_a_token_searches_what_it_may_read(world: World) -> None:
    world.incident(title="Quixotic")
    commands.create(shelf.type("site"), {"title": "Quixotic"}, SETUP)
    delivery.drain()
    actor = replace(world.actor("agn"), scopes=frozenset({"read:sites"}))
    assert [item.rtype.name for item in everything(actor, "quixotic")] == ["site"]
    nothing = replace(actor, scopes=frozenset({"read:nothing"}))
    assert rights.types_for(nothing) == ()
    assert everything(nothing, "quixotic") == []


def test_a_person_without_any_right_finds_nothing(world: World) -> None:
    world.incident()
    delivery.drain()
    stranger = Actor(id=None)
    assert everything(stranger, "drops") == []


@pytest.mark.attack("C10")
def test_own_requests_alone(world: World) -> None:
    mine: Any = world.incident(title="Quixotic mine", by="agn", requester=world.number("agn"))
    world.incident(title="Quixotic other")
    delivery.drain()
    found = queries.similar(world.actor("agn"), incident, "quixotic", own=True)
    assert [item.number for item in found] == [mine.number]
