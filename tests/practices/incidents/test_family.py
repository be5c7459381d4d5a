"""A parent and its children: one parent, one level, and what a parent's moves do to those below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mainstay.capabilities.conversation.queries import entries
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.practices.incidents import commands as family_commands
from mainstay.practices.incidents import family
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands, delivery, history, queries
from mainstay.records.errors import Denied, Invalid, Missing
from mainstay.records.models import Event, Link, Record
from mainstay.records.reactions import Heard
from mainstay.records.stretch import Stretch
from mainstay.records.types import shelf
from mainstay.surfaces.api import limits
from tests.safety.test_concurrency import at_once, made
from tests.surfaces.api.client import api_of
from tests.world import SETUP, World

incident = shelf.type("incident")
SOLVED = {"close_code": "workaround_provided", "resolution": "The other gateway is used"}
one_transaction = pytest.mark.django_db


def adopt(world: World, child: str, parent: str, by: str = "agn") -> None:
    commands.link(incident, child, "child_of", parent, world.by(by))


def move(world: World, number: str, name: str, by: str = "agn", **given: Any) -> None:
    commands.move(incident, number, name, given, world.by(by))


def see(number: str) -> Any:
    return queries.one(incident, SETUP.actor, number)


def events(number: str) -> list[dict[str, Any]]:
    return history.events(incident, SETUP.actor, see(number))


def notes(number: str) -> list[str]:
    return [e["name"] for e in events(number) if e["name"] == "incident.note"]


def parents(number: str) -> list[str]:
    found = queries.linked(
        incident, SETUP.actor, see(number).facts.id, "child_of", towards="target"
    )
    return [row["number"] for row in found]


@one_transaction
def test_one_parent_and_one_level_and_the_refusal_says_what_to_do(world: World) -> None:
    parent, child, other, third = (world.incident().number for _ in range(4))
    adopt(world, child, parent)
    adopt(world, child, parent)
    for source, target, words in (
        (child, other, f"{child} has the parent {parent}; remove that link first."),
        (other, child, f"{child} is a child of {parent}; choose that one."),
        (parent, other, f"{parent} has children of its own, as {child}; remove those links first."),
        (parent, child, f"{child} is a child of {parent}; choose that one."),
    ):
        written = Event.objects.count(), Link.objects.count()
        with pytest.raises(Invalid) as refused:
            adopt(world, source, target)
        assert refused.value.fields == {"record": [words]}
        assert (Event.objects.count(), Link.objects.count()) == written
    move(world, third, "cancel")
    with pytest.raises(Invalid, match="not open"):
        adopt(world, other, third)
    commands.unlink(incident, child, "child_of", parent, world.by("agn"))
    adopt(world, child, other)
    assert parents(child) == [other]


@one_transaction
def test_who_may_link_is_who_may_change_both_worlds_apart(world: World) -> None:
    parent, child = world.incident().number, world.incident().number
    for name, refusal in (("ra1", Denied), ("ra2", Missing), ("rb1", Missing)):
        with pytest.raises(refusal):
            adopt(world, child, parent, by=name)
    assert parents(child) == []
    hidden = world.hidden_incident().number
    with pytest.raises(Invalid, match=f"no record {hidden}"):
        adopt(world, child, hidden)
    adopt(world, child, parent, by="mgr")
    assert parents(child) == [parent]


@one_transaction
def test_a_hidden_parent_is_not_spoken_of_and_gives_way(world: World) -> None:
    hidden, child, parent = (
        world.hidden_incident().number, world.incident().number, world.incident().number,
    )  # fmt: skip
    commands.link(incident, child, "child_of", hidden, SETUP)
    adopt(world, child, parent)
    assert parents(child) == [parent]
    row = queries.one(incident, world.actor("agn"), child)
    assert hidden not in str(history.events(incident, world.actor("agn"), row))


@one_transaction
def test_children_are_resolved_with_their_parent_once(world: World) -> None:
    parent, child, done, other = (world.incident().number for _ in range(4))
    for number in (child, done):
        adopt(world, number, parent)
    move(world, done, "resolve", close_code="user_error", resolution="It was unplugged")
    move(world, parent, "resolve", **SOLVED)
    delivery.drain()
    assert {name: see(child)[name] for name in SOLVED} == SOLVED
    assert see(child)["state"] == "resolved"
    assert (see(done)["close_code"], see(other)["state"]) == ("user_error", "new")
    [cause] = Event.objects.filter(name="incident.resolve", record_id=see(parent).facts.id)
    last = next(e for e in events(child) if e["name"] == "incident.resolve")
    assert last["cause"] == cause.pk


@one_transaction
def test_words_of_a_hidden_parent_stay_there(world: World) -> None:
    hidden, child = world.hidden_incident().number, world.incident().number
    commands.link(incident, child, "child_of", hidden, SETUP)
    commands.move(incident, hidden, "resolve", SOLVED, SETUP)
    delivery.drain()
    assert see(child)["state"] == "resolved"
    assert see(child)["resolution"] == "What this was part of has been solved."
    commands.move(incident, hidden, "reopen", {}, SETUP)
    delivery.drain()
    assert notes(child) == []


@one_transaction
def test_reopening_and_cancelling_move_no_child_but_are_noted(world: World) -> None:
    parent, child = world.incident().number, world.incident().number
    adopt(world, child, parent)
    move(world, parent, "resolve", **SOLVED)
    delivery.drain()
    move(world, parent, "reopen")
    delivery.drain()
    assert (see(child)["state"], len(notes(child))) == ("resolved", 1)
    move(world, child, "reopen")
    move(world, parent, "cancel")
    delivery.drain()
    assert (see(child)["state"], len(notes(child))) == ("in_progress", 2)


@one_transaction
def test_a_child_that_cannot_be_resolved_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, first, second = (world.incident().number for _ in range(3))
    for number in (first, second):
        adopt(world, number, parent)
    go = commands.go

    def refusing(rtype: Any, record: Any, *rest: Any, **more: Any) -> Any:
        if record.number == second:
            raise Invalid({"assignee": ["not that one"]})
        return go(rtype, record, *rest, **more)

    move(world, parent, "resolve", **SOLVED)
    monkeypatch.setattr(family.commands, "go", refusing)
    delivery.drain()
    assert (see(first)["state"], see(second)["state"]) == ("resolved", "new")
    assert (notes(first), len(notes(second))) == ([], 1)


Browse = Callable[[str], Client]


@pytest.fixture
def browse(world: World) -> Browse:
    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def replies(number: str) -> list[str]:
    row = see(number)
    return [e["text"] for e in entries(incident, SETUP.actor, row, Stretch(newest=True))]


@one_transaction
def test_what_is_told_reaches_the_callers_of_open_children_once(world: World) -> None:
    child, done, other = (world.incident().number for _ in range(3))
    parent = world.incident(requester=world.number("ra2"), by="agn").number
    adopt(world, child, parent)
    adopt(world, done, parent)
    move(world, done, "resolve", **SOLVED)
    told = family_commands.tell_children(parent, "We are on it", world.by("agn"))
    delivery.drain()
    assert replies(parent) == ["We are on it"] * 2, "for those who work on it, and for its caller"
    assert replies(child) == ["We are on it"]
    assert replies(done) == replies(other) == []
    for _ in range(2):
        record = Record.objects.get(number=parent)
        heard = Heard(told, record, incident, By(SYSTEM, "automation", cause=told.pk))
        family.tell_their_callers(heard)
    assert replies(child) == ["We are on it"]
    [reply] = [e for e in events(child) if e["name"] == "incident.reply"]
    assert reply["cause"] == told.pk
    own = queries.one(incident, world.actor("ra2"), parent)
    read = entries(incident, world.actor("ra2"), own, Stretch(newest=True))
    assert [each["text"] for each in read] == ["We are on it"]
    seen = str(history.events(incident, world.actor("ra2"), own))
    assert "incident.reply" in seen
    assert "children" not in seen, "that others have it too is not theirs to read"
    caller = queries.one(incident, world.actor("ra1"), child)
    assert parent not in str(history.events(incident, world.actor("ra1"), caller))


@one_transaction
def test_who_may_not_tell_tells_nobody(world: World) -> None:
    parent, child, alone = (world.incident().number for _ in range(3))
    adopt(world, child, parent)
    for name, refusal in (("ra1", Denied), ("ra2", Missing), ("rb1", Missing), ("aud", Denied)):
        with pytest.raises(refusal):
            family_commands.tell_children(parent, "We are on it", world.by(name))
    for number, text, word in ((alone, "We are on it", "record"), (parent, " ", "text")):
        with pytest.raises(Invalid) as refused:
            family_commands.tell_children(number, text, world.by("agn"))
        assert set(refused.value.fields) == {word}
    delivery.drain()
    assert replies(parent) == replies(child) == []
    family_commands.tell_children(parent, "We are on it", world.by("mgr"))
    delivery.drain()
    assert replies(child) == ["We are on it"]


@one_transaction
def test_what_is_told_behind_a_wall_stays_there(world: World) -> None:
    hidden, child, inside = (
        world.hidden_incident().number, world.incident().number, world.hidden_incident().number,
    )  # fmt: skip
    for number in (child, inside):
        commands.link(incident, number, "child_of", hidden, SETUP)
    family_commands.tell_children(hidden, "About your pay", SETUP)
    delivery.drain()
    assert replies(inside) == ["About your pay"]
    assert replies(child) == []


@one_transaction
def test_the_page_shows_children_and_tells_their_callers(world: World, browse: Browse) -> None:
    parent, child = world.incident().number, world.incident().number
    adopt(world, child, parent)
    hidden = world.hidden_incident().number
    commands.link(incident, hidden, "child_of", parent, SETUP)
    agent = browse("agn")
    shown = text(agent.get(f"/incidents/{parent}/"))
    assert 'id="children"' in shown
    assert child in shown
    assert hidden not in shown
    assert ">1</span>" in shown.partition('id="children"')[2][:200]
    assert parent in text(agent.get(f"/incidents/{child}/"))
    address = f"/incidents/{parent}/tell-children/"
    assert "one open child" in text(agent.get(address))
    assert agent.post(address, {"text": ""}).status_code == 422
    assert agent.post(address, {"text": "We are on it"}).status_code == 303
    assert browse("aud").get(address).status_code == 403
    assert browse("ra2").get(address).status_code == 404
    for page in (f"/portal/requests/{parent}/", f"/portal/requests/{child}/"):
        seen = text(browse("ra1").get(page))
        assert (child if parent in page else parent) not in seen


@one_transaction
def test_over_rest(world: World) -> None:
    limits.forget()
    parent, child = world.incident().number, world.incident().number
    agent = api_of(world.people["agn"])
    link = {"kind": "child_of", "record": parent}
    assert agent.post(f"/incidents/{child}/links", link).status_code == 201
    refused = agent.post(f"/incidents/{parent}/links", {"kind": "child_of", "record": child})
    assert (refused.status_code, child in refused.text) == (422, True)
    answer = agent.post(f"/incidents/{parent}/tell-children", {"text": "We are on it"})
    assert answer.status_code == 201
    delivery.drain()
    assert replies(child) == ["We are on it"]
    for body in ({}, {"text": ""}, {"text": "x", "to": "all"}):
        assert agent.post(f"/incidents/{parent}/tell-children", body).status_code == 422
    stranger = api_of(world.people["rb1"])
    missing = stranger.post(f"/incidents/{parent}/tell-children", {"text": "x"})
    assert missing.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_links_at_once_none_makes_a_second_parent_or_a_ring() -> None:
    for _ in range(5):
        a, b, c = made(), made(), made()
        pairs = [(a, b), (b, a), (a, c), (b, c), (c, a)]

        def link(pair: tuple[str, str]) -> bool:
            try:
                commands.link(incident, pair[0], "child_of", pair[1], SETUP)
            except Invalid:
                return False
            return True

        wins = at_once([lambda pair=pair: link(pair) for pair in pairs])
        found = set(Link.objects.filter(kind="child_of").values_list("source_id", "target_id"))
        ids = {see(number).facts.id for number in (a, b, c)}
        mine = [pair for pair in found if pair[0] in ids]
        assert len(mine) == sum(wins) >= 1
        assert len({source for source, _target in mine}) == len(mine)
        assert not {source for source, _t in mine} & {target for _s, target in mine}
