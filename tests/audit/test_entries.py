"""What leaves an entry, how often, and what it never holds."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client

from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.models import digest_of
from mainstay.directory.signin import password, sessions, tokens
from mainstay.directory.signin.guessable import Owner
from mainstay.pure.rules import SYSTEM, Actor, By
from mainstay.records import commands
from mainstay.records.audit import entries
from mainstay.records.audit.models import AuditEntry, Repeat
from mainstay.records.types import shelf
from mainstay.surfaces.api import limits
from tests.audit.conftest import Clock
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
SENTENCE = "correct horse battery staple"


def kept(*kinds: str) -> list[AuditEntry]:
    found = AuditEntry.objects.order_by("id")
    return list(found.filter(kind__in=kinds) if kinds else found)


def browser(world: World, name: str) -> Client:
    client = Client()
    client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
    return client


def test_signing_in_and_out_is_kept_with_its_address(world: World) -> None:
    password.store(world.people["agn"].id, password.hashed(SENTENCE, Owner("agn")))
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post("/sign-in", {"username": "agn", "password": SENTENCE})
    client.post("/sign-out")
    client.post("/sign-out")
    assert [(e.kind, e.actor_id, e.address) for e in kept()] == [
        ("sign-in", world.people["agn"].id, "192.0.2.7"),
        ("sign-out", world.people["agn"].id, "192.0.2.7"),
    ]


def test_a_refused_sign_in_names_whose_login_it_was_and_nothing_that_was_typed(
    world: World,
) -> None:
    password.store(world.people["agn"].id, password.hashed(SENTENCE, Owner("agn")))
    for login in ("agn", "agn", "my secret typed in the wrong place"):
        Client().post("/sign-in", {"username": login, "password": "another secret"})
    assert [(e.kind, e.actor_id, e.record_id) for e in kept()] == [
        ("sign-in.refused", None, world.people["agn"].id),
        ("sign-in.refused", None, None),
    ]
    for table in ("audit_entry", "audit_repeat"):
        with connection.cursor() as cursor:
            cursor.execute(f"select * from {table}")
            assert "secret" not in str(cursor.fetchall())


def test_too_many_tries_are_one_entry(world: World) -> None:
    for _ in range(password.MOST_TRIES_A_LOGIN):
        assert password.sign_in("nobody", "wrong", "192.0.2.8") is None
    for _ in range(5):
        with pytest.raises(password.TooMany):
            password.sign_in("nobody", "wrong", "192.0.2.8")
    assert len(kept("sign-in.closed")) == 1


def test_a_token_is_kept_when_it_is_made_and_when_it_is_first_used(world: World) -> None:
    secret = tokens.issue(world.people["agn"].id, "monitoring", ["read"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    for _ in range(3):
        assert client.get("/api/v1/me").status_code == 200
    made, used = kept()
    assert (made.kind, made.facts["name"], made.door) == ("token.create", "monitoring", "console")
    assert (used.kind, used.facts, used.actor_id) == (
        "token.use",
        {"name": "monitoring"},
        world.people["agn"].id,
    )
    assert secret not in str([e.facts for e in kept()])


def test_a_wrong_token_and_one_that_does_not_reach_are_kept(world: World) -> None:
    for _ in range(3):
        Client(headers={"Authorization": "Bearer mst_" + "x" * 43}).get("/api/v1/incidents")
    secret = tokens.issue(world.people["agn"].id, "t", ["read:sites"])
    Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/incidents")
    assert len(kept("token.refused")) == 1
    [scope] = kept("refused.scope")
    assert scope.facts["said"] == "read:incidents"


def ask_with(secret: str, count: int = 1) -> None:
    program = Client(headers={"Authorization": f"Bearer {secret}"}, REMOTE_ADDR="192.0.2.7")
    for _ in range(count):
        assert program.get("/api/v1/incidents").status_code == 401


def test_a_token_that_was_one_is_named_with_whose_it_was(world: World, time: Clock) -> None:
    """Run out, taken back, or of somebody who has left; nobody is signed in by it."""
    owner = world.people["agn"]
    run_out, ended, of_a_leaver = (
        tokens.issue(world.people[who].id, name, [])
        for who, name in (("agn", "monitoring"), ("agn", "backup"), ("agm", "import"))
    )
    assert tokens.end(owner.id, "backup") == 1
    commands.move(shelf.type("user"), world.number("agm"), "leave", {}, SETUP)
    assert [t.name for t in tokens.held(owner.id)] == ["monitoring"], "it is taken back once"
    assert tokens.end(owner.id, "backup") == 0
    time.go_on(days=tokens.LASTS.days)
    for secret in (run_out, ended, of_a_leaver, tokens.PREFIX + "x" * 43):
        ask_with(secret, count=3)
    told = [(e.actor_id, e.record_id, e.facts.get("name")) for e in kept("token.refused")]
    assert told == [
        (None, owner.id, "monitoring"),
        (None, owner.id, "backup"),
        (None, world.people["agm"].id, "import"),
        (None, None, None),
    ]
    for table in ("audit_entry", "audit_repeat"):
        with connection.cursor() as cursor:
            cursor.execute(f"select * from {table}")
            rows = str(cursor.fetchall())
        assert not any(text in rows for s in (run_out, ended) for text in (s, digest_of(s)))
    page = browser(world, "aud").get("/audit/?kind=token.refused").content.decode()
    assert "monitoring" in page and "Nobody signed in" in page and owner.title in page
    assert 'Until: <span dir="auto">09:00, ' in page, "as people write times"


def test_a_token_that_never_was_costs_as_much_as_one_that_was(world: World, time: Clock) -> None:
    known = tokens.issue(world.people["agn"].id, "old", [])
    time.go_on(days=tokens.LASTS.days)
    counts = []
    for secret in (known, tokens.PREFIX + "x" * 43):
        sent: list[str] = []
        with connection.execute_wrapper(
            lambda run, *more, to=sent: (to.append(more[0]), run(*more))[1]
        ):
            ask_with(secret)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_whoever_holds_many_old_tokens_fills_no_disk(world: World, time: Clock) -> None:
    old = [
        tokens.issue(world.people["agn"].id, f"old {n}", []) for n in range(limits.STRANGERS + 20)
    ]
    time.go_on(days=tokens.LASTS.days)
    for secret in old:
        program = Client(headers={"Authorization": f"Bearer {secret}"}, REMOTE_ADDR="192.0.2.7")
        program.get("/api/v1/incidents")
    assert len(kept("token.refused")) == entries.MOST_OF_ONE + 1
    assert len(kept("refused.limit")) == 1


def test_what_is_refused_is_kept_by_every_door(world: World) -> None:
    hidden = world.hidden_incident()
    own = world.incident(by="ra1")
    browser(world, "agn").get(f"/incidents/{hidden.number}/")
    browser(world, "ra1").get(f"/portal/requests/{hidden.number}/")
    secret = tokens.issue(world.people["agn"].id, "t", [])
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    program.patch(
        f"/api/v1/incidents/{hidden.number}", {"title": "x"}, content_type="application/json"
    )
    assert program.delete(f"/api/v1/incidents/{own.number}").status_code == 403
    told = [(e.kind, e.door, e.record_id, e.facts["method"]) for e in kept() if "refused" in e.kind]
    assert told == [
        ("refused.missing", "web", hidden.id, "GET"),
        ("refused.missing", "portal", hidden.id, "GET"),
        ("refused.missing", "api", hidden.id, "PATCH"),
        ("refused.denied", "api", own.id, "DELETE"),
    ]


def test_a_refusal_in_a_step_for_many_is_kept(world: World) -> None:
    hidden, own = world.hidden_incident(), world.incident()
    browser(world, "agn").post(
        "/incidents/bulk/",
        {"step": "move:take", "sel": [own.number, hidden.number], "apply": "1"},
    )
    assert [e.record_id for e in kept("refused.missing")] in ([hidden.id], [None])


def test_what_is_hidden_and_what_is_not_there_cost_the_same(world: World) -> None:
    hidden, client = world.hidden_incident(), browser(world, "agn")
    client.get("/incidents/")
    counts = []
    for number in (hidden.number, "INC-7777", hidden.number, "INC-7777"):
        with connection.execute_wrapper(lambda run, *more: (counts.append(1), run(*more))[1]):
            assert client.get(f"/incidents/{number}/").status_code == 404
        counts.append(0)
    sent = "".join(map(str, counts)).split("0")
    assert sent[0] == sent[1] and sent[2] == sent[3] and len(sent[0]) > len(sent[2])


def test_repeats_are_counted_and_told_when_the_minute_is_over(world: World, time: Clock) -> None:
    client = browser(world, "agn")
    for _ in range(7):
        client.get("/incidents/INC-7777/")
    assert [e.times for e in kept("refused.missing")] == [1]
    time.go_on(minutes=3)
    entries.settle_repeats()
    assert [e.times for e in kept("refused.missing")] == [1, 6]
    assert not Repeat.objects.exists()


def test_nobody_fills_the_disk_with_refusals(world: World) -> None:
    agent = By(world.actor("agn"), "web")
    for n in range(100):
        entries.note_once_a_minute("refused.missing", agent, str(n), facts={"path": str(n)})
    assert len(kept("refused.missing")) == entries.MOST_OF_ONE + 1
    for n in range(400):
        stranger = By(Actor(id=None), "web")
        entries.note_once_a_minute("sign-in.refused", stranger, "x", address=f"192.0.2.{n}")
    assert len(kept()) <= entries.MOST_OF_ALL + 2
    assert sum(r.count for r in Repeat.objects.all()) == 500, "all of them are counted"


def test_only_looks_behind_a_wall_are_kept_and_one_a_minute(world: World) -> None:
    hidden, plain = world.hidden_incident(), world.incident()
    inside = browser(world, "agh")
    for _ in range(3):
        assert inside.get(f"/incidents/{hidden.number}/").status_code == 200
        assert inside.get(f"/incidents/{plain.number}/").status_code == 200
    caller = browser(world, "ra2")
    assert caller.get(f"/portal/requests/{hidden.number}/").status_code == 200
    assert [(e.actor_id, e.record_id, e.door) for e in kept("look.record")] == [
        (world.people["agh"].id, hidden.id, "web"),
        (world.people["ra2"].id, hidden.id, "portal"),
    ]


@pytest.mark.attack("U04")
def test_an_export_is_kept_with_what_left(world: World) -> None:
    open_ones = [world.incident().number for _ in range(3)]
    hidden = [world.hidden_incident().id for _ in range(2)]
    inside, outside = browser(world, "agh"), browser(world, "agn")
    query = "view=all&columns=number,title&filter=priority+<+9"
    address = f"/incidents/export.csv?{query}"
    told = {
        "type": "incident",
        "view": "all",
        "where": "priority < 9",
        "columns": ["number", "title"],
    }
    answer = outside.get(address, REMOTE_ADDR="192.0.2.4")
    [entry] = kept()
    assert (entry.kind, entry.actor_id, entry.record_id) == (
        "look.export",
        world.people["agn"].id,
        None,
    )
    assert (entry.door, entry.address, entry.facts) == ("web", "192.0.2.4", told | {"rows": 3})
    assert len(b"".join(answer.streaming_content).splitlines()) == 1 + len(open_ones)
    for _ in range(2):
        sent = b"".join(inside.get(address).streaming_content)
    rows = len(sent.splitlines()) - 1
    assert b"CNRY" in sent and rows >= 2
    assert [e.facts["rows"] for e in kept("look.export")] == [3, rows, rows], "each is kept"
    looks = [(e.actor_id, e.record_id) for e in kept("look.record")]
    opened = [(world.people["agh"].id, key) for key in hidden]
    assert looks == [*opened, *opened], "as if they had been opened, each time"


@pytest.mark.attack("U04")
def test_an_export_that_is_refused_or_sends_nothing_is_none(world: World) -> None:
    world.incident()
    agent = browser(world, "agn")
    assert agent.get("/incidents/export.csv?filter=priorty+<+3").status_code == 422
    assert Client().get("/incidents/export.csv").status_code == 303
    assert agent.get("/nothing/export.csv").status_code == 404
    assert agent.head("/incidents/export.csv?view=all").status_code == 200
    assert kept("look.export") == [] == kept("look.record")


@pytest.mark.attack("U04")
def test_nothing_leaves_where_it_cannot_be_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.incident()

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(entries, "note", full)
    answer = browser(world, "agn").get("/incidents/export.csv?view=all")
    assert answer.status_code >= 500 and not answer.streaming


@pytest.mark.attack("U04")
def test_exports_are_read_in_the_audit_in_its_readers_words(world: World) -> None:
    world.incident()
    browser(world, "agn").get(
        "/incidents/export.csv?view=all&columns=number,title&filter=priority+<+9"
    )
    auditor = browser(world, "aud")
    for kind in ("look.export", "look"):
        page = auditor.get("/audit/", {"kind": kind}).content.decode()
        assert "Exported a list" in page and 'title="look' not in page
        for said in ('Type: <span dir="auto">Incidents', 'Rows: <span dir="auto">1<'):
            assert said in page
        assert "priority &lt; 9" in page and '<option value="look.export"' in page
    german = auditor.get("/audit/?kind=look.export", headers={"Accept-Language": "de"})
    told = german.content.decode()
    for said in ("Liste exportiert", ">Incidents<", ">Alle<", ">Nummer, Titel<"):
        assert said in told, said
    key = tokens.issue(world.people["aud"].id, "siem", ["read:audit"])
    headers = {"Authorization": f"Bearer {key}"}
    listed = Client().get("/api/v1/audit?kind=look.export", headers=headers).json()["items"]
    assert [(row["kind"], row["facts"]["rows"]) for row in listed] == [("look.export", 1)]


def test_an_address_is_kept_with_a_digest_that_outlives_it(world: World) -> None:
    entries.note("sign-in", By(SYSTEM, "web"), address="192.0.2.9")
    [entry] = kept()
    assert entry.address_digest == entries.address_digest(entry.salt, "192.0.2.9")
