"""What somebody is writing is kept for them, and for nobody else it exists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mainstay.capabilities.conversation import drafts
from mainstay.capabilities.conversation.models import Draft, Entry
from mainstay.config import wiring
from mainstay.directory import commands as directory
from mainstay.directory.roles import AGENT
from mainstay.pure.text import mark
from mainstay.records import clock, commands, delivery, history, queries
from mainstay.records.types import shelf
from tests.surfaces.api.client import api_of
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
FRAGMENT = {"HX-Request": "true"}


def keep(
    client: Client, number: str, text: str, audience: str = "internal", *, seen: str = ""
) -> Any:
    """In the place of the text that was seen, of which a page knows the mark."""
    at = f"/incidents/{number}/draft/"
    form = {"text": text, "audience": audience, "seen": mark(seen)}
    return client.post(at, form, headers=FRAGMENT)


def page(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


def test_a_draft_of_each_audience_is_found_again_in_any_browser(
    browse: Browse,
    world: World,
) -> None:
    number = world.incident().number
    assert keep(browse("agn"), number, "CNRY-note").status_code == 204
    assert keep(browse("agn"), number, "CNRY-note two", seen="CNRY-note").status_code == 204
    assert keep(browse("agn"), number, "CNRY-reply", "all").status_code == 204
    shown = page(browse("agn"), f"/incidents/{number}/")
    assert "CNRY-note two</textarea>" in shown
    assert 'data-draft="CNRY-reply"' in shown
    assert "CNRY-reply</textarea>" in page(browse("agn"), f"/incidents/{number}/?write=all")
    assert Draft.objects.count() == 2


def test_nobody_else_reads_it_anywhere(browse: Browse, world: World) -> None:
    record = world.incident()
    for audience in ("all", "internal"):
        keep(browse("agn"), record.number, f"CNRY-{audience}", audience)
    delivery.drain()
    for who in ("agm", "lead", "mgr", "adm", "ra1", "aud"):
        client = browse(who)
        for path in (
            "/",
            f"/incidents/{record.number}/",
            "/search/?q=CNRY",
            "/incidents/?view=all",
        ):
            assert "CNRY-" not in page(client, path).replace("CNRY&quot;", ""), (who, path)
    for who in ("adm", "agn"):
        api = api_of(world.people[who])
        for below in ("", "/notes", "/events", "/files"):
            assert "CNRY" not in api.get(f"/incidents/{record.number}{below}").content.decode()
    row = queries.one(incident, world.actor("agn"), record.number)
    assert "CNRY" not in str(history.events(incident, world.actor("agn"), row))


def test_it_is_gone_when_sent_or_emptied_and_the_other_one_stays(
    browse: Browse,
    world: World,
) -> None:
    number, agent = world.incident().number, browse("agn")
    for text, audience in (("A note", "internal"), ("A reply", "all")):
        keep(agent, number, text, audience)
    agent.post(f"/incidents/{number}/talk/", {"text": "A note", "audience": "internal"})
    assert [d.text for d in Draft.objects.all()] == ["A reply"]
    keep(agent, number, "  \n", "all", seen="A reply")
    assert not Draft.objects.exists()
    assert Entry.objects.count() == 1


def test_a_draft_written_elsewhere_meanwhile_is_not_written_over(
    browse: Browse, world: World
) -> None:
    number, agent = world.incident().number, browse("agn")
    keep(agent, number, "AAA")
    other = keep(agent, number, "BBB")
    assert other.status_code == 409
    assert other.json() == {"text": "AAA", "seen": mark("AAA")}
    assert keep(agent, number, "").status_code == 409
    assert [d.text for d in Draft.objects.all()] == ["AAA"]
    # Whoever has read the other one may write over it; the same text again is no other.
    assert keep(agent, number, "BBB", seen="AAA")["Draft-Seen"] == mark("BBB")
    assert keep(agent, number, "BBB").status_code == 204
    # What somebody says on a page that never saw it takes it away as little.
    agent.post(f"/incidents/{number}/talk/", {"text": "Said", "audience": "internal"})
    assert [d.text for d in Draft.objects.all()] == ["BBB"]
    seen = {"seen-internal": mark("BBB")}
    agent.post(f"/incidents/{number}/talk/", {"text": "Said", "audience": "internal", **seen})
    assert not Draft.objects.exists()


def test_what_was_sent_elsewhere_is_not_sent_again(browse: Browse, world: World) -> None:
    """Nor what was taken away there; but whoever means it may say the same twice."""
    number, agent = world.incident().number, browse("agn")
    text = "Two lines\nof mine"
    typed = {"text": text.replace("\n", "\r\n"), "audience": "all", "seen-all": mark(text)}
    keep(agent, number, text, "all")
    for status in (303, 409, 409):
        assert agent.post(f"/incidents/{number}/talk/", typed).status_code == status
        assert Entry.objects.count() == 1
    again = agent.post(f"/incidents/{number}/talk/", typed | {"seen-all": ""})
    assert (again.status_code, Entry.objects.count()) == (303, 2)


def test_an_end_of_a_line_is_one_sign(browse: Browse, world: World) -> None:
    """As it is in the box it was typed into; what does not fit is said with all of it still there."""
    number, agent = world.incident().number, browse("agn")
    here = f"/incidents/{number}/talk/"
    whole = ("x\r\n" * 25_000).strip()
    assert agent.post(here, {"text": whole, "audience": "internal"}).status_code == 303
    assert len(Entry.objects.get().text) == 49_999
    refused = agent.post(here, {"text": "x" * 50_001, "audience": "internal"})
    assert refused.status_code == 422 and "50,001 characters long" in refused.content.decode()
    assert "x" * 50_001 in refused.content.decode()


@pytest.mark.parametrize(
    ("who", "audience", "status"),
    [
        ("rb1", "all", 404),
        ("agb", "internal", 404),
        ("ra2", "all", 404),
        ("ra1", "internal", 403),
        ("aud", "all", 403),
        ("agn", "everybody", 422),
        ("agn", "", 422),
    ],
)
def test_who_may_not_write_it_keeps_no_draft_of_it(
    browse: Browse,
    world: World,
    who: str,
    audience: str,
    status: int,
) -> None:
    number = world.incident().number
    assert keep(browse(who), number, "Words", audience).status_code == status
    assert not Draft.objects.exists()


def test_a_stranger_is_told_to_sign_in_and_a_draft_is_never_too_long(
    browse: Browse,
    world: World,
) -> None:
    number = world.incident().number
    assert keep(Client(), number, "Words").status_code == 401
    assert keep(browse("agn"), number, "x" * (drafts.LONGEST + 1)).status_code == 422
    assert browse("agn").post("/services/SVC-1/draft/", {"text": "x"}).status_code == 404
    assert not Draft.objects.exists()


def test_my_work_lists_my_drafts_as_long_as_i_see_the_record(
    browse: Browse,
    world: World,
) -> None:
    record = world.incident()
    keep(browse("agd"), record.number, "CNRY-mine", "internal")
    keep(browse("agd"), record.number, "CNRY-public", "all")
    home = page(browse("agd"), "/")
    assert f'href="/incidents/{record.number}/?write=internal#composer"' in home
    assert "CNRY-mine" in home
    assert "My drafts" not in page(browse("agn"), "/")
    directory.withdraw(world.number("agd"), AGENT, SETUP)
    assert drafts.own(world.actor("agd")) == []
    directory.grant(world.number("agd"), AGENT, SETUP)
    assert len(drafts.own(world.actor("agd"))) == 2
    commands.remove(incident, record.number, world.by("adm"))
    assert drafts.own(world.actor("agd")) == []


def test_a_record_shows_those_alone_that_may_still_be_sent(browse: Browse, world: World) -> None:
    record = world.incident("agn", requester=world.number("agd"))
    keep(browse("agd"), record.number, "CNRY-mine", "internal")
    keep(browse("agd"), record.number, "CNRY-public", "all")
    row = queries.one(incident, world.actor("agd"), record.number)
    assert drafts.of(incident, world.actor("agd"), row).keys() == {"internal", "all"}
    directory.withdraw(world.number("agd"), AGENT, SETUP)
    assert drafts.of(incident, world.actor("agd"), row) == {"all": "CNRY-public"}
    assert [own.text for own in drafts.own(world.actor("agd"))] == ["CNRY-public"]


def test_what_nobody_goes_on_with_is_swept(browse: Browse, world: World) -> None:
    old, new = world.incident().number, world.incident().number
    for number in (old, new):
        keep(browse("agn"), number, "Words")
    first = Draft.objects.order_by("id").first()
    assert first is not None
    Draft.objects.filter(pk=first.pk).update(
        updated_at=clock.now() - drafts.KEPT - timedelta(seconds=1)
    )
    assert wiring.BRUSHES["drafts"]() == 1
    assert Draft.objects.count() == 1


def test_signing_in_over_a_page_stays_there_and_says_who_it_is(world: World) -> None:
    from mainstay.directory.signin import password
    from mainstay.directory.signin.guessable import Owner

    password.store(world.people["agn"].id, password.hashed("a sentence for the tests", Owner("")))
    client = Client(headers={"HX-Request": "true", "HX-Target": "dialog#again"})
    asked = client.get("/sign-in").content.decode()
    assert "<html" not in asked
    assert "You were signed out meanwhile" in asked
    form = {"username": "agn", "password": "wrong"}
    assert client.post("/sign-in", form).status_code == 422
    entered = client.post("/sign-in", form | {"password": "a sentence for the tests"})
    assert entered.status_code == 204
    assert world.number("agn") in entered["HX-Trigger"]
    assert client.get("/").status_code == 200
