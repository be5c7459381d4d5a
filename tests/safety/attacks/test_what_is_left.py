"""What was somebody's is theirs no more: kept answers, narrow keys, words behind walls, endless texts."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.capabilities.notices import commands as notices
from mainstay.directory import commands as directory
from mainstay.practices.problems.commands import from_incident
from mainstay.records import commands, delivery, queries
from mainstay.records.types import Message, shelf
from tests.safety.ground import Ground
from tests.safety.wire import program, signed_in
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
WORDS = "CNRY-reason"


@pytest.mark.attack("S01")
def test_a_kept_answer_is_told_to_whoever_still_sees_what_it_is_about(world: World) -> None:
    hidden, who = world.hidden_incident().number, world.people["agh"]
    wire = program(who.id, "read", "write")
    path, body = f"/api/v1/incidents/{hidden}/moves", {"move": "start"}
    first = wire.api("POST", path, body, Idempotency_Key="k-1")
    again = wire.api("POST", path, body, Idempotency_Key="k-1")
    assert (first.status, again.status) == (200, 200) and again["Idempotent-Replayed"] == "true"
    made = wire.api("POST", "/api/v1/incidents", {"title": WORDS}, Idempotency_Key="k-2")
    assert made.status == 201 and WORDS in made.text
    directory.leave(world.teams["hr"], who.number, SETUP)
    assert wire.get(f"/api/v1/incidents/{hidden}").status == 404
    late = wire.api("POST", path, body, Idempotency_Key="k-1")
    assert late.status == 404 and "Idempotent-Replayed" not in late.headers
    record = shelf.type("incident").model.objects.get(number=made.json["number"])
    shelf.type("incident").model.objects.filter(pk=record.pk).update(
        requester=None, team=shelf.type("team").model.objects.get(number=world.teams["hr"])
    )
    late = wire.api("POST", "/api/v1/incidents", {"title": WORDS}, Idempotency_Key="k-2")
    assert late.status == 404 and WORDS not in late.text


def test_who_stepped_back_may_ask_twice(world: World) -> None:
    named = {"requester": world.number("ra1"), "requested_for": world.number("ra2")}
    hidden = world.hidden_incident(**named).number
    wire, path = program(world.people["ra2"].id, "read", "write"), f"/api/v1/incidents/{hidden}"
    assert wire.get(path).status == 200
    for _again in range(2):
        left = wire.api("POST", f"{path}/step-back", {}, Idempotency_Key="k")
        assert (left.status, left.text) == (204, "")
    assert wire.get(path).status == 404


@pytest.mark.attack("O11")
def test_a_narrow_key_is_told_no_answer_of_a_wider_one(world: World) -> None:
    who = world.people["agn"].id
    body = {"title": "By the wide one"}
    wide, narrow = program(who, "write"), program(who, "write:problems")
    assert wide.api("POST", "/api/v1/incidents", body, Idempotency_Key="k").status == 201
    assert narrow.api("POST", "/api/v1/incidents", body, Idempotency_Key="k").status == 403


@pytest.mark.attack("O11")
def test_a_key_for_reading_silences_nobody(world: World) -> None:
    who, path = world.people["agn"].id, "/api/v1/inbox/preferences"
    quiet = {"assigned": {"inbox": False}}
    for scope in ("read", "read:audit", "write:sites"):
        assert program(who, scope).api("PATCH", path, quiet).status == 403
    assert program(who, "read").get(path).json["assigned"] == {"inbox": True}
    assert program(who, "write").api("PATCH", path, quiet).status == 200


@pytest.mark.attack("O11")
def test_a_key_for_problems_writes_on_no_notice(world: World) -> None:
    incident, problem = shelf.type("incident"), shelf.type("problem")
    record = world.incident(team=world.teams["net"], by="mgr")
    said = {"title": "The mail is down", "text": "We know."}
    notices.publish(incident, record.number, said, world.by("agn"))
    cause = from_incident(record.number, world.by("agn")).number
    commands.change(problem, cause, {"workaround": "Another gateway"}, world.by("agn"))
    body = {"about": "workaround", "on_notices": True}
    path, who = f"/api/v1/problems/{cause}/communications", world.people["agn"].id
    assert program(who, "write:problems").api("POST", path, body).status == 403
    assert program(who, "write").api("POST", path, body).status == 201


def test_a_problem_stands_behind_the_walls_of_the_incident_it_was_made_from(world: World) -> None:
    hidden = world.hidden_incident()
    made = from_incident(hidden.number, world.by("agh"))
    problem = shelf.type("problem")
    assert queries.one(problem, world.actor("agh"), made.number)["title"] == hidden.title
    for who in ("agn", "lead", "mgr", "adm"):
        with pytest.raises(Exception, match=str(made.number)):
            queries.one(problem, world.actor(who), made.number)


def test_reasons_for_a_risk_pass_no_wall(world: World) -> None:
    incident, problem = shelf.type("incident"), shelf.type("problem")
    inside = commands.create(incident, {"title": "In B", "requester": world.number("rb1")}, SETUP)
    near = world.incident(team=world.teams["net"], by="mgr")
    cause = from_incident(near.number, world.by("mgr")).number
    commands.link(incident, inside.number, "caused_by", cause, SETUP)
    by, why = world.by("mgr"), Message("internal", "Seen.")
    commands.move(problem, cause, "assess", {}, by)
    commands.move(problem, cause, "confirm", {}, by, message=why)
    risk = {"risk_reason": WORDS, "risk_until": "2030-01-01", "risk_owner": world.number("mgr")}
    commands.move(problem, cause, "accept_risk", risk, by, message=why)
    delivery.drain()
    read = {number: str(said(world, number)) for number in (near.number, inside.number)}
    assert WORDS in read[near.number]
    assert WORDS not in read[inside.number] and "is accepted until" in read[inside.number]


def said(world: World, number: str) -> list[Any]:
    incident, actor = shelf.type("incident"), world.actor("adm")
    row = queries.one(incident, actor, number, names=())
    source = next(c for c in incident.capabilities if c.name == "conversation")
    assert source.entries is not None
    return source.entries(incident, actor, row)


def test_an_internal_file_is_not_named_to_an_auditor_who_is_only_its_caller(ground: Ground) -> None:
    world, incident = ground.world, shelf.type("incident")
    hidden = world.hidden_incident(requester=world.number("adm"))
    attach = incident.offer("attach")
    assert attach is not None
    attach(incident, hidden.number, f"{WORDS}.txt", [b"x"], "internal", world.by("agh"))
    attach(incident, hidden.number, "shown.txt", [b"x"], "all", world.by("agh"))
    page = signed_in(world.people["adm"].id).get(f"/audit/?record={hidden.number}")
    told = program(world.people["adm"].id, "read").get(f"/api/v1/audit?record={hidden.number}")
    for answer in (page, told):
        assert answer.status == 200 and WORDS not in answer.text
        assert "shown.txt" in answer.text


@pytest.mark.attack("I7")
def test_an_endless_text_names_nobody(ground: Ground) -> None:
    long = "x" * 60_000
    answer = ground.browser("ra1").post("/portal/ask/broken/", {"title": "T", "service": long})
    assert answer.status == 422
    assert ground.browser("ra1").post("/portal/ask/broken/", {"title": "T"}).status in (200, 303)


def test_a_notice_ends_when_its_record_is_removed(world: World) -> None:
    record = world.incident(team=world.teams["net"], by="mgr")
    said = {"title": "The mail is down", "text": "We know."}
    made = notices.publish(shelf.type("incident"), record.number, said, world.by("agn"))
    commands.remove(shelf.type("incident"), record.number, world.by("adm"))
    delivery.drain()
    notice = queries.one(shelf.type("notice"), world.actor("adm"), made.number)
    assert notice["state"] == "ended"
