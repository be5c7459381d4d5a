"""Signing in tells nothing, is slow to guess, and what is taken away is gone at the next request."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth import hashers

from mainstay.directory import commands as directory
from mainstay.directory import roles
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.models import Session, Throttle
from mainstay.directory.signin import password as passwords
from mainstay.directory.signin.guessable import Owner
from mainstay.directory.signin.password import (
    MOST_TRIES_A_LOGIN,
    MOST_TRIES_AN_ADDRESS,
    hashed,
    store,
)
from mainstay.records import commands
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.programs import environment
from tests.safety.wire import CSRF_COOKIE, FORM, Wire, program, signed_in
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
RIGHT = "a sentence nobody guesses"


@pytest.fixture
def site(world: World) -> World:
    store(world.people["agn"].id, hashed(RIGHT, Owner("")))
    return world


def entered(wire: Wire, login: str, password: str, **more: str):
    return wire.post("/sign-in", {"username": login, "password": password, **more})


@pytest.mark.attack("O07")
@pytest.mark.parametrize("login", ["nobody", "rb1", "left", "AGN ", "agn\x00", "x-" * 200])
def test_unknown_login_and_wrong_password_are_answered_alike(site: World, login: str) -> None:
    """A login that does not exist, one without a password, one whose person left, and the right one."""
    person = commands.create(shelf.type("user"), {"title": "Gone", "username": "left"}, SETUP)
    store(person.id, hashed(RIGHT, Owner("")))
    commands.move(shelf.type("user"), person.number, "leave", {}, SETUP)
    wrong = entered(Wire(), "agn", "not the password")
    other = entered(Wire(), login, RIGHT if login == "left" else "not the password")
    assert wrong.status == other.status == 422
    assert wrong.plain.replace('value="agn"', "") == other.plain.replace(f'value="{login}"', "")
    assert [n for n, _ in wrong.headers] == [n for n, _ in other.headers]


@pytest.mark.attack("O08")
def test_a_hash_is_worked_out_whether_or_not_the_login_exists(site: World, monkeypatch) -> None:
    worked: list[str] = []
    real = passwords.check_password
    monkeypatch.setattr(
        passwords, "check_password", lambda p, h: worked.append(h[:3]) or real(p, h)
    )
    for login in ("agn", "nobody", "rb1"):
        entered(Wire(), login, "not the password")
    assert worked == ["md5", "md5", "md5"]


def test_no_more_than_two_hash_at_a_time(monkeypatch) -> None:
    """Each takes 100 MiB and a third of a second: a crowd at the door must wait and not take the machine."""
    inside, most = [0], [0]

    def slow(_: str) -> str:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.02)
        inside[0] -= 1
        return "hash"

    monkeypatch.setattr(passwords, "make_password", slow)
    with ThreadPoolExecutor(12) as crowd:
        assert list(crowd.map(hashed, [RIGHT] * 12, [Owner("agn")] * 12)) == ["hash"] * 12
    assert most[0] == 2


@pytest.mark.attack("R03", "O07")
@pytest.mark.parametrize("login", ["agn", "nobody"])
def test_a_login_is_closed_after_some_tries_whether_or_not_it_exists(
    site: World, login: str
) -> None:
    for n in range(MOST_TRIES_A_LOGIN):
        assert entered(Wire(address=f"192.0.2.{n}"), login, "wrong").status == 422
    closed = entered(Wire(address="198.51.100.1"), login.upper(), RIGHT)
    assert closed.status == 429
    assert 0 < int(closed["Retry-After"]) <= 300
    assert not closed.all("Set-Cookie") or SESSION_COOKIE not in "".join(closed.all("Set-Cookie"))
    # Nobody else is kept out.
    assert entered(Wire(address="198.51.100.1"), "rb1", "wrong").status == 422


@pytest.mark.attack("R01")
def test_an_address_is_closed_after_some_tries_whatever_it_claims_to_be(site: World) -> None:
    for n in range(MOST_TRIES_AN_ADDRESS):
        claims = {"X_Forwarded_For": f"203.0.113.{n}", "X_Real_IP": f"203.0.113.{n}"}
        wire = Wire()
        assert wire.post("/sign-in", {"username": f"u{n}", "password": "x"}, **claims).status == 422
    assert entered(Wire(), "yet-another", "wrong").status == 429
    assert entered(Wire(address="203.0.113.9"), "yet-another", "wrong").status == 422


def test_a_house_signs_in_through_one_address(site: World) -> None:
    """Only wrong tries count against an address: a morning of right ones closes it to nobody."""
    for _ in range(MOST_TRIES_AN_ADDRESS + 10):
        assert entered(Wire(), "agn", RIGHT).status == 303


@pytest.mark.attack("R01")
def test_behind_a_proxy_the_address_it_saw_counts_and_no_other(site: World, settings) -> None:
    settings.MAINSTAY_PROXIES = 1
    for n in range(MOST_TRIES_AN_ADDRESS):
        claims = {"X_Forwarded_For": f"203.0.113.{n}, 198.51.100.7"}
        assert (
            Wire().post("/sign-in", {"username": f"u{n}", "password": "x"}, **claims).status == 422
        )
    for seen, status in (("1.2.3.4, 198.51.100.7", 429), ("198.51.100.7, 198.51.100.8", 422)):
        answer = Wire().post("/sign-in", {"username": "v", "password": "x"}, X_Forwarded_For=seen)
        assert answer.status == status


def test_the_addresses_of_one_ipv6_network_are_one(site: World) -> None:
    for n in range(MOST_TRIES_AN_ADDRESS):
        assert entered(Wire(address=f"2001:db8::{n:x}"), f"u{n}", "x").status == 422
    assert entered(Wire(address="2001:db8::ffff:1"), "v", "x").status == 429
    assert entered(Wire(address="2001:db8:0:1::1"), "v", "x").status == 422


def test_what_is_counted_names_nobody(site: World) -> None:
    entered(Wire(), "agn", "wrong")
    assert all(len(row.key) == 64 for row in Throttle.objects.all())


@pytest.mark.attack("O01")
def test_each_sign_in_is_a_new_session_and_the_cookie_is_closed_to_scripts(site: World) -> None:
    chosen = "chosen-by-somebody-else"
    wire = Wire(cookies={SESSION_COOKIE: chosen})
    answer = entered(wire, "agn", RIGHT)
    assert answer.status == 303
    line = next(c for c in answer.all("Set-Cookie") if c.startswith(SESSION_COOKIE))
    assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line
    first = wire.cookies[SESSION_COOKIE]
    assert first != chosen and len(first) > 40
    assert Wire(cookies={SESSION_COOKIE: chosen}).get("/").status == 303
    again = Wire(cookies={SESSION_COOKIE: first})
    entered(again, "agn", RIGHT)
    assert again.cookies[SESSION_COOKIE] != first
    assert first not in str(list(Session.objects.values()))


def test_signing_out_ends_the_session_everywhere(site: World) -> None:
    wire = signed_in(site.people["agn"].id)
    kept = Wire(cookies=dict(wire.cookies))
    assert kept.get("/").status == 200
    assert wire.post("/sign-out").status == 303
    assert not Session.objects.exists()
    assert kept.get("/")["Location"].startswith("/sign-in")


def test_a_new_password_ends_every_session(site: World) -> None:
    wire = signed_in(site.people["agn"].id)
    directory.new_password(site.number("agn"), "another long sentence", site.by("adm"))
    assert wire.get("/")["Location"].startswith("/sign-in")


@pytest.mark.attack("O03", "I6")
def test_who_leaves_is_out_at_the_next_request(site: World) -> None:
    person = site.people["agn"]
    record = site.incident()
    browser, token = signed_in(person.id), program(person.id, "read", "write")
    address = f"/incidents/{record.number}/"
    assert browser.get(address).status == 200
    commands.move(shelf.type("user"), person.number, "leave", {}, SETUP)
    assert browser.get(address)["Location"].startswith("/sign-in")
    assert token.get("/api/v1/me").status in (401, 404)
    commands.move(shelf.type("user"), person.number, "return", {}, SETUP)
    assert browser.get(address)["Location"].startswith("/sign-in"), "the old session stays ended"


@pytest.mark.attack("O13")
@pytest.mark.parametrize("meanwhile", ["leave", "new password", "nothing"])
def test_a_password_that_was_right_a_moment_ago_opens_no_session(
    site: World, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """The hash takes a third of a second, in which much can be decided."""
    number = site.number("agn")

    def slowly(*given: str) -> bool:
        is_right = hashers.check_password(*given)
        if meanwhile == "leave":
            commands.move(shelf.type("user"), number, "leave", {}, SETUP)
        elif meanwhile == "new password":
            directory.new_password(number, "another long sentence", site.by("adm"))
        return is_right

    monkeypatch.setattr(passwords, "check_password", slowly)
    status = entered(Wire(), "agn", RIGHT).status
    assert (status, Session.objects.count()) == ((303, 1) if meanwhile == "nothing" else (422, 0))


@pytest.mark.attack("I6", "S01")
def test_a_role_or_team_taken_away_is_gone_at_the_next_request(site: World) -> None:
    hidden, plain = site.hidden_incident(), site.incident()
    person = site.people["agh"]
    browser = signed_in(person.id)
    assert browser.get(f"/incidents/{hidden.number}/").status == 200
    token, address = program(person.id, "read"), f"/api/v1/incidents/{hidden.number}"
    tag = token.get(address)["ETag"]
    assert token.get(address, If_None_Match=tag).status == 304
    directory.leave(site.teams["hr"], person.number, SETUP)
    assert token.get(address, If_None_Match=tag).status == 404
    assert token.get(address, If_None_Match="*").status == 404
    assert browser.get(f"/incidents/{hidden.number}/").status == 404
    assert browser.get(f"/incidents/{plain.number}/").status == 200
    directory.withdraw(person.number, roles.AGENT, SETUP)
    # Without any role there is the portal alone, and there it is none of theirs.
    leads = browser.get(f"/incidents/{plain.number}/")
    assert leads.status == browser.get("/incidents/INC-99999/").status == 303
    assert browser.get(dict(leads.headers)["Location"]).status == 404
    assert browser.get("/").status == 303


@pytest.mark.attack("V04")
@pytest.mark.parametrize(
    "there",
    ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)", "evil.example",
     "/\t/evil.example", "https://evil.example/", "///evil.example", "\\\\evil.example", "/%09/evil",
     "//evil.example\\@here", " //evil.example", "/ok\r\nSet-Cookie: a=b", "/ok\nX: y", "/é?ü=1",
     "/\x00", "http:///evil.example", "/" + "x" * 5000],
)  # fmt: skip
def test_after_signing_in_one_stays_on_this_site(site: World, there: str) -> None:
    answer = entered(Wire(), "agn", RIGHT, next=there)
    assert answer.status == 303
    target = answer["Location"]
    assert target.startswith("/") and not target.startswith(("//", "/\\", "/\t"))
    assert "\n" not in target and "\r" not in target
    assert not any(n.lower() == "x" for n, _ in answer.headers)


@pytest.mark.attack("V01")
@pytest.mark.parametrize("token", [None, "", "x", "f" * 32, "f" * 64])
def test_a_form_without_the_right_token_writes_nothing_and_keeps_what_was_typed(
    site: World, token: str | None
) -> None:
    record, wire = site.incident(), signed_in(site.people["agn"].id)
    before = Event.objects.count()
    body = "text=It+took+me+an+hour+to+write+this&audience=internal&password=not+to+be+shown"
    if token is not None:
        body += f"&csrfmiddlewaretoken={token}"
    answer = wire.send(
        "POST", f"/incidents/{record.number}/talk/", body.encode(), {"Content-Type": FORM}
    )
    assert answer.status == 403
    assert "It took me an hour to write this" in answer.text
    assert "not to be shown" not in answer.text
    assert Event.objects.count() == before


@pytest.mark.attack("V01")
def test_another_site_cannot_send_our_forms_nor_put_words_on_our_page(site: World) -> None:
    record, wire = site.incident(), signed_in(site.people["agn"].id)
    before = Event.objects.count()
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        answer = wire.post(
            f"/incidents/{record.number}/talk/", {"text": "Call 555-1234 now"}, Origin=origin
        )
        assert answer.status == 403
        assert "555-1234" not in answer.text
    assert Event.objects.count() == before


def test_a_token_of_another_browser_is_no_token(site: World) -> None:
    wire = signed_in(site.people["agn"].id)
    wire.cookies[CSRF_COOKIE] = "z" * 32
    assert wire.send(
        "POST", "/sign-out", b"csrfmiddlewaretoken=" + b"y" * 32, {"Content-Type": FORM}
    ).status == 403  # fmt: skip
    assert Session.objects.exists()


BASE = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.auth import hashers
chosen = hashers.get_hasher()
print(json.dumps({
    "hashers": settings.PASSWORD_HASHERS,
    "hash": hashers.make_password("a long sentence").split("$")[:4],
    "csrf": [settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE],
    "debug": settings.DEBUG,
}))
"""


@pytest.mark.parametrize("url", ["", "https://desk.example"])
def test_the_product_hashes_with_argon2id(tmp_path: Path, url: str) -> None:
    """Tests hash cheaply, so the product's own settings are asked in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", BASE],
        env=environment(MAINSTAY_DATA=str(tmp_path), MAINSTAY_BASE_URL=url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = json.loads(done.stdout or done.stderr)
    kind, variety, version, costs = told["hash"]
    assert (kind, variety, version) == ("argon2", "argon2id", "v=19")
    cost = dict(pair.split("=") for pair in costs.split(","))
    # OWASP's least is 19 MiB and 2 rounds.
    assert int(cost["m"]) >= 19 * 1024 and int(cost["t"]) >= 2
    assert len(told["hashers"]) == 1
    prefix = "__Host-" if url else ""
    assert told["csrf"] == [f"{prefix}mainstay_csrf", bool(url), True, "Lax"]
    assert told["debug"] is False
    assert hashers.get_hasher().algorithm == "md5"
