"""The inbox as people and programs meet it: one count everywhere, and what is not one's own does not exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.telling import commands as telling
from mainstay.capabilities.telling import queries, sweeping
from mainstay.capabilities.telling.kinds import KINDS
from mainstay.capabilities.telling.models import InboxEntry, Preference, Watcher
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions
from mainstay.records import clock, commands, delivery
from mainstay.records.models import Event
from mainstay.records.types import Message, shelf
from mainstay.surfaces.api import limits
from tests.capabilities.telling.test_telling import assigned, reply
from tests.surfaces.api.client import Api, api_of
from tests.world import World

pytestmark = pytest.mark.django_db
INCIDENT = shelf.type("incident")
Browse = Callable[[str], Client]
BELL = re.compile(r'class="ib bell" href="([^"]+)"[^>]* aria-label="Inbox: ([^"]+)"')


@pytest.fixture
def browse(world: World) -> Browse:
    limits.forget()

    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def bell(client: Client, path: str = "/") -> str:
    found = BELL.search(text_of(client, path))
    assert found
    return found[2]


def test_one_count_on_the_bell_the_tabs_and_the_api(world: World, browse: Browse) -> None:
    first, second = assigned(world), world.incident(by="ra2")
    reply(world, first, "ra1")
    telling.watch(INCIDENT, second.number, world.by("agn"))
    reply(world, second, "lead", "A note", "internal")
    InboxEntry.objects.exclude(record_id__in=(first.id, second.id)).delete()
    InboxEntry.objects.filter(record=second, person=world.people["agn"]).update(kind="watched")
    agent = browse("agn")
    assert bell(agent) == "1 thing needs you, 1 for information"
    assert re.findall(r'class="count num">(\d+)<', text_of(agent, "/inbox/")) == ["1", "1"]
    told = api_of(world.people["agn"]).get("/inbox/count").json()
    assert told == {"needs": 1, "info": 1, "is_exact": True}
    for view in ("needs", "info"):
        assert len(queries.page(world.actor("agn"), view)[0]) == told[view]


def test_opening_a_record_reads_its_entry(world: World, browse: Browse) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    agent = browse("agn")
    assert record.number in text_of(agent, "/inbox/")
    agent.get(f"/incidents/{record.number}/", headers={"Sec-Purpose": "prefetch"})
    agent.head(f"/incidents/{record.number}/")
    assert bell(agent).startswith("1 thing")
    assert bell(agent, f"/incidents/{record.number}/").startswith("0 things")
    assert "Nothing needs you" in text_of(agent, "/inbox/")
    assert record.number in text_of(agent, "/inbox/?view=read")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("needs", "Nothing needs you"),
        ("info", "No news"),
        ("snoozed", "Nothing is put off"),
        ("read", "Nothing was read yet"),
        ("nonsense", "Nothing needs you"),
    ],
)
def test_an_empty_inbox_says_which_it_is(browse: Browse, view: str, words: str) -> None:
    assert words in text_of(browse("agn"), f"/inbox/?view={view}")


def test_forms_read_bring_back_and_put_off(world: World, browse: Browse) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    agent, at = browse("agn"), f"/inbox/{record.number}"
    assert agent.post(f"{at}/read/", {"back": "/inbox/?view=info"})["Location"] == (
        "/inbox/?view=info"
    )
    assert bell(agent).startswith("0 things")
    assert agent.post(f"{at}/unread/", {"back": "//evil.example/"})["Location"] == "/inbox/"
    assert bell(agent).startswith("1 thing ")
    for nap in ("hour", "tomorrow", "week"):
        assert agent.post(f"{at}/snooze/", {"until": nap}).status_code == 303
    assert bell(agent).startswith("0 things")
    assert record.number in text_of(agent, "/inbox/?view=snoozed")
    assert agent.post(f"{at}/snooze/", {"until": "never"}).status_code == 422
    agent.post(f"{at}/unread/")
    assert agent.post("/inbox/read/", {"view": "needs"}).status_code == 303
    assert bell(agent).startswith("0 things")
    assert agent.post("/inbox/read/", {"view": "read"}).status_code == 404


def test_with_a_script_a_form_answers_with_the_page_and_its_bell(
    world: World, browse: Browse
) -> None:
    first, second = assigned(world), assigned(world)
    for record in (first, second):
        reply(world, record, "ra1")
    headers = {
        "HX-Request": "true",
        "HX-Target": "main#main",
        "HX-Current-URL": "http://testserver/inbox/?view=needs",
    }
    answer = browse("agn").post(f"/inbox/{first.number}/read/", headers=headers)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'<tr id="{second.number}">' in body
    assert f'<tr id="{first.number}">' not in body
    assert 'hx-swap-oob="outerMorph" aria-label="Inbox: 1 thing needs you' in body
    assert "is read" in answer["HX-Trigger"]
    assert "<title>" not in body


def test_what_is_not_ones_own_is_not_there(world: World, browse: Browse) -> None:
    record, hidden = assigned(world), world.hidden_incident()
    reply(world, record, "ra1")
    before = list(InboxEntry.objects.values())
    for name in ("ra1", "ra2", "agm", "mgr", "rb1", "agb"):
        for number in (record.number, hidden.number, "INC-7777"):
            for verb in ("read", "unread", "snooze"):
                answer = browse(name).post(f"/inbox/{number}/{verb}/", {"until": "hour"})
                assert answer.status_code == 404, (name, number, verb)
    assert list(InboxEntry.objects.values()) == before
    assert Client().get("/inbox/").status_code == 303
    assert Client().post("/inbox/read/", {"view": "needs"}).status_code in (303, 403)


def test_watching_on_the_page(world: World, browse: Browse) -> None:
    record = assigned(world)
    page, act = f"/incidents/{record.number}/", f"/incidents/{record.number}/watch/"
    agent = browse("agn")
    assert agent.post(act, {"watch": "1"}).status_code == 303
    assert agent.post(act, {"person": world.number("agd")}).status_code == 303
    assert "Watch no more" in text_of(agent, page)
    assert "Person agd" in text_of(agent, page)
    part = {"HX-Request": "true", "HX-Target": "div#record"}
    answer = browse("ra1").get(page, headers=part)
    caller = answer.content.decode()
    assert answer.status_code == 200 and record.number in caller
    assert "Person agd" not in caller
    assert "Watch no more" not in caller
    agent.post(act, {"away": "1"})
    agent.post(act, {"away": "1", "person": world.number("agd")})
    assert not Watcher.objects.exists()
    assert Event.objects.filter(record_id=record.id, name__endswith="watch").count() == 0


def test_who_may_not_adds_nobody_and_nobody_is_added_who_may_not_see(
    world: World, browse: Browse
) -> None:
    record, hidden = assigned(world), world.hidden_incident()
    act = f"/incidents/{record.number}/watch/"
    assert browse("ra1").post(act, {"person": world.number("ra1")}).status_code == 403
    assert browse("aud").post(act, {"person": world.number("agd")}).status_code == 403
    assert browse("ra2").post(act).status_code == 404
    for stranger in ("ra2", "rb1", "agb"):
        answer = browse("mgr").post(act, {"person": world.number(stranger)})
        assert answer.status_code == 422, stranger
    assert browse("agn").post(f"/incidents/{hidden.number}/watch/").status_code == 404
    assert browse("adm").post(f"/users/{world.number('agn')}/watch/").status_code == 404
    assert not Watcher.objects.exists()
    telling.watch(INCIDENT, record.number, world.by("agd"))
    assert browse("ra1").post(act, {"away": "1", "person": world.number("agd")}).status_code in (
        403,
        422,
    )
    assert Watcher.objects.count() == 1


def test_preferences_are_ones_own(world: World, browse: Browse) -> None:
    agent = browse("agn")
    page = text_of(agent, "/inbox/preferences/")
    assert page.count("checked") == page.count('name="wanted"')
    wanted = re.findall(r'name="wanted" value="([^"]+)"', page)
    assert agent.post("/inbox/preferences/", {"wanted": wanted[1:]}).status_code == 303
    [kept] = Preference.objects.values_list("person_id", "kind", "channel", "is_wanted")
    assert kept == (world.people["agn"].id, *wanted[0].split("."), False)
    agent.post("/inbox/preferences/", {"wanted": [*wanted, "nonsense.mail", "x"]})
    assert not Preference.objects.exists()


def test_the_portal_shows_news_of_what_one_asked_for(world: World, browse: Browse) -> None:
    record, other = assigned(world), world.incident(by="agm")
    reply(world, record, "agn", "We look at it")
    message = Message("all", "Which version?")
    commands.move(INCIDENT, other.number, "hold", {"waiting_for": "caller"}, world.by("agn"),
                  message=message)  # fmt: skip
    delivery.drain()
    caller = browse("ra1")
    assert bell(caller, "/portal/") == "0 things need you, 1 for information"
    page = text_of(caller, "/portal/inbox/")
    assert f"/portal/requests/{record.number}/" in page
    assert "Person agn answered or moved it on" in page
    caller.get(f"/portal/requests/{record.number}/")
    assert "No news" in text_of(caller, "/portal/inbox/")
    # An agent who asked for something finds that there, and nothing of their work.
    reply(world, record, "ra1")
    agent = browse("agm")
    assert bell(agent, "/portal/") == "1 thing needs you, 0 for information"
    assert record.number not in text_of(agent, "/portal/inbox/")
    assert agent.post("/portal/inbox/read/").status_code == 303
    assert bell(agent, "/portal/").startswith("0 things")


def test_the_portal_asks_about_what_can_reach_who_asks_and_leaves_the_rest(
    world: World, browse: Browse
) -> None:
    agent = browse("agn")
    own = text_of(agent, "/portal/inbox/preferences/")
    asked = re.findall(r'name="wanted" value="([^"]+)"', own)
    assert {pair.partition(".")[0] for pair in asked} == {
        *("waiting", "mentioned", "solved", "progress", "news", "watched")
    }
    assert "assigned" not in own and "team" not in own.partition("<main")[2]
    whole = text_of(agent, "/inbox/preferences/")
    wanted = re.findall(r'name="wanted" value="([^"]+)"', whole)
    assert len(wanted) == len(KINDS) > len(asked)
    agent.post("/inbox/preferences/", {"wanted": [w for w in wanted if w != "assigned.inbox"]})
    left = [w for w in asked if w != "solved.inbox"]
    assert agent.post("/portal/inbox/preferences/", {"wanted": left}).status_code == 303
    said = Preference.objects.order_by("kind").values_list("kind", "is_wanted")
    assert list(said) == [("assigned", False), ("solved", False)]


def test_the_inbox_over_rest(world: World) -> None:
    limits.forget()
    record = assigned(world)
    reply(world, record, "ra1")
    api = api_of(world.people["agn"])
    [item] = api.get("/inbox").json()["items"]
    assert (item["number"], item["kind"], item["needs_me"]) == (record.number, "answered", True)
    assert item["who"] == "Person ra1"
    later = clock.now().replace(year=clock.now().year + 3).isoformat()
    for body, status in (
        ({"until": later}, 422),
        ({"until": "2026-01-01T00:00:00Z"}, 422),
        ({"until": "tomorrow"}, 422),
        ({"until": "2026-01-01T00:00:00"}, 422),
        ({}, 422),
        ({"until": (clock.now().replace(microsecond=0)).isoformat(), "x": 1}, 422),
    ):
        assert api.post(f"/inbox/{record.number}/snooze", body).status_code == status, body
    assert api.post(f"/inbox/{record.number}/read", {}).status_code == 204
    assert api.get("/inbox").json()["items"] == []
    assert api.get("/inbox?view=read").json()["items"][0]["read_at"]
    assert api.post(f"/inbox/{record.number}/unread", {}).status_code == 204
    assert api.post("/inbox/read", {"view": "needs"}).json() == {"count": 1}
    assert api.post("/inbox/read", {"view": "read"}).status_code == 422
    assert api.get("/inbox?view=nonsense").status_code == 422
    assert api.get("/inbox?after=x").status_code == 422
    assert Api().get("/inbox").status_code == 401


def test_preferences_over_rest(world: World) -> None:
    limits.forget()
    api, other = api_of(world.people["agn"]), api_of(world.people["agd"])
    usual = api.get("/inbox/preferences").json()
    assert len(usual) == len(KINDS)
    assert all(of_it == {"inbox": True} for of_it in usual.values())
    answer = api("PATCH", "/inbox/preferences", {"watched": {"inbox": False}})
    assert answer.status_code == 200
    changed = usual | {"watched": {"inbox": False}}
    assert answer.json() == api.get("/inbox/preferences").json() == changed
    for body, named in (
        ({"watched": {"inbox": True}, "gossip": {"inbox": True}}, "gossip"),
        ({"watched": {"inbox": True}, "due": {"pigeon": True}}, "due"),
        ({"watched": {"inbox": True}, "due": {"inbox": "yes"}}, "due"),
        ({"watched": {"inbox": True}, "due": True}, "due"),
    ):
        refused = api("PATCH", "/inbox/preferences", body)
        assert refused.status_code == 422
        assert named in refused.text
        assert api.get("/inbox/preferences").json() == changed, "nothing of it is written"
    assert other.get("/inbox/preferences").json() == usual
    assert api("PATCH", "/inbox/preferences", {"watched": {"inbox": True}}).json() == usual
    assert Api().get("/inbox/preferences").status_code == 401


def test_pages_of_the_inbox(world: World) -> None:
    limits.forget()
    numbers = set()
    for _n in range(5):
        record = assigned_too(world)
        numbers.add(record.number)
    api, got, path = api_of(world.people["agn"]), [], "/inbox?size=2"
    told = api.get(path).json()
    while True:
        got += [item["number"] for item in told["items"]]
        if told["next"] is None:
            break
        told = api.get(f"{path}&after={told['next'].replace('+', '%2B')}").json()
    assert (set(got), len(got)) == (numbers, 5)


def assigned_too(world: World) -> Any:
    record = world.incident(by="adm", team=world.teams["net"], assignee=world.number("agn"))
    delivery.drain()
    return record


def test_a_token_reads_and_marks_what_its_scopes_reach(world: World) -> None:
    limits.forget()
    record = assigned(world)
    reply(world, record, "ra1")
    reads, other = (
        api_of(world.people["agn"], "read:incidents"),
        api_of(world.people["agn"], "read:problems"),
    )
    assert reads.get("/inbox/count").json()["needs"] == 1
    assert other.get("/inbox/count").json()["needs"] == 0
    assert reads.post(f"/inbox/{record.number}/read", {}).status_code == 403
    assert reads.post("/inbox/read", {}).json() == {"count": 0}
    assert other.post(f"/inbox/{record.number}/read", {}).status_code in (403, 404)
    assert InboxEntry.objects.filter(read_at=None).count() == 1


@pytest.mark.attack("B03")
def test_watchers_over_rest(world: World) -> None:
    limits.forget()
    record = assigned(world)
    path = f"/incidents/{record.number}/watchers"
    agent, caller = api_of(world.people["agn"]), api_of(world.people["ra1"])
    assert agent.post(path, {}).status_code == 201
    assert agent.post(path, {"person": world.number("agd")}).status_code == 201
    assert [w["is_me"] for w in agent.get(path).json()["items"]] == [False, True]
    assert caller.get(path).json()["items"] == []
    assert caller.post(path, {"person": world.number("ra1")}).status_code == 403
    assert caller.post(path, {}).status_code == 201
    assert len(caller.get(path).json()["items"]) == 1
    assert api_of(world.people["ra2"]).get(path).status_code == 404
    assert agent("DELETE", path).status_code == 204
    assert agent("DELETE", f"{path}?person={world.number('agd')}").status_code == 204
    assert Watcher.objects.count() == 1


def test_old_entries_are_swept(world: World) -> None:
    record = assigned(world)
    reply(world, record, "ra1")
    assert sweeping.sweep() == 0
    with clock.held(clock.now() + sweeping.KEPT * 1.01):
        assert sweeping.sweep() == 1


def test_a_step_for_many_is_told_nobody(world: World, browse: Browse) -> None:
    numbers = [assigned(world).number for _ in range(2)]
    say(INCIDENT, numbers[0], Message("internal", "x"), world.by("agn"))
    delivery.drain()
    InboxEntry.objects.all().delete()
    data = {"step": "set:assignee", "apply": "1", "sel": numbers, "assignee": world.number("agm")}
    assert browse("lead").post("/incidents/bulk/", data).status_code in (200, 303)
    delivery.drain()
    assert Event.objects.filter(door="bulk").count() == 2
    assert not InboxEntry.objects.exists()
