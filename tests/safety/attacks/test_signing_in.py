"""Sessions, links, passwords and keys: never found, guessed, reused, or good for more than they are."""

from __future__ import annotations

import logging
import re
from argparse import Namespace
from typing import Any

import pytest
from django.apps import apps

from mainstay.config.cli import user as console
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.models import Credential, Session, Token, User
from mainstay.directory.signin import password as passwords
from mainstay.directory.signin import sessions, welcome
from mainstay.directory.signin.guessable import Owner
from mainstay.directory.signin.password import hashed, sign_in, store
from mainstay.records import commands
from mainstay.records.errors import Invalid
from mainstay.records.models import Event
from mainstay.records.types import shelf
from mainstay.surfaces.api import openapi
from tests.safety.ground import Ground
from tests.safety.test_canaries import crawled
from tests.safety.test_default_deny import rows
from tests.safety.wire import Wire, program, signed_in
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
RIGHT = "a sentence nobody guesses"


def entered(wire: Wire, login: str, password: str) -> Any:
    return wire.post("/sign-in", {"username": login, "password": password})


@pytest.mark.attack("O02", "O10")
def test_no_session_or_key_is_told_or_kept_as_it_is(
    ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store(ground.world.people["ra1"].id, hashed(RIGHT, Owner("")))
    wire = Wire()
    answer = entered(wire, "ra1", RIGHT)
    assert answer.status == 303
    session, key = wire.cookies[SESSION_COOKIE], program(ground.world.people["ra1"].id, "read")
    secret = key.headers["Authorization"].removeprefix("Bearer ")
    told = "".join(page.text + str(page.headers) for page in crawled(wire).values())
    kept = "".join(str(list(model.objects.values())) for model in apps.get_models())
    for text in (session, secret, secret.removeprefix("mst_"), RIGHT):
        assert text not in told and text not in kept and text not in caplog.text
    assert len(session) > 40 and len(secret) > 40
    assert Session.objects.count() >= 1 and Token.objects.count() == 1 and "Person ra1" in told
    # Somebody else at the same browser has a session of their own, and the first one's is no part of it.
    store(ground.world.people["agn"].id, hashed(RIGHT, Owner("")))
    assert entered(wire, "agn", RIGHT).status == 303
    assert wire.cookies[SESSION_COOKIE] != session
    assert wire.get("/api/v1/me").json["username"] == "agn"


@pytest.mark.attack("O06", "O16")
def test_no_secret_can_be_guessed_or_used_twice(world: World) -> None:
    link = welcome.new_link()
    odd = (
        "*",
        "%",
        "_",
        "[]",
        "",
        "x",
        link[:-1],
        link + "x",
        link.swapcase(),
        "%25",
        "%00",
        "0" * 32,
    )
    for secret in odd:
        assert not welcome.is_open(secret), secret
        for wire in (
            Wire(cookies={SESSION_COOKIE: secret}),
            Wire(headers={"Authorization": f"Bearer mst_{secret}"}),
        ):
            assert wire.send("GET", "/api/v1/me").status == 401, secret
    made = {sessions.begin(world.people["agn"].id) for _ in range(200)} | {
        welcome.new_link() for _ in range(100)
    }
    assert len(made) == 300 and all(re.fullmatch(r"[A-Za-z0-9_-]{32,}", each) for each in made)
    link = welcome.new_link()
    given = {"name": "First", "username": "first", "password": RIGHT}
    assert Wire().post(f"/welcome/{link}", given).status == 303
    before = rows()
    again = Wire().post(f"/welcome/{link}", given | {"username": "second"})
    assert again.status in (303, 404) and rows() == before
    assert entered(Wire(), "first", RIGHT).status == 303


@pytest.mark.attack("O11")
def test_a_key_for_reading_does_nothing_else(ground: Ground) -> None:
    """Every operation that writes, with a key for reading, with one for another type, and with one in the address."""
    person, walked = ground.world.people["adm"].id, 0
    reading, narrow, writing = (
        program(person, "read"),
        program(person, "write:skills"),
        program(person, "write"),
    )
    before = rows()
    for path, methods in openapi.document()["paths"].items():
        for method in methods:
            if method in ("parameters", "get") or path.startswith("/inbox"):
                continue
            address = "/api/v1" + path.replace("{key}", "INC-1").replace("{part}", "x").replace(
                "{event}", "1"
            )
            assert reading.api(method.upper(), address, {}).status == 403, (method, path)
            if "/skills" not in path:
                assert narrow.api(method.upper(), address, {}).status == 403, (method, path)
            walked += 1
    assert walked > 60 and rows() == before
    assert narrow.get("/api/v1/users").status == narrow.get("/api/v1/audit").status == 403
    secret = writing.headers["Authorization"].removeprefix("Bearer ")
    for name in ("token", "access_token", "api_key", "Authorization", "key"):
        assert Wire().get(f"/api/v1/me?{name}={secret}").status == 401
    assert narrow.api("POST", "/api/v1/skills", {"title": "Welding"}).status == 201
    assert writing.get("/api/v1/users").status == 200


COMMON = (
    "1234567890",
    "password12",
    "qwertyuiop",
    "QWERTYuiop",
    "xxxxxxxxxx",
    "Sunshine2024!",
    "dragondragon",
)
LIKE = ("agnes.nielsen", "NielsenAgnes", "an@post.example")
OF_HERE = (
    "mainstay2026!",
    "Nordhaven 2026",
    "MainstayNordhaven",
    "nordhaven-password1",
    "desk.helpdesk",
)
GOOD = (
    "four crows eat cake",
    "mainstay of a quiet life",
    "kX7#pw0vQe",
    "Nordhaven pays for five crows",
)


@pytest.mark.attack("O14")
@pytest.mark.parametrize(
    ("several", "told"),
    [(COMMON, "first that are tried"), (LIKE, "login, name or address"), (OF_HERE, "product or the organisation")],
)  # fmt: skip
def test_a_password_that_is_guessed_soon_is_set_by_no_way(
    world: World,
    settings: Any,
    several: tuple[str, ...],
    told: str,
) -> None:
    """By its owner, an administrator, the first administrator and the command line; a good one is, by each."""
    settings.MAINSTAY_BASE_URL = "https://helpdesk.desk.example"
    about = {"title": "Agnes Nielsen", "email": "an@post.example"}
    commands.change(shelf.type("user"), world.number("agn"), about, SETUP)
    commands.change(
        shelf.type("organisation"), world.organisations["a"], {"title": "Nordhaven"}, SETUP
    )
    person, number = world.people["agn"].id, world.number("agn")
    store(person, hashed(RIGHT, Owner("agn")))
    own, chief = signed_in(person), signed_in(world.people["adm"].id)
    before = Event.objects.count(), list(Credential.objects.values())
    for text in several:
        for wire, current in ((own, RIGHT), (chief, "")):
            sent = {"password": text, "current": current}
            answer = wire.post(f"/users/{number}/password/", sent)
            assert answer.status == 422 and told in answer.text, (text, answer.status)
            assert text not in answer.text
    assert (Event.objects.count(), list(Credential.objects.values())) == before
    for text in GOOD:
        assert chief.post(f"/users/{number}/password/", {"password": text}).status == 303, text
        assert sign_in("agn", text, "192.0.2.3")
    Credential.objects.all().delete()
    link, people = welcome.new_link(), User.objects.count()
    form = {"name": about["title"], "username": "agnes"}
    options = Namespace(login="an", name=about["title"], email=about["email"], role=[])
    answer = Wire().post(f"/welcome/{link}", form | {"password": several[0]})
    assert answer.status == 422 and told in answer.text
    with pytest.raises(Invalid) as refused:
        console.create(options, several[0])
    assert told in refused.value.fields["password"][0]
    assert (User.objects.count(), Credential.objects.count()) == (people, 0)
    assert Wire().post(f"/welcome/{link}", form | {"password": GOOD[0]}).status == 303
    assert console.create(options, GOOD[0]) and Credential.objects.count() == 2


@pytest.mark.attack("O14", "L05")
def test_a_password_is_long_enough_whole_and_not_endless(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("", "short", "x" * 9, "x" * 1001, "x" * 1_000_000, "with\x00nothing-in-it"):
        with pytest.raises(Invalid):
            hashed(text, Owner("agn"))
    person = world.people["agn"].id
    long = "all of these many words count, the very last as well; " * 3
    for text in (long[:10], "fünf Tüten Äpfel", "🔑🌵🐙🥁" * 25, long[:128], "  spaces count  "):
        store(person, hashed(text, Owner("agn")))
        assert sign_in("agn", text, "192.0.2.1")
        assert (
            sign_in("agn", text[:-1], "192.0.2.1") is None
            and sign_in("agn", text.strip() + "!", "192.0.2.1") is None
        )
    lengths: list[int] = []
    real = passwords.check_password
    monkeypatch.setattr(
        passwords, "check_password", lambda p, h: lengths.append(len(p)) or real(p, h)
    )
    for login, text in (
        ("agn", "x" * 1_000_000),
        ("z" + "\u0301" * 1000, "x" * 20),
        ("x" * 100_000, "y"),
    ):
        assert entered(Wire(), login, text).status in (413, 422)
    assert entered(Wire(), "agn", "x" * 10_000_000).status == 413
    assert max(lengths, default=0) <= 1000
    # One's own is changed by whoever knows it: a session left open is not enough.
    store(person, hashed(RIGHT, Owner("")))
    wire, number = signed_in(person), world.number("agn")
    for given in (
        {"password": "another long sentence"},
        {"password": "another long sentence", "current": "wrong"},
    ):
        wire.post(f"/users/{number}/password/", given)
        assert sign_in("agn", RIGHT, "192.0.2.2")
    told = wire.post(
        f"/users/{number}/password/",
        {"password": "a-b-c", "current": "not this long one", "text": "other words"},
    )
    assert told.status == 422 and "other words" in told.text
    assert "not this long one" not in told.text and "a-b-c" not in told.text
    wire.post(f"/users/{number}/password/", {"password": "another long sentence", "current": RIGHT})
    assert sign_in("agn", "another long sentence", "192.0.2.2")
