"""Whom a text may call: those who may read it; nobody learns of anybody by calling."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.conversation.models import Entry
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.directory import commands as directory
from mainstay.pure.mentions import called, can_be_called, handle
from mainstay.pure.rules import By
from mainstay.records import bulk, delivery
from mainstay.records.types import Message, shelf
from mainstay.surfaces.web.markdown import md
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")


def offered(client: Client, number: str, typed: str = "", audience: str = "internal") -> set[str]:
    at = f"/incidents/{number}/mentions/?q={typed}&audience={audience}"
    answer = client.get(at, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return set(re.findall(r'data-word="@([^"]+)"', answer.content.decode()))


def told(world: World, who: str) -> bool:
    return InboxEntry.objects.filter(person=world.people[who], kind="mentioned").exists()


def test_only_who_may_read_it_is_offered(browse: Browse, world: World) -> None:
    number = world.incident().number
    inside = offered(browse("agn"), number)
    assert "agn" in inside
    assert not inside & {"ra1", "ra2", "rb1", "agb", "ven"}
    assert offered(browse("agn"), number, "ra1") == set()
    assert offered(browse("agn"), number, "ra1", "all") == {"ra1"}
    assert offered(browse("agn"), number, "ra2", "all") == set()


def test_of_a_restricted_record_only_its_people_are_offered(
    browse: Browse,
    world: World,
) -> None:
    number = world.hidden_incident().number
    assert offered(browse("agh"), number) == {"agh", "hr-cases"}
    assert offered(browse("agh"), number, "network") == set()
    outside = browse("agn").get(f"/incidents/{number}/mentions/?q=")
    assert outside.status_code == 404


def test_a_person_is_found_by_name_and_login_and_a_team_by_its_word(
    browse: Browse,
    world: World,
) -> None:
    number = world.incident().number
    assert offered(browse("agn"), number, "person agm") == {"agm"}
    assert offered(browse("agn"), number, "AGM") == {"agm"}
    assert offered(browse("agn"), number, "service-d") == {"service-desk"}
    assert offered(browse("agn"), number, "Service D") == {"service-desk"}
    for odd in ("%25", "%00", "_", "'", "%ff"):
        browse("agn").get(f"/incidents/{number}/mentions/?q={odd}")
    assert offered(browse("ra1"), number, "", "all") <= {"ra1"}


def test_a_team_is_told_person_by_person_of_those_who_may_read_it(world: World) -> None:
    number = world.hidden_incident().number
    directory.join(world.teams["hr"], world.number("chm"), SETUP)
    say(incident, number, Message("internal", "@network and @hr-cases: look"), world.by("agh"))
    delivery.drain()
    assert told(world, "chm")
    assert not any(told(world, who) for who in ("agn", "agm", "lead", "agh"))


def test_a_caller_calls_no_team(world: World) -> None:
    number = world.incident().number
    say(incident, number, Message("all", "@service-desk help"), world.by("ra1"))
    delivery.drain()
    assert not any(told(world, who) for who in ("agd", "old"))


def test_who_cannot_read_it_is_told_nothing_and_the_writer_is(
    browse: Browse,
    world: World,
) -> None:
    number, agent = world.incident().number, browse("agn")

    def said(text: str, audience: str = "internal") -> str:
        form = {"text": text, "audience": audience}
        at = f"/incidents/{number}/talk/"
        answer = agent.post(at, form, headers={"HX-Request": "true", "HX-Target": "div#record"})
        return str(answer["HX-Trigger"])

    assert "Nobody you may call here has the name @ra1, @rb1, @nobody." in said(
        "@ra1 @rb1 @nobody @agm @network"
    )
    assert "Nobody you may call" not in said("@agm @network")
    assert "Nobody you may call" not in said("@ra1 hello", "all")
    assert "Nobody you may call" not in said("mail to somebody@example.org")
    delivery.drain()
    assert told(world, "agm")
    assert not told(world, "rb1")


def test_whether_somebody_is_there_is_not_learned_by_calling(
    browse: Browse,
    world: World,
) -> None:
    """Across the wall a person who is there and one who is not are answered alike."""
    number = world.incident(by="rb1").number
    agent = browse("agb")

    def said(name: str) -> str:
        form = {"text": f"@{name}", "audience": "internal"}
        headers = {"HX-Request": "true", "HX-Target": "div#record"}
        answer = agent.post(f"/incidents/{number}/talk/", form, headers=headers)
        assert answer.status_code == 200
        return str(answer["HX-Trigger"]).replace(name, "NAME")

    assert said("ra2") == said("zz2")
    assert "agn" not in offered(agent, number)


@pytest.mark.attack("G07")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ask @agn.", '<bdi class="call">@agn</bdi>.'),
        ("Ask @AGN and @nobody.", '<bdi class="call">@AGN</bdi> and @nobody.'),
        ("`@agn`", "<code>@agn</code>"),
        ("a@b.example", "a@b.example"),
        ("**@agn**", '<strong><bdi class="call">@agn</bdi></strong>'),
        ("[@agn](https://e.example)", ">@agn</a>"),
        ("@<script>alert(1)</script>", "@&lt;script&gt;"),
        ('@a"onmouseover=x', '<bdi class="call">@a</bdi>"onmouseover=x'),
        ('<bdi class="call" onclick=x>@a</bdi>', "&lt;bdi"),
    ],
)
def test_a_word_that_calls_is_a_mark_and_nothing_else(text: str, shown: str) -> None:
    drawn = md(text, called=("agn", "a"))
    assert shown in drawn
    assert '<bdi class="call">' not in md(text)
    assert "<script" not in drawn
    assert "onclick" not in re.sub(r"&lt;.*?&gt;", "", drawn)


@pytest.mark.attack("G07", "G14")
def test_the_preview_is_what_will_be_shown(browse: Browse, world: World) -> None:
    number = world.incident().number
    text = "# A\n\n- **b** @agm <img src=x onerror=alert(1)> ![x](https://evil.example/x.png)"
    at = f"/incidents/{number}/preview/"
    seen = browse("agn").post(at, {"text": f"{text} @nobody @ra1"}).content.decode()
    assert seen == str(md(f"{text} @nobody @ra1", called=["agm"]))
    asked = {"text": "@ra1 @agm", "audience": "all"}
    assert browse("agn").post(at, asked).content.decode().count('class="call"') == 2
    assert browse("agb").post(at, {"text": text}).status_code == 404
    assert browse("aud").post(at, {"text": text}).status_code == 403
    assert browse("agn").post("/services/SVC-1/preview/", {"text": "x"}).status_code == 404


def test_only_who_was_called_is_marked_wherever_it_is_read(browse: Browse, world: World) -> None:
    number = world.incident(by="ra1").number
    text = "@ra1, @agm, @nobodyatall and @rb1: look"
    say(incident, number, Message("all", text), world.by("agn"))
    marked = '<bdi class="call">@ra1</bdi>, <bdi class="call">@agm</bdi>, @nobodyatall and @rb1'
    for who, at in (
        ("agn", f"/incidents/{number}/"),
        ("agn", f"/incidents/{number}/?show=conversation"),
        ("ra1", f"/portal/requests/{number}/"),
    ):
        assert marked in browse(who).get(at).content.decode(), at


def test_what_came_with_a_history_called_nobody(browse: Browse, world: World) -> None:
    number = world.incident().number
    entry = say(incident, number, Message("internal", "@agm: look"), world.by("agn"))
    assert Entry.objects.get(event=entry).called == "agm"
    many = By(world.by("agn").actor, bulk.DOOR)
    entry = say(incident, number, Message("internal", "@agm: look"), many)
    assert Entry.objects.get(event=entry).called == ""


def test_words() -> None:
    assert called("@A, @b. and a@c or @A") == ["a", "b"]
    assert handle("Service Desk (1st)") == "service-desk-1st"
    assert handle("Équipe réseau") == "equipe-reseau"
    assert can_be_called("anna.b-c")
    assert not can_be_called("anna@x")
    assert not can_be_called("anna.")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["form", "fragment"])
def test_a_reply_that_was_meant_for_others_is_not_sent(
    browse: Browse, world: World, headers: dict[str, str]
) -> None:
    record = world.incident()
    client, at = browse("agn"), f"/incidents/{record.number}/talk/"
    sent = {"text": "Just for you", "audience": "all", "to": world.number("rb1")}
    answer = client.post(at, sent, headers=headers)
    assert answer.status_code == 409
    assert "Person ra1" in answer.content.decode() + answer.headers.get("HX-Trigger", "")
    assert ("Just for you" in answer.content.decode()) is not bool(headers)
    assert not Entry.objects.exists()
    client.post(at, {**sent, "audience": "internal"}, headers=headers)
    client.post(at, {**sent, "to": world.number("ra1")}, headers=headers)
    assert [each.audience for each in Entry.objects.order_by("event_id")] == ["internal", "all"]
