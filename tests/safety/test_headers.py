"""Every answer of every kind tells the browser what it may do with it, and no page holds anything that could run."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.files.commands import attach
from mainstay.config import wsgi
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.records import commands, queries
from mainstay.records.types import Message, shelf
from tests.safety import wire
from tests.safety.ground import Ground
from tests.safety.markup import read
from tests.safety.test_canaries import crawled
from tests.safety.wire import Answer, Wire, program, signed_in
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
A_YEAR_S = 365 * 24 * 3600
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def policy(answer: Answer) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {part[0]: part[1:] for part in parts}


def is_guarded(answer: Answer, address: str) -> None:
    rules = policy(answer)
    assert rules, f"{address}: no policy"
    whole = answer["Content-Security-Policy"]
    assert "unsafe" not in whole and "*" not in whole and "http:" not in whole, address
    assert answer["X-Content-Type-Options"] == "nosniff", address
    if "sandbox" not in rules:
        assert rules["default-src"] in (["'self'"], ["'none'"]), address
        assert rules["frame-ancestors"] == ["'none'"], address
        assert rules.get("object-src", ["'none'"]) == ["'none'"], address
    assert not answer.get("Access-Control-Allow-Origin"), address
    assert not answer.get("Server") and not answer.get("X-Powered-By"), address


def every_kind(ground: Ground) -> dict[str, Answer]:
    number, file = ground.records["plain"].number, ground.files["plain-all"]
    stranger, agent, api = (
        Wire(),
        ground.browser("agn"),
        program(ground.world.people["agn"].id, "read"),
    )
    return {
        "sign-in": stranger.get("/sign-in"),
        "to the sign-in": stranger.get("/"),
        "page": agent.get(f"/incidents/{number}/"),
        "fragment": agent.get("/incidents/", HX_Request="true", HX_Target="div#queue"),
        "fragment refused": agent.get("/incidents/INC-777/", HX_Request="true"),
        "missing": agent.get("/incidents/INC-777/"),
        "no such path": agent.get("/no/such/path/at/all/there"),
        "forbidden": ground.browser("ra1").get("/teams/new/"),
        "wrong method": agent.send("DELETE", f"/incidents/{number}/"),
        "no token": agent.send("POST", f"/incidents/{number}/talk/", b"text=x"),
        "refused form": agent.post("/incidents/new/", {"title": ""}),
        "redirect": agent.get(f"/r/{number}"),
        "portal": ground.browser("ra1").get("/portal/"),
        "file": agent.get(f"/files/{number}/{file.uuid}/x"),
        "file missing": agent.get(f"/files/{number}/01890000-0000-7000-8000-000000000000/x"),
        "api": api.get(f"/api/v1/incidents/{number}"),
        "api list": api.get("/api/v1/incidents"),
        "api 401": stranger.get("/api/v1/me"),
        "api 404": api.get("/api/v1/nothing"),
        "api 405": api.api("PUT", "/api/v1/me"),
        "api 415": api.send("POST", "/api/v1/incidents", b"x", {"Content-Type": "text/plain"}),
        "api file": api.get(f"/api/v1/incidents/{number}/files/{file.uuid}"),
        "schema": stranger.get("/api/v1/openapi.json"),
        "static missing": stranger.get("/static/dist/nothing.js"),
        "bad request": agent.post("/incidents/new/", {f"f{n}": "x" for n in range(5000)}),
    }


def test_a_page_and_a_part_of_it_are_told_apart_by_whoever_keeps_answers(ground: Ground) -> None:
    """Both have one address, which of them comes is said by two headers: a cache must ask by them, too."""
    agent, number = ground.browser("agn"), ground.records["plain"].number
    for address, target in (
        ("/incidents/", "div#queue"),
        (f"/incidents/{number}/", "section#entries"),
        ("/portal/requests/", "main#main"),
        ("/inbox/", "main#main"),
    ):
        whole, part = agent.get(address), agent.get(address, HX_Request="true", HX_Target=target)
        assert whole.status == part.status == 200, address
        for answer in (whole, part):
            asked = {name.strip() for name in answer["Vary"].split(",")}
            assert {"HX-Request", "HX-Target", "Cookie"} <= asked, address


@pytest.mark.attack("V03", "S02")
def test_every_kind_of_answer_is_guarded(ground: Ground) -> None:
    answers = every_kind(ground)
    for name, answer in answers.items():
        is_guarded(answer, name)
        # Without TLS a browser that was told to insist on it could never come back.
        assert answer.get("Strict-Transport-Security") is None
        if name not in ("schema", "static missing"):
            assert "no-store" in answer["Cache-Control"], name
    assert answers["bad request"].status == 400


@pytest.mark.attack("V03")
def test_of_a_page_nothing_counts_but_what_bears_its_own_sign(ground: Ground) -> None:
    """Not even another script of this site; each answer has a sign nobody could know before."""
    agent, number = ground.browser("agn"), ground.records["plain"].number
    addresses = (
        "/",
        "/incidents/",
        f"/incidents/{number}/",
        "/-/parts/",
        "/-/parts/marks/",
        "/no/such/page/",
        "/portal/",
    )
    signs = set()
    for address in addresses * 2:
        answer = agent.get(address)
        rules = policy(answer)
        [sign] = rules["style-src"]
        assert rules["script-src"] == [sign, "'strict-dynamic'"], address
        assert len(sign) > 28, address
        signs.add(sign)
        named = [
            f"'nonce-{given.get('nonce')}'"
            for name, given in read(answer.text).elements
            if name == "script" or given.get("rel") == "stylesheet"
        ]
        assert len(named) > 1 and set(named) == {sign}, address
    assert len(signs) == 2 * len(addresses)


@pytest.fixture
def over_tls(settings) -> None:
    """As config/settings/base.py has it where MAINSTAY_BASE_URL begins with https."""
    settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_NAME = True, "__Host-mainstay_csrf"


def insists_on_tls(answer: Answer) -> bool:
    told = answer["Strict-Transport-Security"].split("; ")
    return int(told[0].removeprefix("max-age=")) >= A_YEAR_S and "includeSubDomains" in told


@pytest.mark.attack("V05")
def test_over_tls_every_kind_of_answer_insists_on_it(ground: Ground, over_tls, monkeypatch) -> None:
    answers = every_kind(ground)
    monkeypatch.setattr(queries, "page", lambda *_, **__: 1 / 0)
    answers["failed"] = ground.browser("agn").get("/incidents/")
    strange = Wire(headers={"Host": "a b"})
    answers["another host"] = strange.get("/sign-in")
    for name, answer in answers.items():
        is_guarded(answer, name)
        assert insists_on_tls(answer), name
        assert answer["Referrer-Policy"] and answer["Cross-Origin-Opener-Policy"], name
    assert answers["failed"].status == 500 and answers["another host"].status == 400


@pytest.mark.attack("V05")
def test_over_tls_no_cookie_is_read_or_left_but_one_of_this_host(world: World, over_tls) -> None:
    bare = Wire(cookies={SESSION_COOKIE: sessions.begin(world.people["agn"].id)})
    assert bare.get("/incidents/").status == 303, "a neighbouring host could have set it"
    agent = signed_in(world.people["adm"].id)
    assert agent.get("/incidents/").status == 200
    lines = [
        *agent.post("/skills/new/", {"title": "Welding"}).all("Set-Cookie"),
        *agent.get("/skills/").all("Set-Cookie"),
        *agent.post("/sign-out").all("Set-Cookie"),
        *Wire().get("/sign-in").all("Set-Cookie"),
    ]
    names = {line.partition("=")[0] for line in lines}
    assert names == {"__Host-flash", "__Host-mainstay_session", "__Host-mainstay_csrf"}
    for line in lines:
        assert "; Secure" in line and "; Path=/" in line and "; SameSite=Lax" in line, line
        assert "Domain" not in line, line
        is_ending = "Max-Age=0" in line
        assert is_ending or "; HttpOnly" in line, line
    assert agent.get("/incidents/").status == 303


@pytest.mark.attack("V05")
def test_static_files_are_guarded_too(db: None, tmp_path: Path, monkeypatch, over_tls) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text("{}")
    names = ("app.js", "icons.svg", "assets/app-0123abcd.css", "assets/font.woff2")
    for name in names:
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(wsgi, "COMPILED", tmp_path)
    monkeypatch.setattr(wire, "application", wsgi.with_static_files(get_wsgi_application()))
    for name in names:
        answer = Wire().get(f"/static/dist/{name}")
        assert answer.status == 200
        assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert insists_on_tls(answer)
        assert ("immutable" in answer["Cache-Control"]) == name.startswith("assets/")
    for name in (
        "../wsgi.py",
        "%2e%2e/wsgi.py",
        "..%2fwsgi.py",
        ".vite/manifest.json",
        "app.js/",
        "app.js%00",
    ):
        assert Wire().get(f"/static/dist/{name}").status in (303, 404), name


def test_no_page_holds_anything_that_could_run(ground: Ground) -> None:
    """Every page an administrator and a requester can reach, read as a browser reads it."""
    for name in ("adm", "ra1"):
        for address, answer in crawled(ground.browser(name)).items():
            if "html" in answer["Content-Type"] and not address.startswith("/files/"):
                assert read(answer.text).complaints == [], address


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>",
    "{{9091*9091}}{% debug %}${9091*9091}<%=9091*9091%>#{9091*9091}",
    '" autofocus onfocus=alert(1) x="',
    "<math><mtext></mtext><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "\u202egpj.exe<b>",
)
MARKDOWN = (
    "[x](javascript:alert(1))", "[x](JaVa\tScript:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    "![x](x\" onerror=alert(1))", "![x](//evil.example/x.png)", "![x](https://evil.example/x.png)",
    "![x](/\\evil.example/x.png)", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]",
    "<style>*{display:none}</style>", '<div style="position:fixed;inset:0">x</div>',
    "<form action=//evil>",
    "[x](vbscript:x)", "![](/files/../sign-out)", "<base href=//evil>", "[a](<//evil.example>)",
    "<iframe src=x>",
)  # fmt: skip


@pytest.fixture
def hostile(ground: Ground) -> Ground:
    """The payloads in every place a person can put words."""
    number = ground.records["plain"].number
    incident, user = shelf.type("incident"), shelf.type("user")
    for n, payload in enumerate(PAYLOADS):
        values = {"title": payload, "body": payload, "category": payload[:80]}
        made = commands.create(incident, values | {"requester": ground.world.number("ra1")}, SETUP)
        say(incident, number, Message("all", payload), SETUP)
        attach(incident, number, payload, [PNG + bytes([n])], "all", SETUP)
        commands.link(incident, number, "relates", made.number, SETUP)
        commands.change(incident, number, {"subcategory": payload[:80]}, SETUP)
        commands.create(
            user,
            {"title": payload, "username": f"x{n}", "job_title": payload[:80],
             "organisation": ground.world.organisations["a"]},
            SETUP,
        )  # fmt: skip
    for text in MARKDOWN:
        say(incident, number, Message("all", text), SETUP)
    commands.change(user, ground.world.number("agn"), {"title": PAYLOADS[1]}, SETUP)
    commands.change(user, ground.world.number("ra1"), {"title": PAYLOADS[1]}, SETUP)
    commands.change(incident, number, {"assignee": ground.world.number("agn")}, SETUP)
    return ground


@pytest.mark.attack("G02", "G05", "G07", "G13", "G14", "I02")
@pytest.mark.parametrize("name", ["agn", "ra1"])
def test_what_people_write_stays_text(hostile: Ground, name: str) -> None:
    for address, answer in crawled(hostile.browser(name)).items():
        if "html" not in answer["Content-Type"] or address.startswith("/files/"):
            continue
        reader = read(answer.text)
        assert reader.complaints == [], address
        assert "82646281" not in "".join(reader.text), address
        pictures = [
            given["src"] for tag, given in reader.elements if tag == "img" and "src" in given
        ]
        assert all(source.startswith("/files/") and ".." not in source for source in pictures), (
            address
        )


def test_addresses_and_complaints_stay_text(hostile: Ground) -> None:
    """What stands in a URL, a filter, a header or a refused form comes back as words."""
    agent, number = hostile.browser("agn"), hostile.records["plain"].number
    for payload in (*PAYLOADS, *MARKDOWN):
        asked = quote(payload)
        answers = [
            agent.get(f"/incidents/?filter={asked}"),
            agent.get(f"/incidents/?view={asked}&order={asked}&columns={asked}&after={asked}&add={asked}"),
            agent.get(f"/incidents/?field=title&op=contains&value={asked}"),
            agent.get(f"/incidents/options/?list=o-x&x={asked}"),
            agent.get(f"/incidents/options/?list={asked}"),
            agent.get(f"/incidents/{quote(payload, safe='')}/"),
            agent.get(f"/{quote(payload, safe='')}/"),
            agent.get(f"/r/{quote(payload, safe='')}"),
            agent.get(f"/portal/ask/?title={asked}"),
            agent.get(f"/incidents/{number}/?show={asked}"),
            agent.get(f"/incidents/{number}/set/team/?q={asked}&seen={asked}"),
            Wire().get(f"/sign-in?next={asked}"),
            Wire().post("/sign-in", {"username": payload, "password": payload, "next": payload}),
            agent.post("/incidents/new/", {"title": "", "team": payload, "body": payload, "impact": payload}),
            agent.post(f"/incidents/{number}/move/resolve/", {"close_code": payload, "message": payload}),
            agent.post(f"/incidents/{number}/set/priority/", {"value": payload, "seen": payload}),
            agent.post(f"/incidents/{number}/set/team/", {"value": payload, "seen": "1"}),
            agent.post(f"/incidents/{number}/link/", {"kind": payload, "record": payload}),
            agent.post("/incidents/bulk/", {"step": "set:team", "sel": payload, "team": payload, "apply": "1"}),
            agent.post("/incidents/bulk/", {"step": "move:cancel", "sel": payload, "apply": "1"}),
            agent.send("POST", f"/incidents/{number}/talk/", b"text=" + asked.encode(),
                       {"Content-Type": "application/x-www-form-urlencoded"}),
        ]  # fmt: skip
        for n, answer in enumerate(answers):
            assert answer.status < 500, (payload, n)
            if "html" in answer["Content-Type"]:
                assert read(answer.text).complaints == [], (payload, n)
            assert not any("\n" in value or "\r" in value for _, value in answer.headers)


def test_a_site_answers_to_its_own_names_alone(ground: Ground, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["it.example.org"]
    for path in ("/sign-in", "/api/v1/me", "/incidents/", "/static/nothing"):
        strange = Client().get(path, headers={"host": "evil.example"})
        assert strange.status_code == 400, path
        assert strange["X-Content-Type-Options"] == "nosniff"
    assert Client().get("/sign-in", headers={"host": "it.example.org"}).status_code == 200
