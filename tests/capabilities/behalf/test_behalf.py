"""A record requested for somebody: what they may, what they are told, who says so, and where it ends.

RA1 asks for RA2 throughout; nobody else of the house has to do with it.
"""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.capabilities.behalf import commands as behalf
from mainstay.capabilities.conversation.commands import say
from mainstay.capabilities.files import queries as files
from mainstay.capabilities.search import queries as search
from mainstay.capabilities.search.finding import Narrowing
from mainstay.capabilities.telling import queries as inbox
from mainstay.capabilities.telling.models import InboxEntry
from mainstay.directory import commands as directory
from mainstay.records import access, commands, counting, delivery, history, queries
from mainstay.records.errors import Denied, Illegal, Invalid, Missing, Refused
from mainstay.records.models import Event, Record
from mainstay.records.types import Message, shelf
from tests.surfaces.api.client import api_of
from tests.surfaces.web.conftest import Browse
from tests.surfaces.web.conftest import browse as browse
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db
incident = shelf.type("incident")
SOLVED = {"close_code": "solution_provided", "resolution": "A new profile"}


def for_ra2(world: World, **data: Any) -> str:
    """The number of one that RA1 asked for RA2, as an agent wrote it down."""
    given = {"requester": world.number("ra1"), "requested_for": world.number("ra2")} | data
    return str(world.incident(by="agh" if "team" in data else "agn", **given).number)


def written() -> tuple[int, list[Any]]:
    return Event.objects.count(), list(Record.objects.order_by("id").values())


def listed(world: World, name: str) -> set[str]:
    found = queries.page(incident, world.actor(name), names=(), size=200).items
    count, _is_exact = counting.count(incident, world.actor(name))
    assert count == len(found)
    return {row["number"] for row in found}


def test_both_callers_see_it_and_nobody_else_of_the_house(world: World) -> None:
    number, other = for_ra2(world), world.incident(by="ra1").number
    assert listed(world, "ra1") == {number, other}
    assert listed(world, "ra2") == {number}
    assert listed(world, "rb1") == listed(world, "ven") == set()
    for name in ("agn", "mgr", "aud"):
        assert number in listed(world, name)
    with pytest.raises(Missing):
        queries.one(incident, world.actor("rb1"), number)


def test_it_pierces_a_restricted_teams_wall_and_shows_no_note_there(world: World) -> None:
    team = world.teams["hr"]
    number = for_ra2(world, team=team)
    agents = for_ra2(world, team=team, requested_for=world.number("agm"))
    for text, audience in (("CNRY-inner", "internal"), ("CNRY-outer", "all")):
        say(incident, number, Message(audience, text), world.by("agh"))
        say(incident, agents, Message(audience, text), world.by("agh"))
    offered = {c.name: c for c in incident.capabilities}
    for name, which in (("ra2", number), ("agm", agents)):
        actor = world.actor(name)
        row = queries.one(incident, actor, which)
        assert not access.is_insider(incident, actor, row.facts)
        entries = offered["conversation"].entries
        assert entries
        assert [e["text"] for e in entries(incident, actor, row)] == ["CNRY-outer"]
        assert "CNRY-inner" not in str(history.events(incident, actor, row))
        with pytest.raises(Denied):
            say(incident, which, Message("internal", "x"), world.by(name))
    for name in ("agn", "mgr", "adm", "rb1"):
        assert not {number, agents} & listed(world, name)
    assert agents in listed(world, "agm") and number not in listed(world, "agm")


@pytest.mark.parametrize("by", ["ra1", "ra2"])
def test_either_confirms_or_reopens(world: World, by: str) -> None:
    for verb, state in (("confirm", "closed"), ("reopen", "in_progress")):
        number = for_ra2(world)
        commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
        message = Message("all", "No") if verb == "reopen" else None
        for stranger in ("rb1", "ven"):
            with pytest.raises(Missing):
                commands.move(incident, number, verb, {}, world.by(stranger), message=message)
        assert (
            commands.move(incident, number, verb, {}, world.by(by), message=message).state == state
        )
    with pytest.raises(Denied):
        commands.change(incident, number, {"title": "Mine"}, world.by(by))


def test_the_answer_of_either_ends_the_waiting_and_their_part_ends_with_its_life(
    world: World,
) -> None:
    number = for_ra2(world)
    question = Message("all", "Since when?")
    wait = {"waiting_for": "caller"}
    commands.move(incident, number, "hold", wait, world.by("agn"), message=question)
    say(incident, number, Message("all", "Monday"), world.by("ra2", "portal"))
    assert queries.one(incident, world.actor("ra1"), number)["state"] == "in_progress"
    commands.move(incident, number, "resolve", SOLVED, world.by("agn"))
    commands.move(incident, number, "confirm", {}, world.by("ra2"))
    before = written()
    for name in ("ra1", "ra2"):
        with pytest.raises(Illegal):
            say(incident, number, Message("all", "More"), world.by(name))
    assert written() == before


def told(world: World, name: str) -> list[tuple[str, bool]]:
    delivery.drain()
    both = [inbox.page(world.actor(name), view)[0] for view in ("needs", "info")]
    assert inbox.counts(world.actor(name)).needs == len(both[0])
    found = [(item.kind.name, item.needs_me) for items in both for item in items]
    own = [inbox.page(world.actor(name), view, own=True)[0] for view in ("needs", "info")]
    assert [len(items) for items in own] == [len(items) for items in both] or name == "agn"
    InboxEntry.objects.all().delete()
    return found


def test_they_are_told_what_the_requester_is_told_and_what_the_other_says(world: World) -> None:
    number = for_ra2(world, assignee=world.number("agn"), team=world.teams["net"])
    delivery.drain()
    InboxEntry.objects.all().delete()
    say(incident, number, Message("internal", "Hm"), world.by("agm", "web"))
    assert told(world, "ra2") == []
    say(incident, number, Message("all", "We look"), world.by("agn", "web"))
    delivery.drain()
    assert InboxEntry.objects.filter(kind="progress").count() == 2
    assert told(world, "ra2") == [("progress", False)]
    say(incident, number, Message("all", "It is urgent"), world.by("ra2", "portal"))
    delivery.drain()
    kinds = dict(InboxEntry.objects.values_list("person__record_ptr__title", "kind"))
    assert kinds == {"Person ra1": "progress", "Person agn": "answered"}
    commands.move(incident, number, "resolve", SOLVED, world.by("agn", "web"))
    delivery.drain()
    assert inbox.counts(world.actor("ra1")).needs == inbox.counts(world.actor("ra2")).needs == 1
    commands.move(incident, number, "confirm", {}, world.by("ra1", "portal"))
    delivery.drain()
    # One answer is enough: the other one is not asked any more.
    assert inbox.counts(world.actor("ra2")).needs == 0


def test_search_finds_it_as_its_caller_reads_it(world: World) -> None:
    number = for_ra2(world, title="Quixotic", team=world.teams["hr"])
    say(incident, number, Message("internal", "Insideword"), world.by("agh"))
    delivery.drain()

    def found(name: str, typed: str, *, own: bool = False) -> list[str]:
        return [
            item.number
            for item in search.search(world.actor(name), typed, Narrowing(own=own), size=9).items
        ]

    for name, is_theirs in (("ra1", True), ("ra2", True), ("agn", False), ("rb1", False)):
        expected = [number] if is_theirs else []
        assert found(name, "quixotic") == found(name, "quixotic", own=True) == expected
        assert found(name, number, own=True) == expected
        assert found(name, "insideword") == []
    assert found("agh", "quixotic") == [number]
    assert found("agh", "quixotic", own=True) == []


# ── Who says whom it is for ──────────────────────────────────────────────────────────────────────


def test_an_agent_says_so_and_history_tells_it(world: World) -> None:
    number = world.incident(by="ra1").number
    data = {"requested_for": world.number("ra2")}
    commands.change(incident, number, data, world.by("agn"))
    row = queries.one(incident, world.actor("ra2"), number)
    change = history.events(incident, world.actor("ra2"), row)[-1]["changes"]["requested_for"]
    assert change["to"]["title"] == "Person ra2"
    commands.change(incident, number, {"requested_for": None}, world.by("agn"))
    assert listed(world, "ra2") == set()
    # RA1 reads that somebody was named, and no more of the directory than before.
    row = queries.one(incident, world.actor("ra1"), number)
    assert "ra2" not in str(history.events(incident, world.actor("ra1"), row))


def test_who_asked_names_only_whom_they_find(world: World) -> None:
    """A requester finds nobody in the directory, an agent who asks finds everybody who may be a caller."""
    mine, theirs = world.incident(by="ra1").number, world.incident(by="agm").number
    before = written()
    for person in ("ra2", "rb1", "agn"):
        with pytest.raises(Invalid) as refused:
            behalf.request_for(incident, mine, world.number(person), world.by("ra1"))
        with pytest.raises(Invalid) as nowhere:
            behalf.request_for(incident, mine, "USER-9999", world.by("ra1"))
        with pytest.raises(Invalid):
            world.incident(by="ra1", requested_for=world.number(person))
        sentence = str(nowhere.value.fields).replace("USER-9999", world.number(person))
        assert str(refused.value.fields) == sentence
    assert written() == before
    behalf.request_for(incident, theirs, world.number("ra2"), world.by("agm"))
    assert listed(world, "ra2") == {theirs}
    assert Event.objects.latest("id").name == "incident.request_for"
    behalf.request_for(incident, theirs, "", world.by("agm"))
    assert listed(world, "ra2") == set()


def test_who_has_no_say_in_it_is_refused_and_nothing_is_written(world: World) -> None:
    number = for_ra2(world)
    hidden = for_ra2(world, team=world.teams["hr"])
    before = written()
    for name, error in (
        ("ra2", Denied), ("aud", Denied), ("rb1", Missing), ("ven", Missing), ("agb", Missing),
    ):  # fmt: skip
        for person in ("", world.number("agd")):
            with pytest.raises(error):
                behalf.request_for(incident, number, person, world.by(name))
    for name in ("agn", "mgr", "adm"):
        with pytest.raises(Missing):
            behalf.request_for(incident, hidden, "", world.by(name))
    for name, error in (("ra1", Denied), ("agn", Denied), ("mgr", Denied), ("rb1", Missing)):
        with pytest.raises(error):
            behalf.step_back(incident, number, world.by(name))
    assert written() == before


def test_whoever_was_named_steps_back_and_does_not_touch_the_first(world: World) -> None:
    for number in (for_ra2(world), for_ra2(world, team=world.teams["hr"])):
        behalf.step_back(incident, number, world.by("ra2"))
        event = Event.objects.latest("id")
        assert (event.name, list(event.changes)) == ("incident.step_back", ["requested_for"])
        assert number not in listed(world, "ra2")
        assert queries.one(incident, world.actor("ra1"), number)["requested_for"] is None
        with pytest.raises(Refused):
            behalf.step_back(incident, number, world.by("ra2"))


def test_nobody_is_named_twice_and_somebody_asks(world: World) -> None:
    number = for_ra2(world, requested_for=world.number("ra1"))
    assert queries.one(incident, world.actor("ra1"), number)["requested_for"] is None
    number = for_ra2(world)
    commands.change(incident, number, {"requester": world.number("ra2")}, world.by("agn"))
    row = queries.one(incident, world.actor("ra2"), number)
    assert (row["requester"]["title"], row["requested_for"]) == ("Person ra2", None)
    number = for_ra2(world)
    with pytest.raises(Invalid) as refused:
        commands.change(incident, number, {"requester": None}, world.by("agn"))
    assert list(refused.value.fields) == ["requester"]


# ── Walls ────────────────────────────────────────────────────────────────────────────────────────


def test_no_wall_stands_between_the_two(world: World) -> None:
    inside, outside = world.number("rb1"), world.number("ra1")
    theirs = world.incident(by="rb1", service=None).number
    ours = world.incident(by="ra1").number
    before = written()
    for number, person in ((theirs, outside), (theirs, world.number("agn")), (ours, inside)):
        with pytest.raises(Invalid) as refused:
            commands.change(incident, number, {"requested_for": person}, world.by("agn"))
        assert list(refused.value.fields) == ["requested_for"]
    with pytest.raises(Invalid):
        world.incident(by="agn", requester=outside, requested_for=inside)
    # Nor is it moved behind one with somebody who stays outside.
    number = for_ra2(world)
    count = written()
    with pytest.raises(Invalid) as refused:
        commands.change(incident, number, {"requester": inside}, world.by("agn"))
    assert "requested_for" in refused.value.fields and written() == count
    assert count[0] == before[0] + 1
    # The agent of the walled organisation finds its own people alone.
    with pytest.raises(Invalid):
        commands.change(incident, theirs, {"requested_for": outside}, world.by("agb"))
    commands.change(incident, theirs, {"requested_for": world.number("agb")}, world.by("agn"))


def test_words_from_outside_are_not_handed_over(world: World) -> None:
    """RA1 wrote while it was theirs; RB1 may become neither of its callers."""
    number = world.incident(by="ra1").number
    say(incident, number, Message("all", "CNRY-ours"), world.by("ra1"))
    given = {"requester": world.number("agb"), "requested_for": world.number("rb1")}
    before = written()
    with pytest.raises(Invalid) as refused:
        commands.change(incident, number, given, world.by("agn"))
    assert set(refused.value.fields) == {"requester", "requested_for"} and written() == before


def test_somebody_who_has_left_is_not_chosen(world: World) -> None:
    number = world.incident(by="ra1").number
    commands.move(shelf.type("user"), world.number("ra2"), "leave", {}, SETUP)
    with pytest.raises(Invalid):
        commands.change(incident, number, {"requested_for": world.number("ra2")}, world.by("agn"))


def test_a_role_gained_makes_an_insider_again(world: World) -> None:
    number = for_ra2(world)
    row = queries.one(incident, world.actor("ra2"), number)
    assert not access.is_insider(incident, world.actor("ra2"), row.facts)
    directory.grant(world.number("ra2"), "agent", SETUP)
    assert access.is_insider(incident, world.actor("ra2"), row.facts)


# ── Doors ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sqlite_only
def test_the_portal_shows_it_to_both_as_theirs(world: World, browse: Browse) -> None:
    number = for_ra2(world)
    attach = incident.offer("attach")
    assert attach
    attach(incident, number, "outer.txt", [b"outer"], "all", world.by("agn"))
    attach(incident, number, "inner.txt", [b"inner"], "internal", world.by("agn"))
    page = f"/portal/requests/{number}/"
    for name in ("ra1", "ra2"):
        client, row = browse(name), queries.one(incident, world.actor(name), number)
        assert number in client.get("/portal/").content.decode()
        assert number in client.get("/portal/requests/").content.decode()
        shown = client.get(page).content.decode()
        assert "Person ra1" in shown and "Person ra2" in shown and "inner.txt" not in shown
        assert [f["name"] for f in files.files(incident, world.actor(name), row)] == ["outer.txt"]
        key = files.files(incident, world.actor(name), row)[0]["id"]
        got = client.get(f"/files/{number}/{key}/outer.txt")
        assert b"".join(got.streaming_content) == b"outer"  # type: ignore[attr-defined]
        assert client.post(f"{page}answer/", {"text": f"Word of {name}"}).status_code == 303
        # Nobody here finds people, so nobody is asked to choose one.
        assert "request-for" not in shown
        assert 'name="requested_for"' not in client.get("/portal/ask/").content.decode()
    assert browse("ra2").post(f"{page}request-for/", {"requested_for": ""}).status_code == 403
    assert browse("ra1").post(f"{page}step-back/").status_code == 403
    for stranger in ("rb1", "agn", "mgr"):
        for path in (page, f"{page}step-back/", f"{page}request-for/"):
            ask = browse(stranger).get if path == page else browse(stranger).post
            assert ask(path).status_code == 404
    shown = browse("ra1").get(page).content.decode()
    assert shown.count(">You</span>") == 1 and shown.count(">Caller</span>") == 1
    assert browse("ra2").post(f"{page}step-back/").status_code == 303
    assert browse("ra2").get(page).status_code == 404
    assert number not in browse("ra2").get("/portal/requests/").content.decode()


@pytest.mark.sqlite_only
def test_an_agent_asks_in_the_portal_for_somebody(world: World, browse: Browse) -> None:
    client = browse("agm")
    assert 'name="requested_for"' in client.get("/portal/ask/").content.decode()
    given = {"title": "Her screen is dark", "impact": "2", "urgency": "2"}
    client.post("/portal/ask/broken/", given | {"requested_for": "Person ra2"})
    [number] = listed(world, "ra2")
    page = f"/portal/requests/{number}/"
    assert "request-for" in client.get(page).content.decode()
    refused = client.post(f"{page}request-for/", {"requested_for": "Person rb1"})
    assert refused.status_code == 422 and "wall" in refused.content.decode()
    client.post(f"{page}request-for/", {"requested_for": ""})
    assert listed(world, "ra2") == set()


@pytest.mark.sqlite_only
def test_over_rest(world: World) -> None:
    number = for_ra2(world)
    agent, second = api_of(world.people["agn"]), api_of(world.people["ra2"])
    shown = second.get(f"/incidents/{number}").json()
    assert shown["requested_for"]["number"] == world.number("ra2")
    assert [r["number"] for r in second.get("/incidents?filter=requested_for==me").json()["items"]]
    assert second.post(f"/incidents/{number}/request-for", {}).status_code == 403
    assert agent.post(f"/incidents/{number}/step-back", {}).status_code == 403
    assert api_of(world.people["rb1"]).post(f"/incidents/{number}/step-back", {}).status_code == 404
    assert second.post(f"/incidents/{number}/step-back", {}).status_code == 204
    assert second.get(f"/incidents/{number}").status_code == 404
    body = {"person": world.number("ra2")}
    assert agent.post(f"/incidents/{number}/request-for", body).status_code == 204
    assert second.get(f"/incidents/{number}").status_code == 200
