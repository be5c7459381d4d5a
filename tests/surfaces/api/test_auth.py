"""Tokens, scopes, sessions with their form token, and how many requests are answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.models import Token
from mainstay.directory.signin import sessions, tokens
from mainstay.records import clock, commands
from mainstay.records.types import shelf
from mainstay.surfaces.api import limits
from mainstay.surfaces.api.build import api
from tests.surfaces.api.client import ROOT, Api
from tests.world import SETUP, World

UUID = "018f0000-0000-7000-8000-000000000000"


@pytest.mark.django_db
@pytest.mark.parametrize("operation", [pytest.param(o, id=o.name) for o in api().operations])
def test_a_stranger_is_answered_nothing(operation: Any) -> None:
    path = "/" + operation.path.replace("{key}", "X-1").replace("{part}", UUID).replace(
        "{event}", "1"
    )
    answer = Api()(operation.method, path, {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:mainstay:problem:unauthenticated"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer mst_", "Bearer mst_" + "x" * 43, "Basic YTpi", "mst_x",
     "Bearer mst_" + "x" * 100_000, "Bearer mst_\x00", "Bearer mst_\xff"],
)  # fmt: skip
def test_what_is_no_token(header: str, world: World) -> None:
    assert Api().get("/me", Authorization=header).status_code == 401


def test_a_wrong_token_is_not_made_good_by_a_session(world: World) -> None:
    wrong = Api()
    wrong.client.cookies[SESSION_COOKIE] = sessions.begin(world.people["agn"].id)
    assert wrong.get("/me").status_code == 200
    assert wrong.get("/me", Authorization="Bearer mst_wrong").status_code == 401


def test_a_token_ends(ask: Any, world: World) -> None:
    person = world.people["agn"]
    past = Api(tokens.issue(person.id, "old", [], clock.now() - timedelta(seconds=1)))
    assert past.get("/me").status_code == 401
    assert ask("agn").get("/me").status_code == 200
    Token.objects.all().delete()
    assert ask("agn").get("/me").status_code == 401


@pytest.mark.attack("O03")
def test_whoever_left_is_nobody(ask: Any, world: World) -> None:
    assert ask("old").get("/me").status_code == 200
    commands.move(shelf.type("user"), world.number("old"), "leave", {}, SETUP)
    assert ask("old").get("/me").status_code == 401


@pytest.mark.attack("O11")
@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        (["read"], True, False),
        (["write"], True, True),
        (["read:incidents"], True, False),
        (["write:incidents"], True, True),
        (["read:services"], False, False),
        (["write:services"], False, False),
    ],
)
def test_scopes(scopes: list[str], reads: bool, writes: bool, ask: Any, world: World) -> None:
    api = ask("agn", *scopes)
    number = world.incident().number
    for path in ("/incidents", f"/incidents/{number}/notes", f"/incidents/{number}/events"):
        answer = api.get(path)
        assert answer.status_code == (200 if reads else 403)
    refused = api.post("/incidents", {"title": "x"})
    assert refused.status_code == (201 if writes else 403)
    if not writes:
        assert "write:incidents" in refused.json()["detail"]
        assert 'scope="write:incidents"' in refused["WWW-Authenticate"]
        for method, below in (
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/moves"),
            ("POST", "/notes"),
        ):
            assert api(method, f"/incidents/{number}{below}", {}).status_code == 403
    assert api.get("/me").status_code == 200


def browser(person: Any) -> tuple[Client, str]:
    """A signed-in browser and the form token its pages hold."""
    client = Client(enforce_csrf_checks=True)
    client.cookies[SESSION_COOKIE] = sessions.begin(person.id)
    page = client.get("/profile/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return client, found[1]


def test_a_session_writes_only_with_its_form_token(world: World) -> None:
    client, token = browser(world.people["agn"])
    assert client.get(f"{ROOT}/incidents").status_code == 200

    def create(**headers: str) -> Any:
        return client.post(
            f"{ROOT}/incidents", {"title": "x"}, content_type="application/json", headers=headers
        )

    for headers in ({}, {"X-CSRFToken": "x" * 64}):
        refused = create(**headers)
        assert refused.status_code == 403
        assert refused.json()["type"] == "urn:mainstay:problem:csrf"
    foreign = create(**{"X-CSRFToken": token, "Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert create(**{"X-CSRFToken": token}).status_code == 201
    number = client.get(f"{ROOT}/incidents").json()["items"][0]["number"]
    for method in ("patch", "delete"):
        refused = getattr(client, method)(
            f"{ROOT}/incidents/{number}", {"title": "y"}, content_type="application/json"
        )
        assert refused.status_code == 403
        assert refused.json()["type"] == "urn:mainstay:problem:csrf"


def test_a_form_may_bring_its_token_along(world: World) -> None:
    number = world.incident().number
    client, token = browser(world.people["agn"])
    from django.core.files.uploadedfile import SimpleUploadedFile

    form = {"visibility": "public", "csrfmiddlewaretoken": token}
    path = f"{ROOT}/incidents/{number}/files"
    file = SimpleUploadedFile("a.txt", b"hello")
    assert client.post(path, form | {"file": file}).status_code == 201
    file = SimpleUploadedFile("a.txt", b"hello")
    assert client.post(path, {"visibility": "public", "file": file}).status_code == 403


@pytest.mark.attack("R03")
def test_a_token_is_limited_and_told_when_to_go_on(ask: Any, settings: Any, world: World) -> None:
    settings.MAINSTAY_RATE_LIMIT = 3
    assert [ask("agn").get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ask("agn").post("/incidents", {"title": "x"})
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert ask("agm").get("/me").status_code == 200
    settings.MAINSTAY_RATE_LIMIT = 0
    assert ask("agn").get("/me").status_code == 200


@pytest.mark.attack("R03")
def test_strangers_are_limited_by_address(ask: Any, world: World) -> None:
    stranger = Api("mst_wrong")
    answers = [stranger.get("/me").status_code for _ in range(limits.STRANGERS + 2)]
    assert answers == [401] * limits.STRANGERS + [429] * 2
    assert ask("agn").get("/me").status_code == 200
    assert stranger.client.get(f"{ROOT}/me", REMOTE_ADDR="10.0.0.9").status_code == 401
