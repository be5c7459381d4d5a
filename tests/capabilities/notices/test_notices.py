"""A notice is for everybody behind its wall and says nothing of the record it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mainstay.capabilities.notices import commands as notices
from mainstay.capabilities.notices import queries as of_notices
from mainstay.capabilities.notices.models import MeToo, Notice, Origin
from mainstay.capabilities.notices.record import notice
from mainstay.capabilities.search import queries as search
from mainstay.capabilities.search.finding import Narrowing
from mainstay.capabilities.telling import queries as inbox
from mainstay.directory import commands as directory
from mainstay.directory.actors import SESSION_COOKIE
from mainstay.directory.signin import sessions, tokens
from mainstay.records import commands, counting, delivery, history, queries
from mainstay.records.errors import Denied, Illegal, Invalid, Missing
from mainstay.records.types import Message, shelf
from tests.world import PEOPLE, SETUP, World

# As a script asks: who has no desk is led to the portal else, and what a page would say is judged all the same.
PART = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db
SAID = {"title": "The mail is down", "text": "We work on it."}


@pytest.fixture
def browse(world: World) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client()
        client.cookies[SESSION_COOKIE] = sessions.begin(world.people[name].id)
        return client

    return signed_in


def publish(world: World, number: str, by: str) -> str:
    return str(notices.publish(shelf.type("incident"), number, SAID, world.by(by)).number)


def listed(world: World, by: str) -> list[str]:
    return [row["number"] for row in of_notices.current(world.actor(by))]


def test_only_who_works_on_the_record_publishes_and_once(world: World) -> None:
    number = str(world.incident(team=world.teams["net"], by="mgr").number)
    for who in ("ra1", "ra2", "rb1", "aud", "ven"):
        with pytest.raises((Denied, Missing)):
            publish(world, number, who)
    assert not Notice.objects.exists() and not Origin.objects.exists()
    publish(world, number, "agn")
    with pytest.raises(Illegal):
        publish(world, number, "agn")
    assert Notice.objects.count() == 1


def test_a_notice_of_a_hidden_record_is_read_and_its_record_is_not(world: World) -> None:
    hidden = world.hidden_incident()
    number = publish(world, hidden.number, "agh")
    readers = [who for who in PEOPLE if number in listed(world, who)]
    assert "ra1" in readers
    for who in readers:
        if who == "agh":
            continue
        row: dict[str, Any] = queries.one(notice, world.actor(who), number)
        assert hidden.number not in str(row) and hidden.title not in str(row)
    with pytest.raises(Invalid):
        commands.change(notice, number, {"title": "Mine"}, world.by("agn"))
    commands.change(notice, number, {"text": "Still down."}, world.by("agh"))


def test_me_too_counts_people_and_leaves_no_event(world: World) -> None:
    number = publish(world, str(world.incident(team=world.teams["net"], by="mgr").number), "agn")
    who = next(w for w in ("ra1", "ra2", "rb1") if number in listed(world, w))
    version = Notice.objects.get().version
    for _again in range(3):
        notices.me_too(number, world.by(who))
    assert of_notices.counts(world.actor(who), [number]) == {number: (1, True)}
    assert of_notices.counts(world.actor("agn"), [number]) == {number: (1, False)}
    assert Notice.objects.get().version == version
    notices.me_too(number, world.by(who), has_it=False)
    assert not MeToo.objects.exists()


def test_it_ends_with_its_record(world: World) -> None:
    incident = world.incident(team=world.teams["net"], by="mgr")
    number = publish(world, str(incident.number), "agn")
    commands.move(
        shelf.type("incident"),
        incident.number,
        "cancel",
        {},
        SETUP,
        message=Message("all", "Gone."),
    )
    delivery.drain()
    assert queries.one(notice, world.actor("adm"), number)["state"] == "ended"
    with pytest.raises(Illegal):
        notices.me_too(number, world.by("adm"))


@pytest.mark.parametrize("how", ["by hand", "with its record"])
def test_its_page_and_history_say_nothing_of_the_record(
    world: World, browse: Any, how: str
) -> None:
    hidden = world.hidden_incident()
    number = publish(world, hidden.number, "agh")
    if how == "by hand":
        commands.change(notice, number, {"text": "Still down."}, world.by("agh"))
        commands.move(notice, number, "end", {}, world.by("agh"))
    else:
        resolved = {"close_code": "solution_provided", "resolution": "CNRY-how"}
        commands.move(shelf.type("incident"), hidden.number, "start", {}, world.by("agh"))
        commands.move(
            shelf.type("incident"),
            hidden.number,
            "resolve",
            resolved,
            world.by("agh"),
            message=Message("all", "CNRY-said"),
        )
        delivery.drain()
    row = queries.one(notice, world.actor("ra1"), number)
    told = history.events(notice, world.actor("ra1"), row)
    assert row["state"] == "ended" and told[-1]["name"] == "notice.end"
    assert [event["cause"] for event in told] == [None] * len(told)
    client = browse("ra1")
    token = tokens.issue(world.people["ra1"].id, "test", ("read",))
    read = [
        client.get("/portal/"),
        client.get(f"/notices/{number}/", headers=PART),
        client.get("/notices/?view=all", headers=PART),
        *(
            Client().get(
                f"/api/v1/notices/{number}{below}", headers={"Authorization": f"Bearer {token}"}
            )
            for below in ("", "/events", "/links", "/me-too")
        ),
    ]
    assert [page.status_code for page in read] == [200] * len(read)
    assert sum(SAID["title"] in page.content.decode() for page in read) >= 2
    for said in (str(row), str(told), *(page.content.decode() for page in read)):
        assert "CNRY" not in said and "HR cases" not in said and "Person ra2" not in said
        assert f"{hidden.number}<" not in said and f"{hidden.number}'" not in said


def test_who_may_not_know_the_publisher_is_told_of_nobody_in_its_history(
    world: World, browse: Any
) -> None:
    number = publish(world, str(world.incident(team=world.teams["net"], by="mgr").number), "agn")
    commands.change(notice, number, {"text": "Still down."}, world.by("agn"))

    def told(who: str) -> tuple[set[str], str, str]:
        row = queries.one(notice, world.actor(who), number)
        names = {
            (e["actor"] or {}).get("title", "")
            for e in history.events(notice, world.actor(who), row)
        }
        bearer = {
            "Authorization": f"Bearer {tokens.issue(world.people[who].id, 'test', ('read',))}"
        }
        api = Client().get(f"/api/v1/notices/{number}/events", headers=bearer).content.decode()
        page = browse(who).get(f"/notices/{number}/", headers=PART).content.decode()
        return names, api, page

    publisher = world.people["agn"]
    for who in ("ra1", "ra2"):
        names, *read = told(who)
        assert names == {""}
        for said in read:
            assert "Still down." in said
            assert publisher.title not in said and publisher.number not in said
    for who in ("agn", "agm", "aud"):
        names, *read = told(who)
        assert names == {publisher.title}
        assert all(publisher.title in said for said in read)


def test_one_reads_ones_own_acts_where_others_are_not_told(world: World) -> None:
    number = publish(world, str(world.incident(team=world.teams["net"], by="mgr").number), "agn")
    commands.change(notice, number, {"text": "Still down."}, world.by("agm"))
    directory.withdraw(world.number("agn"), "agent", SETUP)
    row = queries.one(notice, world.actor("agn"), number)
    told = history.events(notice, world.actor("agn"), row)
    assert [(e["actor"] or {}).get("number") for e in told] == [world.number("agn"), None]


def test_a_caller_reads_who_did_what_to_their_incident(world: World) -> None:
    incident = shelf.type("incident")
    record = world.incident(team=world.teams["net"], by="mgr", requester=world.number("ra1"))
    commands.move(incident, record.number, "start", {}, world.by("agn"))
    row = queries.one(incident, world.actor("ra1"), record.number)
    told = history.events(incident, world.actor("ra1"), row)
    assert world.number("agn") in {(e["actor"] or {}).get("number") for e in told}


def test_another_organisation_has_no_notice_at_all(world: World, browse: Any) -> None:
    number = publish(world, str(world.incident(team=world.teams["net"], by="mgr").number), "agn")
    delivery.drain()
    for who, there in (("rb1", False), ("agb", False), ("ra2", True)):
        actor = world.actor(who)
        assert (number in listed(world, who)) is there
        assert bool(queries.page(notice, actor).items) is there
        assert counting.count(notice, actor)[0] == int(there)
        found = search.search(actor, "mail", Narrowing()).items
        assert (number in [item.number for item in found]) is there
        for address in ("/portal/", "/portal/search/?q=MAIL+work"):
            assert (SAID["title"] in browse(who).get(address).content.decode()) is there
        if there:
            notices.me_too(number, world.by(who))
            continue
        with pytest.raises(Missing):
            queries.one(notice, actor, number)
        with pytest.raises(Missing):
            notices.me_too(number, world.by(who))
        assert not MeToo.objects.exists()
    assert SAID["title"] not in browse("ra2").get("/portal/search/?q=mail+zebra").content.decode()


def test_it_stays_in_its_organisation_and_with_those_who_published_it(world: World) -> None:
    number = publish(world, world.hidden_incident().number, "agh")
    for who, where in (("agh", None), ("agh", "b"), ("adm", "b")):
        with pytest.raises((Invalid, Denied)):
            to = world.organisations[where] if where else None
            commands.change(notice, number, {"organisation": to}, world.by(who))
    for who in ("agn", "lead", "chm"):
        with pytest.raises((Invalid, Denied)):
            commands.move(notice, number, "end", {}, world.by(who))
    row = Notice.objects.get()
    assert (row.version, row.state, row.organisation.number) == (
        1,
        "published",
        world.organisations["a"],
    )


def test_without_a_record_only_who_keeps_the_type_publishes(world: World) -> None:
    for who in ("ra1", "agn", "lead", "chm", "aud", "ven"):
        with pytest.raises(Denied):
            commands.create(notice, SAID, world.by(who))
    number = str(commands.create(notice, SAID, world.by("mgr")).number)
    with pytest.raises(Invalid):
        commands.change(notice, number, {"text": "Mine"}, world.by("agn"))
    commands.change(notice, number, {"text": "Over soon."}, world.by("adm"))


def test_the_portal_shows_it_without_a_script(world: World, browse: Any) -> None:
    hidden = world.hidden_incident()
    number = publish(world, hidden.number, "agh")
    client = browse("ra1")
    for address in ("/portal/", "/portal/ask/broken/"):
        page = client.get(address).content.decode()
        assert SAID["title"] in page and f"{hidden.number}<" not in page and "CNRY" not in page
    assert client.post(f"/portal/notices/{number}/me-too/").status_code == 303
    assert MeToo.objects.count() == 1


def test_me_too_is_named_by_what_it_shows_and_answers_a_script_in_place(
    world: World, browse: Any
) -> None:
    number = publish(world, world.hidden_incident().number, "agh")
    client = browse("ra1")
    for verb, shown in (("me-too", "Not me any more"), ("not-me", "Me too")):
        answer = client.post(
            f"/portal/notices/{number}/{verb}/",
            headers={"HX-Request": "true", "HX-Target": f"article#notice-{number}"},
        )
        part = answer.content.decode()
        assert answer.status_code == 200 and part.lstrip().startswith("<article")
        assert f'aria-label="{shown}: {SAID["title"]}"' in part and f"{shown}</button>" in part
        assert "toast" in answer["HX-Trigger"]
    assert not MeToo.objects.exists()


def test_an_agent_publishes_from_the_records_page(world: World, browse: Any) -> None:
    number = str(world.incident(team=world.teams["net"], by="mgr").number)
    agent, here = browse("agn"), f"/incidents/{number}/"
    assert 'id="add-notice"' in agent.get(here).content.decode()
    assert "<textarea" in agent.get(f"{here}notices/").content.decode()
    assert {browse(who).get(f"{here}notices/").status_code for who in ("ra1", "rb1", "aud")} <= {
        403,
        404,
    }
    refused = agent.post(f"{here}notices/", {"title": "The mail is down", "text": ""})
    page = refused.content.decode()
    assert refused.status_code == 422 and 'value="The mail is down"' in page and "#f-text" in page
    assert not Notice.objects.exists()
    assert agent.post(f"{here}notices/", SAID).status_code == 303
    page = agent.get(here).content.decode()
    assert SAID["title"] in page and 'id="add-notice"' not in page


def test_whoever_has_it_too_is_told_and_nobody_by_name(world: World, browse: Any) -> None:
    number = publish(world, world.hidden_incident().number, "agh")
    for who in ("ra1", "ra2"):
        notices.me_too(number, world.by(who))
    notices.me_too(number, world.by("ra2"), has_it=False)
    commands.change(notice, number, {"text": "Use the other gateway."}, world.by("agh"))
    delivery.drain()
    assert [inbox.counts(world.actor(who), own=True).info for who in ("ra1", "ra2")] == [1, 0]
    [told], _more = inbox.page(world.actor("ra1"), "info", own=True)
    assert (told.number, told.kind.name, told.in_portal) == (
        number,
        "news",
        f"/portal/notices/{number}/",
    )
    client = browse("ra1")
    news = client.get("/portal/inbox/").content.decode()
    assert "There is news of what you have, too" in news and told.in_portal in news
    assert "Person agh" not in news
    page = client.get(told.in_portal).content.decode()
    assert "Use the other gateway." in page and "not-me" in page
    assert inbox.counts(world.actor("ra1"), own=True).info == 0
    commands.move(notice, number, "end", {}, world.by("agh"))
    delivery.drain()
    assert inbox.counts(world.actor("ra1"), own=True).info == 1
    over = client.get(told.in_portal).content.decode()
    assert "This has ended." in over and "me-too" not in over and "not-me" not in over


def test_its_page_in_the_portal_is_for_whom_it_is(world: World, browse: Any) -> None:
    number = publish(world, str(world.incident(team=world.teams["net"], by="mgr").number), "agn")
    there = {who: browse(who).get(f"/portal/notices/{number}/").status_code for who in PEOPLE}
    led = browse("ra1").get(f"/notices/{number}/")
    assert (led.status_code, led["Location"]) == (303, f"/portal/notices/{number}/")
    assert there["ra1"] == 200 and there["rb1"] == there["agb"] == 404
    assert Client().get(f"/portal/notices/{number}/").status_code == 303
    for other in (world.incident().number, "NTC-999999"):
        assert browse("ra1").get(f"/portal/notices/{other}/").status_code == 404
