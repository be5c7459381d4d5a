"""Routes, pages that should not be there, what strangers are told, and what another site can do; each beside who may."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path
from typing import Any

import pytest

import mainstay
from mainstay.capabilities.notices.commands import publish
from mainstay.directory import cookies
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.records import commands, queries
from mainstay.records.types import RecordType, shelf
from mainstay.surfaces.api import openapi
from tests.safety.ground import Ground
from tests.safety.routes import addresses, every_route, plurals
from tests.safety.test_default_deny import rows
from tests.safety.wire import CSRF_COOKIE, FORM, Wire, program
from tests.world import SETUP, least

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]
PRODUCT = Path(mainstay.__file__).parent


@pytest.mark.attack("A01")
def test_what_is_served_below_the_api_is_what_is_published() -> None:
    """An operation beside the schema would be asked by none of the tests that read the schema."""
    served = {
        "/" + route.pattern.removeprefix("api/v1/").replace("<str:", "{").replace(">", "}")
        for route in every_route()
        if route.pattern.startswith("api/v1/") and not route.pattern.endswith("openapi.json")
    }
    assert served - {"/"} == set(openapi.document()["paths"])


@pytest.mark.attack("A01", "A02", "B01")
def test_the_same_addresses_answer_those_who_may(ground: Ground) -> None:
    """Else a refusal would prove nothing: every route that can be fetched is answered to somebody."""
    said = {"title": "The mail is down", "text": "We work on it."}
    publish(shelf.type("incident"), ground.records["plain"].number, said, SETUP)
    numbers = {each.prefix: one_of(each) for each in shelf} | {"INC": ground.records["hr"].number}
    askers = [
        *(ground.browser(name) for name in ("agh", "ra2", "adm", "aud")),
        program(ground.world.people["agh"].id, "read"),
    ]
    unanswered = {}
    for route in every_route():
        named = plurals(route)[:1] if "plural" not in route.parameters else ["incidents"]
        of_type = shelf.by_plural(named[0]) if named else None
        number = numbers[of_type.prefix] if of_type else numbers["INC"]
        found = {
            wire.get(address).status for wire in askers for address in addresses(route, number)
        }
        if not found & {200, 303, 405}:
            unanswered[route.pattern] = found
    # What this ground has none of: a link, a job, a file by a made-up name, a task's step, or words to search for.
    none = (
        "welcome/",
        "jobs/",
        "static/",
        "files/",
        "/{part}",
        "search",
    )
    left = {p: f for p, f in unanswered.items() if not any(word in p for word in none)}
    assert set(left) <= {"api/v1/", "api/"}, left


def one_of(rtype: RecordType) -> str:
    """The number of the first there is, which is made where there is none."""
    record = rtype.model.objects.order_by("pk").first()
    return str((record or commands.create(rtype, least(rtype), SETUP)).number)


FORGOTTEN = (
    "/setup", "/setup/", "/install", "/install.php", "/update", "/debug", "/__debug__/", "/admin/", "/admin/login/",
    "/admin/doc/", "/django-admin/", "/.git/HEAD", "/.env", "/silk/", "/metrics", "/schema", "/schema/", "/swagger",
    "/docs", "/phpinfo.php", "/server-status", "/status", "/logs", "/log", "/var/log", "/media/", "/media/secret.key",
    "/secret.key", "/mainstay.sqlite3", "/static/../secret.key", "/static/%2e%2e/mainstay.sqlite3", "/api/", "/api/v2/me",
    "/api/v1/schema", "/api/v1/debug", "/api/v1/users/sign-up", "/signup", "/register", "/portal/register",
    "/backup", "/backup.sql", "/dump", "/manage", "/console", "/graphql", "/actuator/env", "/static/dist/.vite/manifest.json",
)  # fmt: skip


@pytest.mark.attack("A03", "MA08", "U05", "E01", "M04")
def test_what_others_forgot_is_not_there(ground: Ground) -> None:
    """Neither for a stranger nor for an administrator; a page that is there answers both as it should."""
    administrator, before = ground.browser("adm"), rows()
    for path in FORGOTTEN:
        for method in ("GET", "POST"):
            data = {"username": "x", "password": "y"} if method == "POST" else None
            for wire in (Wire(), administrator):
                answer = wire.post(path, data) if data else wire.get(path)
                led_on = answer.status in (301, 303) and answer["Location"].startswith("/")
                assert answer.status in (401, 404, 405) or led_on, (path, answer.status)
                assert answer.status != 303 or wire is not administrator, path
    assert rows() == before
    assert administrator.get("/audit/").status == 200
    assert Wire().get("/audit/").status == 303


@pytest.mark.attack("A04")
def test_strangers_are_told_nothing_of_the_site(ground: Ground) -> None:
    told = [
        Wire().get(path)
        for path in ("/sign-in", "/", "/api/v1/openapi.json", "/api/v1/me", "/static/none", "/none")
    ]
    whole = "".join(answer.text + str(answer.headers) for answer in told)
    people = [person.title for person in ground.world.people.values()]
    for text in (
        *ground.canaries,
        *people,
        mainstay.__version__,
        "Brightwater",
        "sqlite",
        "postgres",
    ):
        assert text not in whole, text
    # The same words are found by who may read them.
    assert "Brightwater" in ground.browser("adm").get("/organisations/").text
    assert any(name in ground.browser("adm").get("/users/?view=all").text for name in people)


@pytest.mark.attack("A07", "I7")
def test_an_error_tells_its_number_and_no_secret(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    secret = "hunter2-and-more"
    caplog.set_level(logging.DEBUG)

    def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError("it broke")

    token, browser = program(ground.world.people["agn"].id, "read"), ground.browser("agn")
    assert token.get("/api/v1/incidents").status == 200
    monkeypatch.setattr(queries, "page", breaks)
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    answer = token.get("/api/v1/incidents")
    assert answer.status == 500
    assert answer.json["request_id"] in caplog.text
    page = browser.send("GET", "/incidents/", headers={"X-Password": secret})
    assert page.status == 500
    Wire().post("/sign-in", {"username": "agn", "password": secret})
    for text in ("it broke", "Traceback", "RuntimeError", settings.SECRET_KEY):
        assert text not in answer.text + page.text
    secrets = [
        secret,
        settings.SECRET_KEY,
        *browser.cookies.values(),
        token.headers["Authorization"][7:],
    ]
    assert [text for text in secrets if text in caplog.text] == []


@pytest.mark.attack("V01")
def test_no_form_is_taken_from_another_site(ground: Ground) -> None:
    """Every page and operation that writes, with the session's cookie alone."""
    browser, before, walked = ground.browser("adm"), rows(), 0
    for route in every_route():
        if route.pattern in ("sign-in", "") or route.pattern.startswith("welcome"):
            continue
        for address in addresses(route, ground.records["plain"].number):
            for kind, headers in (
                (FORM, {}),
                (FORM, {"Origin": "https://evil.example"}),
                ("text/plain", {"X-HTTP-Method-Override": "DELETE"}),
            ):
                body = b"title=x&text=x" if kind == FORM else b'{"title":"x","text":"x"}'
                answer = browser.send("POST", address, body, {"Content-Type": kind, **headers})
                assert answer.status in (403, 404, 405, 413, 415), (address, answer.status)
                walked += answer.status == 403
    assert walked > 100
    assert rows() == before
    made = browser.post("/skills/new/", {"title": "With its token"})
    assert made.status == 303 and rows() != before


@pytest.mark.attack("V01")
def test_a_page_left_open_acts_in_nobodys_name(ground: Ground) -> None:
    """All that writes, with the token of whoever used this browser before, or of a cookie that was planted."""
    last, browser, walked = ground.browser("agn"), ground.browser("adm"), 0
    planted = browser.cookies[CSRF_COOKIE]
    # Two people, one browser: they differ by their session alone.
    assert last.cookies[CSRF_COOKIE] == planted
    left, own, before = last.form_token(), browser.form_token(), rows()
    assert len({left, own, planted}) == 3
    for route in every_route():
        if route.pattern in ("sign-in", ""):
            continue
        for address in addresses(route, ground.records["plain"].number):
            for token in (left, planted):
                for headers in ({}, {"HX-Request": "true"}):
                    form = f"title=x&text=x+y&csrfmiddlewaretoken={token}".encode()
                    sent = {"Content-Type": FORM, "X-CSRFToken": token, **headers}
                    answer = browser.send("POST", address, form, sent)
                    assert answer.status in (403, 404, 405, 413, 415), (address, answer.status)
                    walked += answer.status == 403
    assert walked > 100
    assert rows() == before
    # They are the tokens of two people: each is taken from its own.
    for wire in (last, browser):
        assert wire.post("/profile/theme/", {"theme": "dark"}).status < 400


@pytest.mark.attack("V01")
def test_a_page_left_open_says_who_is_here_now_and_keeps_what_was_typed(ground: Ground) -> None:
    last, browser = ground.browser("agn"), ground.browser("adm")
    left, name = last.form_token(), ground.world.people["adm"].title
    number = ground.records["plain"].number
    talk = f"/incidents/{number}/talk/"
    form = {"text": "An hour of writing", "audience": "internal", "csrfmiddlewaretoken": left}
    plain = browser.post(talk, form)
    assert plain.status == 403
    assert (
        "Somebody else is signed in now" in plain.text and f"now {name} is signed in" in plain.text
    )
    assert "An hour of writing</textarea>" in plain.text
    assert f'href="/incidents/{number}/"' in plain.text
    told = browser.post(talk, form, HX_Request="true")
    assert (told.status, told.body) == (403, b"")
    assert name in json.loads(told["HX-Trigger"])["not-yours"]["text"]
    # Nor is a part of a page brought into it, whose forms would be the next one's.
    menu = f"/incidents/{number}/menu/moves/"
    asked = browser.get(menu, HX_Request="true", X_CSRFToken=left)
    assert asked.status == 403 and "not-yours" in asked["HX-Trigger"]
    assert browser.get(menu, HX_Request="true", X_CSRFToken=browser.form_token()).status == 200
    # Nor by the way back, which asks for the whole page and takes its middle.
    back = browser.get("/incidents/", HX_History_Restore_Request="true", X_CSRFToken=left)
    assert back.status == 403 and "Somebody else is signed in now" in back.text
    # Whoever is signed out is asked to sign in, and works on with the page afterwards.
    session = last.cookies.pop(cookies.called(SESSION_COOKIE))
    assert last.post(talk, form, HX_Request="true").status == 401
    assert last.post(talk, form).status == 401
    last.cookies[cookies.called(SESSION_COOKIE)] = session
    assert last.post(talk, form).status == 303


@pytest.mark.attack("V01")
def test_a_page_is_its_persons_over_a_new_sign_in_and_a_new_key(
    ground: Ground, settings: Any
) -> None:
    last = ground.browser("agn")
    left, talk = last.form_token(), f"/incidents/{ground.records['plain'].number}/talk/"
    form = {"text": "Said later", "audience": "internal", "csrfmiddlewaretoken": left}
    assert last.post("/sign-out").status == 303
    last.cookies[cookies.called(SESSION_COOKIE)] = sessions.begin(ground.world.people["agn"].id)
    assert last.post(talk, form).status == 303
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "k" * 50
    assert last.form_token() != left
    assert last.post(talk, form).status == 303
    settings.SECRET_KEY_FALLBACKS = []
    last.cookies[cookies.called(SESSION_COOKIE)] = sessions.begin(ground.world.people["agn"].id)
    assert last.post(talk, form).status == 403
    # The way in is open from a tab where one signed in meanwhile, with the form it has.
    entered = {"csrfmiddlewaretoken": last.cookies[CSRF_COOKIE], "username": "x", "password": "y"}
    assert last.post("/sign-in", entered).status == 422
    assert last.post("/sign-in", entered | {"csrfmiddlewaretoken": "f" * 32}).status == 403


@pytest.mark.attack("V02")
def test_no_other_site_may_read_an_answer(ground: Ground) -> None:
    browser = ground.browser("agn")
    for origin in (
        "null",
        "https://evil.example",
        "http://testserver.evil.example",
        "http://sub.testserver",
        "http://testserver",
    ):
        for path in ("/", "/incidents/", "/api/v1/incidents", "/api/v1/openapi.json", "/sign-in"):
            for method in ("GET", "OPTIONS"):
                sent = {"Origin": origin, "Access-Control-Request-Method": "GET"}
                answer = browser.send(method, path, headers=sent)
                assert not [
                    name for name, _ in answer.headers if name.lower().startswith("access-control-")
                ]
    assert browser.get("/api/v1/incidents").status == 200


@pytest.mark.attack("S02", "S03")
def test_nothing_of_anybodys_is_kept_on_the_way(ground: Ground) -> None:
    """The same address by three people; no answer may be kept, whatever the address looks like."""
    number = ground.records["plain"].number
    secret = ground.records["plain"].title
    for path in (f"/incidents/{number}/", f"/api/v1/incidents/{number}", f"/files/{number}/x/x.css", "/incidents/x.css",
                 f"/incidents/{number}/x.css", f"/incidents/{number};x.js", f"/incidents/{number}/?utm=1"):  # fmt: skip
        for wire in (ground.browser("agn"), ground.browser("rb1"), Wire()):
            for headers in (
                {},
                {"X-Forwarded-Host": "evil.example"},
                {"Accept": "text/css"},
                {"Accept-Language": "de"},
            ):
                answer = wire.send("GET", path, headers=headers)
                assert (
                    "no-store" in answer["Cache-Control"]
                    and "public" not in answer["Cache-Control"]
                ), path
    assert secret in ground.browser("agn").get(f"/incidents/{number}/").text
    for wire in (ground.browser("rb1"), Wire()):
        assert secret not in wire.get(f"/incidents/{number}/").text


# What brings objects to life from bytes, reads documents that can name files, or unpacks what may grow without end.
DANGEROUS = {
    "pickle", "marshal", "shelve", "dill", "joblib", "jsonpickle", "yaml", "xml", "lxml", "zipfile", "tarfile", "bz2",
    "lzma", "PIL", "openpyxl", "docx", "odf",
}  # fmt: skip
RUNS = ("eval", "exec", "compile", "os.system", "os.popen")
# Reads a file whoever runs the site names at the console, line by line.
GZIP = {"mainstay/doors/compat/servicenow/log.py"}


def dangers(source: str, path: str = "") -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in RUNS:
            found.add(ast.unparse(node.func))
        found |= {name for name in names if name.partition(".")[0] in DANGEROUS}
        found |= {name for name in names if name == "gzip" and path not in GZIP}
    return found


@pytest.mark.attack("M01", "M06", "L02", "L03", "L04")
def test_nothing_reads_what_could_run_or_grow(ground: Ground) -> None:
    found = {}
    for path in PRODUCT.rglob("*.py"):
        if dangers(path.read_text(), str(path.relative_to(PRODUCT.parent))):
            found[str(path)] = dangers(path.read_text())
    assert found == {}
    planted = "import pickle\nfrom xml.etree import ElementTree\nimport gzip\neval('1')"
    assert dangers(planted) == {"pickle", "xml.etree", "gzip", "eval"}
    # A body that must be unpacked first is refused; the same one as it is, is taken.
    token = program(ground.world.people["agn"].id, "write")
    body = b'{"title":"Packed"}'
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert token.send("POST", "/api/v1/incidents", body, packed).status == 415
    assert token.api("POST", "/api/v1/incidents", body).status == 201
