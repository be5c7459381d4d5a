"""Who I am; members, roles and skills."""

from __future__ import annotations

from typing import Any

from mainstay.records import commands
from mainstay.records.types import shelf
from tests.world import SETUP, World


def test_me(ask: Any, world: World) -> None:
    me = ask("agn").get("/me").json()
    assert me["number"] == world.number("agn")
    assert [r["role"] for r in me["roles"]] == ["agent"]
    assert [t["title"] for t in me["teams"]] == ["Network"]
    assert me["organisation"]["title"] == "Nordhaven"
    assert me["scopes"] == ["read", "write"]
    assert ask("rb1", "read:incidents").get("/me").json()["scopes"] == ["read:incidents"]


def test_members(ask: Any, world: World) -> None:
    path = f"/teams/{world.teams['desk']}/members"
    person = world.number("agn")
    assert ask("agn").post(path, {"person": person}).status_code == 403
    joined = ask("mgr").post(path, {"person": person, "is_lead": True})
    assert joined.status_code == 201
    assert joined.json()["items"][0] == {
        "number": person,
        "title": "Person agn",
        "is_lead": True,
    }
    last = ask("mgr").get(f"/teams/{world.teams['desk']}/events").json()["items"][-1]
    assert last["changes"]["person"]["record"]["number"] == person
    assert ask("mgr")("DELETE", f"{path}?person={person}").status_code == 204
    assert ask("mgr")("DELETE", f"{path}?person={person}").status_code == 404
    assert person not in {m["number"] for m in ask("mgr").get(path).json()["items"]}
    for body, field in (
        ({}, "person"),
        ({"person": "USER-99999"}, "user"),
        ({"person": person, "is_lead": 1}, "is_lead"),
        ({"person": person, "nonsense": 1}, "nonsense"),
    ):
        assert list(ask("mgr").post(path, body).json()["errors"]) == [field]


def test_workload(ask: Any, world: World) -> None:
    path = f"/teams/{world.teams['net']}/workload"
    ours = {"title": "VPN", "team": world.teams["net"], "requester": world.number("ra1")}
    mine = {"assignee": world.number("agn"), "impact": 1, "urgency": 1}
    for data in (mine, {}):
        commands.create(shelf.type("incident"), ours | data, SETUP)
    held = {(i["person"] or {}).get("title"): i for i in ask("mgr").get(path).json()["items"]}
    assert held["Person agn"]["open"] == 1
    assert held["Person agn"]["priorities"] == {"1": 1}
    assert held["Person agm"]["open"] == 0
    assert held[None]["open"] == 1
    assert ask("ra1").get(path).status_code == 404
    assert ask("ven").get(path).status_code == 404


def test_a_requester_knows_no_teams(ask: Any, world: World) -> None:
    assert ask("ra1").get(f"/teams/{world.teams['net']}/members").status_code == 404
    assert ask("ra1").get(f"/users/{world.number('agn')}/roles").status_code == 404
    assert ask("ra1").get(f"/users/{world.number('ra1')}/roles").status_code == 200


def test_members_of_another_organisation_do_not_exist(ask: Any, world: World) -> None:
    path = f"/teams/{world.teams['net']}/members"
    assert ask("agb").get(path).json()["items"] == []
    ask("mgr").post(path, {"person": world.number("agb")})
    assert [m["title"] for m in ask("agb").get(path).json()["items"]] == ["Person agb"]
    events = ask("agb").get(f"/teams/{world.teams['net']}/events").json()["items"]
    joins = [e["changes"].get("person") for e in events if e["name"] == "team.join"]
    assert [j["record"]["title"] for j in joins if j] == ["Person agb"]


def test_roles(ask: Any, world: World) -> None:
    person = world.number("ra1")
    path = f"/users/{person}/roles"
    body = {"role": "agent", "team": world.teams["net"]}
    assert ask("mgr").post(path, body).status_code == 403
    granted = ask("adm").post(path, body)
    assert granted.status_code == 201
    assert granted.json()["items"][0]["team"] == world.teams["net"]
    last = ask("adm").get(f"/users/{person}/events").json()["items"][-1]
    assert last["name"] == "user.grant"
    assert last["changes"]["team"]["record"]["number"] == world.teams["net"]
    assert ask("adm")("DELETE", f"{path}?role=agent").status_code == 404
    taken = ask("adm")("DELETE", f"{path}?role=agent&team={world.teams['net']}")
    assert taken.status_code == 204
    assert ask("adm").get(path).json()["items"] == []
    refused = ask("adm").post(path, {"role": "emperor"})
    assert list(refused.json()["errors"]) == ["role"]
    last_one = ask("adm")("DELETE", f"/users/{world.number('adm')}/roles?role=administrator")
    assert last_one.status_code == 403


def test_skills(ask: Any, world: World) -> None:
    skill = commands.create(shelf.type("skill"), {"title": "Networking"}, SETUP).number
    path = f"/users/{world.number('agn')}/skills"
    assert ask("agn").post(path, {"skill": skill, "level": 2}).status_code == 403
    taught = ask("lead").post(path, {"skill": skill, "level": 2})
    assert taught.json()["items"] == [
        {"number": skill, "title": "Networking", "level": 2, "label": "able"}
    ]
    assert ask("lead")("DELETE", f"{path}?skill={skill}").status_code == 204
    assert ask("lead")("DELETE", f"{path}?skill={skill}").status_code == 404
    for level in (0, 4, "2", True, None):
        refused = ask("lead").post(path, {"skill": skill, "level": level})
        assert list(refused.json()["errors"]) == ["level"]


def test_a_login_is_nobody_elses(ask: Any, world: World) -> None:
    taken = ask("adm").post("/users", {"title": "Another", "username": "agn"})
    assert taken.status_code == 422
    assert list(taken.json()["errors"]) == ["username"]
    changed = ask("adm")("PATCH", f"/users/{world.number('ra1')}", {"username": "agn"})
    assert changed.status_code == 422


def test_a_language_is_one_there_is(ask: Any, world: World) -> None:
    path = f"/users/{world.number('agn')}"
    refused = ask("adm")("PATCH", path, {"language": "German"})
    assert refused.status_code == 422 and list(refused.json()["errors"]) == ["language"]
    for language in ("de", "en-gb", ""):
        given = ask("adm")("PATCH", path, {"language": language})
        assert given.status_code == 200 and given.json()["language"] == language


def test_a_time_zone_is_one_there_is(ask: Any, world: World) -> None:
    for path, body in (
        (f"/users/{world.number('agn')}", {"time_zone": "Berlin"}),
        ("/sites", {"title": "Oslo", "time_zone": "CEST+2"}),
    ):
        method = "PATCH" if "USER" in path else "POST"
        refused = ask("adm")(method, path, body)
        assert refused.status_code == 422, refused.content
        assert list(refused.json()["errors"]) == ["time_zone"]
        body["time_zone"] = "Europe/Oslo"
        assert ask("adm")(method, path, body).status_code in (200, 201)
