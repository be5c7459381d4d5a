"""The auditor's list: who sees it, what of it, in what order, and how it narrows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mainstay.directory import commands as directory
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.audit import asking, stream
from mainstay.directory.signin import sessions, tokens
from mainstay.pure.rules import SYSTEM, By
from mainstay.records import commands
from mainstay.records.audit import entries, sealing
from mainstay.records.errors import Invalid
from mainstay.records.models import Event
from mainstay.records.types import shelf
from tests.audit.conftest import Clock
from tests.surfaces.api.client import Api
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db


def rows(world: World, who: str = "aud", size: int = 200, **asked: str) -> list[dict[str, Any]]:
    actor = world.actor(who)
    return stream.page(actor, asking.read(actor, asked), size=size).items


def browser(world: World, name: str) -> Client:
    client = Client()
    client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
    return client


def api(world: World, name: str, *scopes: str) -> Api:
    return Api(tokens.issue(world.people[name].id, "t", scopes))


@pytest.mark.parametrize("name", ["ra1", "agn", "agh", "lead", "chm", "mgr", "ven", "agb"])
def test_for_everybody_else_there_is_no_such_page(world: World, name: str) -> None:
    client = browser(world, name)
    assert client.get("/audit/").status_code == 404
    assert 'href="/audit/"' not in client.get("/").content.decode()
    assert api(world, name)("GET", "/audit").status_code == 404


def test_strangers_are_sent_to_sign_in(world: World) -> None:
    assert Client().get("/audit/").status_code == 303
    assert Api()("GET", "/audit").status_code == 401


@pytest.mark.parametrize("name", ["aud", "adm"])
def test_auditor_and_administrator_read_all_of_it(world: World, name: str) -> None:
    client = browser(world, name)
    page = client.get("/audit/")
    assert page.status_code == 200
    assert "Person ra1" in page.content.decode()
    assert 'href="/audit/"' in client.get("/").content.decode()
    assert len(rows(world, name)) == Event.objects.count()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_by_it(world: World, method: str) -> None:
    assert getattr(browser(world, "adm"), method)("/audit/").status_code == 405
    assert api(world, "adm")(method.upper(), "/audit").status_code == 405


def test_both_tables_are_one_list_newest_first(world: World, time: Clock) -> None:
    time.go_on(minutes=1)
    made = world.incident()
    time.go_on(minutes=1)
    entries.note("sign-in", By(world.actor("agn"), "web"), address="192.0.2.1")
    time.go_on(minutes=1)
    commands.change(shelf.type("incident"), made.number, {"urgency": 1}, world.by("agn"))
    newest, signed_in, created = rows(world)[:3]
    assert [r["kind"] for r in (newest, signed_in, created)] == [
        "incident.change",
        "sign-in",
        "incident.create",
    ]
    assert newest["actor"]["title"] == "Person agn"
    assert newest["changes"]["urgency"] == {"from": None, "to": 1} or (
        newest["changes"]["urgency"]["to"] == 1
    )
    assert signed_in["address"] == "192.0.2.1"


def test_pages_leave_nothing_out_and_show_nothing_twice(world: World, time: Clock) -> None:
    for n in range(30):
        time.go_on(seconds=1)
        if n % 3:
            entries.note("sign-in", SETUP)
        else:
            world.incident()
    actor, seen, after = world.actor("aud"), list[str](), ""
    while True:
        page = stream.page(actor, asking.read(actor, {"after": after}), size=7)
        seen += [row["id"] for row in page.items]
        after = page.next or ""
        if not after:
            break
    assert len(seen) == len(set(seen)) == Event.objects.count() + 20


def test_it_narrows_by_person_record_kind_door_time_and_text(world: World, time: Clock) -> None:
    sealing.seal(sealing.Horizon())
    time.go_on(days=2)
    made = world.incident(title="The printer burns")
    entries.note("sign-in", By(world.actor("agn"), "web"), address="192.0.2.77")
    entries.note("sign-in.refused", By(SYSTEM, "web"), record=world.people["agn"].id)
    sealing.seal(sealing.Horizon())
    time.go_on(days=2)
    entries.note("sign-out", By(world.actor("agn"), "web"))

    def kinds(**asked: str) -> list[str]:
        return [row["kind"] for row in rows(world, **asked)]

    assert kinds(person=world.number("ra1")) == ["incident.create"]
    assert kinds(record=made.number.lower()) == ["incident.create"]
    assert kinds(kind="sign-in") == ["sign-in.refused", "sign-in"]
    assert kinds(kind="incident") == kinds(kind="incident.create") == ["incident.create"]
    assert kinds(door="web") == ["sign-out", "sign-in.refused", "sign-in"]
    assert kinds(since="2026-06-02", until="2026-06-04", kind="sign-in") == [
        "sign-in.refused",
        "sign-in",
    ]
    assert "user.create" not in kinds(since="2026-06-02")
    assert "sign-out" not in kinds(until="2026-06-04")
    assert kinds(text="PRINTER") == ["incident.create"]
    assert kinds(text="192.0.2.77") == ["sign-in"]
    assert kinds(text="100%_nothing") == []
    assert kinds(record="INC-7777") == kinds(person="USER-7777") == []


def test_what_no_index_serves_is_looked_for_in_stretches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOKED_THROUGH", 5)
    actor, seen, after, pages = world.actor("aud"), list[str](), "", 0
    while True:
        page = stream.page(actor, asking.read(actor, {"after": after, "kind": "organisation"}))
        seen += [row["kind"] for row in page.items]
        after, pages = page.next or "", pages + 1
        if not after:
            break
    assert seen == ["organisation.create"] * 2
    assert pages > 5


@pytest.mark.attack("U03")
@pytest.mark.parametrize(
    "asked",
    [
        {"since": "yesterday"},
        {"until": "2026-13-01"},
        {"kind": "'; drop table"},
        {"door": "<script>"},
        {"text": "\x00"},
        {"text": "x" * 201},
        {"after": "1'--"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
    ],
)
def test_what_cannot_be_read_is_told(world: World, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        asking.read(world.actor("aud"), asked)
    assert browser(world, "aud").get("/audit/", asked).status_code in (400, 422)


def test_a_restricted_record_is_named_and_not_told(world: World, time: Clock) -> None:
    hidden = world.hidden_incident()
    commands.change(shelf.type("incident"), hidden.number, {"urgency": 1}, SETUP)
    time.go_on(seconds=1)
    browser(world, "agh").get(f"/incidents/{hidden.number}/")
    for name in ("aud", "adm"):
        told = rows(world, name, record=hidden.number)
        assert [r["kind"] for r in told] == ["look.record", "incident.change", "incident.create"]
        assert all(r["is_withheld"] and not r["changes"] for r in told)
        assert "CNRY" not in str(told)
        assert rows(world, name, text="CNRY") == []
        assert "CNRY" not in browser(world, name).get("/audit/").content.decode()


def test_a_confined_auditor_stays_inside_the_wall(world: World) -> None:
    directory.grant(world.number("agb"), "auditor", SETUP)
    inside = world.incident(by="rb1", title="Inside")
    world.incident(by="ra1", title="Outside")
    entries.note("sign-in", By(world.actor("rb1"), "web"))
    entries.note("sign-in", By(world.actor("ra1"), "web"))
    entries.note("token.refused", By(SYSTEM, "api"), address="192.0.2.1")
    told = rows(world, "agb")
    assert inside.number in {r["record"]["number"] for r in told if r["record"]}
    everybody = {"rb1", "agb"}
    assert {r["actor"]["title"] for r in told if r["actor"]} <= {f"Person {n}" for n in everybody}
    assert "Outside" not in str(told) and "Nordhaven" not in str(told)
    assert [r["kind"] for r in told].count("sign-in") == 1
    assert not [r for r in told if r["kind"] == "token.refused"]
    assert rows(world, "agb", person=world.number("ra1")) == []


def test_an_auditor_of_one_organisation_or_team_reads_that(world: World) -> None:
    directory.grant(
        world.number("ra2"), "auditor", SETUP, organisation_key=world.organisations["b"]
    )
    directory.grant(world.number("ra1"), "auditor", SETUP, team_key=world.teams["net"])
    world.incident(by="rb1", title="Of B")
    world.incident(by="mgr", title="Of Net", team=world.teams["net"])
    titles = {r["record"]["title"] for r in rows(world, "ra2", kind="incident")}
    assert titles == {"Of B"}
    assert [r["record"]["title"] for r in rows(world, "ra1", kind="incident")] == ["Of Net"]


def test_a_token_for_the_audit_alone_reads_it_and_nothing_else(world: World) -> None:
    watch = api(world, "aud", "read:audit")
    assert watch("GET", "/audit?size=2").status_code == 200
    assert watch("GET", "/incidents").status_code == 403
    assert api(world, "aud", "read:incidents")("GET", "/audit").status_code == 403
    answer = watch("GET", "/audit?kind=refused")
    assert [r["kind"] for r in answer.json()["items"]] == ["refused.scope", "refused.scope"]
    assert watch("GET", "/audit?nonsense=1").status_code in (400, 422)


@pytest.mark.attack("U03", "G12")
def test_what_people_wrote_is_text_on_the_page(world: World) -> None:
    commands.change(
        shelf.type("user"), world.number("ra1"), {"title": "<img src=x onerror=alert(1)>"}, SETUP
    )
    world.incident(title="<script>alert(2)</script>")
    browser(world, "agn").get("/incidents/%3Cscript%3Ealert(3)%3C/")
    page = browser(world, "aud").get("/audit/").content.decode()
    assert "<img src=x" not in page and "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page
