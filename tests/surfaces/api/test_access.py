"""What somebody may not see does not exist for them, whatever they ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from mainstay.records import commands, queries
from mainstay.records.types import Message, shelf
from tests.surfaces.api.client import Api
from tests.world import SETUP, World

Ask = Callable[..., Api]
OUTSIDERS = ("ra1", "rb1", "agn", "agb", "ven", "adm")
UUID = "018f0000-0000-7000-8000-000000000000"
# Every way to ask about one incident.
QUESTIONS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("PATCH", "", {"title": "Mine now"}),
    ("DELETE", "", None),
    ("POST", "/moves", {"move": "start"}),
    ("GET", "/notes", None),
    ("POST", "/notes", {"text": "Hello", "visibility": "public"}),
    ("GET", "/files", None),
    ("GET", f"/files/{UUID}", None),
    ("GET", "/links", None),
    ("POST", "/links", {"kind": "relates", "record": "INC-1"}),
    ("DELETE", "/links?kind=relates&record=INC-1", None),
    ("GET", "/events", None),
    ("POST", "/events/1/undo", None),
]


def said(answer: Any) -> dict[str, Any]:
    """An error without what is different each time."""
    return {n: v for n, v in answer.json().items() if n != "request_id"}


@pytest.mark.parametrize("name", OUTSIDERS)
def test_hidden_answers_like_missing(name: str, ask: Ask, world: World) -> None:
    hidden = world.hidden_incident().number
    for method, below, body in QUESTIONS:
        there, nowhere = (
            ask(name)(method, f"/incidents/{number}{below}", body)
            for number in (hidden, "INC-99999")
        )
        assert there.status_code == nowhere.status_code == 404, (method, below)
        told = orjson.dumps(said(there)).replace(hidden.encode(), b"INC-99999")
        assert told == orjson.dumps(said(nowhere))
        lengths = {"Content-Length": "0"}
        assert dict(there.headers) | lengths == dict(nowhere.headers) | lengths


def test_an_upload_to_a_hidden_record_answers_like_one_to_a_missing_one(
    ask: Ask, world: World
) -> None:
    hidden = world.hidden_incident().number
    answers = [
        ask("agn").upload(f"/incidents/{number}/files", "a.txt", b"x", visibility="public")
        for number in (hidden, "INC-99999")
    ]
    assert [a.status_code for a in answers] == [404, 404]


def test_its_members_and_its_caller_see_it(ask: Ask, world: World) -> None:
    hidden = world.hidden_incident().number
    for name in ("agh", "ra2"):
        assert ask(name).get(f"/incidents/{hidden}").status_code == 200


@pytest.mark.parametrize("name", OUTSIDERS)
def test_lists_counts_and_filters_know_nothing_of_it(name: str, ask: Ask, world: World) -> None:
    world.hidden_incident()
    found = ask(name).get("/incidents?count=true&filter=title.contains(%22CNRY%22)").json()
    assert found == {"items": [], "next": None, "count": 0, "count_is_exact": True}


def test_a_requester_sees_their_own(ask: Ask, world: World) -> None:
    mine, other = world.incident(), world.incident(by="ra2")
    listed = [r["number"] for r in ask("ra1").get("/incidents").json()["items"]]
    assert listed == [mine.number]
    assert ask("ra1").get(f"/incidents/{other.number}").status_code == 404


def test_another_organisation_sees_nothing_of_ours(ask: Ask, world: World) -> None:
    world.incident()
    theirs = world.incident(by="rb1", service=None)
    listed = [r["number"] for r in ask("agb").get("/incidents").json()["items"]]
    assert listed == [theirs.number]
    users = {r["organisation"]["title"] for r in ask("agb").get("/users").json()["items"]}
    assert users == {"Brightwater"}


def test_seen_but_not_allowed_is_403(ask: Ask, world: World) -> None:
    number = world.incident().number
    for method, below, body in (
        ("PATCH", "", {"title": "Mine now"}),
        ("POST", "/moves", {"move": "start"}),
        ("POST", "/links", {"kind": "relates", "record": number}),
        ("DELETE", "", None),
    ):
        answer = ask("ra1")(method, f"/incidents/{number}{below}", body)
        assert answer.status_code == 403, (method, below)
        assert answer.json()["type"] == "urn:mainstay:problem:denied"
    assert ask("ra1").post("/services", {"title": "Mine"}).status_code == 403
    assert ask("ra1").post("/incidents", {"title": "x", "team": "TEAM-1"}).status_code in (403, 422)


@pytest.mark.parametrize("field", ["item", "assigned_because", "imported"])
def test_a_field_one_may_not_read_is_an_unknown_field(field: str, ask: Ask, world: World) -> None:
    world.incident()
    caller = ask("ra1")
    for path in ("filter={} == null", "order={}", "fields={}"):
        texts = []
        for name in (field, "nonsense"):
            answer = caller.get(f"/incidents?{path.format(name)}")
            assert answer.status_code == 422
            told = answer.json()["errors"][path.partition("=")[0]][0].replace(name, "…")
            # A name that is nearly right is met with a suggestion of what may be read.
            texts.append(told.partition(" Did you")[0].partition(" There are")[0])
            assert not {"item", "assigned_because", "imported"} & set(re.findall(r"\w+", told))
        assert texts[0] == texts[1]
    refused = caller.post("/incidents", {"title": "x", field: "y"})
    unknown = caller.post("/incidents", {"title": "x", "nonsense": "y"})
    assert refused.json()["errors"][field] == unknown.json()["errors"]["nonsense"]
    assert field not in caller.get("/incidents").json()["items"][0]
    assert field in ask("agn").get("/incidents").json()["items"][0]


def test_internal_notes_do_not_exist_for_the_caller(ask: Ask, world: World) -> None:
    number = world.incident().number
    path = f"/incidents/{number}/notes"
    agent, caller = ask("agn"), ask("ra1")
    assert agent.post(path, {"text": "Secret", "visibility": "internal"}).status_code == 201
    assert agent.post(path, {"text": "Hello", "visibility": "public"}).status_code == 201
    assert [n["text"] for n in agent.get(path).json()["items"]] == ["Secret", "Hello"]
    assert [n["text"] for n in caller.get(path).json()["items"]] == ["Hello"]
    events = caller.get(f"/incidents/{number}/events").json()["items"]
    assert [e["name"] for e in events] == ["incident.create", "incident.reply"]
    internal = {"text": "Mine", "visibility": "internal"}
    assert caller.post(path, internal).status_code == 403
    refused = caller.post(f"/incidents/{number}/moves", {"move": "cancel", "message": internal})
    assert refused.status_code == 403
    assert agent.get(f"/incidents/{number}").json()["state"] == "new"


def test_a_note_must_say_who_may_read_it(ask: Ask, world: World) -> None:
    path = f"/incidents/{world.incident().number}/notes"
    for body, field in (
        ({"text": "x"}, "visibility"),
        ({"text": "x", "visibility": "all"}, "visibility"),
        ({"visibility": "public"}, "text"),
        ({"text": "  ", "visibility": "public"}, "text"),
        ({"text": 7, "visibility": "public"}, "text"),
        ({"text": "x", "visibility": "public", "to": "all"}, "to"),
    ):
        answer = ask("agn").post(path, body)
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [field]


def test_a_message_travels_with_a_move(ask: Ask, world: World) -> None:
    number = world.incident().number
    agent = ask("agn")
    body = {"move": "hold", "waiting_for": "caller", "resume_on": "2030-01-01"}
    refused = agent.post(f"/incidents/{number}/moves", body)
    assert list(refused.json()["errors"]) == ["message"]
    held = agent.post(f"/incidents/{number}/moves", body | {"message": {"text": "Which client?"}})
    assert held.status_code == 200
    assert held.json()["state"] == "on_hold"
    notes = ask("ra1").get(f"/incidents/{number}/notes").json()["items"]
    assert [(n["visibility"], n["text"]) for n in notes] == [("public", "Which client?")]
    answer = ask("ra1").post(f"/incidents/{number}/notes", {"text": "5.1", "visibility": "public"})
    assert answer.status_code == 201
    assert agent.get(f"/incidents/{number}").json()["state"] == "in_progress"


def test_lowering_the_priority_takes_a_reason(ask: Ask, world: World) -> None:
    path = f"/incidents/{world.incident(impact=1, urgency=1).number}"
    refused = ask("agn")("PATCH", path, {"urgency": 3})
    assert list(refused.json()["errors"]) == ["reason"]
    assert ask("agn")("PATCH", path, {"urgency": 3, "reason": "Only him"}).status_code == 200
    last = ask("agn").get(f"{path}/events").json()["items"][-1]
    assert last["changes"]["reason"]["to"] == "Only him"


def test_a_reference_one_cannot_see_is_no_record(ask: Ask, world: World) -> None:
    hidden = world.hidden_incident().number
    number = world.incident().number
    texts = []
    for other in (hidden, "INC-99999"):
        link = {"kind": "relates", "record": other}
        answer = ask("agn").post(f"/incidents/{number}/links", link)
        assert answer.status_code == 422
        texts.append(answer.json()["errors"]["record"][0].replace(other, "…"))
    assert texts[0] == texts[1]
    agent_of_b = ask("agb")
    for person in (world.number("agn"), "USER-99999"):
        answer = agent_of_b.post("/incidents", {"title": "x", "requester": person})
        assert answer.json()["errors"]["requester"] == [f"There is no person {person}."]


def test_what_is_over_is_no_choice_and_only_who_sees_it_is_told(ask: Ask, world: World) -> None:
    service = commands.create(shelf.type("service"), {"title": "Fax"}, SETUP).number
    hidden = world.hidden_incident().number
    commands.move(shelf.type("service"), service, "retire", {}, SETUP)
    commands.move(shelf.type("incident"), hidden, "cancel", {}, SETUP)
    answer = ask("agn")("POST", "/incidents", {"title": "x", "service": service})
    assert answer.json()["errors"]["service"] == [f"{service} cannot be chosen any more."]
    answer = ask("agn")("POST", "/tasks", {"title": "x", "parent": hidden})
    assert answer.json()["errors"]["parent"] == [f"There is no record {hidden}."]


def test_links_come_in_pages(ask: Ask, world: World) -> None:
    one, *others = (world.incident().number for _ in range(4))
    for other in others:
        ask("agn").post(f"/incidents/{one}/links", {"kind": "relates", "record": other})
    first = ask("agn").get(f"/incidents/{one}/links?size=2").json()
    rest = ask("agn").get(f"/incidents/{one}/links?size=2&after={first['next']}").json()
    assert [link["number"] for link in first["items"] + rest["items"]] == others
    assert rest["next"] is None


def test_links_both_ways(ask: Ask, world: World) -> None:
    one, two = world.incident().number, world.incident(by="ra2").number
    agent = ask("agn")
    made = agent.post(f"/incidents/{one}/links", {"kind": "relates", "record": two.lower()})
    assert made.status_code == 201
    assert (made.json()["number"], made.json()["is_source"]) == (two, True)
    assert agent.get(f"/incidents/{two}/links").json()["items"][0]["is_source"] is False
    assert ask("ra1").get(f"/incidents/{one}/links").json()["items"] == []
    assert ask("agn", "read:incidents").get(f"/incidents/{one}/links").json()["items"] != []
    gone = agent("DELETE", f"/incidents/{one}/links?kind=relates&record={two}")
    assert gone.status_code == 204
    assert agent.get(f"/incidents/{one}/links").json()["items"] == []
    again = agent("DELETE", f"/incidents/{one}/links?kind=relates&record={two}")
    assert again.status_code == 404
    incomplete = agent("DELETE", f"/incidents/{one}/links?kind=relates")
    assert list(incomplete.json()["errors"]) == ["record"]


def test_links_to_what_a_token_does_not_reach_are_not_told(ask: Ask, world: World) -> None:
    number = world.incident().number
    link = {"kind": "affects", "record": world.services["vpn"]}
    few = ask("agn", "write:incidents")
    made = few.post(f"/incidents/{number}/links", link)
    assert made.status_code == 201
    assert "title" not in made.json()
    assert few.get(f"/incidents/{number}/links").json()["items"] == []
    assert len(ask("agn").get(f"/incidents/{number}/links").json()["items"]) == 1


def test_who_puts_a_record_out_of_their_own_sight_is_told_only_which(
    ask: Ask, world: World
) -> None:
    number = world.incident(by="ra2").number
    commands.change(shelf.type("incident"), number, {"team": world.teams["net"]}, SETUP)
    answer = ask("agn")("PATCH", f"/incidents/{number}", {"team": world.teams["hr"]})
    assert answer.status_code == 200
    assert set(answer.json()) == set(queries.ALWAYS)
    assert ask("agn").get(f"/incidents/{number}").status_code == 404


def test_a_note_of_another_kind_of_person(ask: Ask, world: World) -> None:
    number = world.incident().number
    incident = shelf.type("incident")
    commands.note(incident, number, "reply", SETUP, message=Message("all", "From Mainstay"))
    assert ask("ra1").get(f"/incidents/{number}/notes").json()["items"][0]["author"] is None
    refused = ask("aud").post(f"/incidents/{number}/notes", {"text": "x", "visibility": "internal"})
    assert refused.status_code == 403


def test_a_token_for_incidents_learns_of_no_items_in_their_history(ask: Any, world: World) -> None:
    item = ask("agn").post("/items", {"title": "CNRY-backup"}).json()["number"]
    path = f"/incidents/{world.incident().number}"
    ask("agn").post(f"{path}/links", {"kind": "affects", "record": item})
    assert b"CNRY-backup" in ask("agn").get(f"{path}/events").content
    assert b"CNRY-backup" not in ask("agn", "read:incidents").get(f"{path}/events").content


def test_a_refusal_is_a_sentence_and_names_a_move_as_its_button_does(
    ask: Ask, world: World
) -> None:
    number = world.incident().number
    agent = ask("agn")
    problem = agent.post("/problems", {"title": "VPN drops"}).json()["number"]
    for answer, said in (
        (
            agent.post(f"/problems/{problem}/moves", {"move": "accept_risk"}),
            "You may not do this here: “Accept the risk”.",
        ),
        (
            ask("ra1").post(f"/incidents/{number}/moves", {"move": "hold"}),
            "You may not do this here: “Put on hold”.",
        ),
        (
            ask("ra1")("PATCH", f"/incidents/{number}", {"title": "x"}),
            "You may not change this.",
        ),
        (agent("DELETE", f"/incidents/{number}"), "You may not remove this."),
        (
            ask("aud").post(f"/incidents/{number}/notes", {"text": "x", "visibility": "public"}),
            "You may not write about this.",
        ),
        (ask("ra1").post("/problems", {"title": "x"}), "You may not create this."),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (403, said)
