"""Signing in tells nothing about who exists, and leads nowhere but here."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import password, welcome
from mainstay.directory.signin.guessable import Owner
from mainstay.records import commands
from mainstay.records.types import shelf
from tests.surfaces.web.conftest import Browse
from tests.world import SETUP, World

SENTENCE = "correct horse battery staple"


@pytest.fixture
def known(world: World) -> World:
    password.store(world.people["agn"].id, password.hashed(SENTENCE, Owner("agn")))
    return world


def tried(client: Client, **form: str) -> tuple[int, str]:
    answer = client.post("/sign-in", form)
    return answer.status_code, answer.content.decode().replace(form["username"], "")


def test_an_unknown_login_and_a_wrong_password_are_answered_alike(known: World) -> None:
    client = Client()
    wrong = tried(client, username="agn", password="wrong")
    unknown = tried(client, username="nobody", password="wrong")
    without = tried(client, username="agm", password="wrong")
    assert wrong[0] == 422
    texts = [re.sub(r'nonce="[\w-]+"', "", text) for _status, text in (wrong, unknown, without)]
    strip = [text.split("csrfmiddlewaretoken")[0] for text in texts]
    assert strip[0].partition("<body")[0] == strip[1].partition("<body")[0]
    assert "do not belong together" in wrong[1]
    assert "do not belong together" in unknown[1]
    assert {wrong[0], unknown[0], without[0]} == {422}


@pytest.mark.attack("V04")
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/incidents/?view=mine", "/incidents/?view=mine"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_places_of_this_site_only(known: World, asked: str, given: str) -> None:
    answer = Client().post("/sign-in", {"username": "agn", "password": SENTENCE, "next": asked})
    assert answer.status_code == 303
    assert answer["Location"] == given
    cookie = answer.cookies[SESSION_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_too_many_tries_close_the_door_for_a_while(known: World) -> None:
    client = Client()
    for _ in range(password.MOST_TRIES_A_LOGIN):
        client.post("/sign-in", {"username": "agn", "password": "wrong"})
    answer = client.post("/sign-in", {"username": "agn", "password": SENTENCE})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_signing_out_ends_the_session_everywhere(browse: Browse) -> None:
    client = browse("agn")
    secret = client.cookies[SESSION_COOKIE].value
    assert client.get("/").status_code == 200
    assert client.get("/sign-out").status_code == 405
    left = client.post("/sign-out")
    assert left.status_code == 303
    # What was typed there is nobody's business afterwards.
    assert left["Clear-Site-Data"] == '"storage"'
    other = Client()
    other.cookies[SESSION_COOKIE] = secret
    assert other.get("/")["Location"] == "/sign-in"


def test_whose_place_is_the_portal_comes_back_to_it(browse: Browse) -> None:
    """And the page between brings anew what shows the portal without a connection; an agent's has nothing of it."""
    assert browse("agn").post("/sign-out")["Location"] == "/sign-in"
    there = browse("ra1").post("/sign-out")["Location"]
    assert there == "/sign-in?next=/portal/"
    assert 'rel="manifest"' in Client().get(there).content.decode()
    assert 'rel="manifest"' not in Client().get("/sign-in").content.decode()


def test_strangers_are_sent_to_the_sign_in_and_back(db: None) -> None:
    client = Client()
    assert (
        client.get("/incidents/?view=all")["Location"] == "/sign-in?next=/incidents/%3Fview%3Dall"
    )
    assert client.get("/incidents/", headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.attack("O16", "A03")
def test_the_first_administrator_comes_by_a_link_that_works_once(db: None) -> None:
    secret = welcome.new_link()
    client = Client()
    assert client.get("/welcome/guessed").status_code == 404
    assert client.get(f"/welcome/{secret}").status_code == 200
    form = {"name": "Ingrid Solheim", "username": "Ingrid", "password": "short"}
    assert client.post(f"/welcome/{secret}", form).status_code == 422
    answer = client.post(f"/welcome/{secret}", form | {"password": SENTENCE})
    assert answer.status_code == 303
    assert client.get("/").status_code == 200
    assert b"Ingrid" in client.get("/users/").content
    assert client.get(f"/welcome/{secret}").status_code == 404


def test_people_who_came_with_a_history_let_nobody_in(db: None) -> None:
    commands.create(shelf.type("user"), {"title": "Desk 1", "username": "desk.1"}, SETUP)
    assert welcome.site_is_empty()
    form = {"name": "Ingrid Solheim", "username": "Ingrid", "password": SENTENCE}
    assert Client().post(f"/welcome/{welcome.new_link()}", form).status_code == 303
    assert not welcome.site_is_empty()


def test_forms_from_elsewhere_are_refused(browse: Browse, world: World) -> None:
    number = world.incident().number
    client = Client(enforce_csrf_checks=True)
    client.cookies[SESSION_COOKIE] = browse("agn").cookies[SESSION_COOKIE].value
    for url in ("talk", "move/start", "set/impact", "edit", "link"):
        assert client.post(f"/incidents/{number}/{url}/", {"text": "hello"}).status_code == 403


def test_what_was_typed_is_given_back_to_whoever_is_signed_out(world: World) -> None:
    """Without a script: with one, one signs in over the page."""
    number = world.incident().number
    form = {"text": "A long note about the VPN", "audience": "internal"}
    answer = Client().post(f"/incidents/{number}/talk/", form)
    assert answer.status_code == 401
    assert "A long note about the VPN</textarea>" in answer.content.decode()
    assert f'href="/sign-in?next=/incidents/{number}/"' in answer.content.decode()
    nothing = Client().post(f"/incidents/{number}/talk/")
    assert nothing["Location"] == f"/sign-in?next=/incidents/{number}/"


def test_a_page_that_asks_for_the_sign_in_is_told_where_one_did_meanwhile(
    browse: Browse, world: World
) -> None:
    """In another tab of the same browser; a whole page of the sign-in leads on."""
    client = browse("agn")
    told = client.get("/sign-in", headers={"HX-Request": "true", "HX-Target": "dialog#again"})
    assert told.status_code == 204
    assert json.loads(told["HX-Trigger"])["signed-in"]["person"] == world.people["agn"].number
    assert client.get("/sign-in?next=/inbox/")["Location"] == "/inbox/"
