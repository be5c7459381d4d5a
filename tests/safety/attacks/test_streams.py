"""Streams: only what one may see, only for as long as one may, never for another site, and never too many."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from mainstay.capabilities.conversation.commands import say
from mainstay.config.live import door, hub
from mainstay.config.live.places import read, written
from mainstay.directory import commands as directory
from mainstay.directory.signin import sessions
from mainstay.pure.rules import By
from mainstay.records import clock, commands
from mainstay.records.types import Message, shelf
from tests.listening import ORIGIN, Live, live, until
from tests.world import SETUP, World

pytestmark = pytest.mark.django_db(transaction=True)
INCIDENT = shelf.type("incident")


def of_network(world: World, **data: Any) -> Any:
    """An incident of RA1 that the network team has."""
    about = {"title": "VPN drops", "requester": world.number("ra1"), "team": world.teams["net"]}
    return commands.create(INCIDENT, about | data, SETUP)


@pytest.fixture
def here(world: World) -> Iterator[Live]:
    with live() as running:
        yield running


def changed(record: Any, by: By = SETUP) -> None:
    commands.change(INCIDENT, record.number, {"title": "Another title"}, by)


def said(record: Any, audience: str) -> None:
    say(INCIDENT, record.number, Message(audience, "A few words"), SETUP)


@pytest.mark.attack("W01")
def test_a_stream_tells_only_of_what_its_owner_may_see(here: Live, world: World) -> None:
    hidden, plain = world.hidden_incident(), of_network(world)
    words = ("incidents", f"incidents/{hidden.number}", f"incidents/{plain.number}", "users")
    people = {
        name: here.open(world.people[name], *words) for name in ("agn", "agh", "ra1", "ra2", "rb1")
    }
    here.turn()
    for stream in people.values():
        stream.told()
    changed(hidden)
    here.turn()
    told = {name: stream.told() for name, stream in people.items()}
    assert told["agn"] == told["ra1"] == told["rb1"] == []
    assert set(told["agh"]) >= {f"incidents/{hidden.number}", "incidents"}
    assert set(told["ra2"]) >= {f"incidents/{hidden.number}"}
    changed(plain)
    here.turn()
    told = {name: stream.told() for name, stream in people.items()}
    assert f"incidents/{plain.number}" in told["agn"] and f"incidents/{plain.number}" in told["ra1"]
    assert told["rb1"] == told["ra2"] == []


@pytest.mark.attack("W01")
def test_an_internal_note_is_no_news_for_a_caller(here: Live, world: World) -> None:
    record = of_network(world)
    word = f"incidents/{record.number}"
    caller, agent = (here.open(world.people[n], word, "incidents") for n in ("ra1", "agn"))
    here.turn()
    caller.told(), agent.told()
    said(record, "internal")
    here.turn()
    assert caller.told() == [] and word in agent.told()
    said(record, "all")
    here.turn()
    assert word in caller.told() and word in agent.told()


@pytest.mark.attack("W01")
def test_words_that_name_nothing_are_harmless(here: Live, world: World) -> None:
    odd = ["*", "all", "inbox/1", "incidents/../x", "presence", "a" * 500, "incidents/" + "9" * 60]
    stream = here.open(world.people["agn"], *odd)
    assert stream.status == 200
    world.incident()
    here.turn()
    assert stream.told() == []


@pytest.mark.attack("W01")
def test_who_looks_is_told_to_those_who_work_on_it(here: Live, world: World) -> None:
    record = of_network(world)
    hidden = world.hidden_incident()
    word = f"incidents/{record.number}"
    caller, agent = (
        here.open(world.people[n], word, "incidents", f"incidents/{hidden.number}")
        for n in ("ra1", "agn")
    )
    looking = sessions.begin(world.people["agd"].id)
    here.open(looking, word)
    for body in (f"of={word}&tab=1&as=writing", f"of=incidents/{hidden.number}&tab=2&as=viewing"):
        assert here.post(looking, body.encode()).status == 204
    caller_own = sessions.begin(world.people["ra1"].id)
    here.open(caller_own, word)
    assert here.post(caller_own, f"of={word}&tab=1&as=viewing".encode()).status == 204
    inside = sessions.begin(world.people["agh"].id)
    here.open(inside, f"incidents/{hidden.number}")
    assert (
        here.post(inside, f"of=incidents/{hidden.number}&tab=1&as=viewing".encode()).status == 204
    )
    here.settle()
    [told] = agent.told()
    assert told.startswith(f"{record.number}:") and "Person agd" in told and "writing" in told
    assert caller.told() == []


@pytest.mark.attack("W02")
@pytest.mark.parametrize("how", ["session", "deactivated", "role", "team"])
def test_a_stream_ends_with_the_right_to_it(here: Live, world: World, how: str) -> None:
    hidden, member = world.hidden_incident(), world.people["agh"]
    secret = sessions.begin(member.id)
    stream, other = (
        here.open(secret, f"incidents/{hidden.number}"),
        here.open(world.people["agn"], "incidents"),
    )
    here.turn()
    stream.told()
    match how:
        case "session":
            sessions.end(secret, SETUP)
        case "deactivated":
            commands.move(shelf.type("user"), member.number, "leave", {}, SETUP)
        case "role":
            directory.withdraw(member.number, "agent", SETUP)
        case "team":
            directory.leave(world.teams["hr"], member.number, SETUP)
    changed(hidden)
    here.turn()
    # It is told to look again, and nothing of what happened.
    assert stream.is_over and stream.told() == ["all"] and not other.is_over
    again = here.open(secret, f"incidents/{hidden.number}", query=f"after={written(1)}")
    if how in ("session", "deactivated"):
        assert again.status == 401
    else:
        assert again.status == 200
        changed(hidden)
        here.turn()
        assert f"incidents/{hidden.number}" not in again.told()


@pytest.mark.attack("W02")
def test_a_session_that_ends_by_itself_ends_its_stream(
    here: Live, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next look, though nothing was written; who signed in later stays."""
    first = here.open(world.people["agn"], "incidents")
    begun, now = clock.now(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    now = begun + timedelta(hours=1)
    second = here.open(world.people["agd"], "incidents")
    here.turn()
    first.told(), second.told()
    asked: list[Any] = []
    still = here.hub.reading.still
    monkeypatch.setattr(here.hub.reading, "still", lambda s: asked.append(s) or still(s))
    for hours, is_over in ((11, False), (12.1, True)):
        now = begun + timedelta(hours=hours)
        here.hub._judged, here.hub._rights_due = time.time(), False
        here.run(here.hub.turn())
        here.settle()
        assert (first.is_over, second.is_over, bool(asked)) == (is_over, False, is_over)
    assert first.told() == ["all"]


@pytest.mark.attack("W01")
def test_where_a_record_was_tells_nobody_who_never_saw_it(here: Live, world: World) -> None:
    """Nor does asking for the past: each event is judged by what the record was then, and its making by what it became."""
    hidden = world.hidden_incident()
    word = f"incidents/{hidden.number}"
    words = (word, "incidents", "mine", "workload", "portal")
    people = ("agn", "agd", "ra1", "rb1")
    streams = [here.open(world.people[name], *words) for name in people]
    here.turn()
    for stream in streams:
        stream.told()
    changed(hidden)
    commands.change(INCIDENT, hidden.number, {"assignee": world.number("agh")}, SETUP)
    here.turn()
    assert [stream.told() for stream in streams] == [[]] * len(people)
    for name in people:
        assert word not in here.open(world.people[name], *words, query=f"after={written(1)}").told()


@pytest.mark.attack("V01", "W01")
def test_a_page_of_who_was_here_before_says_nothing_of_who_is_now(here: Live, world: World) -> None:
    """Left open over a sign-out, it would tell that the next person looks at what it shows."""
    record = of_network(world)
    word = f"incidents/{record.number}"
    watching = here.open(world.people["agn"], word)
    secret = sessions.begin(world.people["agd"].id)
    here.open(secret, word)
    looks = f"of={word}&tab=1&as=writing".encode()
    for number in (world.people["agm"].number, "USER-0", "x"):
        assert here.post(secret, looks, by=number).status == 403
    here.settle()
    assert watching.told() == []
    assert here.post(secret, looks).status == 204
    here.settle()
    assert "Person agd" in watching.told()[-1]


@pytest.mark.attack("W03")
def test_another_site_opens_no_stream(here: Live, world: World) -> None:
    secret = sessions.begin(world.people["agn"].id)
    foreign = ("http://evil.example", "null", "", "http://site.example:8001", "https://site.example:8000",
               "http://site.example:8000.evil.example", "http://site.example")  # fmt: skip
    for origin in foreign:
        assert here.open(secret, "incidents", origin=origin).status == 403, origin
        assert here.post(secret, b"of=x&tab=1&as=viewing", origin=origin).status == 403, origin
    for site in ("cross-site", "same-site", "none"):
        assert here.open(secret, origin="", sec_fetch_site=site).status == 403
    assert here.open(secret, host="rebound.example:8001").status == 403
    # A stranger is refused after that, and whoever comes from our own pages is heard.
    assert here.open(None).status == 401 and here.open("nobody's").status == 401
    mine = here.open(secret, "incidents")
    assert mine.status == 200 and mine.headers["access-control-allow-origin"] == ORIGIN
    assert here.open(secret, origin="", sec_fetch_site="same-origin").status == 200


@pytest.mark.attack("W04")
def test_streams_are_counted_and_what_they_send_is_small(
    here: Live, world: World, monkeypatch
) -> None:
    person = sessions.begin(world.people["agn"].id)
    streams = [here.open(person, "incidents") for _ in range(hub.MOST_FOR_A_PERSON)]
    assert {stream.status for stream in streams} == {200}
    assert here.open(person).status == 429
    assert here.open(world.people["agd"]).status == 200
    here.leave(streams[0])
    assert here.open(person).status == 200
    monkeypatch.setattr(hub, "MOST", 0)
    assert here.open(world.people["agm"]).status == 503
    monkeypatch.undo()
    assert here.post(person, b"of=x&tab=1&as=viewing&" + b"x" * 10_000_000).status == 413
    assert here.open(person, query="on=" + "x" * 100_000).status == 414
    assert here.post(person, b"of=x&tab=1&as=everything").status == 400


@pytest.mark.attack("W01", "W04")
def test_a_place_tells_nobody_what_happened(here: Live, world: World) -> None:
    """Not even that something did: it is another text each time."""
    hidden, places = world.hidden_incident(), list[str]()
    for _ in range(2):
        here.turn()
        places += [here.open(world.people["ra1"], "portal").place for _ in range(2)]
        said(hidden, "internal")
    assert len(set(places)) == 4 and {len(place) for place in places} == {32}
    assert not any(place.isdecimal() for place in places)
    assert read(places[0]) == read(places[1]) < read(places[2])


def test_a_place_is_read_by_who_wrote_it(settings: Any) -> None:
    place, former = written(77), settings.SECRET_KEY
    assert read(place) == 77
    for other in (place[:-4], place[4:], place[:9] + "AAAA" + place[13:], "", "77", "é" * 32):
        assert read(other) == 0
    settings.SECRET_KEY = "another key, as after a change of keys"
    assert read(place) == 0
    settings.SECRET_KEY_FALLBACKS = [former]
    assert read(place) == 77


@pytest.mark.attack("W04")
@pytest.mark.parametrize(
    "place",
    [
        "0",
        "9" * 18,
        "9" * 400,
        "-1",
        "x",
        "1",
        "٣",
        "=" * 32,
        "nought",
        "beyond",
    ],
)
def test_a_place_of_nowhere_is_harmless(here: Live, world: World, place: str) -> None:
    place = {"nought": written(0), "beyond": written(10**18)}.get(place, place)
    hidden = world.hidden_incident()
    here.turn()
    stream = here.open(world.people["agn"], f"incidents/{hidden.number}", query=f"after={place}")
    told = stream.told()
    assert stream.status == 200 and set(told) <= {"all"}


@pytest.mark.attack("W04")
def test_who_does_not_read_is_left(here: Live, world: World, monkeypatch) -> None:
    monkeypatch.setattr(door, "SLOWEST_S", 0.1)
    record = of_network(world)
    stream = here.open(world.people["agn"], f"incidents/{record.number}")
    here.loop.call_soon_threadsafe(stream.reads.clear)
    for _ in range(50):
        changed_again(record)
    here.turn()
    [waiting] = here.hub.streams or [None]
    assert waiting is None or len(waiting._waiting) <= 3
    until(lambda: not here.hub.streams)


def changed_again(record: Any) -> None:
    commands.note(INCIDENT, record.number, Message("all", "Again"), SETUP)
